"""cdk-nag's rule packs find nothing in a stage on AWS but what is acknowledged with a reason."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from infra_cdk.delivery_settings import DeliverySettings
from infra_cdk.environments import ENVIRONMENTS
from tests.harness.grant_keys import ecdsa_key
from tests.infra.conftest import ROOT, stub_sources

DELIVERY_SETTINGS = DeliverySettings(
    domain_name="media.reprise.example",
    certificate_arn=f"arn:aws:acm:us-east-1:{'1' * 12}:certificate/{'0' * 36}",
    public_keys=(ecdsa_key("KA").public_pem,),
)

type Finding = tuple[str, str]
"""A rule, pack included, and the path of the construct that breaks it."""


def findings(stage: str, folder: Path) -> list[Finding]:
    """Run both packs over a stage."""
    import aws_cdk as cdk  # noqa: PLC0415 - starting its engine takes seconds
    from cdk_nag import AwsSolutionsChecks, ServerlessChecks  # noqa: PLC0415

    from infra_cdk import app as stacks  # noqa: PLC0415

    context = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    app = cdk.App(outdir=str(folder / "out"), context=context, analytics_reporting=False)
    stacks.add_stacks(
        app=app,
        environment=ENVIRONMENTS[stage],
        config={},
        sources=stub_sources(folder / "sources"),
        version="9.9.9",
        delivery=DELIVERY_SETTINGS,
        transcode=True,
    )
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app), ServerlessChecks(app))
    try:
        app.synth()
    except RuntimeError as error:
        assert "ValidationFailed" in str(error)  # noqa: PT017  # the report says the rest
    report = json.loads((folder / "out" / "validation-report.json").read_text(encoding="utf-8"))
    packs = {plugin["pluginName"] for plugin in report["pluginReports"]}
    assert {"AwsSolutions", "Serverless"} <= packs
    return list(_found(report))


def _found(report: Mapping[str, Any]) -> Iterator[Finding]:
    for pack in report["pluginReports"]:
        for violation in pack["violations"]:
            rule = f"{pack['pluginName']}::{violation['ruleName']}"
            for construct in violation["violatingConstructs"]:
                yield rule, construct["constructPath"]


@pytest.mark.parametrize("stage", ["staging", "production"])
def test_nothing_is_found_that_is_not_acknowledged(stage: str, tmp_path: Path) -> None:
    assert findings(stage, tmp_path) == []


def test_nothing_is_acknowledged_that_is_not_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from infra_cdk import app as stacks  # noqa: PLC0415
    from infra_cdk.acknowledgements import (  # noqa: PLC0415
        DATA,
        DATA_THROWN_AWAY,
        DELIVERY,
        SERVICE,
        media,
    )

    monkeypatch.setattr(stacks, "acknowledge", lambda *_: None)
    found = findings("staging", tmp_path)
    tables = [
        ("reprise-staging", SERVICE),
        ("reprise-staging-data", DATA),
        ("reprise-staging-data", DATA_THROWN_AWAY),
        ("reprise-staging-delivery", DELIVERY),
        ("reprise-staging-media", media("staging")),
    ]
    for stack, table in tables:
        for path, rules in table.items():
            prefix = "/".join(filter(None, [stack, path])) + "/"
            for rule in rules:
                assert any(
                    broken == rule and construct.startswith(prefix) for broken, construct in found
                ), f"{rule} is not broken under {prefix} any more"
