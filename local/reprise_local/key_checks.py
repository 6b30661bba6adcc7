"""Whether the signing keys of a local stack can sign, asked before anything is deployed with them.

They are proved by what proves them at the start of a function: what passes here starts there.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reprise.adapters.grants_cloudfront import CloudFrontSigner
from reprise.adapters.tokens_pyjwt import JwtIssuer
from reprise.settings.environment import SettingsError
from reprise_local.aws import LocalAws
from reprise_local.errors import LocalError
from reprise_local.keys import FILE, GRANTS_FILE, GRANTS_PUBLIC_FILE, public_pairs
from reprise_local.paths import ROOT

NOT_MADE = "not made yet"
SOUND = "can sign"
AGAIN = {"dev": "make run", "test": "make test-servers WITH_CLOUD=1"}
"""What makes the keys of a stack that are not there, and puts them where functions read them."""

type Proof = Callable[[str], str]
"""Returns what is wrong with the text of a key set, nothing where it can sign."""


@dataclass(frozen=True, slots=True)
class KeyFinding:
    """Where keys were looked for and what was found; `mend` is empty where all is well."""

    where: str
    found: str
    mend: str = ""


def wrong_with_tokens(text: str) -> str:
    try:
        JwtIssuer(keys=text, issuer="nobody", audience="nobody")
    except ValueError as error:
        return str(error)
    return ""


def wrong_with_grants(text: str) -> str:
    try:
        CloudFrontSigner(keys=text, setting="it")
    except SettingsError as error:
        return error.problems[0]
    return ""


def look_at_files(folder: Path, *, again: str) -> Iterator[KeyFinding]:
    """Look at the key files of a stack; `again` is the command that makes what is not there."""
    yield _of_file(folder / FILE, wrong_with_tokens, again)
    grants = _of_file(folder / GRANTS_FILE, wrong_with_grants, again)
    yield grants
    if grants.found == SOUND and (folder / GRANTS_PUBLIC_FILE).exists():
        yield _of_file(folder / GRANTS_PUBLIC_FILE, _fits(folder / GRANTS_FILE), again)


def require_sound(folder: Path, *, again: str) -> None:
    """Raises:
    LocalError: keys that are there can't sign; says which and why, of all of them.
    """
    damaged = [finding for finding in look_at_files(folder, again=again) if finding.mend]
    if damaged:
        removals = [finding.mend.removesuffix(f" && {again}") for finding in damaged]
        raise LocalError(
            "; ".join(f"{finding.where}: {finding.found}" for finding in damaged),
            mend=" && ".join([*removals, again]),
        )


def look_at_secret(aws: LocalAws, name: str, proof: Proof, *, again: str) -> KeyFinding:
    """Look at what functions read, in a cloud of this machine that has a deployment."""
    client = aws.secrets()
    try:
        text = client.get_secret_value(SecretId=name).get("SecretString", "")
    except client.exceptions.ClientError as error:
        return KeyFinding(name, error.response["Error"]["Code"], again)
    wrong = proof(text)
    return KeyFinding(name, wrong or SOUND, again if wrong else "")


def _of_file(path: Path, proof: Proof, again: str) -> KeyFinding:
    where = str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return KeyFinding(where, NOT_MADE)
    except (OSError, UnicodeDecodeError) as error:
        return KeyFinding(where, f"can't be read: {error}", f"rm {where} && {again}")
    wrong = proof(text)
    return KeyFinding(where, wrong or SOUND, f"rm {where} && {again}" if wrong else "")


def _fits(private: Path) -> Proof:
    """Return the proof that an edge trusts exactly the keys that sign."""

    def proof(text: str) -> str:
        try:
            trusted: Any = json.loads(text)
        except ValueError:
            return "it is not JSON"
        own = json.loads(private.read_text(encoding="utf-8"))
        return "" if trusted == public_pairs(own) else f"does not fit {private.name}"

    return proof
