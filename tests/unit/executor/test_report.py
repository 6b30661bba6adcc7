"""The platform's lines keep AWS's spelling."""

from reprise_executor import report

WARM = report.Usage(duration_ms=1.234, memory_limit_mb=128, memory_used_mb=37)
COLD = report.Usage(duration_ms=1.2, memory_limit_mb=128, memory_used_mb=37, init_ms=120.5)


def test_start_and_end_name_the_call() -> None:
    assert report.start_line(request_id="r", version="7") == "START RequestId: r Version: 7\n"
    assert report.end_line(request_id="r") == "END RequestId: r\n"


def test_a_warm_call_reports_time_and_memory() -> None:
    assert report.report_line(request_id="r", usage=WARM) == (
        "REPORT RequestId: r\tDuration: 1.23 ms\tBilled Duration: 2 ms\t"
        "Memory Size: 128 MB\tMax Memory Used: 37 MB\n"
    )


def test_a_cold_call_bills_its_init() -> None:
    line = report.report_line(request_id="r", usage=COLD)
    assert "Billed Duration: 122 ms" in line
    assert line.endswith("\tInit Duration: 120.50 ms\n")


def test_a_failed_call_reports_how() -> None:
    line = report.report_line(request_id="r", usage=WARM, status="error", error_type="E")
    assert line.endswith("\tStatus: error\tError Type: E\n")
    line = report.report_line(request_id="r", usage=WARM, status="timeout")
    assert line.endswith("\tStatus: timeout\n")


def test_a_failed_init_reports_its_phase() -> None:
    line = report.init_report_line(init_ms=1, phase="init", status="error", error_type="E")
    assert line == (
        "INIT_REPORT Init Duration: 1.00 ms\tPhase: init\tStatus: error\tError Type: E\n"
    )
    line = report.init_report_line(init_ms=1, phase="invoke", status="timeout")
    assert line == "INIT_REPORT Init Duration: 1.00 ms\tPhase: invoke\tStatus: timeout\n"
