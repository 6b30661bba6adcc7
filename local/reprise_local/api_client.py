"""Talks to a stack's API as a client application would, and says plainly what went wrong."""

import time
from typing import Any, Self
from uuid import uuid4

import httpx

from reprise_local.errors import LocalError

type Json = dict[str, Any]


class ApiClient:
    """One signed-in device, or one that is not yet. `took` is the last call's milliseconds."""

    def __init__(self, api_url: str, *, device: Json) -> None:
        self._http = httpx.Client(base_url=api_url, timeout=60, trust_env=False)
        self.device = device
        self.took = 0.0
        self.profile: Json = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    @property
    def token(self) -> str:
        return str(self._http.headers.get("Authorization", "")).removeprefix("Bearer ")

    def log_in(self, *, email: str, password: str) -> Json:
        body = {"email": email, "password": password, "device": self.device}
        answer = self.call("POST", "/auth/login", body)
        self._http.headers["Authorization"] = f"Bearer {answer['accessToken']}"
        self.profile = answer["profile"] or {}
        return answer

    def call(self, method: str, path: str, body: Json | None = None) -> Json:
        """Raises:
        LocalError: the API is not reached, or does not answer with success.
        """
        began = time.perf_counter()
        try:
            answer = self._http.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise LocalError(f"{method} {path} got no answer: {error}", mend="make logs") from error
        self.took = (time.perf_counter() - began) * 1000
        if not answer.is_success:
            raise LocalError(
                f"{method} {path} answered {answer.status_code}: {answer.text[:300]}",
                mend="make logs",
            )
        found: Json = answer.json() if answer.content else {}
        return found


class Player:
    """A player's side of the protocol: counts its reports, its acts, and what it really played."""

    def __init__(
        self,
        api: ApiClient,
        *,
        video_id: str,
        episode_id: str | None = None,
        playback_id: str | None = None,
    ) -> None:
        """`playback_id` is the manifest's, where there was one."""
        self._api = api
        self._item = {"videoId": video_id} | ({"episodeId": episode_id} if episode_id else {})
        self._playback_id = playback_id or str(uuid4())
        self._seq = 0
        self._act = 0
        self._kind = "start"
        self._played = 0.0
        self._watched_from = 0.0
        self.position = 0.0

    def act(self, kind: str, *, position: float) -> None:
        """Do something deliberate: start, resume, seek or restart, at this position."""
        self._act += 1
        self._kind = kind
        self._played = 0.0
        self.position = self._watched_from = position

    def play(self, seconds: float) -> Json:
        """Play so many simulated seconds and report."""
        self.position += seconds
        self._played += seconds
        return self.report("playing")

    def report(self, state: str) -> Json:
        self._seq += 1
        interval = [self._watched_from, self.position]
        self._watched_from = self.position
        return self._api.call(
            "POST",
            "/stream/progress",
            {
                **self._item,
                "playbackId": self._playback_id,
                "seq": self._seq,
                "act": self._act,
                "actKind": self._kind,
                "playedSinceAct": self._played,
                "position": self.position,
                "state": state,
                "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "intervals": [interval] if interval[0] < interval[1] else [],
            },
        )
