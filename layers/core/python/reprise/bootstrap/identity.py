"""The wiring of the routes that sign in."""

from functools import cached_property

from reprise.adapters.accounts_postgres import PostgresAccounts
from reprise.adapters.passwords_argon2 import Argon2Passwords
from reprise.adapters.postgres import Postgres
from reprise.adapters.secrets_aws import read_secret
from reprise.adapters.sessions_redis import RedisSessions
from reprise.adapters.tokens_pyjwt import JwtIssuer
from reprise.application.identity_ports import Accounts, Passwords, Sessions, TokenIssuer
from reprise.bootstrap.stores import postgres_dsn, redis_calls
from reprise.settings import AuthSettings


class IdentityWiring:
    """The ports of signing in. Nothing connects before its first use."""

    def __init__(self, settings: AuthSettings) -> None:
        self._settings = settings
        self.passwords: Passwords = Argon2Passwords()

    @cached_property
    def accounts(self) -> Accounts:
        return PostgresAccounts(postgres=Postgres(dsn=postgres_dsn(self._settings.postgres)))

    @cached_property
    def sessions(self) -> Sessions:
        return RedisSessions(redis_calls(self._settings.redis))

    @cached_property
    def issuer(self) -> TokenIssuer:
        """The issuer of tokens, once its keys were read.

        Raises:
            UnavailableError: the secret store does not answer; the next request asks again.
        """
        signing = self._settings.signing
        return JwtIssuer(
            keys=read_secret(secret_id=signing.secret_id),
            issuer=signing.issuer,
            audience=signing.audience,
        )
