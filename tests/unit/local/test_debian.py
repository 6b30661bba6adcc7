"""What is missing is installed, or it is said what to type; nothing else is touched."""

import shutil
from pathlib import Path

import pytest

from reprise_local import debian
from reprise_local.errors import LocalError


def test_a_machine_with_every_program_installs_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(debian, "missing_packages", list)
    monkeypatch.setattr(debian, "run", pytest.fail)
    assert debian.install_missing(log=tmp_path / "apt.log") == "here already"


def test_a_machine_without_ffprobe_misses_ffmpeg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian, "find_program", Path)
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "ffprobe" else name)
    assert debian.missing_packages() == ["ffmpeg"]


def test_a_machine_that_is_no_debian_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(LocalError, match="nginx-light") as refusal:
        debian.install(["nginx-light"], log=tmp_path / "apt.log")
    assert refusal.value.mend == "sudo apt-get install nginx-light"
