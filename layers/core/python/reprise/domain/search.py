"""How far a word may be misspelled, and where a match stands among others."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

CLOSEST_WORDS = 4
"""How many known words a misspelled one may stand for."""


class Match(NamedTuple):
    """A title that matches a query. Lists are ordered by score, best first, then by id."""

    score: int
    video_id: str


def allowed_edits(word: str) -> int:
    """Return how many typing errors a word of this length is forgiven."""
    if len(word) < 4:
        return 1 if len(word) == 3 else 0
    return 1 if len(word) < 6 else 2


def closest_words(
    word: str, candidates: Iterable[str], *, unfinished: bool
) -> Sequence[tuple[str, int]]:
    """Return the candidates that the word may have meant, with their edits, fewest first.

    An `unfinished` word is held against how candidates begin: somebody is still typing it.
    """
    limit = allowed_edits(word)
    near = ((candidate, edits(word, candidate, unfinished=unfinished)) for candidate in candidates)
    kept = sorted((count, candidate) for candidate, count in near if count <= limit)
    return [(candidate, count) for count, candidate in kept[:CLOSEST_WORDS]]


def edits(one: str, other: str, *, unfinished: bool = False) -> int:
    """Return how many letters were added, left out, replaced, or swapped with their neighbour."""
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, target in enumerate(other, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != target))
            swapped = i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == target
            row.append(min(cost, before_last[j - 2] + 1) if swapped else cost)
        before_last, last = last, row
    return min(last) if unfinished else last[-1]
