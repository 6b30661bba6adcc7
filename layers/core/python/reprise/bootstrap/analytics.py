"""The wiring of what players tell of their own playback."""

from functools import cached_property

from reprise.adapters.playbacks_redis import RedisPlaybacks
from reprise.application.playback_ports import Playbacks
from reprise.bootstrap.stores import ProvedWiring
from reprise.edge import allowances
from reprise.settings import AnalyticsSettings, ProvedSettings


class AnalyticsWiring(ProvedWiring[ProvedSettings]):
    """The proof of who tells it, and of which playback: it is measured, not stored."""

    def __init__(self, settings: AnalyticsSettings) -> None:
        super().__init__(settings.proved)

    @cached_property
    def playbacks(self) -> Playbacks:
        return RedisPlaybacks(
            self._redis,
            per_minute=self._settings.live.reports_per_minute,
            on_allowance=allowances.note,
        )
