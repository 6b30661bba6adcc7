"""`TitleSource` and `TitleReader` in memory."""

from collections.abc import Collection, Mapping, Sequence

from reprise.domain.catalog import Title
from reprise.domain.errors import UnavailableError


class FakeTitleSource:
    """Holds titles, which tests change; `asked` lists every question, `down` makes it fail."""

    def __init__(self, *titles: Title) -> None:
        self.stored = {title.id: title for title in titles}
        self.asked: list[list[str]] = []
        self.down = False

    def load(self, *, video_ids: Collection[str]) -> Mapping[str, Title]:
        self._answer(list(video_ids))
        return {i: self.stored[i] for i in video_ids if i in self.stored}

    def all_ids(self) -> Sequence[str]:
        self._answer([])
        return sorted(self.stored)

    def _answer(self, question: list[str]) -> None:
        self.asked.append(question)
        if self.down:
            raise UnavailableError("the account and catalog store does not answer")


class FakeTitles:
    """`TitleReader` that knows its titles at once; `down` makes it fail."""

    def __init__(self, *titles: Title) -> None:
        self.known = {title.id: title for title in titles}
        self.down = False

    def titles(self, *, video_ids: Collection[str]) -> Mapping[str, Title]:
        if self.down:
            raise UnavailableError("live positions do not answer")
        return {i: self.known[i] for i in video_ids if i in self.known}
