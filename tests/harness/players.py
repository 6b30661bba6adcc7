"""Viewers with real sessions, and players that report as a device does, to whichever function."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from reprise.adapters.catalog_redis import publish_titles
from reprise.adapters.live_keys import ProfileKeys
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import RedisClient
from reprise.adapters.sessions_redis import RedisSessions
from reprise.adapters.tokens_pyjwt import JwtIssuer
from reprise.domain.catalog import Title
from reprise.domain.identity import Claims, Device, Viewer
from tests.builders import TV, make_viewer
from tests.harness.environments import Function
from tests.harness.functions import Answer, make_event
from tests.harness.keys import SIGNING

STEP_SECONDS = 30.0
PROGRESS = ("POST", "/stream/progress")
_ISSUER = JwtIssuer(keys=SIGNING, issuer="reprise", audience="reprise-api")


def claims_of(viewer: Viewer) -> Claims:
    return Claims(
        account_id=viewer.account_id,
        session_id=viewer.session_id,
        profile_id=viewer.profile_id,
        policy=viewer.policy,
        expires_at=int(time.time()) + 900,
    )


def token_of(viewer: Viewer) -> str:
    return _ISSUER.issue(claims=claims_of(viewer), now=int(time.time()))


def sign_in(client: RedisClient, viewer: Viewer, *, device: Device = TV) -> Viewer:
    """Make the viewer's session live in a Redis, past whatever stands before it."""
    RedisSessions(RedisCalls(client)).start(claims=claims_of(viewer), device=device, lifetime=3600)
    return viewer


def publish(client: RedisClient, *titles: Title) -> None:
    publish_titles(RedisCalls(client), titles, now=int(time.time()))


def event_of(viewer: Viewer, method: str, resource: str, **parts: Any) -> dict[str, Any]:
    """Return a proxy event of a viewer's request; `parts` as in `make_event`."""
    headers = {"Authorization": f"Bearer {token_of(viewer)}"}
    return make_event(method, resource, headers=headers, **parts)


def instant(seconds: float | None = None) -> str:
    """Return RFC 3339 of Unix seconds, of now by default."""
    moment = datetime.now(UTC) if seconds is None else datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat().replace("+00:00", "Z")


@dataclass
class Player:
    """One playback on one device: it counts its reports and its position moves with them."""

    viewer: Viewer
    video_id: str
    episode_id: str | None = None
    playback_id: str = field(default_factory=lambda: f"pb-{uuid4()}")
    seq: int = 0
    act: int = 1
    played: float = 0.0
    position: float = 600.0

    @property
    def item_id(self) -> str:
        return self.episode_id or self.video_id

    def body(self, **overrides: Any) -> dict[str, Any]:
        """Return the next report, one step further on."""
        before = self.position
        self.seq += 1
        self.position = overrides.pop("position", before + STEP_SECONDS)
        self.played += STEP_SECONDS
        values = {
            "videoId": self.video_id,
            "playbackId": self.playback_id,
            "seq": self.seq,
            "act": self.act,
            "actKind": "start",
            "playedSinceAct": self.played,
            "position": self.position,
            "state": "playing",
            "eventTime": instant(),
            "intervals": [[before, self.position]] if before < self.position else [],
        }
        if self.episode_id:
            values["episodeId"] = self.episode_id
        return values | overrides

    def event(self, body: Mapping[str, Any] | None = None, **overrides: Any) -> dict[str, Any]:
        """Return the proxy event of a report: of this body, or of the next one."""
        return event_of(self.viewer, *PROGRESS, body=body or self.body(**overrides))

    def report(self, function: Function, **overrides: Any) -> Answer:
        """Send the next report."""
        return function.request(self.event(**overrides))


def new_player(client: RedisClient, title: Title, *, device: Device = TV) -> Player:
    """Return a player of a viewer nobody else is, signed in, with the title published."""
    publish(client, title)
    viewer = sign_in(client, make_viewer(), device=device)
    return Player(viewer, title.id, episode_of(title))


def second_device(client: RedisClient, player: Player, device: Device) -> Player:
    """Return a player of the same profile on another device, with a session of its own."""
    first = player.viewer
    viewer = make_viewer(account_id=first.account_id, profile_id=first.profile_id)
    return Player(sign_in(client, viewer, device=device), player.video_id, player.episode_id)


def episode_of(title: Title) -> str | None:
    return title.items[0].id if title.is_series else None


def live_fields(client: RedisClient, player: Player) -> Mapping[str, str]:
    """Return the hash of a player's live place."""
    keys = ProfileKeys.of(player.viewer.profile_id)
    fields: Mapping[str, str] = client.hgetall(keys.place(player.item_id))
    return fields


def place_key(player: Player) -> str:
    return ProfileKeys.of(player.viewer.profile_id).place(player.item_id)


@dataclass
class Ledger:
    """What players were told is stored: of each item the last place that was answered with 200."""

    told: dict[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    video_of: dict[str, str] = field(default_factory=dict)

    def keep(self, player: Player, answer: Answer) -> Answer:
        """Note a promise; whatever is not 200 promises nothing."""
        if answer.status == 200:
            key = (player.viewer.profile_id, player.item_id)
            self.told[key] = answer.body["place"]
            self.video_of[player.item_id] = player.video_id
        return answer

    def keys(self) -> Sequence[tuple[str, str]]:
        return list(self.told)
