"""`make logs` shows what was asked for."""

from reprise_local.logs import Filter


def test_a_function_is_named_by_its_folder() -> None:
    wanted = Filter(function="stream/record_progress")
    assert wanted.wants_group("/aws/lambda/reprise-local-stream-record-progress")
    assert not wanted.wants_group("/aws/lambda/reprise-local-stream-record-batch")


def test_without_a_filter_everything_is_shown() -> None:
    assert Filter().wants_group("/aws/lambda/reprise-local-flush-plan-flush")
    assert Filter().wants_line("anything")


def test_a_correlation_id_chooses_lines() -> None:
    wanted = Filter(correlation="c-1")
    assert wanted.wants_line('{"correlation_id": "c-1"}')
    assert not wanted.wants_line('{"correlation_id": "c-2"}')
