"""What a new password must be, and the one spelling in which any is compared."""

import unicodedata

from reprise.domain.common_passwords import COMMON

SHORTEST, LONGEST = 8, 1024


def normalise_password(password: str) -> str:
    """Return the spelling that is hashed: keyboards write one letter in different ways."""
    return unicodedata.normalize("NFKC", password)


def fault_of_password(password: str, *, email: str) -> str | None:
    """Return which rule a new password breaks, or None.

    No kinds of characters are asked for: length and not being guessed first are what counts
    (NIST SP 800-63B).
    """
    text = normalise_password(password)
    if not SHORTEST <= len(text) <= LONGEST:
        return f"must have {SHORTEST} to {LONGEST} characters"
    if email and text.strip().lower() == unicodedata.normalize("NFKC", email).strip().lower():
        return "must not be the e-mail address"
    if text.casefold() in COMMON or len(set(text)) == 1:
        return "is one of the first that anybody would guess"
    return None
