"""What a handler module's docstring says of its route: a line of purpose, a line of statuses.

METHOD /path: what it does.

200 · 400 · 403 (the profile has a PIN) · 503

Anything more, for the description.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_STATUS = re.compile(r"(\d{3})(?: \((.+)\))?")


class NotesError(Exception):
    """A docstring that does not follow the form."""


@dataclass(frozen=True, slots=True)
class Notes:
    """`statuses` maps each status to its remark, empty where there is none."""

    summary: str
    statuses: Mapping[int, str]
    more: str


def read_notes(text: str, *, method: str, path: str) -> Notes:
    """Raises:
    NotesError: the text is not of the form, or is another route's.
    """
    head, statuses, *more = [" ".join(part.split()) for part in text.strip().split("\n\n")] + [""]
    prefix = f"{method} {path}: "
    if not head.startswith(prefix):
        raise NotesError(f"the docstring of {method} {path} must begin with {prefix!r}")
    purpose = head.removeprefix(prefix)
    return Notes(
        summary=purpose[0].upper() + purpose[1:].removesuffix("."),
        statuses=dict(_status(part, of=prefix) for part in statuses.split(" · ")),
        more="\n\n".join(filter(None, more)),
    )


def _status(text: str, *, of: str) -> tuple[int, str]:
    found = _STATUS.fullmatch(text)
    if found is None:
        raise NotesError(f"the statuses of {of!r} must be as `200 · 403 (why)`, not {text!r}")
    return int(found[1]), found[2] or ""
