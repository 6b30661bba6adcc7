"""`Passwords` without the cost: the hash is the password, marked."""


class FakePasswords:
    """`compared` counts comparisons, of unknown accounts as well."""

    def __init__(self) -> None:
        self.compared = 0

    def hash(self, *, password: str) -> str:
        return f"hashed:{password}"

    def verify(self, *, password_hash: str | None, password: str) -> bool:
        self.compared += 1
        return password_hash == self.hash(password=password)
