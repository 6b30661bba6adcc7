"""The one error that the `reprise` command shows to people: what failed and what mends it."""


class LocalError(Exception):
    """Something on this machine is not as it must be; told in one line, never as a traceback."""

    def __init__(self, message: str, *, mend: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend

    def __str__(self) -> str:
        return f"{self.message} · mend it with: {self.mend}" if self.mend else self.message
