"""The `reprise` command: every target of the Makefile, with `--help` on each."""

import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from reprise_local import (
    api_description,
    catalog_commands,
    clients,
    docs_page,
    doctor,
    facts,
    functions,
    install,
    invoke,
    journey,
    key_commands,
    logs,
    overview,
    testing,
)
from reprise_local.bring_up import bring_up, bring_up_servers
from reprise_local.console import Steps, console, errors
from reprise_local.edge import run as run_edge
from reprise_local.errors import LocalError
from reprise_local.media.commands import media
from reprise_local.paths import ROOT
from reprise_local.stack import Stack

FLUSH_MINUTES = 5
TEST_FLUSH_MINUTES = 1

app = typer.Typer(
    name="reprise",
    help="Reprise on one machine: no Docker, no AWS account, loopback only.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.add_typer(media)
app.add_typer(catalog_commands.app)
app.add_typer(key_commands.app)

StackName = Annotated[str, typer.Option("--stack", help="Which stack: dev or test.")]


def main() -> NoReturn:
    """Run the command; a failure that people can mend is one line on stderr and exit code 1."""
    # What a command started must be ended also when the command itself is.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        app(standalone_mode=True)
    except LocalError as error:
        errors.print("[bold red]error:[/]", error.message.replace("[", "\\["))
        if error.mend:
            errors.print("  mend it with:", error.mend.replace("[", "\\["))
    sys.exit(1)


@app.command()
def run(
    play: Annotated[bool, typer.Option("--journey/--no-journey", help="Play the journey.")] = True,
    attach: Annotated[
        bool, typer.Option(help="Use servers that run already, as of localstack-compose.yml.")
    ] = False,
) -> None:
    """Install, start, deploy and seed what is not yet, play the journey, leave it running."""
    began = time.monotonic()
    stack = _stack("dev")
    with stack.locked():
        with Steps() as steps:
            known = bring_up(stack, steps, flush_minutes=FLUSH_MINUTES, attach=attach)
        if play:
            console.print("[bold]The journey[/]")
            journey.play(known, tick=lambda: functions.tick(stack))
    console.print()
    overview.show(stack, known)
    took = time.monotonic() - began
    console.print(f"\nup in {took:.0f} s · make status, make logs, make tick, make stop")


@app.command()
def status(stack: StackName = "dev") -> None:
    """Show what runs, every URL and every login."""
    chosen = _stack(stack)
    overview.show_servers(chosen)
    console.print()
    overview.show(chosen, facts.read(chosen.folder))


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
        chosen.forget_what_ended()
    console.print(f"ended: {', '.join(ended)}" if ended else "nothing was running")


@app.command()
def reset(stack: StackName = "dev") -> None:
    """Stop and delete the stack's data; the installed tools stay."""
    chosen = _stack(stack)
    with chosen.locked():
        chosen.reset()
    console.print(f"the {stack} stack is gone; `make run` makes a fresh one")


@app.command("doctor")
def examine() -> None:
    """Check versions, tools, disk and ports; change nothing."""
    findings = doctor.examine()
    doctor.show(findings)
    if any(finding.mend for finding in findings):
        raise typer.Exit(1)


@app.command("logs")
def follow_logs(
    function: Annotated[str | None, typer.Option(help="Only this one: area/verb_noun.")] = None,
    correlation: Annotated[str | None, typer.Option(help="Only with this correlation id.")] = None,
    since: Annotated[float, typer.Option(help="Begin so many minutes ago.")] = 10,
    follow: Annotated[bool, typer.Option(help="Go on until interrupted.")] = True,
    stack: StackName = "dev",
) -> None:
    """Follow the functions' logs in CloudWatch."""
    wanted = logs.Filter(function=function, correlation=correlation)
    try:
        logs.follow(_running(stack), wanted, since_seconds=since * 60, forever=follow)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


@app.command()
def edge(
    stack: StackName = "dev",
    country: Annotated[str, typer.Option(help="The country that every viewer is in.")] = "US",
    debug_country: Annotated[
        bool, typer.Option(help="Believe the header X-Debug-Country: to try out regions.")
    ] = False,
) -> None:
    """Run the network edge in the foreground: signed media from S3, and the API behind it."""
    run_edge(_running(stack), country=country, debug_country=debug_country)


@app.command()
def tick(stack: StackName = "dev") -> None:
    """Fire the flush planner now."""
    console.print_json(data=functions.tick(_running(stack)))


@app.command()
def redrive(stack: StackName = "dev") -> None:
    """Bring quarantined items back into the flush."""
    console.print_json(data=functions.redrive(_running(stack)))


@app.command("invoke")
def invoke_function(
    function: Annotated[str, typer.Argument(help="As area/verb_noun.")],
    event: Annotated[Path, typer.Argument(help="A sample event, as under events/samples.")],
    stack: StackName = "dev",
) -> None:
    """Run one handler of the working tree in a fresh process and print its answer."""
    code, answer = invoke.invoke(_running(stack), function=function, event=event)
    sys.stdout.write(answer)
    raise typer.Exit(code)


@app.command("test-servers")
def serve_tests(
    with_cloud: Annotated[bool, typer.Option(help="Deploy into a LocalStack as well.")] = False,
) -> None:
    """Start the private test servers and leave them running for your own pytest calls."""
    stack = _stack("test")
    with stack.locked(), Steps() as steps:
        if with_cloud:
            bring_up(stack, steps, flush_minutes=TEST_FLUSH_MINUTES)
        else:
            bring_up_servers(stack, steps)
    console.print(f"export REPRISE_TEST_STACK={stack.folder.facts}")


@app.command("test")
def run_tests(
    arguments: Annotated[list[str] | None, typer.Argument(help="Handed to pytest.")] = None,
) -> None:
    """Run every check and test on a stack of its own; exit as pytest does."""
    stack = _stack("test")
    with stack.locked(), testing.ended_afterwards(stack):
        with Steps() as steps:
            bring_up(stack, steps, flush_minutes=TEST_FLUSH_MINUTES)
        code = testing.run_pytest(stack, arguments or ())
    raise typer.Exit(code)


@app.command()
def check() -> None:
    """Run ruff, mypy and import-linter."""
    failed = testing.check()
    if failed:
        raise LocalError(f"{', '.join(failed)} found something; see above")


@app.command("openapi")
def describe_api(
    check: Annotated[bool, typer.Option(help="Only fail where it is stale.")] = False,
) -> None:
    """Write docs/api/openapi.json anew from the handlers."""
    if check:
        api_description.check()
        return
    name = api_description.DOCUMENT.relative_to(ROOT)
    console.print(f"{name}: {'written' if api_description.write() else 'is as it should be'}")


@app.command("clients")
def generate_clients(
    check: Annotated[bool, typer.Option(help="Only fail where one is stale.")] = False,
) -> None:
    """Generate the typed clients anew from docs/api/openapi.json."""
    if check:
        clients.check()
        return
    console.print(f"written: {', '.join(clients.write()) or 'nothing, all is as it should be'}")


@app.command("docs")
def show_docs(
    port: Annotated[int, typer.Option(min=0, max=65_535, help="0: any that is free.")] = 0,
) -> None:
    """Serve the API's docs page on loopback until interrupted."""
    with docs_page.serve(port) as server:
        console.print(f"the API's docs: {docs_page.url_of(server)} (Ctrl-C ends it)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            raise typer.Exit(0) from None


@app.command()
def soak(
    arguments: Annotated[list[str] | None, typer.Argument(help="As `-- --viewers 1000`.")] = None,
) -> None:
    """Play a day's load in miniature, on servers of its own, and count what was lost: nothing."""
    _bench("bench.day", arguments or ())


@app.command()
def bench(
    arguments: Annotated[list[str] | None, typer.Argument(help="As `-- flush --quick`.")] = None,
) -> None:
    """Measure everything beside a reference of the same run, on servers of its own."""
    _bench("bench", arguments or ())


def _bench(module: str, arguments: Sequence[str]) -> NoReturn:
    with Steps() as steps:
        install.install(steps, cloud=False)
    raise typer.Exit(testing.run_module(_stack("test"), module, arguments))


def _stack(name: str) -> Stack:
    if name not in {"dev", "test"}:
        raise typer.BadParameter("must be dev or test", param_hint="--stack")
    return Stack(name)


def _running(name: str) -> Stack:
    stack = _stack(name)
    if not stack.localstack.answers():
        mend = "make run" if name == "dev" else "make test-servers WITH_CLOUD=1"
        raise LocalError(f"the {name} stack does not run", mend=mend)
    return stack
