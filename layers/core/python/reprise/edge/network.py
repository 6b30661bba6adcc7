"""Which network a request comes from, for limits on attempts.

Only what API Gateway saw counts; whatever a client says of forwarding is its own invention.
"""

from ipaddress import IPv6Address, ip_address, ip_network

from reprise.edge.http import Request

IPV6_PREFIX = 64
"""What one customer of a provider gets at least, and may choose any address in."""


def network_of(request: Request) -> str:
    """Return an IPv4 address or an IPv6 network; `unknown` is one network for all without."""
    identity = (request.event.get("requestContext") or {}).get("identity") or {}
    try:
        address = ip_address(str(identity.get("sourceIp")))
    except ValueError:
        return "unknown"
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((address.packed, IPV6_PREFIX), strict=False))
