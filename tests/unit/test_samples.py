"""Every function has good and bad sample events, and answers each as `answers.json` says."""

from typing import Any

import pytest

from infra_cdk.routes import EVERY_FUNCTION, ROUTES
from reprise.domain.packages import UnfitPackageError
from reprise.edge.consumers import BadMessageError
from tests.harness.functions import World, load
from tests.harness.samples import ANSWERS, SAMPLES, filled

ERRORS = {error.__name__: error for error in (BadMessageError, UnfitPackageError)}


@pytest.mark.parametrize("sample", ANSWERS)
def test_a_sample_is_answered_as_stated(sample: str) -> None:
    world, expected = World(), ANSWERS[sample]
    folder = sample.rpartition("/")[0]
    event = filled(sample, world)
    if "errorType" in expected:
        with pytest.raises(ERRORS[expected["errorType"]]):
            world.call(folder, event)
    elif "batchItemFailures" in expected:
        answer, _ = world.call(folder, event)
        failed = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
        assert failed == expected["batchItemFailures"]
    elif "statusCode" in expected:
        assert_http(world, folder, event, expected)
    else:
        assert world.call(folder, event)[0] == expected


def assert_http(world: World, folder: str, event: Any, expected: dict[str, Any]) -> None:
    answer = world.request(folder, event)
    assert answer.status == expected["statusCode"]
    if answer.status >= 400:
        assert answer.body["type"] == expected["type"]
        assert sorted(answer.wrong_fields if "errors" in answer.body else []) == sorted(
            expected.get("fields", [])
        )


@pytest.mark.parametrize("folder", [function.folder for function in EVERY_FUNCTION])
def test_every_function_has_a_good_and_a_bad_sample(folder: str) -> None:
    names = {path.name for path in (SAMPLES / folder).glob("*.json")}
    assert {f"{folder}/{name}" for name in names} <= set(ANSWERS)
    assert any(name.startswith("good") for name in names)
    assert any(name.startswith("bad") for name in names)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.folder)
def test_a_handler_declares_the_route_that_the_infrastructure_gives_it(route: Any) -> None:
    api = load(route.folder).api
    assert api.access == route.access.value
    assert api.methods == {route.path: route.method}
