"""Who gets in: every route without a token, with a bad one, with a revoked one, with another's."""

import time
from collections.abc import Callable

import jwt
import pytest

from reprise.adapters.tokens_pyjwt import JwtIssuer
from reprise.domain.identity import Claims, PolicyFacts
from tests.e2e.api_client import PHONE, ApiClient, Player
from tests.e2e.cloud import Live
from tests.e2e.people import People, Person
from tests.e2e.routes import ACCOUNT_ROUTES, VIEWER_ROUTES, Call
from tests.harness.stack import configured_path

pytestmark = pytest.mark.cloud

BAD_AUTHORIZATIONS: dict[str, Callable[[str], str | None]] = {
    "none": lambda _: None,
    "empty": lambda _: "",
    "another scheme": lambda token: f"Basic {token}",
    "the token alone": lambda token: token,
    "not a token": lambda _: "Bearer abc",
    "five dots": lambda _: "Bearer a.b.c.d.e.f",
    "another signature": lambda token: f"Bearer {_other_signature(token)}",
    "no signature": lambda token: f"Bearer {token.rpartition('.')[0]}.",
    "no algorithm": lambda token: f"Bearer {_unsigned(token)}",
    "a shared secret": lambda token: f"Bearer {_with_shared_secret(token)}",
    "five kilobytes": lambda token: f"Bearer {token}{'A' * 5_000}",
}


def _other_signature(token: str) -> str:
    head, _, signature = token.rpartition(".")
    return f"{head}.{signature[::-1]}"


def _claims(token: str) -> dict[str, object]:
    claims: dict[str, object] = jwt.decode(token, options={"verify_signature": False})
    return claims


def _unsigned(token: str) -> str:
    header = jwt.get_unverified_header(token) | {"alg": "none"}
    return jwt.encode(_claims(token), "", algorithm="none", headers=header)


def _with_shared_secret(token: str) -> str:
    header = jwt.get_unverified_header(token) | {"alg": "HS256"}
    return jwt.encode(_claims(token), "s" * 64, algorithm="HS256", headers=header)


@pytest.fixture(scope="module")
def signed_in(people: People) -> ApiClient:
    return people.someone().on()


@pytest.mark.parametrize("name", BAD_AUTHORIZATIONS)
@pytest.mark.parametrize("route", [*VIEWER_ROUTES, *ACCOUNT_ROUTES], ids=str)
def test_no_route_answers_without_a_sound_token(
    route: Call, name: str, signed_in: ApiClient, film: str, live: Live
) -> None:
    assert signed_in.token is not None
    header = BAD_AUTHORIZATIONS[name](signed_in.token)
    answer = route.send(signed_in, film, headers={"Authorization": header})
    assert (answer.status, answer.kind) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert live.keys(signed_in.profile_id) == set()


@pytest.mark.parametrize("what", ["expired", "audience", "issuer", "session"])
def test_a_token_of_ours_counts_only_here_now_and_for_a_session_that_lives(
    what: str, signed_in: ApiClient, person: Person
) -> None:
    facts = configured_path()
    assert facts is not None
    now = int(time.time())
    issuer = JwtIssuer(
        keys=(facts.parent / "keys" / "signing.json").read_text(encoding="utf-8"),
        issuer="another" if what == "issuer" else "reprise",
        audience="another" if what == "audience" else "reprise-api",
    )
    claims = Claims(
        account_id=person.account_id,
        session_id="00000000-0000-4000-8000-000000000000",
        profile_id=person.profile_id,
        policy=PolicyFacts(region="US", plan="premium", maturity_level=5, kids=False),
        expires_at=now - 120 if what == "expired" else now + 900,
    )
    token = issuer.issue(claims=claims, now=now - 900 if what == "expired" else now)
    headers = {"Authorization": f"Bearer {token}"}
    answer = signed_in.call("GET", "/continue-watching", headers=headers)
    assert (answer.status, answer.kind) == (401, "unauthenticated")


def test_a_revoked_session_is_refused_by_every_route_at_its_next_request(
    people: People, film: str, live: Live
) -> None:
    person = people.someone()
    television, phone = person.on(), person.on(PHONE)
    for route in VIEWER_ROUTES:
        assert route.send(television, film).status in route.passes
    live.sign_out(person.profile_id, television.session_id)
    for route in VIEWER_ROUTES:
        answer = route.send(television, film)
        assert (answer.status, answer.kind) == (401, "unauthenticated"), route
    assert phone.call("GET", "/continue-watching").status == 200


def test_nobody_sees_or_changes_what_another_account_watches(people: People, film: str) -> None:
    one, other = people.someone().on(), people.someone().on()
    place = Player(one, film).act("start", position=1200.0).plays(30)["place"]
    assert other.row() == []
    assert other.history() == []
    other.must("DELETE", f"/continue-watching/{film}")
    assert other.must("DELETE", f"/videos/{film}/watched") == {"place": None}
    other.must("PUT", f"/videos/{film}/watched")
    (item,) = one.row()
    assert item["resumePosition"] == place["position"]
    assert one.must("DELETE", f"/videos/{film}/watched")["place"] == place


def test_nobody_reports_with_another_players_playback_into_another_account(
    people: People, film: str
) -> None:
    one, other = people.someone().on(), people.someone().on()
    player = Player(one, film).act("start", position=1200.0)
    player.plays(30)
    stolen = Player(other, film, playback_id=player.playback_id, seq=50)
    answer = stolen.act("start", position=5.0).plays(60)
    assert answer["place"]["rev"] == 1
    assert one.history()[0]["position"] == 1230.0


def test_two_profiles_of_an_account_have_places_of_their_own(people: People, film: str) -> None:
    family = people.someone(profiles=({}, {"name": "Second"}))
    first, second = family.on(), family.on(PHONE, profile=1)
    Player(first, film).act("start", position=1200.0).plays(30)
    assert second.row() == []
    assert second.history() == []


def test_a_profile_cannot_be_named_in_a_request(people: People, film: str) -> None:
    one, other = people.someone().on(), people.someone()
    body = Player(one, film).act("start", position=900.0).next(plays=30)
    answer = one.call("POST", "/stream/progress", body | {"profileId": other.profile_id})
    assert (answer.status, answer.wrong_fields) == (400, ["profileId"])
