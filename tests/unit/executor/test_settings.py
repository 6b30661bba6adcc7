"""Settings that cannot run a function are refused with what to mend."""

import pytest
from reprise_executor import settings
from reprise_executor.calls import readable_client_context
from reprise_executor.watchdog import watch


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({}, "LAMBDA_RUNTIME_EXECUTOR is not set; LocalStack would fall back to Docker"),
        ({"LAMBDA_RUNTIME_EXECUTOR": "proces"}, "LAMBDA_RUNTIME_EXECUTOR is proces"),
        ({"LAMBDA_RUNTIME_EXECUTOR": "process"}, "REPRISE_RUNTIME_PYTHON is not set"),
        (
            {"LAMBDA_RUNTIME_EXECUTOR": "process", "REPRISE_RUNTIME_PYTHON": "/absent"},
            "REPRISE_RUNTIME_PYTHON=/absent cannot import awslambdaric and boto3",
        ),
    ],
)
def test_a_wrong_setting_is_named(environ: dict[str, str], words: str) -> None:
    with pytest.raises(settings.ExecutorSetupError, match=words):
        settings.from_env(environ)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("", ""),
        ("eyJhIjogIsOpIn0=", '{"a": "\\u00e9"}'),
        ("eyJhIjoKMX0=", '{"a": 1}'),
        ("!!", ""),
        ("bm90IGpzb24=", ""),
    ],
)
def test_a_client_context_becomes_one_line_of_ascii(sent: str, read: str) -> None:
    assert readable_client_context(sent) == read


def test_the_watchdog_knows_the_groups_that_are_left() -> None:
    assert watch(["+1\n", "+2\n", "-1\n", "+3\n", "-9\n"]) == {2, 3}
