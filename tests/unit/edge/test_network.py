"""Which network a request counts for."""

from typing import Any

import pytest

from reprise.edge.http import Request
from reprise.edge.network import network_of


def request(context: object) -> Request:
    event: dict[str, Any] = {"httpMethod": "POST", "path": "/", "requestContext": context}
    return Request(event=event, headers={}, correlation_id="c", now=0)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", "unknown"),
        ("test-invoke-source-ip", "unknown"),
        (None, "unknown"),
        (7.5, "unknown"),
    ],
)
def test_a_network_is_an_ipv4_address_or_what_ipv6_gives_one_customer(
    address: object, network: str
) -> None:
    assert network_of(request({"identity": {"sourceIp": address}})) == network


@pytest.mark.parametrize("context", [None, {}, {"identity": None}, {"identity": {}}])
def test_requests_that_nobody_can_place_are_of_one_network(context: object) -> None:
    assert network_of(request(context)) == "unknown"
