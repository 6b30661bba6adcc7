"""Reading an environment so that everything wrong with it is said at once, by name."""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Self


class SettingsError(Exception):
    """The environment is not complete or not well-formed, or a secret that it names is not; the
    message names every one of them."""

    def __init__(self, problems: list[str]) -> None:
        # Lambda's runtime client sends the message in Latin-1, and dies of what that can't say.
        line = "bad environment: " + "; ".join(problems)
        super().__init__(line.encode("ascii", "backslashreplace").decode())
        self.problems = tuple(problems)


class Environment:
    """Reads variables and collects what is wrong with them, until `check` reports it."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self._problems: list[str] = []

    def text(self, name: str, default: str | None = None, *, mend: str = "") -> str:
        """Return a text; where it has no default it must be there, or `mend` is told."""
        value = self._variables.get(name) or default
        if value is None:
            self._problems.append(f"{name} is missing{mend and f' (mend it with: {mend})'}")
            return ""
        return value

    def optional(self, name: str) -> str | None:
        return self._variables.get(name) or None

    def whole(self, name: str, default: int, *, least: int = 1) -> int:
        text = self.text(name, str(default))
        if not (text.isascii() and text.isdigit() and int(text) >= least):
            self._problems.append(f"{name} must be a whole number from {least}, not {text!r}")
            return default
        return int(text)

    def choice(self, name: str, default: str, *others: str) -> str:
        text = self.text(name, default)
        if text not in {default, *others}:
            allowed = ", ".join((default, *others))
            self._problems.append(f"{name} must be one of {allowed}, not {text!r}")
        return text

    def key_set(self, name: str) -> str:
        """Return a JSON Web Key Set as text, proved to be one."""
        text = self.text(name)
        if text and not _is_key_set(text):
            self._problems.append(f"{name} must be a JSON Web Key Set with at least one key")
        return text

    def refuse(self, problem: str) -> None:
        """Note what is wrong with something that a variable only names."""
        self._problems.append(problem)

    def exactly_one(self, *names: str) -> None:
        given = [name for name in names if self._variables.get(name)]
        if len(given) != 1:
            self._problems.append(f"exactly one of {', '.join(names)} must be set")

    def check(self) -> None:
        """Raises:
        SettingsError: anything read so far was missing or malformed.
        """
        if self._problems:
            raise SettingsError(self._problems)


def _is_key_set(text: str) -> bool:
    try:
        parsed = json.loads(text)
    except ValueError:
        return False
    return isinstance(parsed, dict) and isinstance(parsed.get("keys"), list) and any(parsed["keys"])


class Area:
    """What all functions of an area are told: a dataclass whose every field is a group."""

    __slots__ = ()

    @classmethod
    def read(cls, env: Environment) -> Self:
        groups: dict[str, Any] = {group.name: group.type for group in fields(cls)}  # type: ignore[arg-type]
        return cls(**{name: group.read(env) for name, group in groups.items()})

    @classmethod
    def from_env(cls, variables: Mapping[str, str]) -> Self:
        """Raises:
        SettingsError: names every variable that is missing or malformed.
        """
        env = Environment(variables)
        settings = cls.read(env)
        env.check()
        return settings
