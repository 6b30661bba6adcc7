"""The catalog's commands, from the file on disk to what readers see."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner, Result

from reprise.adapters.catalog_redis import title_key
from reprise.adapters.title_codec import title_from_json
from reprise.domain.catalog_draft import title_id
from reprise_local import facts
from reprise_local.cli import app
from tests.harness.scratch_postgres import scratch_database
from tests.harness.stack import TestStack

pytestmark = pytest.mark.real
FORMAT = (Path(__file__).parents[3] / "docs" / "catalog-format.md").read_text(encoding="utf-8")
FERRY = title_id("the-ferry-clerk")


class Command:
    """`reprise catalog`, with a database of its own behind it."""

    def __init__(self, dsn: str, folder: Path) -> None:
        self.dsn = dsn
        self.folder = folder

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(app, ["catalog", *arguments])

    def load(self, text: str, *options: str, name: str = "catalog.json") -> Result:
        file = self.folder / name
        file.write_text(text, encoding="utf-8")
        return self.run("import", str(file), *options)

    def names(self) -> set[str]:
        with psycopg.connect(self.dsn) as connection:
            return {name for (name,) in connection.execute("SELECT name FROM title").fetchall()}


@pytest.fixture(scope="module")
def catalog_dsn(postgres_dsn: str) -> Iterator[str]:
    with scratch_database(postgres_dsn) as dsn:
        yield dsn


@pytest.fixture
def command(
    catalog_dsn: str, stack: TestStack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Command:
    with psycopg.connect(catalog_dsn) as connection:
        connection.execute("TRUNCATE title, genre, rating_system CASCADE")
    told = {"postgresUrl": catalog_dsn, "redisUrl": stack.redis_url}
    monkeypatch.setattr(facts, "read", lambda _: told)
    return Command(catalog_dsn, tmp_path)


def example(language: str) -> str:
    found = re.search(rf"```{language}\n(.+?)```", FORMAT, re.DOTALL)
    assert found is not None
    return found[1]


def test_a_catalog_is_written_published_and_told(command: Command, redis_client: Any) -> None:
    result = command.load(example("json"))
    assert (result.exit_code, command.names()) == (0, {"The Ferry Clerk", "Harbour Office"})
    assert "2 titles were added, 0 updated, 0 unchanged" in result.stdout
    title, _ = title_from_json(redis_client.get(title_key(FERRY)), title_id=FERRY)
    assert (title.title, title.maturity_level) == ("The Ferry Clerk", 3)
    redis_client.delete(title_key(FERRY))


def test_the_same_as_csv_changes_nothing_but_dates_that_count_from_now(command: Command) -> None:
    command.load(example("json"))
    result = command.load(example("csv").replace("+7d", "2031-01-01"), name="catalog.csv")
    assert "0 titles were added, 1 updated, 1 unchanged" in result.stdout


def test_a_dry_run_tells_and_writes_nothing(command: Command) -> None:
    result = command.load(example("json"), "--dry-run")
    assert "2 titles would be added" in result.stdout
    assert command.names() == set()


def test_every_wrong_row_is_told_and_nothing_is_written(command: Command) -> None:
    document = json.loads(example("json"))
    document["titles"][0]["year"] = "then"
    document["titles"][1]["genres"] = ["noir"]
    result = command.load(json.dumps(document))
    assert result.exit_code == 1
    assert command.names() == set()
    assert "titles[0], year: must be a valid integer" in result.stderr
    assert "titles[1], genres: 'noir' is not known; known are drama, mystery" in result.stderr
    assert "the catalog has 2 problems; nothing was written" in str(result.exception)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "can't be read"),
        (b"\xff", "is not UTF-8: byte 0"),
        (b"{", "the catalog has a problem"),
    ],
)
def test_a_file_that_is_no_catalog_is_told(
    command: Command, content: bytes | None, said: str
) -> None:
    file = command.folder / "catalog.json"
    if content is not None:
        file.write_bytes(content)
    result = command.run("import", str(file))
    assert result.exit_code == 1
    assert said in str(result.exception)


def test_a_store_that_is_away_is_told(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = {"postgresUrl": "postgresql://127.0.0.1:1/x", "redisUrl": "redis://127.0.0.1:1/0"}
    monkeypatch.setattr(facts, "read", lambda _: nowhere)
    result = command.load(example("json"))
    assert "does not answer" in str(result.exception)


def test_what_is_invented_can_be_imported(command: Command) -> None:
    invented = command.run("generate", "--count", "40", "--seed", "3")
    assert invented.exit_code == 0
    assert "inventing 40 titles" in invented.stderr
    result = command.load(invented.stdout)
    assert "40 titles were added" in result.stdout
    assert len(command.names()) == 40


@pytest.mark.parametrize("arguments", [(), ("import",), ("generate",)])
def test_help_says_what_a_command_does(command: Command, arguments: tuple[str, ...]) -> None:
    result = command.run(*arguments, "--help")
    assert result.exit_code == 0
    assert re.search(r"atalog|[Tt]itles", result.stdout)


def test_a_stack_has_a_name(command: Command) -> None:
    assert command.load(example("json"), "--stack", "production").exit_code != 0
