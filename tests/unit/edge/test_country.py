"""A country counts only where the network edge vouches for it."""

import pytest

from reprise.edge.country import country_of
from reprise.edge.http import Request, read_headers
from tests.harness.functions import NOW, World, make_event

SECRET = "only the edge knows"
FROM_THE_EDGE = {"X-Reprise-Edge": SECRET, "CloudFront-Viewer-Country": "PT"}


def request_with(headers: dict[str, str]) -> Request:
    event = make_event("POST", "/auth/login", headers=headers)
    found, fault = read_headers(event)
    assert fault is None
    return Request(event=event, headers=found, correlation_id="c", now=NOW)


def test_the_edge_is_believed() -> None:
    assert country_of(request_with(FROM_THE_EDGE), edge_secret=SECRET) == "PT"


@pytest.mark.parametrize("spelling", [str.lower, str.upper])
def test_names_of_headers_have_no_case(spelling: object) -> None:
    assert callable(spelling)
    headers = {spelling(name): value for name, value in FROM_THE_EDGE.items()}
    assert country_of(request_with(headers), edge_secret=SECRET) == "PT"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Reprise-Edge": SECRET},
        {"CloudFront-Viewer-Country": "PT"},
        {"CloudFront-Viewer-Country": "PT", "X-Reprise-Edge": ""},
        {"CloudFront-Viewer-Country": "PT", "X-Reprise-Edge": SECRET.upper()},
        {"CloudFront-Viewer-Country": "PT", "X-Reprise-Edge": f"{SECRET}."},
        {"CloudFront-Viewer-Country": "PT", "X-Reprise-Edge": "\udcff\u00e9"},
        {"X-Country": "PT", "X-Forwarded-For": "192.0.2.1", "X-Reprise-Edge": SECRET},
    ],
)
def test_a_client_that_says_where_it_is_is_not(headers: dict[str, str]) -> None:
    assert country_of(request_with(headers), edge_secret=SECRET) is None


@pytest.mark.parametrize("country", ["", "P", "pt", "Pt", "PRT", "P1", "PT ", "PT\n", "ПТ", "US|5"])
def test_what_is_no_country_is_none(country: str) -> None:
    headers = FROM_THE_EDGE | {"CloudFront-Viewer-Country": country}
    assert country_of(request_with(headers), edge_secret=SECRET) is None


@pytest.mark.parametrize("secret", [None, ""])
def test_without_an_edge_nobody_is_believed(secret: str | None) -> None:
    for proof in ("", SECRET):
        headers = FROM_THE_EDGE | {"X-Reprise-Edge": proof}
        assert country_of(request_with(headers), edge_secret=secret) is None


@pytest.mark.parametrize("name", ["CloudFront-Viewer-Country", "X-Reprise-Edge"])
def test_a_proof_or_a_country_that_comes_twice_is_refused(name: str) -> None:
    world = World()
    event = world.event("GET", "/history", headers={name: ["one", "two"]})
    answer = world.request("playstate/list_history", event)
    assert answer.status == 400
    assert answer.wrong_fields == [name.lower()]
