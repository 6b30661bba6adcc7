"""What a row of the routes table is made of: functions, routes, who calls them, what they need."""

from dataclasses import dataclass
from enum import Enum


class Access(Enum):
    """Who may call a route: its handler declares the same, and its edge enforces it."""

    PUBLIC = "public"
    ACCOUNT = "account"
    VIEWER = "viewer"
    ADMIN = "admin"


class Need(Enum):
    """Something a function reaches: it brings its variables and exactly its permissions."""

    LIVE_STATE = "Redis: places, sessions, ready rows"
    HISTORY_READ = "Cassandra, reading"
    HISTORY_WRITE = "Cassandra, reading and writing"
    ACCOUNTS = "PostgreSQL: accounts and the catalog"
    PROVE_TOKENS = "the public keys of access tokens"
    SIGN_TOKENS = "the private keys of access tokens"
    SIGN_GRANTS = "the private keys of grants of playback, and how the edge is reached"
    FLUSH_ADDRESS = "the flush queue's address, without leave to send"
    ORDER_FLUSHES = "sending to the flush queue"
    PUBLISH_EVENTS = "sending to the event queue"
    QUARANTINE = "sending to the quarantine queue"
    DRAIN_QUARANTINE = "receiving from the quarantine queue"
    TELL_REVOCATIONS = "sending to the revocation queue, and how long grants last"
    KEEP_EDGE_STORE = "the edge's store of whose grants are refused: reading and changing it"
    CURSORS = "the secret that seals page cursors"
    EDGE_PROOF = "the secret by which requests of the network edge are known"
    REPORTING = "the pace asked of players"
    QUALITY = "how finely it is measured how well playing went"
    COUNT_ATTEMPTS = "how often a network may try to sign in and up"
    PACKAGES = "the media bucket: what was encoded there"


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """One Lambda: its folder under `functions/` and what it is given.

    `in_network` says whether it joins the private network, which has no way out to the internet.
    """

    folder: str
    needs: frozenset[Need]
    layers: tuple[str, ...] = ()
    timeout_seconds: int = 10
    memory_mb: int = 512
    in_network: bool = True

    @property
    def area(self) -> str:
        return self.folder.split("/")[0]

    @property
    def verb_noun(self) -> str:
        return self.folder.split("/")[1]

    @property
    def title(self) -> str:
        """The name in a template: `record_progress` → `RecordProgress`."""
        return "".join(part.capitalize() for part in self.verb_noun.split("_"))

    def deployed_name(self, *, stage: str) -> str:
        return f"reprise-{stage}-{self.area}-{self.verb_noun.replace('_', '-')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route(Function):
    """A function behind the API.

    `share` is how much of the stage's throttle this route alone may take: less than all of it where
    anybody may call without a token, or where one call costs much.
    """

    method: str
    path: str
    access: Access
    share: float = 1.0


BASE_LAYERS = ("core", "web")
"""What every function loads; a row names only what it loads beyond these."""

CORE_LAYER = "core"
WHEEL_LAYERS = ("web", "cassandra", "postgres", "crt")

HISTORY = "cassandra"
ACCOUNTS = "postgres"
PLAYLISTS = "playlists"
MEDIA_LAYERS = (PLAYLISTS,)
"""Beside `WHEEL_LAYERS` where media is encoded on AWS."""
EDGE_STORE = "crt"
