"""A client application of the API: HTTP in, plain answers out, and a player that counts for itself.

Answers are not turned into exceptions: a refusal is as much a result as a success, and tests look
at both.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx

type Json = dict[str, Any]

TV: Json = {"id": "tv-1", "type": "tv", "name": "Living room"}
PHONE: Json = {"id": "phone-1", "type": "phone", "name": "Pocket"}
TABLET: Json = {"id": "tablet-1", "type": "tablet", "name": "Kitchen"}
PATIENCE_SECONDS = 60.0
"""A first call starts a function, which on two busy cores takes seconds."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `json` is None where there is no body; `took` is milliseconds."""

    status: int
    headers: Mapping[str, str]
    json: Any
    took: float

    @property
    def kind(self) -> str:
        """The kind of problem that a refusal names."""
        assert self.headers["Content-Type"] == "application/problem+json", self
        assert self.json["status"] == self.status, self
        return str(self.json["type"]).removeprefix("/problems/")

    @property
    def wrong_fields(self) -> list[str]:
        return [problem["field"] for problem in self.json["errors"]]


class ApiClient:
    """One device. `token` is sent with every call once it is set; `log_in` sets it."""

    def __init__(self, api_url: str, *, device: Json, token: str | None = None) -> None:
        self._http = httpx.Client(base_url=api_url, timeout=PATIENCE_SECONDS, trust_env=False)
        self.device = device
        self.token = token
        self.refresh_token = ""
        self.session_id = ""
        self.profile_id = ""
        self.latencies: dict[str, list[float]] = {}

    def close(self) -> None:
        self._http.close()

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        raw: bytes | None = None,
        headers: Mapping[str, str | bytes | None] | Sequence[tuple[str, str]] = (),
    ) -> Answer:
        """Send one request; `raw` goes as JSON as it is, and a header of None is not sent."""
        sent = self._headers(headers, declares_json=raw is not None)
        began = time.perf_counter()
        response = self._http.request(method, path, headers=sent, json=body, content=raw)
        took = (time.perf_counter() - began) * 1000
        self.latencies.setdefault(f"{method} {path.partition('?')[0]}", []).append(took)
        found = response.json() if response.content else None
        return Answer(response.status_code, response.headers, found, took)

    def _headers(
        self,
        given: Mapping[str, str | bytes | None] | Sequence[tuple[str, str]],
        *,
        declares_json: bool,
    ) -> list[tuple[bytes, bytes]]:
        """Return our own headers, replaced by those given."""
        pairs = list(given.items()) if isinstance(given, Mapping) else list(given)
        replaced = {name.lower() for name, _ in pairs}
        own = {"Content-Type": "application/json"} if declares_json else {}
        if self.token is not None:
            own["Authorization"] = f"Bearer {self.token}"
        kept = [pair for pair in own.items() if pair[0].lower() not in replaced]
        return [
            (name.encode(), value.encode() if isinstance(value, str) else value)
            for name, value in [*kept, *pairs]
            if value is not None
        ]

    def log_in(self, *, email: str, password: str, **more: Any) -> Answer:
        """Sign in, and stay signed in where that succeeds."""
        body = {"email": email, "password": password, "device": self.device, **more}
        return self._signed_in(self.call("POST", "/auth/login", body))

    def sign_up(self, *, email: str, password: str, **more: Any) -> Answer:
        """Make an account, and stay signed in where that succeeds."""
        body = {"email": email, "password": password, "region": "US", "device": self.device}
        return self._signed_in(self.call("POST", "/auth/signup", body | more))

    def refresh(self, token: str | None = None) -> Answer:
        """Go on with the next tokens where this refresh token, or the own one, is good."""
        body = {"refreshToken": token or self.refresh_token}
        return self._signed_in(self.call("POST", "/auth/refresh", body))

    def _signed_in(self, answer: Answer) -> Answer:
        if answer.status in {200, 201}:
            self.token = answer.json["accessToken"]
            self.refresh_token = answer.json["refreshToken"]
            self.session_id = answer.json["sessionId"]
            self.profile_id = (answer.json["profile"] or {}).get("id", "")
        return answer

    def must(self, method: str, path: str, body: object = None) -> Json:
        """Send one request that has to succeed, and return its body."""
        answer = self.call(method, path, body)
        assert answer.status in {200, 204}, (method, path, answer)
        found: Json = answer.json or {}
        return found

    def row(self) -> list[Json]:
        """The continue-watching row."""
        answer = self.must("GET", "/continue-watching")
        assert answer["stale"] is False
        items: list[Json] = answer["items"]
        return items

    def history(self, query: str = "") -> list[Json]:
        items: list[Json] = self.must("GET", f"/history{query}")["items"]
        return items


def instant(seconds: float | None = None) -> str:
    """Return Unix seconds, or now, as a player writes an instant."""
    moment = datetime.now(UTC) if seconds is None else datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat().replace("+00:00", "Z")


@dataclass(slots=True)
class Player:
    """A player's side of the protocol: it counts its reports and acts, and what it really played.

    `at` overrides the event time of its reports, in Unix seconds: for what happened offline.
    """

    api: ApiClient
    video_id: str
    episode_id: str | None = None
    playback_id: str = field(default_factory=lambda: str(uuid4()))
    seq: int = 0
    act_number: int = 0
    act_kind: str = "start"
    played: float = 0.0
    position: float = 0.0
    at: float | None = None
    watched_from: float = 0.0

    def act(self, kind: str, *, position: float) -> "Player":
        """Start, resume, seek or restart at this position."""
        self.act_number += 1
        self.act_kind = kind
        self.played = 0.0
        self.position = self.watched_from = position
        return self

    def next(self, state: str = "playing", *, plays: float = 0.0, **changes: Any) -> Json:
        """Return the next report, after so many seconds played, with fields changed."""
        self.seq += 1
        self.position += plays
        self.played += plays
        interval = [self.watched_from, self.position]
        self.watched_from = self.position
        body: Json = {
            "videoId": self.video_id,
            "playbackId": self.playback_id,
            "seq": self.seq,
            "act": self.act_number,
            "actKind": self.act_kind,
            "playedSinceAct": self.played,
            "position": self.position,
            "state": state,
            "eventTime": instant(self.at),
            "intervals": [interval] if interval[0] < interval[1] else [],
        }
        if self.episode_id is not None:
            body["episodeId"] = self.episode_id
        return body | changes

    def report(self, state: str = "playing", *, plays: float = 0.0, **changes: Any) -> Json:
        """Send the next report, which has to be answered with 200, and return the answer."""
        return self.api.must("POST", "/stream/progress", self.next(state, plays=plays, **changes))

    def plays(self, seconds: float) -> Json:
        return self.report("playing", plays=seconds)
