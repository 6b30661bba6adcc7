"""The wiring of the routes about accounts and sessions. Nothing connects before its first use."""

import secrets
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from uuid import uuid4

from reprise.adapters.accounts_postgres import PostgresAccounts
from reprise.adapters.postgres import Postgres
from reprise.adapters.profiles_postgres import PostgresProfiles
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.secrets_aws import read_secret
from reprise.adapters.session_records_postgres import PostgresSessionRecords
from reprise.adapters.sessions_redis import RedisSessions
from reprise.adapters.tokens_pyjwt import JwtVerifier
from reprise.application.identity_ports import (
    Accounts,
    AttemptLimits,
    Passwords,
    SessionRecords,
    Sessions,
    TokenIssuer,
    TokenVerifier,
)
from reprise.application.profile_ports import Profiles
from reprise.application.sign_in import Door, Secrets
from reprise.bootstrap.start import KeySecret
from reprise.bootstrap.stores import postgres_dsn, redis_calls
from reprise.domain.attempts import LIMITS, Attempt, Limit
from reprise.edge import allowances
from reprise.settings import (
    AttemptSettings,
    AuthSettings,
    PostgresSettings,
    RedisSettings,
    SelectionSettings,
    SessionSettings,
    SigningSettings,
)
from reprise.settings.environment import SettingsError

SECRET_BYTES = 32


class _IdentityWiring:
    """The ports that all of these routes share."""

    def __init__(
        self,
        *,
        redis: RedisSettings,
        postgres: PostgresSettings,
        attempts: AttemptSettings,
        per_minute: int,
    ) -> None:
        self.clock: Callable[[], float] = time.time
        self.secrets = Secrets(
            new_id=lambda: str(uuid4()),
            new_secret=lambda: secrets.token_urlsafe(SECRET_BYTES),
        )
        self._redis_settings = redis
        self._postgres_settings = postgres
        self._limits = attempt_limits(attempts)
        self._per_minute = per_minute

    @cached_property
    def accounts(self) -> Accounts:
        return PostgresAccounts(postgres=self._postgres)

    @cached_property
    def records(self) -> SessionRecords:
        return PostgresSessionRecords(postgres=self._postgres)

    @cached_property
    def sessions(self) -> Sessions:
        return RedisSessions(self._redis, per_minute=self._per_minute, on_allowance=allowances.note)

    @cached_property
    def attempts(self) -> AttemptLimits:
        from reprise.adapters.attempts_limits import RedisAttempts  # noqa: PLC0415

        return RedisAttempts(self._redis, limits=self._limits, on_allowance=allowances.note)

    @cached_property
    def _postgres(self) -> Postgres:
        return Postgres(dsn=postgres_dsn(self._postgres_settings))

    @cached_property
    def _redis(self) -> RedisCalls:
        return redis_calls(self._redis_settings)


class Issuing:
    """What every wiring has that hands out tokens."""

    _signing: SigningSettings
    key_secret: KeySecret

    def sign_with(self, settings: AuthSettings | SelectionSettings) -> None:
        stage = settings.service.stage
        self._signing = settings.signing
        self.key_secret = KeySecret(
            id=settings.signing.secret_id,
            stage=stage,
            on_aws=f"mend it with: make keys-rotate STAGE={stage}",
        )

    @cached_property
    def issuer(self) -> TokenIssuer:
        return token_issuer(self._signing)

    def take_keys(self, keys: str) -> None:
        self.issuer = token_issuer(self._signing, keys=keys)


class AuthWiring(Issuing, _IdentityWiring):
    """The ports of everything that hands out tokens."""

    def __init__(self, settings: AuthSettings) -> None:
        super().__init__(
            redis=settings.redis,
            postgres=settings.postgres,
            attempts=settings.attempts,
            per_minute=settings.live.reports_per_minute,
        )
        self.sign_with(settings)

    def door(self, *, country: str | None, now: int) -> Door:
        """Return where the sessions of a request become live."""
        return Door(sessions=self.sessions, issuer=self.issuer, country=country, now=now)


class SignInWiring(AuthWiring):
    """The ports of signing in with a password."""

    def __init__(self, settings: AuthSettings) -> None:
        super().__init__(settings)
        self.passwords: Passwords = passwords_port()

    @cached_property
    def profiles(self) -> Profiles:
        return PostgresProfiles(postgres=self._postgres)


class SessionWiring(_IdentityWiring):
    """The ports of what an account does about its sessions."""

    def __init__(self, settings: SessionSettings) -> None:
        super().__init__(
            redis=settings.redis,
            postgres=settings.postgres,
            attempts=settings.attempts,
            per_minute=settings.live.reports_per_minute,
        )
        self._tokens = settings.tokens

    @cached_property
    def tokens(self) -> TokenVerifier:
        tokens = self._tokens
        return JwtVerifier(keys=tokens.jwks, issuer=tokens.issuer, audience=tokens.audience)


class PasswordWiring(SessionWiring):
    """The ports of changing a password."""

    def __init__(self, settings: SessionSettings) -> None:
        super().__init__(settings)
        self.passwords: Passwords = passwords_port()


def attempt_limits(settings: AttemptSettings) -> Mapping[Attempt, Limit]:
    """Return the limits of a stage: those per network are its own."""
    log_ins, sign_ups = LIMITS["log-in-network"], LIMITS["sign-up-network"]
    return {
        **LIMITS,
        "log-in-network": Limit(settings.log_ins_per_network, log_ins.seconds),
        "sign-up-network": Limit(settings.sign_ups_per_network, sign_ups.seconds),
    }


def token_issuer(signing: SigningSettings, *, keys: str | None = None) -> TokenIssuer:
    """Return an issuer of tokens; without `keys` it reads them when it issues the first.

    Raises:
        SettingsError: these are no keys; says what is wrong with which secret.
    """
    from reprise.adapters.signing_keys import RotatingIssuer  # noqa: PLC0415

    try:
        return RotatingIssuer(
            read=lambda: read_secret(secret_id=signing.secret_id),
            issuer=signing.issuer,
            audience=signing.audience,
            keys=keys,
        )
    except ValueError as error:
        form = '{"keys": [private RSA keys as JWK]}'
        problem = f"the secret {signing.secret_id} must hold {form}: {error}"
        raise SettingsError([problem]) from error


def passwords_port() -> Passwords:
    """Return the comparison of passwords, which takes a hash's time to make."""
    from reprise.adapters.passwords_argon2 import Argon2Passwords  # noqa: PLC0415

    return Argon2Passwords()
