"""`TitleSearch` in memory: the bands of the real one, without its full text."""

from collections.abc import Sequence

from reprise.domain.errors import UnavailableError
from reprise.domain.search import Match, allowed_edits, edits


class FakeTitleSearch:
    """Knows names by title id; `asked` lists every query, `down` makes it fail."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names
        self.asked: list[str] = []
        self.down = False

    def matches(self, *, query: str, after: Match | None, limit: int) -> Sequence[Match]:
        self.asked.append(query)
        if self.down:
            raise UnavailableError("the account and catalog store does not answer")
        wanted = _folded(query)
        scored = ((_score(wanted, _folded(name)), i) for i, name in self.names.items())
        found = sorted((Match(score, i) for score, i in scored if wanted and score), key=_rank)
        return [each for each in found if after is None or _rank(each) > _rank(after)][:limit]


def _rank(match: Match) -> tuple[int, str]:
    return -match.score, match.video_id


def _folded(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())


def _score(query: str, name: str) -> int:
    if name == query:
        return 1_000_000
    if name.startswith(query):
        return 900_000 + 90_000 * len(query) // len(name)
    words, known = query.split(), name.split()
    if all(word in known for word in words):
        return 700_000
    near = [min(edits(word, other) for other in known) <= allowed_edits(word) for word in words]
    return 400_000 if all(near) else 0
