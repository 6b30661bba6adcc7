"""What is done already is known by its contents, not by its dates."""

import os
from pathlib import Path

from reprise_local import stamps


def test_a_digest_changes_with_a_content_a_name_and_a_place(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "a.py").write_text("one")
    before = stamps.digest([folder])
    (folder / "a.py").write_text("two")
    assert stamps.digest([folder]) != before
    (folder / "a.py").rename(folder / "b.py")
    (folder / "b.py").write_text("one")
    assert stamps.digest([folder]) != before


def test_a_digest_ignores_dates_and_litter(tmp_path: Path) -> None:
    folder = tmp_path / "sources"
    (folder / "__pycache__").mkdir(parents=True)
    (folder / "x.egg-info").mkdir()
    (folder / "a.py").write_text("one")
    before = stamps.digest([folder])
    os.utime(folder / "a.py", (1, 1))
    (folder / "__pycache__" / "a.pyc").write_bytes(b"compiled")
    (folder / "x.egg-info" / "PKG-INFO").write_text("built")
    assert stamps.digest([folder]) == before


def test_a_stamp_holds_until_it_is_undone(tmp_path: Path) -> None:
    stamp = tmp_path / "deep" / "stamp"
    assert not stamps.is_done(stamp, "x")
    stamps.done(stamp, "x")
    assert stamps.is_done(stamp, "x")
    assert not stamps.is_done(stamp, "y")
    stamps.undo(stamp)
    assert not stamps.is_done(stamp, "x")
