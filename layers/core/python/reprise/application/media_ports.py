"""What publishing an encoding needs of the outside.

Every method may raise `UnavailableError` where its store is down, too slow or refuses.
"""

from collections.abc import Mapping
from typing import Protocol

from reprise.domain.media import Media
from reprise.domain.packages import MasterPlaylist, MediaPlaylist


class Packages(Protocol):
    """Folders of encoded media."""

    def sizes(self, *, folder: str) -> Mapping[str, int]:
        """Return the bytes of every file below a folder, by its name there."""
        ...

    def read(self, *, path: str) -> str:
        """Return the text of a file that is there.

        Raises:
            UnfitPackageError: it is no text.
        """
        ...

    def write(self, *, path: str, text: str) -> None:
        """Put a text of ours beside what was encoded, again as often as one likes."""
        ...


class PlaylistReader(Protocol):
    """Reads playlists strictly: both raise `UnfitPackageError` for what players might not take."""

    def master(self, text: str, *, name: str) -> MasterPlaylist: ...

    def media(self, text: str, *, name: str) -> MediaPlaylist: ...


class PublicationCopies(Protocol):
    """What readers keep of publications."""

    def renew(self, *, media: Media) -> None:
        """Let the next request see this publication."""
        ...
