"""Cursors say nothing to whoever gets one, and are good for one list of one profile."""

import base64
from itertools import product

import pytest

from reprise.edge.cursors import read_cursor, write_cursor

SECRET = "only we know it"
OWN = {"secret": SECRET, "profile_id": "profile-1", "of": "my-list"}


@pytest.mark.parametrize("position", [(0, "a"), (-(2**62), "film.1"), (2**62, "")])
def test_a_cursor_reads_back_as_written(position: tuple[int, str]) -> None:
    assert read_cursor(write_cursor(position, **OWN), **OWN) == position


def test_nobody_reads_from_a_cursor_where_it_stands() -> None:
    cursor = write_cursor((1_795_000_000, "film-1"), **OWN)
    decoded = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    assert b"film" not in decoded
    assert b"1795" not in decoded


@pytest.mark.parametrize(
    "other", [{"secret": "another"}, {"profile_id": "profile-2"}, {"of": "history"}]
)
def test_a_cursor_is_good_for_what_it_was_given_for_only(other: dict[str, str]) -> None:
    cursor = write_cursor((7, "film-1"), **(OWN | other))
    with pytest.raises(ValueError, match="not a cursor"):
        read_cursor(cursor, **OWN)


def test_a_changed_cursor_is_none() -> None:
    cursor = write_cursor((7, "film-1"), **OWN)
    changed = {cursor[:i] + new + cursor[i + 1 :] for i, new in product(range(len(cursor)), "A_")}
    # The last character of base64 has bits that nobody reads.
    for each in {other for other in changed if other[:-1] != cursor[:-1]}:
        with pytest.raises(ValueError, match="not a cursor"):
            read_cursor(each, **OWN)


@pytest.mark.parametrize("text", ["", "x", "====", "ümlaut", "A" * 24, "A" * 600, "a b", "+/+/"])
def test_any_other_text_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="not a cursor"):
        read_cursor(text, **OWN)
