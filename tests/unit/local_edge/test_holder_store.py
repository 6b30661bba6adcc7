"""The key value store: versions, CloudFront's limits, and what is left of it on disk."""

import json
from pathlib import Path

import pytest

from reprise_edge.holder_store import STORE_OCTETS, KeyValueStore
from reprise_edge.store_errors import StoreError

NOW = 1_795_000_000.25


def store_in(folder: Path) -> KeyValueStore:
    return KeyValueStore(folder / "holders.json", clock=lambda: NOW)


def refused(store: KeyValueStore, *puts: tuple[str, str], deletes: tuple[str, ...] = ()) -> str:
    before = (store.etag, store.page(after="", limit=99))
    with pytest.raises(StoreError) as found:
        store.update(etag=store.etag, puts=dict(puts), deletes=deletes)
    assert before == (store.etag, store.page(after="", limit=99)), "all of it or nothing"
    return f"{found.value.status} {found.value.code}"


def test_an_empty_store_has_a_version_and_nothing_in_it(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    assert store.etag
    assert (len(store), store.octets, store.created) == (0, 0, NOW)
    assert not list(tmp_path.iterdir()), "there is nothing to keep yet"


def test_an_update_puts_changes_and_deletes_and_makes_another_version(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    first = store.etag
    store.update(etag=first, puts={"b": "1", "a": "2"}, deletes=[])
    second = store.etag
    store.update(etag=second, puts={"a": "33", "c": "4"}, deletes=["b"])
    assert len({first, second, store.etag}) == 3
    assert store.page(after="", limit=10) == [("a", "33"), ("c", "4")]
    assert ("a" in store, "b" in store) == (True, False)
    assert store.octets == len("a33c4")


def test_of_two_writers_of_one_version_the_second_is_told(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    read = store.etag
    store.update(etag=read, puts={"a": "1"}, deletes=[])
    with pytest.raises(StoreError, match="ConflictException") as conflict:
        store.update(etag=read, puts={"a": "2"}, deletes=[])
    assert conflict.value.status == 409
    assert store.page(after="", limit=10) == [("a", "1")]


def test_pages_follow_each_other_in_the_order_of_keys(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.update(etag=store.etag, puts=dict.fromkeys("cabed", "1"), deletes=[])
    assert [key for key, _ in store.page(after="", limit=2)] == ["a", "b"]
    assert [key for key, _ in store.page(after="b", limit=2)] == ["c", "d"]
    assert [key for key, _ in store.page(after="bb", limit=9)] == ["c", "d", "e"]
    assert store.page(after="e", limit=2) == []


def test_what_is_more_than_cloudfront_takes_is_refused_whole(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.update(etag=store.etag, puts={"there": "1"}, deletes=[])
    fifty = [(f"k{number}", "1") for number in range(50)]
    assert refused(store) == "400 ValidationException"
    assert refused(store, *fifty, deletes=("there",)) == "400 ValidationException"
    assert refused(store, ("there", "2"), deletes=("there",)) == "400 ValidationException"
    assert refused(store, ("", "1")) == "400 ValidationException"
    assert refused(store, ("é" * 257, "1")) == "400 ValidationException"
    assert refused(store, ("a", "1" * 1025)) == "400 ValidationException"
    assert refused(store, ("a", "1"), deletes=("never",)) == "404 ResourceNotFoundException"
    store.update(etag=store.etag, puts=dict(fifty), deletes=[])
    store.update(etag=store.etag, puts={"é" * 256: "1" * 1024}, deletes=[])


def test_a_store_is_full_at_five_mebibytes(tmp_path: Path) -> None:
    path = tmp_path / "holders.json"
    items = {f"{number:05}": "1" * 1019 for number in range(5 * 1024)}
    state = {"etag": "e", "created": NOW, "modified": NOW, "items": items}
    path.write_text(json.dumps(state), encoding="utf-8")
    store = store_in(tmp_path)
    assert store.octets == STORE_OCTETS
    assert refused(store, ("a", "")) == "402 ServiceQuotaExceededException"
    store.update(etag=store.etag, puts={"00000": ""}, deletes=[])


def test_a_store_that_starts_again_is_where_it_was(tmp_path: Path) -> None:
    store = store_in(tmp_path)
    store.update(etag=store.etag, puts={"a": "1", "b": "2"}, deletes=[])
    store.update(etag=store.etag, puts={}, deletes=["b"])
    again = KeyValueStore(tmp_path / "holders.json", clock=lambda: NOW + 60)
    assert (again.etag, again.created, again.modified) == (store.etag, NOW, NOW)
    assert again.page(after="", limit=10) == [("a", "1")]
    assert [path.name for path in tmp_path.iterdir()] == ["holders.json"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"items": {"a": 1}, "etag": "e", "created": 1, "modified": 1}', "{}"]
)
def test_a_file_that_is_damaged_revokes_nobody_and_is_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    (tmp_path / "holders.json").write_text(text, encoding="utf-8")
    store = store_in(tmp_path)
    assert len(store) == 0
    assert "nothing is revoked" in caplog.text
    store.update(etag=store.etag, puts={"a": "1"}, deletes=[])
    assert "a" in store_in(tmp_path)
