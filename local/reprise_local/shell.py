"""Runs the tools of others, keeps what they say in a file, and turns a failure into one line."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from reprise_local.errors import LocalError
from reprise_local.paths import ROOT


def run(
    command: Sequence[str],
    *,
    title: str,
    log: Path,
    environment: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    seconds: float = 900,
) -> str:
    """Run to the end and return what was written, which also goes to `log`.

    Raises:
        LocalError: it failed or took longer; the message carries its last line.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(
            list(command),
            cwd=cwd,
            env=dict(environment) if environment is not None else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except FileNotFoundError as error:
        raise LocalError(f"{title}: {command[0]} is not installed", mend="make doctor") from error
    except subprocess.TimeoutExpired as error:
        raise LocalError(f"{title} took longer than {seconds:.0f} s", mend="try again") from error
    log.write_text(done.stdout, encoding="utf-8")
    if done.returncode != 0:
        raise LocalError(f"{title} failed: {_last_words(done.stdout)}", mend=f"less {log}")
    return done.stdout


def _last_words(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    ours = [line for line in lines if line.startswith("reprise: ")]
    telling = [line for line in lines if "error" in line.lower()]
    return (ours or telling or lines or ["no output"])[-1].removeprefix("reprise: ")[:300]
