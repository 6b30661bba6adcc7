"""What is kept is bounded, ends, and is the file that was asked for."""

from reprise_edge.cache import KEPT_SECONDS, LARGEST, Memory

HEADERS = {"Etag": '"1"'}


def keep(memory: Memory, key: str, size: int, *, origin: str = "media", now: float = 0) -> None:
    memory.put(origin, key, headers=HEADERS, body=bytes(size), now=now)


def held(memory: Memory, *keys: str, now: float = 1) -> list[str]:
    return [key for key in keys if memory.get("media", key, now=now) is not None]


def test_the_files_asked_for_last_are_kept() -> None:
    memory = Memory(30)
    for key in "abc":
        keep(memory, key, 10)
    memory.get("media", "a", now=1)
    keep(memory, "d", 10)
    assert held(memory, *"abcd") == ["a", "c", "d"]


def test_a_file_that_is_kept_again_counts_once() -> None:
    memory = Memory(30)
    for _ in range(5):
        keep(memory, "a", 10)
    keep(memory, "b", 20)
    assert held(memory, *"ab") == ["a", "b"]


def test_what_is_kept_ends_and_makes_room() -> None:
    memory = Memory(30)
    keep(memory, "a", 30)
    assert held(memory, "a", now=KEPT_SECONDS["media"] - 0.1) == ["a"]
    assert held(memory, "a", now=KEPT_SECONDS["media"]) == []
    keep(memory, "b", 15, now=100)
    keep(memory, "c", 15, now=100)
    assert held(memory, *"bc", now=101) == ["b", "c"]


def test_a_public_file_is_never_taken_for_a_signed_one_of_the_same_name() -> None:
    memory = Memory(30)
    keep(memory, "x", 1, origin="public")
    assert memory.get("media", "x", now=0) is None


def test_large_files_and_an_edge_without_memory_keep_nothing() -> None:
    assert Memory(100).takes(100)
    assert not Memory(100).takes(101)
    assert not Memory(0).takes(1)
    assert not Memory(LARGEST * 4).takes(LARGEST + 1)
