"""Every route that the contract names, as something to call."""

from dataclasses import dataclass

from tests.e2e.api_client import Answer, ApiClient, Json, Player


@dataclass(frozen=True, slots=True)
class Call:
    """One request that would succeed for somebody who is signed in; `{film}` is filled in."""

    method: str
    path: str
    output: str
    query: str = ""

    def send(self, client: ApiClient, film: str, **more: object) -> Answer:
        path = self.path.replace("{film}", film) + self.query
        return client.call(self.method, path, self._body(client, film), **more)  # type: ignore[arg-type]

    def _body(self, client: ApiClient, film: str) -> Json | None:
        if self.method != "POST":
            return None
        report = Player(client, film).act("start", position=900.0).next(plays=30)
        return {"reports": [report]} if self.path.endswith("batch") else report

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


VIEWER_ROUTES = (
    Call("POST", "/stream/progress", "RecordProgressFunction"),
    Call("POST", "/stream/progress/batch", "RecordBatchFunction"),
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
