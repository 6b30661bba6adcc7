"""LocalStack's open core with the executor that runs functions as processes, without Docker."""

import json
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any

from reprise_local.errors import LocalError
from reprise_local.paths import LOCALSTACK_VENV, RUNTIME_VENV
from reprise_local.servers.base import Server

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Past any proxy that the environment names: loopback is here."""


class LocalStackServer(Server):
    """The AWS API on one loopback port."""

    title = "LocalStack"
    patience = 180

    @property
    def endpoint(self) -> str:
        return f"http://localhost:{self.port}"

    def command(self) -> Sequence[str]:
        python = LOCALSTACK_VENV / "bin" / "python"
        if not python.exists():
            raise LocalError("LocalStack's environment is not here yet", mend="make install")
        return [str(python), "-m", "localstack.runtime.main"]

    def environment(self) -> Mapping[str, str]:
        return {
            **super().environment(),
            "GATEWAY_LISTEN": f"127.0.0.1:{self.port}",
            "LOCALSTACK_HOST": f"localhost:{self.port}",
            "SQS_ENDPOINT_STRATEGY": "path",
            "DNS_ADDRESS": "0",
            "DISABLE_EVENTS": "1",
            "SKIP_SSL_CERT_DOWNLOAD": "1",
            "EAGER_SERVICE_LOADING": "0",
            # A queue that was quiet is asked again within a quarter of a second, not ten: what is
            # flushed at once on AWS is flushed at once here. Each look costs 20 ms of processor,
            # and as much again where LocalStack tells itself metrics, which nobody here reads.
            "LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC": "0.1",
            "LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_EMPTY_POLL_SEC": "0.25",
            "SQS_DISABLE_CLOUDWATCH_METRICS": "1",
            "FILESYSTEM_ROOT": str(self.folder / "files"),
            "TMPDIR": str(self.folder / "tmp"),
            "LAMBDA_RUNTIME_EXECUTOR": "process",
            "REPRISE_RUNTIME_PYTHON": str(RUNTIME_VENV / "bin" / "python"),
        }

    def prepare(self) -> None:
        super().prepare()
        (self.folder / "files").mkdir(parents=True, exist_ok=True)
        (self.folder / "tmp").mkdir(parents=True, exist_ok=True)

    def answers(self) -> bool:
        return bool(self._ask("health").get("services"))

    def generation(self) -> str:
        """Name this run of LocalStack: what is deployed to it is gone when it ends."""
        return str(self._ask("info").get("session_id", ""))

    def _ask(self, what: str) -> Mapping[str, Any]:
        url = f"http://127.0.0.1:{self.port}/_localstack/{what}"
        try:
            with _DIRECT.open(url, timeout=2) as answer:
                found: Mapping[str, Any] = json.load(answer)
        except (OSError, ValueError):
            return {}
        return found
