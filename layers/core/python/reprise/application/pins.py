"""The PIN of a profile: proved with few attempts, whichever route asks for it."""

from reprise.application.identity_ports import AttemptLimits, Passwords
from reprise.domain.errors import RateLimitedError
from reprise.domain.policy import ForbiddenError
from reprise.domain.profiles import StoredProfile


def prove_pin(
    *, stored: StoredProfile, pin: str | None, passwords: Passwords, attempts: AttemptLimits
) -> None:
    """Prove the PIN of a profile that has one.

    An attempt is spent before the PIN is looked at, so that attempts at the same time count as
    well, and a right PIN gives all of them back.

    Raises:
        ForbiddenError: no PIN was given, or a wrong one (`pin`).
        RateLimitedError: too many attempts at this profile's PIN; a right one is refused as well.
    """
    if stored.pin_hash is None:
        return
    if pin is None:
        raise ForbiddenError("this profile is locked: its PIN is needed", reason="pin")
    wait = attempts.hit(kind="pin", key=stored.profile.id)
    if wait is not None:
        message = "too many attempts at this profile's PIN: it is locked for a while"
        raise RateLimitedError(message, retry_after=wait)
    if not passwords.verify(password_hash=stored.pin_hash, password=pin):
        raise ForbiddenError("the PIN is wrong", reason="pin")
    attempts.clear(kind="pin", key=stored.profile.id)
