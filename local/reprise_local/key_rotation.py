"""Replacing the keys that sign access tokens, while tokens of the old one stay good.

First everybody learns the new public key, then the new private key signs. Once no token of the old
key can be left, its public half goes. Cut off anywhere, either step can be repeated.
"""

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from reprise.adapters.signing_keys import KEEP_SECONDS
from reprise.application.sign_in import ACCESS_SECONDS
from reprise_local import deploy
from reprise_local.aws import LocalAws
from reprise_local.errors import LocalError
from reprise_local.key_checks import wrong_with_tokens
from reprise_local.keys import Key, new_key, public_halves, read_signing_keys, replace_signing_keys
from reprise_local.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

LEEWAY_SECONDS = 60
OVERLAP_SECONDS = KEEP_SECONDS + ACCESS_SECONDS + LEEWAY_SECONDS
"""Signers notice a new key within five minutes; a token that the old one signed just before that
is good for another quarter of an hour; clocks differ."""

SINCE = "signsSince"
"""A member of a private JWK: the Unix second from which it was there to sign."""

VARIABLE = "JWKS"


class Keys(Protocol):
    """Where the keys of a stage are."""

    def private(self) -> Sequence[Key]:
        """Return the private keys, the one that signs first; none where none can sign."""
        ...

    def keep(self, keys: Sequence[Key]) -> None: ...

    def publish(self, keys: Sequence[Key]) -> None:
        """Return once every function verifies by these public keys and no others."""
        ...


def rotate(keys: Keys, *, now: int) -> str:
    """Let a new key sign, the first one where there is none, and return its id.

    Raises:
        LocalError: the rotation before was not finished.
    """
    known = keys.private()
    if len(known) > 1:
        raise LocalError(f"{known[-1]['kid']} is still on its way out", mend="reprise keys retire")
    both = [{**new_key(), SINCE: now}, *known]
    keys.publish(public_halves(both))
    keys.keep(both)
    return str(both[0]["kid"])


def retire(keys: Keys, *, now: int, hurried: bool = False) -> Sequence[str]:
    """Refuse tokens of every key but the one that signs, and return the ids of those keys.

    `hurried` does not wait until no such token can be left, as after a key was stolen.

    Raises:
        LocalError: there is none, or tokens of it may still be in use.
    """
    known = keys.private()
    if len(known) < 2:
        raise LocalError("there is no old key", mend="reprise keys rotate")
    signing, *others = known
    left = int(signing.get(SINCE, 0)) + OVERLAP_SECONDS - now
    if left > 0 and not hurried:
        raise LocalError(
            f"tokens of the old key may be good for another {left} s",
            mend="wait, or, where it was stolen, reprise keys retire --now",
        )
    keys.publish(public_halves([signing]))
    keys.keep([signing])
    return [str(key["kid"]) for key in others]


class LocalKeys:
    """The keys of a stack on this machine: its file, from which every start takes them, and the
    cloud that runs now."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def private(self) -> Sequence[Key]:
        return read_signing_keys(self._stack.folder.keys)

    def keep(self, keys: Sequence[Key]) -> None:
        replace_signing_keys(self._stack.folder.keys, keys)
        deploy.store_signing_secret(self._stack, json.dumps({"keys": list(keys)}))

    def publish(self, keys: Sequence[Key]) -> None:
        client = LocalAws(self._stack.localstack.endpoint).functions()
        tell_functions(client, stage="local", keys=keys)


class AwsKeys:
    """The keys of a stage on AWS: a secret, a parameter that deployments read, and functions."""

    def __init__(self, stage: str, *, client: Callable[[str], Any]) -> None:
        """`client` makes a client of a service with the caller's own credentials."""
        self._stage = stage
        self._client = client
        self._secret = f"reprise/{stage}/jwt-signing"
        self._parameter = f"/reprise/{stage}/jwks"

    def private(self) -> Sequence[Key]:
        found = self._client("secretsmanager").get_secret_value(SecretId=self._secret)
        text = found.get("SecretString", "")
        keys: list[Key] = [] if wrong_with_tokens(text) else json.loads(text)["keys"]
        return keys

    def keep(self, keys: Sequence[Key]) -> None:
        text = json.dumps({"keys": list(keys)})
        self._client("secretsmanager").put_secret_value(SecretId=self._secret, SecretString=text)

    def publish(self, keys: Sequence[Key]) -> None:
        text = key_set(keys)
        self._client("ssm").put_parameter(
            Name=self._parameter, Value=text, Type="String", Overwrite=True
        )
        tell_functions(self._client("lambda"), stage=self._stage, keys=keys)


def tell_functions(
    client: "LambdaClient", *, stage: str, keys: Sequence[Key], only: str | None = None
) -> None:
    """Give every function of a stage that proves tokens, or `only` one, these public keys.

    What a deployment would write there is the same, so the next one finds nothing to change.
    """
    changed = []
    for page in client.get_paginator("list_functions").paginate():
        for function in page["Functions"]:
            name = function["FunctionName"]
            if not name.startswith(f"reprise-{stage}-") or only not in {None, name}:
                continue
            variables = function.get("Environment", {}).get("Variables", {})
            if VARIABLE in variables:
                client.update_function_configuration(
                    FunctionName=name,
                    Environment={"Variables": {**variables, VARIABLE: key_set(keys)}},
                )
                changed.append(name)
    waiter = client.get_waiter("function_updated_v2")
    for name in changed:
        waiter.wait(FunctionName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 120})


def key_set(keys: Sequence[Key]) -> str:
    """Return a JWK set as functions are told it."""
    return json.dumps({"keys": list(keys)}, separators=(",", ":"))
