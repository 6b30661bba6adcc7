"""PostgreSQL with a data folder of ours, run by an unprivileged user where we are root."""

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg import sql

from reprise_local.errors import LocalError
from reprise_local.servers.base import Server

USER = "reprise"
PASSWORD = "reprise"  # noqa: S105 - of a server on loopback that only this machine reaches
DATABASE = "reprise"


class PostgresServer(Server):
    """One cluster with the role and database `reprise`; `durable=False` trades safety for speed."""

    title = "PostgreSQL"
    polite = signal.SIGINT  # "fast shutdown": SIGTERM would wait for every client to leave

    def __init__(self, *, folder: Path, port: int, durable: bool = True) -> None:
        super().__init__(folder=folder, port=port)
        self.durable = durable

    @property
    def url(self) -> str:
        return f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def data(self) -> Path:
        """The cluster's folder: ours, or one that the unprivileged user can reach."""
        if self.run_as() is None or _reachable_by_others(self.folder):
            return self.folder / "data"
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        return Path("/var/tmp") / f"reprise-postgres-{digest}"  # noqa: S108 - 0700, user's own

    def run_as(self) -> str | None:
        return unprivileged_user() if os.geteuid() == 0 else None

    def command(self) -> Sequence[str]:
        options = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": "200",
            "shared_buffers": "64MB",
            "fsync": "on" if self.durable else "off",
        }
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [str(_program("postgres")), "-D", str(self.data), *flags]

    def prepare(self) -> None:
        super().prepare()
        if (self.data / "PG_VERSION").exists():
            return
        shutil.rmtree(self.data, ignore_errors=True)
        self.data.mkdir(parents=True, mode=0o700)
        user = self.run_as()
        if user is not None:
            shutil.chown(self.data, user, pwd.getpwnam(user).pw_gid)
        with tempfile.TemporaryDirectory(prefix="reprise-") as secret:
            password = Path(secret) / "password"
            password.write_text(PASSWORD, encoding="utf-8")
            if user is not None:
                shutil.chown(secret, user)
                shutil.chown(password, user)
            self._initialise(password=password, user=user)

    def _initialise(self, *, password: Path, user: str | None) -> None:
        flags = ["--username", USER, "--pwfile", str(password), "--auth", "scram-sha-256"]
        done = subprocess.run(
            [_program("initdb"), "-D", str(self.data), *flags, "--encoding=UTF8", "--locale=C"],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            user=user,
            group=user,
            extra_groups=[] if user else None,
            env=dict(self.environment()),
        )
        if done.returncode != 0:
            shutil.rmtree(self.data, ignore_errors=True)
            raise LocalError(f"initdb failed: {(done.stderr or done.stdout).strip()[-300:]}")

    def answers(self) -> bool:
        """Say whether it answers; makes the database on the very first answer."""
        try:
            with psycopg.connect(self.url, connect_timeout=2):
                return True
        except psycopg.OperationalError:
            with suppress(psycopg.Error):
                self._create_database()
            return False

    def _create_database(self) -> None:
        url = self.url.removesuffix(DATABASE) + "postgres"
        with psycopg.connect(url, connect_timeout=2, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))

    def _signal(self, number: signal.Signals) -> None:
        """Each of its processes leads a group of its own, and has overwritten its environment."""
        super()._signal(number)
        found = self.identity
        assert found is not None, "checked by super()"
        children = Path(f"/proc/{found.pid}/task/{found.pid}/children").read_text(encoding="ascii")
        for pid in map(int, children.split()):
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def erase(self) -> None:
        """Delete the data, also where it stands outside our folder."""
        shutil.rmtree(self.data, ignore_errors=True)


def unprivileged_user() -> str:
    """Return a user that owns nothing of worth and that PostgreSQL is willing to run as."""
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            pwd.getpwnam(name)
            return name
    raise LocalError(
        "PostgreSQL does not run as root and there is no other user", mend="make install"
    )


def _reachable_by_others(folder: Path) -> bool:
    here = (place for place in (folder, *folder.parents) if place.exists())
    return all(place.stat().st_mode & 0o001 for place in here)


def find_program(name: str) -> Path | None:
    """Return PostgreSQL's newest server program of this name; Debian keeps them off the PATH."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4])
    )
    if debian:
        return debian[-1]
    found = shutil.which(name)
    return Path(found) if found else None


def _program(name: str) -> Path:
    found = find_program(name)
    if found is None:
        raise LocalError(f"PostgreSQL's {name} is not installed", mend="make install")
    return found
