"""Languages that people type: `reprise.domain.languages` with a complaint that they understand."""

from reprise.domain.languages import tag_or_none
from reprise_local.errors import LocalError


def tag_of(code: str) -> str:
    """Return the shortest BCP 47 tag.

    Raises:
        LocalError: it can't be a language.
    """
    tag = tag_or_none(code)
    if tag is None:
        raise LocalError(f"{code!r} is no language: give a tag such as en, de or pt-BR")
    return tag
