"""Every function that signs, loaded as Lambda loads it, against a store of secrets on loopback."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any
from unittest import mock

import pytest

from infra_cdk.kinds import Function, Need
from infra_cdk.routes import FUNCTIONS
from reprise.adapters.secrets_aws import read_secret
from reprise.bootstrap.start import RUNTIME
from reprise.domain.errors import UnavailableError
from reprise.settings.environment import SettingsError
from tests.harness.environments import environment, load_fresh
from tests.harness.functions import EMAIL, ENVIRONMENT, PASSWORD, Context, World, make_event
from tests.harness.grant_keys import ecdsa_key, signing_set
from tests.harness.keys import SIGNING
from tests.harness.secret_store import SecretStore

TOKENS, GRANTS = ENVIRONMENT["JWT_SIGNING_SECRET_ID"], ENVIRONMENT["GRANT_SIGNING_SECRET_ID"]
SOUND = {TOKENS: SIGNING, GRANTS: signing_set(ecdsa_key())}
SIGNERS = [row for row in FUNCTIONS if row.needs & {Need.SIGN_TOKENS, Need.SIGN_GRANTS}]
NOT_NOW = {
    "it is throttled": (400, "ThrottlingException"),
    "it fails inside": (500, "InternalServiceError"),
    "it is overloaded": (503, "ServiceUnavailable"),
}


@pytest.fixture
def store() -> Iterator[SecretStore]:
    with SecretStore(**SOUND) as store, mock.patch.dict(os.environ, store.variables()):
        yield store


@dataclass(frozen=True, slots=True)
class Door:
    """A request for which a function signs, and the port whose fake it must not use here."""

    folder: str
    port: str
    status: int

    def call(self, world: World, module: ModuleType) -> Any:
        world.wire(module)
        vars(module.wiring).pop(self.port)
        return module.lambda_handler(self._event(world), Context())

    def _event(self, world: World) -> Any:
        if self.port == "signer":
            return world.event("GET", "/stream/{id}/manifest", path={"id": world.film.id})
        body = {
            "email": EMAIL,
            "password": PASSWORD,
            "device": {"id": "tv-1", "type": "tv", "name": "TV"},
        }
        return make_event("POST", "/auth/login", body=body)


DOORS = (Door("stream/play_film", "signer", 200), Door("auth/log_in", "issuer", 200))


def load(folder: str) -> ModuleType:
    return load_fresh(folder, {**environment(), RUNTIME: "127.0.0.1:9001"})


def secret_of(row: Function) -> str:
    return GRANTS if Need.SIGN_GRANTS in row.needs else TOKENS


@pytest.mark.parametrize("row", SIGNERS, ids=lambda row: row.folder)
def test_it_does_not_start_without_its_keys_and_does_once_they_are_there(
    store: SecretStore, row: Function
) -> None:
    sound = store.secrets.pop(secret_of(row))
    with pytest.raises(SettingsError, match=f"the secret {secret_of(row)} is missing"):
        load(row.folder)
    store.secrets[secret_of(row)] = "damaged"
    with pytest.raises(SettingsError, match=f"the secret {secret_of(row)} must hold"):
        load(row.folder)
    store.secrets[secret_of(row)] = sound
    load(row.folder)
    assert store.asked == [secret_of(row)] * 3


@pytest.mark.parametrize("row", SIGNERS, ids=lambda row: row.folder)
@pytest.mark.parametrize("fault", NOT_NOW.values(), ids=NOT_NOW)
def test_it_starts_where_the_store_does_not_answer_now(
    store: SecretStore, row: Function, fault: tuple[int, str]
) -> None:
    store.fault = fault
    load(row.folder)
    assert store.asked == [secret_of(row)], "once: an init has ten seconds"


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.folder)
def test_what_started_without_keys_reads_them_with_its_first_request(
    store: SecretStore, door: Door
) -> None:
    store.fault = (503, "ServiceUnavailable")
    module, world = load(door.folder), World()
    refused = door.call(world, module)
    assert refused["statusCode"] == 503
    assert int(refused["multiValueHeaders"]["Retry-After"][0]) > 0
    store.fault = None
    assert door.call(world, module)["statusCode"] == door.status


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.folder)
def test_keys_are_read_once_for_the_start_and_the_first_request(
    store: SecretStore, door: Door
) -> None:
    module = load(door.folder)
    kept = vars(module.wiring)[door.port]
    world = World()
    world.wire(module)
    setattr(module.wiring, door.port, kept)
    assert module.lambda_handler(door._event(world), Context())["statusCode"] == door.status
    assert len(store.asked) == 1


def test_a_store_that_takes_a_call_and_is_silent_is_given_up_in_seconds(
    store: SecretStore,
) -> None:
    store.silent = True
    with pytest.raises(UnavailableError) as away:
        read_secret(secret_id=TOKENS, attempts=1)
    assert type(away.value) is UnavailableError
    assert len(store.asked) == 1
