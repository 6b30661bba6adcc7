"""The start of a function that signs: its keys are read and proved before its first request.

Lambda loads a handler's module in its init phase. Keys that are missing or can't sign fail it
there, together with whatever is wrong with the variables, in one line that says what mends it. A
store of secrets that does not answer at that moment fails nothing: keys are then read at their
first use.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from reprise.adapters.secrets_aws import SecretRefusedError, read_secret
from reprise.domain.errors import UnavailableError
from reprise.edge import observability
from reprise.settings.environment import Area, Environment, SettingsError

RUNTIME = "AWS_LAMBDA_RUNTIME_API"
"""Where a function fetches its calls: Lambda sets it, and nobody who imports a handler for another
reason (tests, the API's description, `make invoke`), who therefore has no secrets to prove."""

ATTEMPTS = 1
"""Lambda ends an init after ten seconds, imports included; the first use tries again anyway."""


@dataclass(frozen=True, slots=True)
class KeySecret:
    """The secret that a function signs with, and what operators do where it can't: `on_aws` there,
    and on one machine always the same."""

    id: str
    stage: str
    on_aws: str

    @property
    def mend(self) -> str:
        return "mend it with: make run" if self.stage == "local" else self.on_aws


class SigningWiring(Protocol):
    """The wiring of a function that signs."""

    @property
    def key_secret(self) -> KeySecret: ...

    def take_keys(self, keys: str) -> None:
        """Sign with what the secret holds, from the first request on.

        Raises:
            SettingsError: it holds no keys that can sign; names the secret and says why.
        """
        ...


class ReadSecret(Protocol):
    """`adapters.secrets_aws.read_secret`."""

    def __call__(self, *, secret_id: str, attempts: int) -> str: ...


def started[A: Area, W: SigningWiring](
    area: type[A],
    wire: Callable[[A], W],
    variables: Mapping[str, str],
    *,
    read: ReadSecret = read_secret,
) -> tuple[A, W]:
    """Return a function's settings and wiring; in Lambda, it has its keys already.

    `wire` must build nothing that needs sound settings: it is called with any, so that everything
    wrong is told at once.

    Raises:
        SettingsError: names every variable that is missing or malformed, and what is wrong with the
            secret of its keys.
    """
    env = Environment(variables)
    settings = area.read(env)
    wiring = wire(settings)
    if variables.get(RUNTIME):
        for problem in _problems_with_keys(wiring, read):
            env.refuse(problem)
    env.check()
    return settings, wiring


def _problems_with_keys(wiring: SigningWiring, read: ReadSecret) -> Sequence[str]:
    secret = wiring.key_secret
    if not secret.id:
        return ()  # the variable that names it is a problem already
    try:
        keys = read(secret_id=secret.id, attempts=ATTEMPTS)
        if not keys.strip():
            return (f"the secret {secret.id} is empty ({secret.mend})",)
        wiring.take_keys(keys)
    except SecretRefusedError as error:
        return (f"the secret {secret.id} {error.reason} ({secret.mend})",)
    except SettingsError as error:
        return tuple(f"{problem} ({secret.mend})" for problem in error.problems)
    except UnavailableError as error:
        cause = type(error.__cause__).__name__
        observability.logger.warning(
            "signing keys are not read yet", extra={"secret": secret.id, "cause": cause}
        )
    return ()
