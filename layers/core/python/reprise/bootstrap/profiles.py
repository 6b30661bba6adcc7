"""The wiring of the routes about profiles, each with no more than it needs."""

from functools import cached_property

from reprise.adapters.erase_cassandra import CassandraErasure
from reprise.adapters.erase_redis import RedisErasure
from reprise.adapters.profiles_postgres import PostgresProfiles
from reprise.application.identity_ports import Passwords
from reprise.application.profile_ports import DurableErasure, LiveErasure, Profiles
from reprise.bootstrap.identity import Issuing, SessionWiring, passwords_port
from reprise.bootstrap.stores import cassandra_connection
from reprise.settings import ErasureSettings, SelectionSettings, SessionSettings


class ProfilesWiring(SessionWiring):
    """The ports of looking at profiles."""

    @cached_property
    def profiles(self) -> Profiles:
        return PostgresProfiles(postgres=self._postgres)


class LockedProfilesWiring(ProfilesWiring):
    """The ports of whatever sets or proves a PIN."""

    def __init__(self, settings: SessionSettings) -> None:
        super().__init__(settings)
        self.passwords: Passwords = passwords_port()


class SelectionWiring(Issuing, LockedProfilesWiring):
    """The ports of going on as another profile, which takes a new token."""

    def __init__(self, settings: SelectionSettings) -> None:
        super().__init__(settings)
        self.sign_with(settings)


class ErasureWiring(ProfilesWiring):
    """The ports of deleting a profile from every store."""

    def __init__(self, settings: ErasureSettings) -> None:
        super().__init__(settings)
        self._cassandra = settings.cassandra

    @cached_property
    def live_erasure(self) -> LiveErasure:
        return RedisErasure(self._redis)

    @cached_property
    def durable_erasure(self) -> DurableErasure:
        return CassandraErasure(cassandra_connection(self._cassandra))
