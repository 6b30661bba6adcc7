"""The wiring of what players tell of their own playback."""

from reprise.bootstrap.stores import ProvedWiring
from reprise.settings import AnalyticsSettings, ProvedSettings


class AnalyticsWiring(ProvedWiring[ProvedSettings]):
    """The proof of who tells it, and nothing else: it is measured, not stored."""

    def __init__(self, settings: AnalyticsSettings) -> None:
        super().__init__(settings.proved)
