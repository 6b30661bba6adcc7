"""Settings by what they are about: each group is what one adapter or the edge needs."""

from dataclasses import dataclass
from typing import Literal, Self

from reprise.settings.environment import Environment

ISSUER = "reprise"
AUDIENCE = "reprise-api"
EDGE_FIRST = "make run; on AWS, deploy the service with -c delivery=delivery.json"


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    stage: str
    version: str

    @classmethod
    def read(cls, env: Environment) -> Self:
        return cls(stage=env.text("REPRISE_STAGE"), version=env.text("REPRISE_VERSION"))


@dataclass(frozen=True, slots=True)
class RedisSettings:
    url: str
    cluster: bool
    timeout_ms: int

    @classmethod
    def read(cls, env: Environment) -> Self:
        return cls(
            url=env.text("REDIS_URL"),
            cluster=env.choice("REDIS_CLUSTER", "false", "true") == "true",
            timeout_ms=env.whole("REDIS_TIMEOUT_MS", 250),
        )


@dataclass(frozen=True, slots=True)
class CassandraSettings:
    """`auth` is `none` on one machine and `sigv4` with Keyspaces, which also needs the region and
    the path of the trusted roots."""

    hosts: tuple[str, ...]
    port: int
    keyspace: str
    local_dc: str
    auth: Literal["none", "sigv4"]
    timeout_ms: int
    region: str
    ca_bundle: str | None

    @classmethod
    def read(cls, env: Environment) -> Self:
        hosts = env.text("CASSANDRA_HOSTS").split(",")
        return cls(
            hosts=tuple(host.strip() for host in hosts if host.strip()),
            port=env.whole("CASSANDRA_PORT", 9042),
            keyspace=env.text("CASSANDRA_KEYSPACE"),
            local_dc=env.text("CASSANDRA_LOCAL_DC", "datacenter1"),
            auth="sigv4" if env.choice("CASSANDRA_AUTH", "none", "sigv4") == "sigv4" else "none",
            timeout_ms=env.whole("CASSANDRA_TIMEOUT_MS", 2000),
            region=env.text("AWS_REGION", "us-east-1"),
            ca_bundle=env.optional("CASSANDRA_CA_BUNDLE"),
        )


@dataclass(frozen=True, slots=True)
class PostgresSettings:
    """One of the two: the URL itself, or the name of the secret that holds the credentials.

    `host` is the proxy in front of the database that the secret names.
    """

    url: str | None
    secret_id: str | None
    host: str | None

    @classmethod
    def read(cls, env: Environment) -> Self:
        env.exactly_one("POSTGRES_URL", "POSTGRES_SECRET_ID")
        return cls(
            url=env.optional("POSTGRES_URL"),
            secret_id=env.optional("POSTGRES_SECRET_ID"),
            host=env.optional("POSTGRES_HOST"),
        )


@dataclass(frozen=True, slots=True)
class TokenSettings:
    """`jwks` is the public key set as JSON text."""

    jwks: str
    issuer: str
    audience: str

    @classmethod
    def read(cls, env: Environment) -> Self:
        return cls(
            jwks=env.key_set("JWKS"),
            issuer=env.text("JWT_ISSUER", ISSUER),
            audience=env.text("JWT_AUDIENCE", AUDIENCE),
        )


@dataclass(frozen=True, slots=True)
class SigningSettings:
    """Who signs tokens: the name of the secret with the private key set."""

    secret_id: str
    issuer: str
    audience: str

    @classmethod
    def read(cls, env: Environment) -> Self:
        return cls(
            secret_id=env.text("JWT_SIGNING_SECRET_ID"),
            issuer=env.text("JWT_ISSUER", ISSUER),
            audience=env.text("JWT_AUDIENCE", AUDIENCE),
        )


@dataclass(frozen=True, slots=True)
class GrantSettings:
    """Who signs grants of playback, the name of the secret with the keys, and for what URLs.

    `media_url` is how players reach the edge, as in `https://host/media`, without a slash behind.
    """

    secret_id: str
    media_url: str
    seconds: int
    hash_name: Literal["SHA1", "SHA256"]

    @classmethod
    def read(cls, env: Environment) -> Self:
        return cls(
            secret_id=env.text("GRANT_SIGNING_SECRET_ID"),
            media_url=env.text("MEDIA_URL", mend=EDGE_FIRST).rstrip("/"),
            seconds=_grant_seconds(env),
            hash_name="SHA1" if env.choice("GRANT_HASH", "SHA256", "SHA1") == "SHA1" else "SHA256",
        )


