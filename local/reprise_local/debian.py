"""Debian packages for what is missing, without letting their own services start or stay."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from reprise_local.errors import LocalError
from reprise_local.servers.postgres import find_program
from reprise_local.shell import run

_SCRIPT = """set -eu
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\\nexit 101\\n' >"$policy"
    chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -y -q --no-install-recommends "$@"
if [ -d /run/systemd/system ]; then
    for package in "$@"; do systemctl disable --now "$package" || true; done
fi
"""
"""While `policy-rc.d` says 101 no package may start its service; ours are started by us alone."""


def missing_packages() -> list[str]:
    """Return the packages whose programs are not on this machine."""
    wanted = []
    if shutil.which("redis-server") is None:
        wanted.append("redis-server")
    if find_program("initdb") is None or find_program("postgres") is None:
        wanted.append("postgresql")
    if shutil.which("ffmpeg") is None or shutil.which("ffprobe") is None:
        wanted.append("ffmpeg")
    return wanted


def install_missing(*, log: Path) -> str:
    """Raises:
    LocalError: packages are missing and cannot be installed; says which.
    """
    packages = missing_packages()
    if not packages:
        return "here already"
    install(packages, log=log)
    still = missing_packages()
    if still:
        raise LocalError(
            f"still missing after installing: {', '.join(still)}", mend=_by_hand(packages)
        )
    return f"installed {', '.join(packages)}"


def install(packages: Sequence[str], *, log: Path) -> None:
    """Install these; none of their services starts.

    Raises:
        LocalError: they cannot be installed here; says why.
    """
    by_hand = _by_hand(packages)
    if shutil.which("apt-get") is None:
        raise LocalError(f"missing: {', '.join(packages)}, and this is no Debian", mend=by_hand)
    run(
        [*_as_root(by_hand), "sh", "-c", _SCRIPT, "install", *packages],
        title=f"installing {', '.join(packages)}",
        log=log,
        environment=os.environ | {"LC_ALL": "C"},
    )


def _by_hand(packages: Sequence[str]) -> str:
    return f"sudo apt-get install {' '.join(packages)}"


def _as_root(by_hand: str) -> list[str]:
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        raise LocalError("installing packages needs root, and there is no sudo", mend=by_hand)
    if sys.stdin.isatty():  # let it ask for the password now: its later use is silent
        subprocess.run(["sudo", "-v"], check=False)
    if subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode != 0:
        raise LocalError("sudo wants a password and nobody can type one", mend=by_hand)
    return ["sudo", "-n"]
