"""Good requests, changed into attacks, and the stores that they must leave alone."""

from collections.abc import Callable
from typing import Any

from infra_cdk.kinds import Route
from tests.harness.functions import Answer, World
from tests.harness.samples import good_event

type Change = Callable[[dict[str, Any]], None]


def named(route: Route) -> str:
    return route.folder


def send(world: World, route: Route, change: Change) -> Answer:
    return world.request(route.folder, changed(world, route, change))


def changed(world: World, route: Route, change: Change) -> dict[str, Any]:
    """Return the attack; making it may itself use the stores, as pressing play does."""
    event: dict[str, Any] = good_event(route.folder, world)
    change(event)
    return event


def send_in_vain(world: World, route: Route, change: Change) -> Answer:
    """Send the attack, and prove that the stores are as they were."""
    event = changed(world, route, change)
    before = stores_of(world)
    answer = world.request(route.folder, event)
    assert stores_of(world) == before
    return answer


def with_header(name: str, value: str) -> Change:
    def change(event: dict[str, Any]) -> None:
        for headers, one in (("headers", value), ("multiValueHeaders", [value])):
            kept = {
                k: v for k, v in (event.get(headers) or {}).items() if k.lower() != name.lower()
            }
            event[headers] = kept | {name: one}

    return change


def with_token(token: str) -> Change:
    return with_header("Authorization", f"Bearer {token}")


def stores_of(world: World) -> str:
    """Return what the stores hold, but for counted requests, to be compared with later."""
    names = ("profiles", "records", "lists", "durable", "queue", "buffer")
    stores = [world.sessions.live, *(getattr(world, name) for name in names)]
    return repr([getattr(store, "__dict__", store) for store in stores])
