"""The network edge in front of S3 and the API: CloudFront's part, enforced as CloudFront would."""

import http.client
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from reprise_local import stamps
from reprise_local.paths import ROOT
from reprise_local.servers.base import Server

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
    """One distribution on loopback, in plain HTTP."""

    title = "Edge"
    patience = 20

    def __init__(self, *, folder: Path, port: int, sources: EdgeSources) -> None:
        super().__init__(folder=folder, port=port)
        self.sources = sources

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

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
            "--cache-mebibytes": sources.cache_mebibytes,
            "--country": sources.country,
        }
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
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/media/-")
            answer = connection.getresponse()
            return answer.status == 403 and b"MissingKey" in answer.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
