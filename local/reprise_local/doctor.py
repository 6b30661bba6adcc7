"""`reprise doctor`: what this machine has, what is missing, and the command that mends it."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.table import Table

from reprise_local import deploy
from reprise_local.aws import LocalAws
from reprise_local.console import console
from reprise_local.key_checks import (
    AGAIN,
    look_at_files,
    look_at_secret,
    wrong_with_grants,
    wrong_with_tokens,
)
from reprise_local.paths import CASSANDRA_JARS, LOCAL, LOCALSTACK_VENV, ROOT, RUNTIME_VENV
from reprise_local.ports import STACKS, holder, is_taken
from reprise_local.servers.postgres import find_program
from reprise_local.stack import Stack

_NEEDED_GIGABYTES = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `mend` is empty where all is well."""

    what: str
    found: str
    mend: str = ""


def examine() -> list[Finding]:
    """Look at everything that `make run` leans on; start and change nothing."""
    return [*_programs(), *_installed(), *_disk(), *_ports(), *_keys()]


def show(findings: Sequence[Finding]) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("", "what", "found", "mend it with"):
        table.add_column(heading)
    for finding in findings:
        mark = "[red]✗[/]" if finding.mend else "[green]✓[/]"
        table.add_row(mark, finding.what, finding.found, finding.mend)
    console.print(table)


def _programs() -> Iterator[Finding]:
    python = ".".join(map(str, sys.version_info[:3]))
    yield Finding("Python 3.13", python)  # `local/bootstrap` starts us with no other
    apt = "apt-get install"
    yield _program("JDK 17 or newer", ["java", "-version"], f"{apt} openjdk-17-jre-headless", 17)
    yield _program("Maven", ["mvn", "--version"], f"{apt} maven")
    yield _program("Node", ["node", "--version"], f"{apt} nodejs", 18)
    yield _program("npm", ["npm", "--version"], f"{apt} npm")
    yield _program("Redis 7", ["redis-server", "--version"], "make install", 7)
    yield _program("ffmpeg", ["ffmpeg", "-version"], "make install", 4)
    server = str(find_program("postgres") or "postgres")
    yield _program("PostgreSQL", [server, "--version"], "make install", 13)


def _program(what: str, command: Sequence[str], mend: str, least: int = 0) -> Finding:
    if shutil.which(command[0]) is None:
        return Finding(what, "missing", mend)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    version = re.search(r"\d+(\.\d+)+", done.stdout + done.stderr)
    if done.returncode != 0 or version is None:
        return Finding(what, "does not run", mend)
    old = int(version[0].split(".")[0]) < least
    return Finding(what, version[0], mend if old else "")


def _installed() -> Iterator[Finding]:
    parts = {
        "Cassandra's jars": CASSANDRA_JARS,
        "LocalStack's environment": LOCALSTACK_VENV / "bin" / "python",
        "Lambda's environment": RUNTIME_VENV / "bin" / "python",
        "CDK": ROOT / "node_modules" / ".bin" / "cdklocal",
    }
    for what, path in parts.items():
        here = path.exists()
        yield Finding(what, "here" if here else "missing", "" if here else "make install")


def _disk() -> Iterator[Finding]:
    LOCAL.mkdir(exist_ok=True)
    free = shutil.disk_usage(LOCAL).free / 1e9
    mend = "" if free > _NEEDED_GIGABYTES else f"free {_NEEDED_GIGABYTES} GB of disk"
    yield Finding("disk", f"{free:.0f} GB free", mend)


def _ports() -> Iterator[Finding]:
    for name in STACKS:
        for server in Stack(name).servers:
            what = f"port {server.port} ({name} {server.title})"
            if server.running:
                yield Finding(what, "our own server")
            elif is_taken(server.port):
                yield Finding(what, f"taken by {holder(server.port)}", "end what holds it")
            else:
                yield Finding(what, "free")


def _keys() -> Iterator[Finding]:
    proofs = {
        deploy.SIGNING_SECRET: wrong_with_tokens,
        deploy.GRANT_SECRET: wrong_with_grants,
    }
    for name in STACKS:
        stack = Stack(name)
        found = list(look_at_files(stack.folder.keys, again=AGAIN[name]))
        if deploy.is_deployed(stack):
            aws = LocalAws(stack.localstack.endpoint)
            found += [look_at_secret(aws, *proof, again=AGAIN[name]) for proof in proofs.items()]
        for each in found:
            yield Finding(f"keys in {each.where} ({name})", each.found, each.mend)
