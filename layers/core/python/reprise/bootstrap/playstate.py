"""The wiring of the routes that read places and act on them."""

from reprise.bootstrap.stores import PlacesWiring
from reprise.settings import PlaystateSettings


class PlaystateWiring(PlacesWiring):
    """The ports of the row, the history and the acts of the account."""

    def __init__(self, settings: PlaystateSettings) -> None:
        super().__init__(settings.places)
