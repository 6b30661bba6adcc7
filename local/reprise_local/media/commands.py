"""`reprise media …`: files into the catalog, and what is published of it."""

import os
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reprise_local import facts
from reprise_local.aws import LocalAws
from reprise_local.console import Steps, console
from reprise_local.errors import LocalError
from reprise_local.facts import Facts
from reprise_local.paths import StackFolder

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from reprise.domain.media import Media
    from reprise_local.media.kept import Kept
    from reprise_local.media.shelf import Shelf

PRESETS = ("ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower")

media = typer.Typer(
    name="media", help="Encode, package and publish what plays.", no_args_is_help=True
)
StackName = Annotated[str, typer.Option("--stack", help="Which stack: dev or test.")]


@media.command("ingest")
def ingest_file(  # noqa: PLR0917 - the options of a command
    file: Annotated[Path, typer.Argument(help="Anything ffmpeg reads.")],
    title: Annotated[str, typer.Option(help="The film's or the series' id in the catalog.")],
    episode: Annotated[str | None, typer.Option(help="The episode's id.")] = None,
    subtitles: Annotated[
        list[str] | None, typer.Option(help="Beside those in the file: de=words.srt; repeatable.")
    ] = None,
    credits_start: Annotated[
        float | None, typer.Option("--credits", help="Second at which the credits begin.")
    ] = None,
    preset: Annotated[str, typer.Option(help="The encoder's: faster or smaller.")] = "medium",
    hevc: Annotated[bool, typer.Option(help="Encode the 4k rung in HEVC.")] = False,
    label: Annotated[bool, typer.Option(help="Burn in the time and the rung's name.")] = False,
    set_duration: Annotated[
        bool,
        typer.Option(
            "--set-duration",
            help="Where FILE is of another length than the catalog says: it becomes FILE's.",
        ),
    ] = False,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Rungs to encode side by side: as many as cores.")
    ] = None,
    bucket: Annotated[str | None, typer.Option(help="Instead of the stack's own.")] = None,
    stack: StackName = "dev",
) -> None:
    """Make FILE play as a film or an episode; ended in the middle, it goes on the next time."""
    from reprise_local.media.ingest import Target, Wishes, ingest  # noqa: PLC0415
    from reprise_local.media.recipes import Choices  # noqa: PLC0415

    if preset not in PRESETS:
        raise typer.BadParameter(f"one of {', '.join(PRESETS)}", param_hint="--preset")
    known, began = _known(stack), time.monotonic()
    wishes = Wishes(
        choices=Choices(preset, hevc, label),
        subtitles=_by_language(subtitles or ()),
        credits_start=credits_start,
        set_duration=set_duration,
        jobs=jobs or os.cpu_count() or 1,
    )
    with closing(_shelf(known)) as shelf:
        outcome = ingest(
            file,
            target=Target(title, episode),
            wishes=wishes,
            shelf=shelf,
            kept=_kept(stack),
            client=_s3(known),
            bucket_name=bucket or _bucket(known),
        )
    _show(outcome.media)
    note = f"{outcome.uploaded} files uploaded" if outcome.uploaded else "all of it there already"
    console.print(f"{note} · {time.monotonic() - began:.1f} s")


@media.command("samples")
def ingest_the_samples(stack: StackName = "dev") -> None:
    """Make the sample titles up and publish them; does nothing where they are."""
    from reprise_local.media.samples import ingest_samples  # noqa: PLC0415

    known = _known(stack)
    if not known.get("catalog"):
        raise LocalError(f"the {stack} stack has no catalog yet", mend="make run")
    with closing(_shelf(known)) as shelf, Steps() as steps:
        outcomes = ingest_samples(
            catalog=known["catalog"],
            shelf=shelf,
            kept=_kept(stack),
            client=_s3(known),
            bucket_name=_bucket(known),
            steps=steps,
        )
    for outcome in outcomes:
        _show(outcome.media)


@media.command("prune")
def delete_what_is_replaced(stack: StackName = "dev") -> None:
    """Delete what was replaced and nobody can be playing any more; ingests and `run` do so too."""
    from reprise_local.media.ingest import prune  # noqa: PLC0415

    known = _known(stack)
    with closing(_shelf(known)) as shelf:
        gone = prune(shelf=shelf, kept=_kept(stack), client=_s3(known), bucket_name=_bucket(known))
    console.print(f"{gone} publications deleted")


@media.command("show")
def show_item(
    item: Annotated[str, typer.Argument(help="The film's id, or the episode's.")],
    stack: StackName = "dev",
) -> None:
    """Show what is published of a film or an episode."""
    with closing(_shelf(_known(stack))) as shelf:
        found = shelf.renditions.media(item_id=item)
    if found is None:
        raise LocalError(f"nothing is published of {item}", mend="reprise media ingest --help")
    _show(found)


def _show(found: "Media") -> None:
    console.print(f"[bold]{found.path}[/] · {found.duration:.2f} s")
    for each in found.renditions:
        console.print(
            f"  {each.quality:>5}  {each.width}×{each.height}  {each.frame_rate:g}/s  "
            f"{each.average_bitrate / 1000:,.0f} kb/s, peak {each.bitrate / 1000:,.0f}  "
            f"[dim]{each.codecs}[/]"
        )
    languages = ", ".join(words.language for words in found.subtitles) or "none"
    console.print(f"  subtitles: {languages}")


def _by_language(given: Sequence[str]) -> dict[str, Path]:
    files = {}
    for text in given:
        language, separator, path = text.partition("=")
        if not separator or not path:
            raise typer.BadParameter("as de=words.srt", param_hint="--subtitles")
        files[language] = Path(path)
    return files


def _known(stack: str) -> Facts:
    if stack not in {"dev", "test"}:
        raise typer.BadParameter("must be dev or test", param_hint="--stack")
    return facts.read(StackFolder(stack))


def _shelf(known: Facts) -> "Shelf":
    from reprise_local.media.shelf import Shelf  # noqa: PLC0415 - brings the drivers

    return Shelf(postgres_dsn=known["postgresUrl"], redis_url=known["redisUrl"])


def _kept(stack: str) -> "Kept":
    from reprise_local.media.kept import Kept  # noqa: PLC0415

    return Kept(StackFolder(stack).media)


def _s3(known: Facts) -> "S3Client":
    endpoint = os.environ.get("AWS_ENDPOINT_URL") or known.get("endpointUrl")
    if not endpoint:
        raise LocalError("LocalStack does not run, and media goes into its S3", mend="make run")
    return LocalAws(endpoint).objects()


def _bucket(known: Facts) -> str:
    from reprise_local.media.bucket import DEFAULT_NAME  # noqa: PLC0415

    return str(known.get("mediaBucket") or DEFAULT_NAME)
