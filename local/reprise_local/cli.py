"""The `reprise` command: every target of the Makefile, with `--help` on each."""

import sys
from typing import Annotated, NoReturn

import typer

from reprise_local import install, testing
from reprise_local.bring_up import bring_up, bring_up_servers
from reprise_local.console import Steps, console, errors
from reprise_local.errors import LocalError
from reprise_local.stack import Stack

app = typer.Typer(
    name="reprise",
    help="Reprise on one machine: no Docker, no AWS account, loopback only.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

StackName = Annotated[str, typer.Option("--stack", help="Which stack: dev or test.")]


def main() -> NoReturn:
    """Run the command; a failure that people can mend is one line on stderr and exit code 1."""
    try:
        app(standalone_mode=True)
    except LocalError as error:
        errors.print(f"[red]error:[/] {error.message}", markup=True)
        if error.mend:
            errors.print(f"  mend it with: [bold]{error.mend}[/]")
    except KeyboardInterrupt:
        errors.print("interrupted; `make stop` ends what runs")
    sys.exit(1)


@app.command("install")
def install_everything() -> None:
    """Install everything that is missing; start nothing."""
    with Steps() as steps:
        install.install(steps)


@app.command()
def stop(stack: StackName = "dev") -> None:
    """End every process that this stack started, and nothing else."""
    chosen = _stack(stack)
    with chosen.locked():
        ended = chosen.stop()
    console.print(f"ended: {', '.join(ended)}" if ended else "nothing was running")


@app.command()
def reset(stack: StackName = "dev") -> None:
    """Stop and delete the stack's data; the installed tools stay."""
    chosen = _stack(stack)
    with chosen.locked():
        chosen.reset()
    console.print(f"the {stack} stack is gone; `make run` makes a fresh one")


@app.command("test-servers")
def serve_tests(
    with_cloud: Annotated[bool, typer.Option(help="Deploy into a LocalStack as well.")] = False,
) -> None:
    """Start the private test servers and leave them running for your own pytest calls."""
    stack = _stack("test")
    with stack.locked(), Steps() as steps:
        if with_cloud:
            bring_up(stack, steps, flush_minutes=1)
        else:
            bring_up_servers(stack, steps)
    console.print(f"export REPRISE_TEST_STACK={stack.folder.facts}")


@app.command()
def check() -> None:
    """Run ruff, mypy and import-linter."""
    failed = testing.check()
    if failed:
        raise LocalError(f"{', '.join(failed)} found something", mend="see above")


def _stack(name: str) -> Stack:
    if name not in {"dev", "test"}:
        raise typer.BadParameter("must be dev or test", param_hint="--stack")
    return Stack(name)
