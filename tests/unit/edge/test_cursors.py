"""Cursors say nothing they should not, and count only where they belong."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.edge.cursors import CURSOR_LIMIT, read_cursor, seal, unseal, write_cursor

SECRET = "a secret of the tests"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(payload=TEXTS, bound_to=st.lists(TEXTS, max_size=3))
def test_what_is_sealed_comes_back_for_exactly_what_it_is_bound_to(
    payload: str, bound_to: list[str]
) -> None:
    cursor = seal(payload, secret=SECRET, bound_to=bound_to)
    assert unseal(cursor, secret=SECRET, bound_to=bound_to) == payload
    for other in ([*bound_to, ""], ["x", *bound_to]):
        with pytest.raises(ValueError, match="not a cursor"):
            unseal(cursor, secret=SECRET, bound_to=other)
    with pytest.raises(ValueError, match="not a cursor"):
        unseal(cursor, secret="another", bound_to=bound_to)


def test_bindings_are_not_run_together() -> None:
    cursor = seal("1", secret=SECRET, bound_to=["ab", "c"])
    with pytest.raises(ValueError, match="not a cursor"):
        unseal(cursor, secret=SECRET, bound_to=["a", "bc"])


def test_a_sealed_cursor_can_not_be_read() -> None:
    cursor = seal("900000.film-1", secret=SECRET, bound_to=[])
    assert b"film" not in base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))


@pytest.mark.parametrize("forged", ["", "A", "====", "é", "A" * (CURSOR_LIMIT + 1), "\0", "a b"])
def test_what_is_no_cursor_is_refused(forged: str) -> None:
    with pytest.raises(ValueError, match="not a cursor"):
        unseal(forged, secret=SECRET, bound_to=[])
    with pytest.raises(ValueError, match="not a cursor"):
        read_cursor(forged, secret=SECRET, profile_id="p")


@given(flipped=st.integers(min_value=0, max_value=200))
def test_no_bit_of_a_cursor_may_change(flipped: int) -> None:
    cursor = seal("900000.film-1", secret=SECRET, bound_to=["search", "p", "salt"])
    raw = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    raw[flipped // 8 % len(raw)] ^= 1 << flipped % 8
    with pytest.raises(ValueError, match="not a cursor"):
        unseal(
            base64.urlsafe_b64encode(raw).rstrip(b"=").decode(),
            secret=SECRET,
            bound_to=["search", "p", "salt"],
        )


def test_a_position_comes_back_in_its_own_list_and_profile_alone() -> None:
    cursor = write_cursor((5, "film.1"), secret=SECRET, profile_id="p", of="my-list")
    assert read_cursor(cursor, secret=SECRET, profile_id="p", of="my-list") == (5, "film.1")
    for other in ({"profile_id": "q", "of": "my-list"}, {"profile_id": "p", "of": "history"}):
        with pytest.raises(ValueError, match="not a cursor"):
            read_cursor(cursor, secret=SECRET, **other)
