"""PostgreSQL is away, or a session was revoked: faults 29 and 30."""

import pytest

from reprise.adapters.live_keys import ProfileKeys
from reprise_local.fault_proxy import FaultProxy
from reprise_local.servers import PostgresServer
from tests.builders import PHONE, make_film
from tests.harness.backends import Backend
from tests.harness.players import event_of, live_fields, new_player, second_device
from tests.harness.sign_in import demo_visitor, login_function, refresh


@pytest.mark.parametrize("how", ["killed", "paused", "cut off"])
def test_without_postgres_signing_in_is_503_and_watching_goes_on(
    sign_in_backend: Backend,
    postgres_server: PostgresServer,
    postgres_proxy: FaultProxy,
    how: str,
) -> None:
    """29."""
    player = new_player(sign_in_backend.redis, make_film())
    function, visitor = login_function(sign_in_backend), demo_visitor()
    signing_up = login_function(sign_in_backend, "auth/sign_up")
    refreshing = login_function(sign_in_backend, "auth/refresh_session")
    token = visitor.log_in(function).body["refreshToken"]
    assert visitor.sign_up(signing_up).status == 201
    break_it = {
        "killed": postgres_server.kill,
        "paused": postgres_server.pause,
        "cut off": postgres_proxy.down,
    }
    break_it[how]()
    for answer in (
        visitor.log_in(function),
        visitor.sign_up(signing_up),
        refresh(refreshing, token),
    ):
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) >= 1
    assert player.report(sign_in_backend.progress).status == 200
    if how == "killed":
        postgres_server.start()
    if how == "paused":
        postgres_server.resume()
    postgres_proxy.heal()
    assert visitor.log_in(function).status == 200
    assert visitor.sign_up(signing_up).status == 201
    assert refresh(refreshing, token).status == 200


def test_a_revoked_session_is_refused_by_its_very_next_request(live_only: Backend) -> None:
    """30: warm functions, with a token that lasts another quarter of an hour."""
    player = new_player(live_only.redis, make_film())
    phone = second_device(live_only.redis, player, PHONE)
    row = live_only.function("playstate/list_continue_watching")
    assert player.report(live_only.progress).status == 200
    keys = ProfileKeys.of(player.viewer.profile_id)
    live_only.redis.delete(keys.session(player.viewer.session_id))
    before = live_fields(live_only.redis, player)
    assert player.report(live_only.progress).status == 401
    assert row.request(event_of(player.viewer, "GET", "/continue-watching")).status == 401
    assert live_fields(live_only.redis, player) == before
    assert phone.report(live_only.progress).status == 200
