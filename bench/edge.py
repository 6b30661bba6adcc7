"""The edge of one machine beside nginx, which serves the same files and asks nobody for a grant.

A second nginx stands where S3 stands, so that what is measured is the edge: the proof of the grant,
its own HTTP and, where it keeps nothing, another server behind it.
"""

import argparse
import http.client
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import console
from bench.clocks import Contender, Sample, in_turns
from bench.figures import Section, Table, Target, millis, percent
from bench.nginx import NginxServer, program
from reprise.adapters.grants_cloudfront import CloudFrontSigner
from reprise.domain.grants import grant_of_title, holder_of
from reprise_local.errors import LocalError
from reprise_local.keys import ensure_grant_keys
from reprise_local.ports import free_port
from reprise_local.servers import EdgeServer, Server
from reprise_local.servers.edge import MEDIA_BUCKET, EdgeSources

TITLE = "Beside nginx: the edge"
RUNG_BITS = 5_800_000
FILES = {"segment": RUNG_BITS // 8 * 4, "playlist": 3_000}
"""Bytes: four seconds in 1080p, and what a film's playlist comes to in small."""

NGINX, KEPT, FETCHED = "nginx", "edge, kept in memory", "edge, from the origin"
SHARE = 0.5
PLAYERS = 100
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Site:
    """A server, and the target of each file there."""

    server: Server
    targets: Mapping[str, str]

    def processor(self) -> float:
        """Return the seconds of processor that it has used."""
        identity = self.server.identity
        assert identity is not None
        text = Path(f"/proc/{identity.pid}/stat").read_text(encoding="utf-8")
        fields = text.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK


@dataclass(frozen=True, slots=True)
class Found:
    """One server with one file. `processor` is its own seconds a request."""

    walls: Sample
    processor: float


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--blocks", type=int, default=20, help="rounds of measuring in turns")
    parser.add_argument("--calls", type=int, default=100, help="requests of each kind a round")


def run(options: argparse.Namespace) -> Section:
    try:
        nginx = program()
    except LocalError as error:
        return Section(TITLE, f"Not measured: {error}.", (), ())
    with (
        tempfile.TemporaryDirectory(prefix="reprise-bench-") as folder,
        _sites(Path(folder), nginx) as sites,
    ):
        found = {name: _measure(sites, name, options) for name in FILES}
    segment = found["segment"]
    share = segment[NGINX].walls.p50 / segment[KEPT].walls.p50
    players = FILES["segment"] * 8 * segment[KEPT].walls.rate / RUNG_BITS
    return Section(
        title=TITLE,
        how=(
            f"A segment of {FILES['segment'] / 1e6:.1f} MB (four seconds of 1080p) and a playlist"
            f" of {FILES['playlist'] / 1e3:.0f} kB, fetched over one connection that stays open, to"
            " the last byte. The edge proves a grant's query at each request; nginx sends the files"
            " with `sendfile` and proves nothing. Each is one process. Contenders take turns,"
            f" {options.calls:,} requests each, {options.blocks} rounds. Processor time is the"
            " server's own."
        ),
        targets=(
            Target(
                "a kept segment's throughput against nginx, p50",
                f"≥ {percent(SHARE)}",
                percent(share),
                share >= SHARE,
            ),
            Target(
                "players of 1080p that one edge feeds",
                f"≥ {PLAYERS}",
                f"{players:,.0f}",
                players >= PLAYERS,
            ),
        ),
        tables=tuple(_table(name, found[name]) for name in FILES),
    )


@contextmanager
def _sites(folder: Path, nginx: str) -> Iterator[Mapping[str, Site]]:
    """Start everything on files that were made for this, and end it afterwards."""
    root = folder / "files"
    objects = {name: f"title/{name}.m4s" for name in FILES}
    holder = holder_of("session")
    for name, size in FILES.items():
        path = root / MEDIA_BUCKET / "media" / objects[name]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(size))
    keys, public = ensure_grant_keys(folder / "keys")
    (folder / "deploy.json").write_text(json.dumps({"edgeSecret": "bench"}), encoding="utf-8")
    signer = CloudFrontSigner(keys=keys, setting="keys")

    def serving(name: str) -> NginxServer:
        return NginxServer(folder=folder / name, port=free_port(), root=root, program=nginx)

    with ExitStack() as running:
        origin = running.enter_context(serving("origin"))
        plain = running.enter_context(serving("plain"))
        sites = {NGINX: Site(plain, {n: f"/{MEDIA_BUCKET}/media/{o}" for n, o in objects.items()})}
        for title, mebibytes in ((KEPT, 64), (FETCHED, 0)):
            sources = EdgeSources(
                s3=f"http://127.0.0.1:{origin.port}",
                keys=public,
                config=folder / "deploy.json",
                facts=folder / "stack.json",
                cache_mebibytes=mebibytes,
            )
            edge = running.enter_context(
                EdgeServer(folder=folder / f"edge-{mebibytes}", port=free_port(), sources=sources)
            )
            grant = signer.sign(
                grant=grant_of_title(
                    media_url=f"{edge.url}/media",
                    holder=holder,
                    title_id="title",
                    now=int(time.time()),
                )
            )
            sites[title] = Site(
                edge, {n: f"/media/{holder}/{o}?{grant.query}" for n, o in objects.items()}
            )
        yield sites


def _measure(
    sites: Mapping[str, Site], name: str, options: argparse.Namespace
) -> Mapping[str, Found]:
    with ExitStack() as opened:
        contenders = {}
        for title, site in sites.items():
            connection = http.client.HTTPConnection("127.0.0.1", site.server.port, timeout=30)
            opened.callback(connection.close)
            fetch = _fetching(connection, site.targets[name], size=FILES[name])
            contenders[title] = Contender.plain(fetch)
        before = {title: site.processor() for title, site in sites.items()}
        samples = in_turns(contenders, blocks=options.blocks, calls=options.calls)
        calls = (options.blocks + 1) * options.calls
        return {
            title: Found(samples[title], (site.processor() - before[title]) / calls)
            for title, site in sites.items()
        }


def _fetching(
    connection: http.client.HTTPConnection, target: str, *, size: int
) -> Callable[[], None]:
    buffer = memoryview(bytearray(1 << 18))

    def fetch() -> None:
        connection.request("GET", target)
        answer = connection.getresponse()
        came = 0
        while count := answer.readinto(buffer):
            came += count
        if answer.status != 200 or came != size:
            raise RuntimeError(f"{answer.status}, {came} of {size} bytes")

    return fetch


def _table(name: str, found: Mapping[str, Found]) -> Table:
    fastest = found[NGINX].walls.p50
    rows = [
        (
            title,
            millis(each.walls.p50),
            millis(each.walls.p95),
            f"{each.walls.rate:,.0f}",
            f"{FILES[name] * each.walls.rate / 1e6:,.0f}",
            millis(each.processor),
            percent(fastest / each.walls.p50),
        )
        for title, each in found.items()
    ]
    columns = (name, "p50", "p95", "a second", "MB/s", "server's processor", "of nginx")
    return Table(columns, tuple(rows))


if __name__ == "__main__":
    console.main(run, about=__doc__, arguments=arguments)
