"""What stops a synthesis, in one line that says how to mend it.

The dangerous mistake is a `local` deployment that reaches a real account because an endpoint was
not set, or a real one that lands in a local cloud unnoticed. Both are refused here, before
anything is built, and once more by the account number that the local stage is pinned to.
"""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

ENDPOINT = "AWS_ENDPOINT_URL"
ENDPOINTS = (ENDPOINT, "AWS_ENDPOINT_URL_S3")


class RefusedError(Exception):
    """The stage must not be built like this; the message is for the person at the terminal."""


def refuse_wrong_endpoint(*, local: bool, variables: Mapping[str, str]) -> None:
    """Raise `RefusedError` where the stage and the cloud that commands would reach do not match."""
    given = {name: variables[name] for name in ENDPOINTS if variables.get(name)}
    if not local and given:
        raise RefusedError(
            f"{', '.join(given)} is set, so this stage would go to a local cloud: unset it to "
            "deploy to AWS",
        )
    if local and ENDPOINT not in given:
        raise RefusedError(
            f"the local stage needs {ENDPOINT}: run `make run`, or export {ENDPOINT}="
            f"http://localhost:4566 and {ENDPOINTS[1]}=http://localhost:4566",
        )
    elsewhere = [name for name, url in given.items() if not is_loopback(url)]
    if elsewhere:
        raise RefusedError(
            f"{elsewhere[0]}={given[elsewhere[0]]} is not this machine: the local stage deploys "
            "to a loopback address only, such as http://localhost:4566",
        )


def is_loopback(url: str) -> bool:
    """Tell whether a URL names this machine without asking any name server."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