@dataclass(frozen=True, slots=True)
class RevocationSettings:
    """Where revocations are told, and how long grants last: as long as what signs them says."""

    queue_url: str
    grant_seconds: int

    @classmethod
    def read(cls, env: Environment) -> Self:
        return cls(queue_url=env.text("REVOCATION_QUEUE_URL"), grant_seconds=_grant_seconds(env))


@dataclass(frozen=True, slots=True)
class EdgeStoreSettings:
    """`arn` names the store of holders whose grants the edge refuses."""

    arn: str

    @classmethod
    def read(cls, env: Environment) -> Self:
        return cls(arn=env.text("EDGE_STORE_ARN"))


@dataclass(frozen=True, slots=True)
class PackageSettings:
    """The bucket of encoded media."""

    bucket: str

    @classmethod
    def read(cls, env: Environment) -> Self:
        return cls(bucket=env.text("MEDIA_BUCKET"))


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """How live places are kept, and how often a session may and shall report."""

    reports_per_minute: int
    next_report_seconds: int
    live_ttl_seconds: int
    row_ttl_seconds: int

    @classmethod
    def read(cls, env: Environment) -> Self:
        return cls(
            reports_per_minute=env.whole("REPORTS_PER_MINUTE", 120),
            next_report_seconds=env.whole("NEXT_REPORT_SECONDS", 30),
            live_ttl_seconds=env.whole("LIVE_TTL_SECONDS", 86_400),
            row_ttl_seconds=env.whole("ROW_TTL_SECONDS", 3600),
        )


@dataclass(frozen=True, slots=True)
class CursorSettings:
    """`secret` signs page cursors."""

    secret: str

    @classmethod
    def read(cls, env: Environment) -> Self:
        return cls(secret=env.text("CURSOR_SECRET"))


@dataclass(frozen=True, slots=True)
class QualitySettings:
    """`by_title` also measures how well playing went by title: a metric for each that is played."""

    by_title: bool

    @classmethod
    def read(cls, env: Environment) -> Self:
        return cls(by_title=env.choice("QUALITY_BY_TITLE", "true", "false") == "true")


@dataclass(frozen=True, slots=True)
class EdgeSettings:
    """`secret` is what the network edge adds to requests that it passes on; None without one."""

    secret: str | None

    @classmethod
    def read(cls, env: Environment) -> Self:
        return cls(secret=env.optional("EDGE_SECRET"))


@dataclass(frozen=True, slots=True)
class AttemptSettings:
    """How often one network may try to sign in (in 15 minutes) and to sign up (in an hour)."""

    log_ins_per_network: int
    sign_ups_per_network: int

    @classmethod
    def read(cls, env: Environment) -> Self:
        return cls(
            log_ins_per_network=env.whole("LOG_INS_PER_NETWORK", 100),
            sign_ups_per_network=env.whole("SIGN_UPS_PER_NETWORK", 20),
        )


@dataclass(frozen=True, slots=True)
class FlushQueueSettings:
    """Where flush orders go."""

    url: str

    @classmethod
    def read(cls, env: Environment) -> Self:
        return cls(url=env.text("FLUSH_QUEUE_URL"))


@dataclass(frozen=True, slots=True)
class EventQueueSettings:
    """Where the flush publishes changes, and where it sets poison items aside.

    `completions_url` gets those that complete a viewing as well; None where nobody waits for them.
    """

    url: str
    quarantine_url: str
    completions_url: str | None

    @classmethod
    def read(cls, env: Environment) -> Self:
        return cls(
            url=env.text("EVENT_QUEUE_URL"),
            quarantine_url=env.text("QUARANTINE_QUEUE_URL"),
            completions_url=env.optional("COMPLETION_QUEUE_URL"),
        )


def _grant_seconds(env: Environment) -> int:
    return env.whole("GRANT_SECONDS", 3600, least=60)
