"""The committed clients are what the generators make of the committed description."""

import subprocess

from reprise_local import clients
from reprise_local.paths import NODE, ROOT


def test_the_clients_are_fresh() -> None:
    clients.check()


def test_the_typescript_client_and_its_journey_are_sound() -> None:
    compiler = ROOT / "node_modules" / "typescript" / "bin" / "tsc"
    done = subprocess.run(
        [str(NODE), str(compiler), "--project", str(ROOT / "web" / "api")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
