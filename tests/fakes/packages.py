"""`Packages` and `PublicationCopies` in memory."""

from collections.abc import Mapping

from reprise.domain.errors import UnavailableError
from reprise.domain.media import Media
from reprise.domain.packages import UnfitPackageError


class FakePackages:
    """A bucket: bytes of texts and sizes of the rest by path; `down` makes every method fail."""

    def __init__(self) -> None:
        self.texts: dict[str, bytes] = {}
        self.others: dict[str, int] = {}
        self.written: list[str] = []
        self.down = False

    def store(self, folder: str, *, texts: Mapping[str, str], sizes: Mapping[str, int]) -> None:
        """Put a package there; `sizes` also has those of the texts."""
        self.texts |= {f"{folder}/{name}": text.encode() for name, text in texts.items()}
        self.others |= {
            f"{folder}/{name}": size for name, size in sizes.items() if name not in texts
        }

    def sizes(self, *, folder: str) -> Mapping[str, int]:
        self._answer()
        all_sizes = self.others | {path: len(text) for path, text in self.texts.items()}
        prefix = f"{folder}/"
        return {
            path.removeprefix(prefix): size
            for path, size in all_sizes.items()
            if path.startswith(prefix)
        }

    def read(self, *, path: str) -> str:
        self._answer()
        try:
            return self.texts[path].decode()
        except KeyError as error:
            raise UnavailableError("the media bucket does not answer") from error
        except UnicodeDecodeError as error:
            raise UnfitPackageError([f"{path} is no text"]) from error

    def write(self, *, path: str, text: str) -> None:
        self._answer()
        self.texts[path] = text.encode()
        self.written.append(path)

    def _answer(self) -> None:
        if self.down:
            raise UnavailableError("the media bucket does not answer")


class FakePublicationCopies:
    """What readers were told, the last publication of each item; `down` makes it fail."""

    def __init__(self) -> None:
        self.told: dict[str, Media] = {}
        self.down = False

    def renew(self, *, media: Media) -> None:
        if self.down:
            raise UnavailableError("live positions do not answer")
        self.told[media.item_id] = media
