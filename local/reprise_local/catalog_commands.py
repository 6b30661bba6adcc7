"""`reprise catalog`: write a catalog from a file, or invent one."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from reprise.adapters.catalog_csv import read_csv
from reprise.adapters.catalog_json import Reading, read_json
from reprise.application.catalog_ports import CatalogCopies, CatalogStore, Changes
from reprise.application.import_catalog import BadCatalogError, import_catalog
from reprise.domain.errors import UnavailableError
from reprise_local import catalog_generator, facts
from reprise_local.catalog_stores import catalog_stores
from reprise_local.console import console, errors
from reprise_local.errors import LocalError
from reprise_local.paths import StackFolder

app = typer.Typer(
    name="catalog",
    help="Titles: write them from a file, or invent some.",
    no_args_is_help=True,
)


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="JSON or CSV, as docs/catalog-format.md says.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change; write nothing.")
    ] = False,
    stack: Annotated[str, typer.Option("--stack", help="Which stack: dev or test.")] = "dev",
) -> None:
    """Write a catalog: all of it, or nothing and every row that is wrong.

    Titles are known by their keys: what is there already is updated in place, and what the file
    does not name stays as it is.
    """
    if stack not in {"dev", "test"}:
        raise typer.BadParameter("must be dev or test", param_hint="--stack")
    known = facts.read(StackFolder(stack))
    began = time.monotonic()
    errors.print(f"reading {file} …")
    reading = _read(file)
    errors.print(f"{len(reading.draft.titles)} titles read; comparing with what is there …")
    with catalog_stores(postgres_dsn=known["postgresUrl"], redis_url=known["redisUrl"]) as (
        store,
        copies,
    ):
        changes = _import(reading, store, copies, dry_run=dry_run)
    _tell(changes, dry_run=dry_run, seconds=time.monotonic() - began)


@app.command()
def generate(
    count: Annotated[int, typer.Option(min=1, max=200_000, help="How many titles.")] = 300,
    seed: Annotated[int, typer.Option(help="The same seed makes the same catalog.")] = 7,
) -> None:
    """Invent a catalog and write it to the standard output, as JSON."""
    errors.print(f"inventing {count} titles from seed {seed} …")
    sys.stdout.write(catalog_generator.to_text(catalog_generator.generate(count=count, seed=seed)))


def _read(file: Path) -> Reading:
    now = datetime.now(UTC).replace(microsecond=0)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise LocalError(f"{file} can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise LocalError(f"{file} is not UTF-8: byte {error.start} is wrong") from error
    if file.suffix.lower() == ".csv":
        return read_csv(text, now=now)
    return read_json(text, now=now)


def _import(
    reading: Reading, store: CatalogStore, copies: CatalogCopies, *, dry_run: bool
) -> Changes:
    try:
        return import_catalog(
            draft=reading.draft,
            found=reading.problems,
            store=store,
            copies=copies,
            dry_run=dry_run,
        )
    except BadCatalogError as error:
        for problem in error.problems:
            place = f"{problem.where}, {problem.field}" if problem.field else problem.where
            errors.print(f"{place}: {problem.reason}", markup=False)
        raise LocalError(f"{error}; nothing was written") from error
    except UnavailableError as error:
        cause = str(error.__cause__ or "").partition("\n")[0]
        raise LocalError(f"{error}: {cause}", mend="make run, then import again") from error


def _tell(changes: Changes, *, dry_run: bool, seconds: float) -> None:
    told = "would be" if dry_run else "were"
    console.print(
        f"{len(changes.added)} titles {told} added, {len(changes.updated)} updated,"
        f" {len(changes.unchanged)} unchanged ({seconds:.1f} s)"
    )
    if changes.also_touched:
        console.print(f"{len(changes.also_touched)} others got another level or genre name")
