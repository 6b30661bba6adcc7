"""The wiring of what keeps a profile's preferences."""

from functools import cached_property

from reprise.adapters.postgres import Postgres
from reprise.adapters.preferences_postgres import PostgresPreferences
from reprise.application.preference_ports import Preferences
from reprise.bootstrap.stores import postgres_dsn
from reprise.settings import PreferenceSettings


class PreferenceWiring:
    """The ports of the consumer of completions."""

    def __init__(self, settings: PreferenceSettings) -> None:
        self._settings = settings

    @cached_property
    def preferences(self) -> Preferences:
        return PostgresPreferences(postgres=Postgres(dsn=postgres_dsn(self._settings.postgres)))
