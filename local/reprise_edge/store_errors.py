"""What CloudFront's key value stores refuse a request with, named and numbered as in its API."""


class StoreError(Exception):
    """An answer other than 200; `code` is the exception that clients know it by."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message


def invalid(message: str) -> StoreError:
    return StoreError(400, "ValidationException", message)


def too_large() -> StoreError:
    return StoreError(402, "ServiceQuotaExceededException", "the store holds at most 5 MiB")


def denied() -> StoreError:
    return StoreError(403, "AccessDeniedException", "the request is not signed with SigV4A")


def missing(message: str) -> StoreError:
    return StoreError(404, "ResourceNotFoundException", message)


def conflict() -> StoreError:
    return StoreError(409, "ConflictException", "the store has changed since this ETag")
