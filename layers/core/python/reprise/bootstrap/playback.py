"""The wiring of the routes that start a playback and go on with it."""

import time
from functools import cached_property
from uuid import uuid4

from reprise.adapters.catalog_redis import RedisTitles
from reprise.adapters.grants_cloudfront import CloudFrontSigner
from reprise.adapters.places_cassandra import CassandraPlaces
from reprise.adapters.playbacks_redis import RedisPlaybacks
from reprise.adapters.publications_redis import RedisPublications
from reprise.adapters.secrets_aws import read_secret
from reprise.adapters.stream_leases_redis import RedisStreamLeases
from reprise.application.playback_ports import (
    GrantSigner,
    Playbacks,
    Publications,
    StreamLeases,
)
from reprise.application.playbacks import Grants
from reprise.application.ports import DurablePlaces, TitleReader
from reprise.bootstrap.start import KeySecret
from reprise.bootstrap.stores import ViewerWiring, cassandra_connection
from reprise.edge import allowances
from reprise.settings import (
    GrantedSettings,
    GrantSettings,
    ManifestSettings,
    ScreenSettings,
    ViewerSettings,
)


class ScreenWiring(ViewerWiring[ViewerSettings]):
    """The ports of an account's screens."""

    def __init__(self, settings: ScreenSettings) -> None:
        super().__init__(settings.viewer)

    @cached_property
    def playbacks(self) -> Playbacks:
        return RedisPlaybacks(
            self._redis,
            per_minute=self._settings.live.reports_per_minute,
            on_allowance=allowances.note,
        )

    @cached_property
    def leases(self) -> StreamLeases:
        return RedisStreamLeases(self._redis)


class PlaybackWiring(ScreenWiring):
    """The ports of going on with a playback; titles are found where Redis does not answer too."""

    def __init__(self, settings: GrantedSettings) -> None:
        super().__init__(settings)
        self._grants = settings.grants
        self.key_secret = KeySecret(
            id=settings.grants.secret_id,
            stage=settings.service.stage,
            on_aws="mend it as in: docs/operations.md, Keys of grants",
        )

    @cached_property
    def catalog(self) -> TitleReader:
        return RedisTitles(
            self._redis,
            source=self._titles,
            clock=time.monotonic,
            now=self.clock,
            outlives_redis=True,
        )

    @cached_property
    def signer(self) -> GrantSigner:
        return grant_signer(self._grants, keys=read_secret(secret_id=self._grants.secret_id))

    def take_keys(self, keys: str) -> None:
        self.signer = grant_signer(self._grants, keys=keys)

    @property
    def grants(self) -> Grants:
        grants = self._grants
        return Grants(signer=self.signer, media_url=grants.media_url, seconds=grants.seconds)


class ManifestWiring(PlaybackWiring):
    """The ports of starting a playback."""

    def __init__(self, settings: ManifestSettings) -> None:
        super().__init__(settings)
        self._cassandra = settings.cassandra

    @cached_property
    def publications(self) -> Publications:
        return RedisPublications(
            self._redis, source=self._publications, clock=time.monotonic, now=self.clock
        )

    @cached_property
    def durable(self) -> DurablePlaces:
        return CassandraPlaces(cassandra_connection(self._cassandra))

    def new_id(self) -> str:
        return str(uuid4())

    def _publications(self) -> Publications:
        from reprise.adapters.renditions_postgres import PostgresRenditions  # noqa: PLC0415

        return PostgresRenditions(postgres=self._postgres)


def grant_signer(settings: GrantSettings, *, keys: str) -> GrantSigner:
    """Return what signs grants, its keys proved once.

    Raises:
        SettingsError: they are no keys; says what is wrong with which secret.
    """
    return CloudFrontSigner(
        keys=keys,
        setting=f"the secret {settings.secret_id}",
        hash_name=settings.hash_name,
    )
