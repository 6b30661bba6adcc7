"""The root of every error that Reprise raises on purpose.

Families live beside the rule that raises them; `edge.errors` maps each family to HTTP in one table.

RepriseError
├── UnauthenticatedError          who is asking is not proved (identity)
├── ForbiddenError                proved, but the policy says no (policy)
├── NotFoundError                 unknown, or another's (catalog, playstate)
├── ConflictError                 does not fit what is there (profiles, my list)
├── PreconditionFailedError       an older version was read (profiles)
├── UnfitFieldError               a field that does not go with what is there (profiles)
├── UnfitPackageError             what was encoded must not be played (packages)
├── RateLimitedError              too many requests of one session (identity)
└── UnavailableError              a store is down or too slow; retry later (ports)
"""


class RepriseError(Exception):
    """An anticipated failure; its message may be shown to the caller."""


class NotFoundError(RepriseError):
    """The resource does not exist, or belongs to someone else."""


class UnauthenticatedError(RepriseError):
    """The caller is not proved: no, a bad, an expired or a revoked token."""


class RateLimitedError(RepriseError):
    """The session has sent too much; `retry_after` is in seconds."""

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class UnavailableError(RepriseError):
    """A store is down, too slow, or refused the work; `retry_after` is in seconds."""

    def __init__(self, message: str, *, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ConflictError(RepriseError):
    """What is asked for does not fit what is there; the message says what stands in the way."""


class PreconditionFailedError(RepriseError):
    """The caller saw an older version than the one that stands; read it again first."""


class UnfitFieldError(RepriseError):
    """One field of a request does not go with the others, or with what they are to change."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field} {reason}")
        self.field = field
        self.reason = reason
