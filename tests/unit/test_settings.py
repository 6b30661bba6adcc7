"""A bad environment is refused at once, with everything that is wrong with it."""

import pytest

from reprise.settings import (
    EdgeStoreSettings,
    GrantSettings,
    PlaystateSettings,
    RevocationSettings,
    StreamSettings,
)
from reprise.settings.environment import Environment, SettingsError
from tests.harness.functions import ENVIRONMENT


def test_a_complete_environment_is_read() -> None:
    settings = PlaystateSettings.from_env(ENVIRONMENT)
    assert settings.places.redis.url == ENVIRONMENT["REDIS_URL"]
    assert settings.places.redis.cluster is False
    assert settings.places.cassandra.hosts == ("127.0.0.1",)
    assert settings.places.live.next_report_seconds == 30
    assert settings.cursors.secret == ENVIRONMENT["CURSOR_SECRET"]


def test_every_missing_and_malformed_variable_is_named_at_once() -> None:
    bad = ENVIRONMENT | {
        "REDIS_CLUSTER": "yes",
        "REDIS_TIMEOUT_MS": "0",
        "CASSANDRA_AUTH": "password",
        "JWKS": '{"keys": []}',
        "POSTGRES_SECRET_ID": "both",
        "NEXT_REPORT_SECONDS": "half a minute",
    }
    del bad["FLUSH_QUEUE_URL"]
    with pytest.raises(SettingsError) as refused:
        StreamSettings.from_env(bad)
    named = [problem.split()[0] for problem in refused.value.problems]
    assert named == [
        *("REDIS_CLUSTER", "REDIS_TIMEOUT_MS", "JWKS"),
        *("NEXT_REPORT_SECONDS", "exactly", "CASSANDRA_AUTH", "FLUSH_QUEUE_URL"),
    ]


@pytest.mark.parametrize("text", ["not JSON", "[]", "{}", '{"keys": {}}'])
def test_a_key_set_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="JWKS"):
        StreamSettings.from_env(ENVIRONMENT | {"JWKS": text})


def test_values_of_secrets_are_not_in_the_message() -> None:
    with pytest.raises(SettingsError) as refused:
        StreamSettings.from_env(ENVIRONMENT | {"JWKS": "very-private"})
    assert "very-private" not in str(refused.value)


def test_the_message_is_ascii_as_lambdas_runtime_client_needs_it() -> None:
    with pytest.raises(SettingsError) as refused:
        StreamSettings.from_env(
            ENVIRONMENT | {"REDIS_TIMEOUT_MS": "500\N{NO-BREAK SPACE}\N{HOURGLASS}"}
        )
    assert str(refused.value).isascii()


def test_the_signer_of_grants_is_told_what_it_needs_and_no_more() -> None:
    variables = {"GRANT_SIGNING_SECRET_ID": "s", "MEDIA_URL": "https://h/media/"}
    found = GrantSettings.read(Environment(variables))
    assert found == GrantSettings("s", "https://h/media", 3600, "SHA256")
    other = GrantSettings.read(
        Environment(variables | {"GRANT_SECONDS": "300", "GRANT_HASH": "SHA1"})
    )
    assert (other.seconds, other.hash_name) == (300, "SHA1")


def test_who_tells_revocations_believes_of_grants_what_their_signer_does() -> None:
    variables = {"REVOCATION_QUEUE_URL": "https://q"}
    for told in ({}, {"GRANT_SECONDS": "300"}):
        signer = GrantSettings.read(Environment(told))
        found = RevocationSettings.read(Environment(variables | told))
        assert found == RevocationSettings("https://q", signer.seconds)


def test_the_edges_store_has_to_be_named() -> None:
    environment = Environment({})
    EdgeStoreSettings.read(environment)
    with pytest.raises(SettingsError, match="EDGE_STORE_ARN is missing"):
        environment.check()


def test_what_the_signer_of_grants_can_not_work_with_is_named() -> None:
    environment = Environment({"GRANT_SECONDS": "59", "GRANT_HASH": "MD5"})
    GrantSettings.read(environment)
    with pytest.raises(SettingsError) as refused:
        environment.check()
    named = [problem.split()[0] for problem in refused.value.problems]
    assert named == ["GRANT_SIGNING_SECRET_ID", "MEDIA_URL", "GRANT_SECONDS", "GRANT_HASH"]
