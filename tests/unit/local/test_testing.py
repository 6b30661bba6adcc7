"""Runs of the tests: what an interruption must leave time for."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path


def test_an_interrupted_run_is_given_the_time_to_end_its_servers(tmp_path: Path) -> None:
    child = tmp_path / "child.py"
    child.write_text(
        textwrap.dedent("""\
            import time
            try:
                print("up", flush=True)
                time.sleep(60)
            except KeyboardInterrupt:
                time.sleep(1)
                print("ended its servers", flush=True)
        """)
    )
    program = (
        "import sys; from reprise_local import testing; "
        f"sys.exit(testing._call([sys.executable, {str(child)!r}]))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    ) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "up\n"
        os.killpg(run.pid, signal.SIGINT)
        assert run.stdout.read() == "ended its servers\n"
    assert run.returncode == 0
