"""`reprise keys`: replace the keys that sign access tokens, here or on AWS."""

import os
import time
from typing import Annotated

import typer

from reprise_local.console import console
from reprise_local.errors import LocalError
from reprise_local.key_rotation import OVERLAP_SECONDS, AwsKeys, Keys, LocalKeys, retire, rotate
from reprise_local.stack import Stack

app = typer.Typer(
    name="keys",
    help="Keys of access tokens: let a new one sign, let the old one go.",
    no_args_is_help=True,
)

StackName = Annotated[str, typer.Option("--stack", help="Which stack of this machine: dev, test.")]
StageName = Annotated[
    str | None,
    typer.Option("--stage", help="A stage on AWS instead: staging or production."),
]


@app.command("rotate")
def rotate_keys(stack: StackName = "dev", stage: StageName = None) -> None:
    """Publish a new key beside the old one, then let it sign."""
    kid = rotate(_keys(stack, stage), now=int(time.time()))
    minutes = OVERLAP_SECONDS // 60
    console.print(f"{kid} signs; retire the old key after {minutes} minutes: reprise keys retire")


@app.command("retire")
def retire_keys(
    stack: StackName = "dev",
    stage: StageName = None,
    hurried: Annotated[
        bool, typer.Option("--now", help="Refuse tokens that are still good: a key was stolen.")
    ] = False,
) -> None:
    """Drop the old public key once no token of it can be left."""
    gone = retire(_keys(stack, stage), now=int(time.time()), hurried=hurried)
    console.print(f"retired: {', '.join(gone)}")


def _keys(stack: str, stage: str | None) -> Keys:
    if stage is None:
        if stack not in {"dev", "test"}:
            raise typer.BadParameter("must be dev or test", param_hint="--stack")
        found = Stack(stack)
        if not found.localstack.answers():
            raise LocalError(f"the {stack} stack does not run", mend="make run")
        return LocalKeys(found)
    if stage not in {"staging", "production"}:
        raise typer.BadParameter("must be staging or production", param_hint="--stage")
    if "AWS_ENDPOINT_URL" in os.environ:
        raise LocalError(
            "AWS_ENDPOINT_URL points at another cloud than a stage on AWS is in",
            mend="unset AWS_ENDPOINT_URL",
        )
    import boto3  # noqa: PLC0415 - half a second that other commands need not spend

    return AwsKeys(stage, client=boto3.client)  # type: ignore[arg-type]
