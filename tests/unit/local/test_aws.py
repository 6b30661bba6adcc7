"""The local AWS client reaches loopback and nothing else."""

import pytest

from reprise_local.aws import LocalAws
from reprise_local.errors import LocalError


@pytest.mark.parametrize(
    "endpoint",
    ["https://sqs.us-east-1.amazonaws.com", "http://localhost.example:4566", "http://10.0.0.1:80"],
)
def test_an_endpoint_that_is_not_this_machine_is_refused(endpoint: str) -> None:
    with pytest.raises(LocalError, match="is not this machine"):
        LocalAws(endpoint)


def test_tools_get_no_credentials_of_the_person_who_runs_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "real")
    variables = LocalAws("http://localhost:4566").variables()
    assert "AWS_PROFILE" not in variables
    assert "AWS_SESSION_TOKEN" not in variables
    assert variables["AWS_ENDPOINT_URL"] == variables["AWS_ENDPOINT_URL_S3"]
