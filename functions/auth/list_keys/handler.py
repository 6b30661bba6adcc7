"""GET /.well-known/jwks.json: the public keys of access tokens.

200 · 400
"""

import os
from typing import Any

from reprise.edge import keys
from reprise.edge.api import Api
from reprise.edge.http import Context, Event, Request
from reprise.edge.responses import Reply
from reprise.settings import KeySettings

SETTINGS = KeySettings.from_env(os.environ)

api = Api(access="public")


@api.route("GET", "/.well-known/jwks.json", answer=keys.KEYS)
def get_keys(_: Request) -> Reply:
    return keys.published(SETTINGS.tokens.jwks)


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return api.handle(event, context)
