"""Merging layers: the last one wins, the content names the folder, crashes leave no half."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from reprise_executor.trees import Source, merged_tree


def source(folder: Path, digest: str, files: Mapping[str, str]) -> Source:
    for name, text in files.items():
        target = folder / digest / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return Source(digest=digest, folder=folder / digest)


def read(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_later_source_replaces_files_and_adds_its_own(tmp_path: Path) -> None:
    one = source(tmp_path, "one", {"python/a.py": "1", "python/p/x.py": "1"})
    two = source(tmp_path, "two", {"python/a.py": "2", "python/p/y.py": "2"})
    merged = merged_tree(cache=tmp_path / "cache", sources=[one, two])
    assert read(merged) == {"python/a.py": "2", "python/p/x.py": "1", "python/p/y.py": "2"}
    assert read(one.folder) == {"python/a.py": "1", "python/p/x.py": "1"}


def test_the_order_makes_another_folder(tmp_path: Path) -> None:
    one = source(tmp_path, "one", {"a": "1"})
    two = source(tmp_path, "two", {"a": "2"})
    cache = tmp_path / "cache"
    there, back = (merged_tree(cache=cache, sources=order) for order in ([one, two], [two, one]))
    assert (read(there), read(back)) == ({"a": "2"}, {"a": "1"})


def test_the_same_content_is_merged_once(tmp_path: Path) -> None:
    one = source(tmp_path, "one", {"a": "1"})
    first = merged_tree(cache=tmp_path / "cache", sources=[one])
    (first / "mark").touch()
    again = merged_tree(cache=tmp_path / "cache", sources=[one])
    assert (again, (again / "mark").exists()) == (first, True)


def test_no_source_makes_an_empty_folder(tmp_path: Path) -> None:
    merged = merged_tree(cache=tmp_path / "cache", sources=[])
    assert (merged.is_dir(), read(merged)) == (True, {})


def test_a_merge_outlives_its_sources(tmp_path: Path) -> None:
    one = source(tmp_path, "one", {"a": "1"})
    merged = merged_tree(cache=tmp_path / "cache", sources=[one])
    (one.folder / "a").unlink()
    assert read(merged) == {"a": "1"}


def test_a_merge_that_breaks_off_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = source(tmp_path, "one", {"a": "1"})

    def crash(*_args: object) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", crash)
        with pytest.raises(KeyboardInterrupt):
            merged_tree(cache=tmp_path / "cache", sources=[one])
    assert read(merged_tree(cache=tmp_path / "cache", sources=[one])) == {"a": "1"}


def test_where_links_are_impossible_files_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise OSError("another file system")

    monkeypatch.setattr("os.link", refuse)
    one = source(tmp_path, "one", {"a": "1"})
    assert read(merged_tree(cache=tmp_path / "cache", sources=[one])) == {"a": "1"}
