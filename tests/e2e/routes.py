"""Every route that the contract names, as something to call."""

from dataclasses import dataclass

from tests.e2e.api_client import Answer, ApiClient, Json, Player, instant


@dataclass(frozen=True, slots=True)
class Call:
    """One request that would succeed for somebody who is signed in; `{film}` is filled in.

    `passes` is how it is answered then: of a playback or an episode there may be none.
    """

    method: str
    path: str
    output: str
    query: str = ""
    passes: tuple[int, ...] = (200, 204)

    def send(self, client: ApiClient, film: str, **more: object) -> Answer:
        path = self.path.replace("{film}", film) + self.query
        return client.call(self.method, path, self._body(client, film), **more)  # type: ignore[arg-type]

    def _body(self, client: ApiClient, film: str) -> Json | None:
        if self.method != "POST":
            return None
        if self.path == "/analytics/playback":
            return {"playbackId": NOBODYS_PLAYBACK, "videoId": film, "eventTime": instant()}
        report = Player(client, film).act("start", position=900.0).next(plays=30)
        return {"reports": [report]} if self.path.endswith("batch") else report

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


NOBODYS_PLAYBACK = "00000000-0000-4000-8000-000000000000"
_MAYBE = (200, 204, 404)
VIEWER_ROUTES = (
    Call("POST", "/stream/progress", "RecordProgressFunction"),
    Call("POST", "/stream/progress/batch", "RecordBatchFunction"),
    Call("GET", "/stream/{film}/manifest", "PlayFilmFunction", passes=_MAYBE),
    Call(
        "GET",
        f"/stream/{{film}}/episodes/{NOBODYS_PLAYBACK}/manifest",
        "PlayEpisodeFunction",
        passes=_MAYBE,
    ),
    Call("POST", f"/stream/{NOBODYS_PLAYBACK}/refresh", "RefreshGrantFunction", passes=_MAYBE),
    Call("POST", f"/stream/{NOBODYS_PLAYBACK}/takeover", "TakeOverScreenFunction", passes=_MAYBE),
    Call("POST", "/analytics/playback", "ReportPlaybackFunction", passes=(202,)),
    Call("GET", "/continue-watching", "ListContinueWatchingFunction"),
    Call("DELETE", "/continue-watching/{film}", "HideTitleFunction"),
    Call("GET", "/history", "ListHistoryFunction"),
    Call("PUT", "/videos/{film}/watched", "MarkWatchedFunction"),
    Call("DELETE", "/videos/{film}/watched", "UnmarkWatchedFunction"),
    Call("GET", "/videos/{film}", "ShowTitleFunction"),
    Call("GET", "/search", "SearchTitlesFunction", query="?q=salt"),
    Call("GET", "/my-list", "ListMyListFunction"),
    Call("PUT", "/my-list/{film}", "PutOnMyListFunction"),
    Call("DELETE", "/my-list/{film}", "RemoveFromMyListFunction"),
)
"""All that need a profile."""

NOBODYS_SESSION = "00000000-0000-4000-8000-000000000000"
NOBODYS_PROFILE = NOBODYS_SESSION
ACCOUNT_ROUTES = (
    Call("POST", "/auth/logout", "LogOutFunction"),
    Call("PUT", "/auth/password", "ChangePasswordFunction"),
    Call("GET", "/sessions", "ListSessionsFunction"),
    Call("DELETE", "/sessions", "RevokeOtherSessionsFunction"),
    Call("DELETE", f"/sessions/{NOBODYS_SESSION}", "RevokeSessionFunction"),
    Call("GET", "/profiles", "ListProfilesFunction"),
    Call("POST", "/profiles", "CreateProfileFunction"),
    Call("PATCH", f"/profiles/{NOBODYS_PROFILE}", "EditProfileFunction"),
    Call("DELETE", f"/profiles/{NOBODYS_PROFILE}", "DeleteProfileFunction"),
    Call("POST", f"/profiles/{NOBODYS_PROFILE}/select", "SelectProfileFunction"),
)
"""Those that need an account, with or without a profile."""
