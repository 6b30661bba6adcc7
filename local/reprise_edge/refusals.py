"""What CloudFront answers to a request that shows no valid grant."""


class RefusedError(Exception):
    """403, with a code and a message as CloudFront words them."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def missing_key() -> RefusedError:
    return RefusedError("MissingKey", "Missing Key-Pair-Id query parameter or cookie value")


def unknown_key() -> RefusedError:
    return RefusedError("InvalidKey", "Unknown Key")


def malformed_signature() -> RefusedError:
    return RefusedError("MalformedSignature", "Could not unencode Signature")


def malformed_policy() -> RefusedError:
    return RefusedError("MalformedPolicy", "Malformed Policy")


def access_denied() -> RefusedError:
    return RefusedError("AccessDenied", "Access denied")
