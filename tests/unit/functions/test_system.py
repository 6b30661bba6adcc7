"""Health says which stores answer, to whoever asks."""

from tests.harness.functions import World, make_event

HEALTH = "system/check_health"


def test_health_is_ok_while_every_store_answers() -> None:
    answer = World().request(HEALTH, make_event("GET", "/health"))
    assert answer.status == 200
    assert answer.body == {
        "status": "ok",
        "version": "0.0-test",
        "checks": {"redis": "ok", "cassandra": "ok", "postgres": "ok"},
    }


def test_health_is_degraded_and_still_200_where_a_store_is_down() -> None:
    world = World()
    world.stores["cassandra"].up = False
    answer = world.request(HEALTH, make_event("GET", "/health"))
    assert (answer.status, answer.body["status"]) == (200, "degraded")
    assert answer.body["checks"] == {"redis": "ok", "cassandra": "down", "postgres": "ok"}
