"""A function's environment variables come from nowhere but AWS's list and its own."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from reprise_executor.variables import Places, function_variables

PLACES = Places(
    task=Path("/t/task"), opt=Path("/t/opt"), scratch=Path("/t/env"), python=Path("/v/bin/python")
)


def variables(
    offered: Mapping[str, object] | None = None, own: Mapping[str, object] | None = None
) -> dict[str, str]:
    return function_variables(
        offered=offered or {}, own=own or {}, places=PLACES, runtime="python3.13"
    )


def test_values_that_are_not_text_become_text() -> None:
    made = variables({"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": 128}, {"LIMIT": 3})
    assert (made["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"], made["LIMIT"]) == ("128", "3")


def test_what_only_localstack_knows_is_left_out() -> None:
    made = variables({"LOCALSTACK_HOSTNAME": "x", "EDGE_PORT": "1", "AWS_REGION": "eu-central-1"})
    assert not {"LOCALSTACK_HOSTNAME", "EDGE_PORT"} & made.keys()
    assert made["AWS_REGION"] == "eu-central-1"


def test_a_variable_the_function_asked_for_is_kept_whatever_its_name() -> None:
    own = {"LOCALSTACK_HOSTNAME": "mine", "TZ": "Europe/Berlin", "AWS_ENDPOINT_URL": "http://x"}
    assert variables({"LOCALSTACK_HOSTNAME": "x"}, own).items() >= own.items()


def test_the_path_is_code_then_layers_then_the_functions_own() -> None:
    expected = "/t/task:/t/opt/python/lib/python3.13/site-packages:/t/opt/python"
    assert variables()["PYTHONPATH"] == expected
    assert variables(own={"PYTHONPATH": "/o"})["PYTHONPATH"] == f"{expected}:/o"


def test_programs_are_found_in_the_runtime_and_the_layers() -> None:
    assert variables()["PATH"] == "/v/bin:/usr/local/bin:/usr/bin:/bin:/t/opt/bin"


def test_nothing_is_inherited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUNCHER_SECRET", "x")
    assert "LAUNCHER_SECRET" in os.environ
    assert "LAUNCHER_SECRET" not in variables()
