"""Clients of the local AWS, which can reach nothing but loopback."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reprise_local.errors import LocalError
from reprise_local.paths import ROOT

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient

REGION = "us-east-1"
_LOOPBACK = ("http://localhost:", "http://127.0.0.1:")


class LocalAws:
    """The AWS API of one stack, with credentials that no real account has."""

    def __init__(self, endpoint: str) -> None:
        if not endpoint.startswith(_LOOPBACK):
            raise LocalError(f"{endpoint} is not this machine: this command is for loopback only")
        self.endpoint = endpoint

    def variables(self) -> dict[str, str]:
        """Return the environment that makes AWS tools talk to this endpoint and no other."""
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith("AWS_")
        }
        return inherited | {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ENDPOINT_URL_S3": self.endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "PATH": f"{ROOT / 'node_modules' / '.bin'}:{os.environ.get('PATH', '')}",
        }

    def _client(self, service: str) -> object:
        import boto3  # noqa: PLC0415 - half a second that most commands need not spend
        from botocore.config import Config  # noqa: PLC0415

        session = boto3.Session(
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - LocalStack takes any
            region_name=REGION,
        )
        config = Config(proxies={}, read_timeout=120, retries={"total_max_attempts": 2})
        return session.client(service, endpoint_url=self.endpoint, config=config)  # type: ignore[call-overload]

    def functions(self) -> "LambdaClient":
        return self._client("lambda")  # type: ignore[return-value]

    def logs(self) -> "CloudWatchLogsClient":
        return self._client("logs")  # type: ignore[return-value]

    def secrets(self) -> "SecretsManagerClient":
        return self._client("secretsmanager")  # type: ignore[return-value]

    def objects(self) -> "S3Client":
        return self._client("s3")  # type: ignore[return-value]

    def gateway(self) -> Any:
        return self._client("apigateway")

    def stacks(self) -> "CloudFormationClient":
        return self._client("cloudformation")  # type: ignore[return-value]


def command(name: str) -> str:
    """Return one of the node tools that `npm ci` brought."""
    path: Path = ROOT / "node_modules" / ".bin" / name
    if not path.exists():
        raise LocalError(f"{name} is not installed", mend="make install")
    return str(path)
