"""Keys of a local stack that can't sign are told before anything is deployed with them."""

import json
import stat
from pathlib import Path

import pytest

from reprise_local.errors import LocalError
from reprise_local.key_checks import NOT_MADE, SOUND, look_at_files, require_sound
from reprise_local.keys import (
    FILE,
    GRANTS_FILE,
    GRANTS_PUBLIC_FILE,
    ensure_grant_keys,
    ensure_signing_keys,
)
from tests.harness.bad_keys import BAD_GRANT_KEYS, BAD_TOKEN_KEYS
from tests.harness.keys import KEY

AGAIN = "make run"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    ensure_signing_keys(tmp_path)
    ensure_grant_keys(tmp_path)
    return tmp_path


def found(folder: Path) -> dict[str, str]:
    return {Path(each.where).name: each.found for each in look_at_files(folder, again=AGAIN)}


def refusal(folder: Path) -> LocalError:
    with pytest.raises(LocalError) as refused:
        require_sound(folder, again=AGAIN)
    return refused.value


def test_keys_that_were_made_here_are_sound(folder: Path) -> None:
    assert found(folder) == {FILE: SOUND, GRANTS_FILE: SOUND, GRANTS_PUBLIC_FILE: SOUND}
    require_sound(folder, again=AGAIN)


def test_keys_that_are_not_made_yet_are_nothing_to_mend(tmp_path: Path) -> None:
    assert found(tmp_path) == {FILE: NOT_MADE, GRANTS_FILE: NOT_MADE}
    require_sound(tmp_path, again=AGAIN)


@pytest.mark.parametrize("text", [text for text, _ in BAD_TOKEN_KEYS.values()], ids=BAD_TOKEN_KEYS)
def test_damaged_keys_of_tokens_are_told_with_what_mends_them(folder: Path, text: str) -> None:
    (folder / FILE).write_text(text)
    refused = refusal(folder)
    assert refused.message.startswith(f"{folder / FILE}: ")
    assert refused.mend == f"rm {folder / FILE} && make run"
    assert KEY["d"] not in refused.message


@pytest.mark.parametrize("text", [text for text, _ in BAD_GRANT_KEYS.values()], ids=BAD_GRANT_KEYS)
def test_damaged_keys_of_grants_are_told_with_what_mends_them(folder: Path, text: str) -> None:
    (folder / GRANTS_FILE).write_text(text)
    assert refusal(folder).mend == f"rm {folder / GRANTS_FILE} && make run"


@pytest.mark.parametrize("text", ["no JSON", '{"keys": []}'])
def test_an_edge_that_would_trust_other_keys_is_told(folder: Path, text: str) -> None:
    (folder / GRANTS_PUBLIC_FILE).write_text(text)
    assert refusal(folder).mend == f"rm {folder / GRANTS_PUBLIC_FILE} && make run"


def test_everything_is_told_at_once_and_mended_by_one_line(folder: Path) -> None:
    (folder / FILE).write_bytes(b"\xff")
    (folder / GRANTS_FILE).write_text("{}")
    refused = refusal(folder)
    assert refused.mend == f"rm {folder / FILE} && rm {folder / GRANTS_FILE} && make run"
    assert refused.message.count("; ") == 1


def test_what_mends_them_mends_them(folder: Path) -> None:
    before = json.loads((folder / GRANTS_PUBLIC_FILE).read_text())
    for name in (FILE, GRANTS_PUBLIC_FILE):
        (folder / name).write_text("damaged")
        (folder / name).unlink()
    ensure_signing_keys(folder)
    ensure_grant_keys(folder)
    require_sound(folder, again=AGAIN)
    assert json.loads((folder / GRANTS_PUBLIC_FILE).read_text()) == before, "of the private ones"
    assert stat.S_IMODE((folder / FILE).stat().st_mode) == 0o600
