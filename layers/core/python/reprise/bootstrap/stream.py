"""The wiring of the routes that take reports."""

from reprise.bootstrap.stores import PlacesWiring
from reprise.settings import StreamSettings


class StreamWiring(PlacesWiring):
    """The ports of a report: everything a place needs, Redis alone while it is live."""

    def __init__(self, settings: StreamSettings) -> None:
        super().__init__(settings.places)
