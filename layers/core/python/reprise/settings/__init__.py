"""What a function is told by its environment: parsed once at init, typed, all problems at once.

Each group is what one adapter or the edge needs; each area's settings name the groups that its
functions use, so that a function is given, and refuses to start without, exactly those.
"""

from dataclasses import dataclass

from reprise.settings.environment import Area
from reprise.settings.groups import (
    AttemptSettings,
    CassandraSettings,
    CursorSettings,
    EdgeSettings,
    EdgeStoreSettings,
    EventQueueSettings,
    FlushQueueSettings,
    GrantSettings,
    LiveSettings,
    PackageSettings,
    PostgresSettings,
    QualitySettings,
    RedisSettings,
    RevocationSettings,
    ServiceSettings,
    SigningSettings,
    TokenSettings,
)

__all__ = [
    "AnalyticsSettings",
    "AttemptSettings",
    "AuthSettings",
    "CassandraSettings",
    "CatalogSettings",
    "CollectorSettings",
    "CursorSettings",
    "EdgeSettings",
    "EdgeStoreSettings",
    "ErasureSettings",
    "EventQueueSettings",
    "FlushQueueSettings",
    "FlushSettings",
    "GrantSettings",
    "GrantedSettings",
    "KeySettings",
    "LiveSettings",
    "ManifestSettings",
    "MyListSettings",
    "PackageSettings",
    "PlaceSettings",
    "PlannerSettings",
    "PlaystateSettings",
    "PostgresSettings",
    "PreferenceSettings",
    "ProvedSettings",
    "PublisherSettings",
    "PublishingSettings",
    "QualitySettings",
    "RedisSettings",
    "RedriveSettings",
    "RevocationSettings",
    "ScreenSettings",
    "SelectionSettings",
    "ServiceSettings",
    "SessionSettings",
    "SigningSettings",
    "StreamSettings",
    "SystemSettings",
    "TokenSettings",
    "ViewerSettings",
]


@dataclass(frozen=True, slots=True)
class ProvedSettings(Area):
    """What it takes to know the viewer who asks."""

    redis: RedisSettings
    tokens: TokenSettings
    live: LiveSettings


@dataclass(frozen=True, slots=True)
class ViewerSettings(ProvedSettings):
    """What every route of a viewer needs that looks a title up."""

    postgres: PostgresSettings


@dataclass(frozen=True, slots=True)
class PlaceSettings(ViewerSettings):
    """What every route about places needs, whether it reports, reads or acts."""

    cassandra: CassandraSettings
    flush_queue: FlushQueueSettings


@dataclass(frozen=True, slots=True)
class StreamSettings(Area):
    """Of the routes that take reports."""

    service: ServiceSettings
    places: PlaceSettings


@dataclass(frozen=True, slots=True)
class ScreenSettings(Area):
    """Of taking over a screen."""

    service: ServiceSettings
    viewer: ViewerSettings


@dataclass(frozen=True, slots=True)
class GrantedSettings(ScreenSettings):
    """Of going on with a playback."""

    grants: GrantSettings


@dataclass(frozen=True, slots=True)
class ManifestSettings(GrantedSettings):
    """Of starting a playback."""

    cassandra: CassandraSettings


@dataclass(frozen=True, slots=True)
class PlaystateSettings(Area):
    """Of the routes that read places and act on them."""

    service: ServiceSettings
    places: PlaceSettings
    cursors: CursorSettings


@dataclass(frozen=True, slots=True)
class MyListSettings(Area):
    """Of the routes of my list."""

    service: ServiceSettings
    viewer: ViewerSettings
    cursors: CursorSettings


@dataclass(frozen=True, slots=True)
class CatalogSettings(Area):
    """Of the title page and the search."""

    service: ServiceSettings
    viewer: ViewerSettings
    cursors: CursorSettings


@dataclass(frozen=True, slots=True)
class AnalyticsSettings(Area):
    """Of what players tell of their own playback."""

    service: ServiceSettings
    proved: ProvedSettings
    quality: QualitySettings


@dataclass(frozen=True, slots=True)
class SystemSettings(Area):
    """Of the health check."""

    service: ServiceSettings
    redis: RedisSettings
    cassandra: CassandraSettings
    postgres: PostgresSettings


@dataclass(frozen=True, slots=True)
class AuthSettings(Area):
    """Of the routes that hand out tokens."""

    service: ServiceSettings
    redis: RedisSettings
    live: LiveSettings
    postgres: PostgresSettings
    signing: SigningSettings
    edge: EdgeSettings
    attempts: AttemptSettings


@dataclass(frozen=True, slots=True)
class SessionSettings(Area):
    """Of the routes of an account's sessions and its password."""

    service: ServiceSettings
    redis: RedisSettings
    live: LiveSettings
    postgres: PostgresSettings
    tokens: TokenSettings
    attempts: AttemptSettings


@dataclass(frozen=True, slots=True)
class SelectionSettings(SessionSettings):
    """Of selecting a profile, which hands out a token."""

    signing: SigningSettings
    edge: EdgeSettings


@dataclass(frozen=True, slots=True)
class ErasureSettings(SessionSettings):
    """Of deleting a profile from every store."""

    cassandra: CassandraSettings


@dataclass(frozen=True, slots=True)
class KeySettings(Area):
    """Of the route that publishes the keys of tokens."""

    service: ServiceSettings
    tokens: TokenSettings


@dataclass(frozen=True, slots=True)
class PlannerSettings(Area):
    """Of the functions that order flushes."""

    service: ServiceSettings
    redis: RedisSettings
    live: LiveSettings
    flush_queue: FlushQueueSettings


@dataclass(frozen=True, slots=True)
class FlushSettings(Area):
    """Of the functions that carry places from Redis to the durable history."""

    service: ServiceSettings
    redis: RedisSettings
    live: LiveSettings
    cassandra: CassandraSettings
    events: EventQueueSettings


@dataclass(frozen=True, slots=True)
class PreferenceSettings(Area):
    """Of the consumer of completions."""

    service: ServiceSettings
    postgres: PostgresSettings


@dataclass(frozen=True, slots=True)
class CollectorSettings(Area):
    """Of what tells the edge whose sessions were revoked."""

    service: ServiceSettings
    postgres: PostgresSettings
    revocations: RevocationSettings


@dataclass(frozen=True, slots=True)
class PublisherSettings(Area):
    """Of what keeps the edge's store."""

    service: ServiceSettings
    edge_store: EdgeStoreSettings


@dataclass(frozen=True, slots=True)
class PublishingSettings(Area):
    """Of what names encoded media in the catalog."""

    service: ServiceSettings
    redis: RedisSettings
    postgres: PostgresSettings
    packages: PackageSettings


@dataclass(frozen=True, slots=True)
class RedriveSettings(Area):
    """Of the command that gives poison items another chance."""

    service: ServiceSettings
    redis: RedisSettings
    live: LiveSettings
    cassandra: CassandraSettings
    postgres: PostgresSettings
    events: EventQueueSettings
    flush_queue: FlushQueueSettings
