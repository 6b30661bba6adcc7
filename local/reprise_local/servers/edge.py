"""The network edge in front of S3 and the API: CloudFront's part, enforced as CloudFront would."""

import http.client
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reprise_local import stamps
from reprise_local.paths import ROOT
from reprise_local.ports import require_free
from reprise_local.servers.base import Server

STORE_ARN = "arn:aws:cloudfront::127:key-value-store/7e0c1f6e-8d0b-4f0e-9a37-5d1c0b6b1a20"
"""Of the key value store of revoked holders. Clients put the account in front of the endpoint's
host, and this one makes a loopback address of it: see `EdgeServer.store_url`."""

MEDIA_BUCKET = "reprise-local-media"
PUBLIC_BUCKET = "reprise-local-public"
_PROGRAM = (ROOT / "local" / "reprise_edge", ROOT / "infra_cdk" / "delivery_rules.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeSources:
    """Where the edge finds what it serves and trusts.

    `keys` is `grants-public.json`, `config` the deploy.json with the edge's secret, `facts` the
    stack.json whose `apiUrl` may appear later.
    """

    s3: str
    keys: Path
    config: Path
    facts: Path
    media_bucket: str = MEDIA_BUCKET
    public_bucket: str = PUBLIC_BUCKET
    cache_mebibytes: int = 128
    country: str = "US"
    debug_country: bool = False


class EdgeServer(Server):
    """One distribution on loopback, in plain HTTP.

    The API of its key value store answers on `store_port`; without one, nobody can change what it
    holds.
    """

    title = "Edge"
    patience = 20

    def __init__(
        self, *, folder: Path, port: int, sources: EdgeSources, store_port: int | None = None
    ) -> None:
        super().__init__(folder=folder, port=port)
        self.sources = sources
        self.store_port = store_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def store_url(self) -> str | None:
        """The endpoint for clients of the store, who complete it to 127.0.0.1 by `STORE_ARN`."""
        return None if self.store_port is None else f"http://0.0.1:{self.store_port}"

    def prepare(self) -> None:
        super().prepare()
        if self.store_port is not None:
            require_free(port=self.store_port, purpose="the edge's key value store")

    def start(self) -> None:
        """Start it; one that runs with older code, keys or options is replaced.

        Raises:
            LocalError: the port is taken, or the edge does not come up.
        """
        wanted = self._made_of()
        stamp = self.folder / "stamp"
        if self.running and not stamps.is_done(stamp, wanted):
            self.stop()
        super().start()
        stamps.done(stamp, wanted)

    def _made_of(self) -> str:
        files = [path for path in (self.sources.keys, self.sources.config) if path.is_file()]
        return stamps.digest([*_PROGRAM, *files], extra=" ".join(self.command()))

    def command(self) -> Sequence[str]:
        sources = self.sources
        options = {
            "--port": self.port,
            "--s3": sources.s3,
            "--media-bucket": sources.media_bucket,
            "--public-bucket": sources.public_bucket,
            "--keys": sources.keys.resolve(),
            "--config": sources.config.resolve(),
            "--facts": sources.facts.resolve(),
            "--holders": self.folder / "holders.json",
            "--cache-mebibytes": sources.cache_mebibytes,
            "--country": sources.country,
        }
        if self.store_port is not None:
            options |= {"--store-port": self.store_port, "--store-arn": STORE_ARN}
        switches = ["--debug-country"] if sources.debug_country else []
        pairs = [part for name, value in options.items() for part in (name, str(value))]
        return [sys.executable, "-m", "reprise_edge", *pairs, *switches]

    def environment(self) -> Mapping[str, str]:
        paths = [str(ROOT), str(ROOT / "local"), os.environ.get("PYTHONPATH", "")]
        return {
            **super().environment(),
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "PYTHONUNBUFFERED": "1",
        }

    def answers(self) -> bool:
        """Ask for a signed file without a grant: only a working edge refuses as it must."""
        refused = _asked(self.port, "/media/-")
        if self.store_port is not None and _asked(self.store_port, "/") is None:
            return False
        return refused is not None and refused[0] == 403 and b"MissingKey" in refused[1]


def _asked(port: int, path: str) -> tuple[int, bytes] | None:
    """Return the status and the body that a GET is answered with, or None where nothing answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
