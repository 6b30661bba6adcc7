"""Where PostgreSQL is, from the secret that Aurora rotates: read again at each connect."""

import json

from psycopg.conninfo import make_conninfo

from reprise.adapters.secrets_aws import read_secret
from reprise.domain.errors import UnavailableError

TRUSTED_ROOTS = "/etc/pki/tls/certs/ca-bundle.crt"
"""Lambda's own; the proxy's certificate comes from Amazon Trust Services."""


def dsn_of_secret(*, secret_id: str, host: str | None) -> str:
    """Return the connection string of the secret's fields; `host` is the proxy in front.

    Raises:
        UnavailableError: Secrets Manager does not answer, or the secret is not of a database.
    """
    try:
        fields = json.loads(read_secret(secret_id=secret_id))
        return make_conninfo(
            host=host or fields["host"],
            port=fields["port"],
            dbname=fields["dbname"],
            user=fields["username"],
            password=fields["password"],
            sslmode="verify-full",
            sslrootcert=TRUSTED_ROOTS,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnavailableError("the account and catalog store is not known") from error
