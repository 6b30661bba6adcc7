"""How far a word may be misspelled, and what it may have meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.search import CLOSEST_WORDS, allowed_edits, closest_words, edits

WORDS = st.text(alphabet="abcd", max_size=7)


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [
        pytest.param("tide", "tide", 0, id="the same"),
        pytest.param("tid", "tide", 1, id="left out"),
        pytest.param("tiide", "tide", 1, id="added"),
        pytest.param("tode", "tide", 1, id="replaced"),
        pytest.param("tdie", "tide", 1, id="swapped"),
        pytest.param("itde", "tide", 1, id="swapped at the start"),
        pytest.param("dite", "tide", 2, id="two letters"),
        pytest.param("", "tide", 4, id="nothing"),
    ],
)
def test_typing_errors_are_counted(one: str, other: str, count: int) -> None:
    assert edits(one, other) == edits(other, one) == count


@pytest.mark.parametrize(("word", "count"), [("tidek", 0), ("tdiek", 1), ("tidx", 1), ("tide", 0)])
def test_an_unfinished_word_is_held_against_beginnings(word: str, count: int) -> None:
    assert edits(word, "tidekeepers", unfinished=True) == count


@given(one=WORDS, other=WORDS)
def test_no_two_words_are_further_apart_than_the_longer_is_long(one: str, other: str) -> None:
    assert (edits(one, other) == 0) == (one == other)
    assert abs(len(one) - len(other)) <= edits(one, other) <= max(len(one), len(other))
    assert edits(one, other, unfinished=True) <= edits(one, other)


@pytest.mark.parametrize(
    ("word", "forgiven"), [("ox", 0), ("fox", 1), ("foxes", 1), ("harbor", 2), ("cartographer", 2)]
)
def test_longer_words_are_forgiven_more(word: str, forgiven: int) -> None:
    assert allowed_edits(word) == forgiven


def test_the_closest_words_come_first_and_those_too_far_not_at_all() -> None:
    candidates = ["harbours", "harbour", "barbour", "arbour", "labour"]
    closest = closest_words("harbuor", candidates, unfinished=False)
    assert closest == [("harbour", 1), ("arbour", 2), ("barbour", 2), ("harbours", 2)]


def test_a_word_stands_for_few_others() -> None:
    candidates = [f"harbou{letter}" for letter in "abcdefgh"]
    assert len(closest_words("harbour", candidates, unfinished=False)) == CLOSEST_WORDS


def test_an_unfinished_word_may_mean_a_longer_one() -> None:
    assert closest_words("tdiek", ["tidekeepers"], unfinished=True) == [("tidekeepers", 1)]
    assert closest_words("tdiek", ["tidekeepers"], unfinished=False) == []
