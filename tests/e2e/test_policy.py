"""Who may watch what, over HTTP: levels, countries, plans, and changes from the next request on."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from reprise_local.seeding import title_id
from tests.e2e.api_client import PHONE, TV, ApiClient, Json, Player
from tests.e2e.people import PASSWORD, People, Person
from tests.harness.stack import configured_path

pytestmark = pytest.mark.cloud

OPEN = title_id("the-salt-cartographer")
MATURE = title_id("brass-monsoon")
"""Level 4 in the United States, 5 in Great Britain."""
UNRATED = title_id("untitled-signal-project")
PREMIUM = title_id("velvet-static-live")
LEAVES_GB = title_id("grandmother-of-rivers")
NOT_IN_US = title_id("midwinter-foxes")
OVER = title_id("the-last-open-window")
NOT_YET = title_id("honour-among-moths")


@pytest.fixture(scope="session")
def edge_secret() -> str:
    """What the stack's network edge would add to the requests that it passes on."""
    facts = configured_path()
    assert facts is not None
    secret: str = json.loads(facts.with_name("deploy.json").read_text())["edgeSecret"]
    return secret


@dataclass(frozen=True, slots=True)
class Traveller:
    """Somebody who signs in through the edge, which says where they are."""

    person: Person
    secret: str

    def from_country(self, country: str, *, secret: str | None = None) -> ApiClient:
        client = ApiClient(self.person.api_url, device=TV)
        self.person.devices.append(client)
        said = {
            "CloudFront-Viewer-Country": country,
            "X-Reprise-Edge": self.secret if secret is None else secret,
        }
        body = {"email": self.person.email, "password": PASSWORD, "device": TV}
        answer = client.call("POST", "/auth/login", body, headers=said)
        assert answer.status == 200, answer
        client.token = answer.json["accessToken"]
        return client


def reason(client: ApiClient, title: str) -> str | None:
    """Why the title's page is refused, None where it is shown."""
    answer = client.call("GET", f"/videos/{title}")
    if answer.status == 200:
        return None
    assert answer.status == 403, answer
    found: str = answer.json["reason"]
    return found


def change(person: Person, client: ApiClient, profile: int = 0, **changes: Any) -> None:
    """Change a profile, whatever its version is."""
    profile_id = person.profiles[profile].id
    answer = client.call("PATCH", f"/profiles/{profile_id}", changes, headers={"If-Match": "*"})
    assert answer.status == 200, answer


def everything_shown(client: ApiClient) -> str:
    """All that lists tell a viewer, as text."""
    found: list[Json] = [
        client.must("GET", path)
        for path in ("/continue-watching", "/history", "/my-list", "/search?q=brass%20monsoon")
    ]
    return json.dumps(found)


def test_a_changed_level_counts_from_the_next_request_of_every_route(
    people: People,
) -> None:
    person = people.someone(profiles=({"maturityLevel": 5}, {"maturityLevel": 5}))
    tv, parent = person.on(TV), person.on(PHONE, profile=1)
    player = Player(tv, MATURE).act("start", position=900.0)
    player.plays(30)
    tv.must("PUT", f"/my-list/{MATURE}")
    assert MATURE in everything_shown(tv)

    change(person, parent, maturityLevel=3)
    assert MATURE not in everything_shown(tv)
    for answer in (
        tv.call("POST", "/stream/progress", player.next(plays=30)),
        tv.call("GET", f"/videos/{MATURE}"),
        tv.call("PUT", f"/my-list/{MATURE}"),
        tv.call("PUT", f"/videos/{MATURE}/watched"),
        tv.call("DELETE", f"/continue-watching/{MATURE}"),
    ):
        assert (answer.status, answer.json["reason"]) == (403, "maturity")
    assert reason(tv, OPEN) is None

    change(person, parent, kids=True, maturityLevel=2)
    assert reason(tv, MATURE) == "kids"
    change(person, parent, kids=False, maturityLevel=4)
    assert MATURE in everything_shown(tv)


def test_a_kids_profile_sees_what_is_for_kids_only(people: People) -> None:
    kid = people.someone(profiles=({"kids": True, "maturityLevel": 5},)).on(TV)
    reasons = {title: reason(kid, title) for title in (OPEN, MATURE, UNRATED)}
    assert reasons == {OPEN: None, MATURE: "kids", UNRATED: "kids"}
    assert kid.must("GET", "/search?q=brass%20monsoon")["items"] == []


def test_what_nobody_rated_is_for_unlimited_profiles_only(people: People) -> None:
    person = people.someone(profiles=({"maturityLevel": 4}, {"maturityLevel": 5}))
    assert reason(person.on(TV), UNRATED) == "maturity"
    assert reason(person.on(PHONE, profile=1), UNRATED) is None


def test_a_plan_opens_what_it_pays_for(people: People) -> None:
    assert reason(people.someone(plan="basic").on(TV), PREMIUM) == "plan"
    assert reason(people.someone(plan="premium").on(TV), PREMIUM) is None


def test_windows_open_and_close_by_region(people: People) -> None:
    here, there = people.someone(region="US").on(TV), people.someone(region="GB").on(TV)
    assert [reason(here, title) for title in (OVER, NOT_YET, NOT_IN_US)] == ["region"] * 3
    assert [reason(there, title) for title in (OVER, NOT_YET)] == ["region"] * 2
    assert reason(there, NOT_IN_US) is None
    assert reason(people.someone(region="AQ").on(TV), OPEN) == "region"


def test_a_rating_is_that_of_the_viewers_country(people: People) -> None:
    level_4 = ({"maturityLevel": 4},)
    assert reason(people.someone(region="US", profiles=level_4).on(TV), MATURE) is None
    assert reason(people.someone(region="GB", profiles=level_4).on(TV), MATURE) == "maturity"


def test_a_card_says_when_its_title_leaves_the_region(people: People) -> None:
    there = people.someone(region="GB").on(TV)
    Player(there, LEAVES_GB).act("start", position=900.0).plays(30)
    leaves_at = there.must("PUT", f"/my-list/{LEAVES_GB}")["leavesAt"]
    assert leaves_at is not None
    (card,) = there.row()
    assert card["leavesAt"] == leaves_at
    assert there.must("GET", "/my-list")["items"][0]["leavesAt"] == leaves_at
    here = people.someone(region="US").on(TV)
    assert here.must("PUT", f"/my-list/{LEAVES_GB}")["leavesAt"] is None


def test_a_traveller_is_shown_what_is_on_where_they_are(people: People, edge_secret: str) -> None:
    traveller = Traveller(people.someone(region="US"), edge_secret)
    assert reason(traveller.from_country("GB"), NOT_IN_US) is None
    assert reason(traveller.from_country("US"), NOT_IN_US) == "region"
    assert reason(traveller.from_country("AQ"), OPEN) == "region"


@pytest.mark.parametrize("secret", ["", "guessed"])
def test_a_client_that_only_says_where_it_is_is_not_believed(
    people: People, edge_secret: str, secret: str
) -> None:
    traveller = Traveller(people.someone(region="US"), edge_secret)
    assert reason(traveller.from_country("GB", secret=secret), NOT_IN_US) == "region"


def test_a_header_on_another_route_moves_nobody(people: People, edge_secret: str) -> None:
    here = people.someone(region="US").on(TV)
    said = {"CloudFront-Viewer-Country": "GB", "X-Reprise-Edge": edge_secret}
    answer = here.call("GET", f"/videos/{NOT_IN_US}", headers=said)
    assert (answer.status, answer.json["reason"]) == (403, "region")
