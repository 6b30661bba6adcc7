"""Policy statements are read strictly and applied as CloudFront's developer guide says."""

import json
import time
from typing import Any

import pytest

from reprise_edge.policies import canned_policy, parse_policy
from reprise_edge.refusals import RefusedError

NOW = 1_795_000_000
URL = "https://media.example/media/t-1/v/0001.m4s"


def statement(**condition: Any) -> dict[str, Any]:
    return {
        "Resource": "https://media.example/media/t-1/*",
        "Condition": {"DateLessThan": {"AWS:EpochTime": NOW + 60}} | condition,
    }


def policy(**condition: Any) -> bytes:
    return json.dumps({"Statement": [statement(**condition)]}).encode()


def of_resource(resource: object) -> bytes:
    return json.dumps({"Statement": [statement() | {"Resource": resource}]}).encode()


def passes(text: bytes, *, url: str = URL, address: str = "127.0.0.1", now: float = NOW) -> bool:
    found = parse_policy(text)
    try:
        found.check(url=url, address=address, now=now)
    except RefusedError:
        return False
    return True


@pytest.mark.parametrize(("now", "ok"), [(NOW + 59.9, True), (NOW + 60, False), (NOW + 61, False)])
def test_a_grant_ends_at_its_end(now: float, ok: bool) -> None:
    assert passes(policy(), now=now) is ok


@pytest.mark.parametrize(("now", "ok"), [(NOW - 0.1, False), (NOW, True), (NOW + 1, True)])
def test_a_grant_begins_at_its_beginning(now: float, ok: bool) -> None:
    assert passes(policy(DateGreaterThan={"AWS:EpochTime": NOW}), now=now) is ok


@pytest.mark.parametrize(
    ("network", "address", "ok"),
    [
        ("192.0.2.0/24", "192.0.2.255", True),
        ("192.0.2.0/24", "192.0.3.0", False),
        ("192.0.2.10/32", "192.0.2.10", True),
        ("192.0.2.10", "192.0.2.10", True),
        ("0.0.0.0/0", "203.0.113.9", True),
        ("0.0.0.0/0", "::1", False),
        ("127.0.0.0/8", "::ffff:127.0.0.1", False),
        ("127.0.0.0/8", "", False),
    ],
)
def test_a_grant_for_a_network_is_for_that_network(network: str, address: str, ok: bool) -> None:
    assert passes(policy(IpAddress={"AWS:SourceIp": network}), address=address) is ok


@pytest.mark.parametrize(
    ("resource", "url", "ok"),
    [
        ("https://h/media/t-1/*", "https://h/media/t-1/", True),
        ("https://h/media/t-1/*", "https://h/media/t-1/a/b.m4s?x=1", True),
        ("https://h/media/t-1/*", "https://h/media/t-10/a", False),
        ("https://h/media/t-1/*", "https://h/media/t-1", False),
        ("https://h/media/t-1/*", "https://H/media/t-1/a", False),
        ("https://h/media/t-1/*", "http://h/media/t-1/a", False),
        ("https://h/media/t-1/*", "https://h:443/media/t-1/a", False),
        ("https://h/media/t-1/*", "https://h.evil/media/t-1/a", False),
        ("https://h/media/t-1/*", "https://h/media/t%2D1/a", False),
        ("https://h/a?c", "https://h/abc", True),
        ("https://h/a?c", "https://h/a/c", True),
        ("https://h/a?c", "https://h/ac", False),
        ("https://h/a?c", "https://h/a?c", True),
        ("https://h/a.c", "https://h/abc", False),
        ("https://h/*game*.zip*", "https://h/x/game_1.zip?license=yes", True),
        ("*", "https://h/anything", True),
        ("http*://h/a", "https://h/a", True),
    ],
)
def test_a_resource_matches_the_url_as_requested(resource: str, url: str, ok: bool) -> None:
    assert passes(of_resource(resource), url=url) is ok


def test_a_statement_without_a_resource_covers_all_files_of_the_key_group() -> None:
    text = json.dumps({"Statement": [{"Condition": statement()["Condition"]}]}).encode()
    assert passes(text, url="https://any.example/x")


@pytest.mark.timeout(5)
def test_a_hostile_resource_takes_no_time() -> None:
    began = time.perf_counter()
    assert not passes(of_resource("https://h/" + "*a" * 60 + "b"), url="https://h/" + "a" * 8000)
    assert time.perf_counter() - began < 2


BAD: dict[str, Any] = {
    "no statement": {},
    "a list": [],
    "no statements": {"Statement": []},
    "two statements": {"Statement": [statement(), statement()]},
    "a statement that is text": {"Statement": ["x"]},
    "something beside the statement": {"Statement": [statement()], "Version": "1"},
    "something beside the condition": {"Statement": [statement() | {"Effect": "Allow"}]},
    "no condition": {"Statement": [{"Resource": "*"}]},
    "no end": {"Statement": [{"Resource": "*", "Condition": {}}]},
    "an end as text": {"Statement": [statement(DateLessThan={"AWS:EpochTime": str(NOW)})]},
    "an end with a fraction": {"Statement": [statement(DateLessThan={"AWS:EpochTime": 1.5})]},
    "an end that is true": {"Statement": [statement(DateLessThan={"AWS:EpochTime": True})]},
    "an end in other words": {"Statement": [statement(DateLessThan={"Epoch": NOW})]},
    "a beginning as text": {"Statement": [statement(DateGreaterThan={"AWS:EpochTime": "1"})]},
    "a range of IPv6": {"Statement": [statement(IpAddress={"AWS:SourceIp": "::/0"})]},
    "a range with host bits": {"Statement": [statement(IpAddress={"AWS:SourceIp": "10.0.0.1/8"})]},
    "two ranges": {"Statement": [statement(IpAddress={"AWS:SourceIp": ["10.0.0.0/8"]})]},
    "a range of a number": {"Statement": [statement(IpAddress={"AWS:SourceIp": 1})]},
    "an unknown condition": {"Statement": [statement(StringLike={"AWS:UserAgent": "x"})]},
    "a resource of another scheme": {"Statement": [statement() | {"Resource": "s3://b/*"}]},
    "a resource without scheme": {"Statement": [statement() | {"Resource": "/media/*"}]},
    "a resource that is a list": {"Statement": [statement() | {"Resource": ["*"]}]},
}


@pytest.mark.parametrize("document", BAD.values(), ids=BAD.keys())
def test_what_is_no_documented_statement_is_malformed(document: object) -> None:
    with pytest.raises(RefusedError) as refused:
        parse_policy(json.dumps(document).encode())
    assert (refused.value.code, refused.value.message) == ("MalformedPolicy", "Malformed Policy")


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"\xff\xfe",
        policy().replace(b'"Resource"', b'"Resource": "*", "Resource"'),
        b"[" * 100_000,
    ],
)
def test_what_is_no_json_or_says_something_twice_is_malformed(text: bytes) -> None:
    with pytest.raises(RefusedError, match="MalformedPolicy"):
        parse_policy(text)


def test_white_space_is_the_signers_business() -> None:
    assert passes(json.dumps(json.loads(policy()), indent=3).encode())


def test_a_canned_policy_is_what_signers_sign() -> None:
    assert canned_policy(url="https://h/a?b=c", ends_at=7) == (
        b'{"Statement":[{"Resource":"https://h/a?b=c",'
        b'"Condition":{"DateLessThan":{"AWS:EpochTime":7}}}]}'
    )
