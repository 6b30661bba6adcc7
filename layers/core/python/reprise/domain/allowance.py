"""What a limit on requests still leaves to whoever is counted."""

from typing import NamedTuple


class Allowance(NamedTuple):
    """The state of one limit after a request was counted.

    `quota` requests fit into a window of `window` seconds; `remaining` of them are left, and in
    `reset` seconds all of them are again. `name` says who is counted, as in `session`.
    """

    name: str
    quota: int
    window: int
    remaining: int
    reset: int
