"""Logging in as a demo account, through the real handler."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import reprise_local
from reprise.adapters.tokens_pyjwt import JwtIssuer
from tests.harness.backends import Backend
from tests.harness.environments import Function
from tests.harness.functions import Answer, make_event
from tests.harness.keys import SIGNING

ACCOUNTS = Path(reprise_local.__file__).parent / "data" / "accounts.json"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at the sign-in form, who knows the password of a demo account."""

    email: str
    password: str

    def log_in(self, function: Function) -> Answer:
        body = {
            "email": self.email,
            "password": self.password,
            "device": {"id": "tv-1", "type": "tv", "name": "Living room"},
        }
        return function.request(make_event("POST", "/auth/login", body=body))

    def sign_up(self, function: Function) -> Answer:
        body = {
            "email": self.email,
            "password": self.password,
            "region": "US",
            "device": {"id": "tv-1", "type": "tv", "name": "Living room"},
        }
        return function.request(make_event("POST", "/auth/signup", body=body))


def demo_visitor() -> Visitor:
    account: dict[str, Any] = json.loads(ACCOUNTS.read_text(encoding="utf-8"))[0]
    return Visitor(account["email"], account["password"])


def refresh(function: Function, token: str) -> Answer:
    return function.request(make_event("POST", "/auth/refresh", body={"refreshToken": token}))


def login_function(backend: Backend, folder: str = "auth/log_in") -> Function:
    """Start a function that signs, which gets its key here and not from the secrets' store."""
    function = backend.function(folder)
    function.wiring.issuer = JwtIssuer(keys=SIGNING, issuer="reprise", audience="reprise-api")
    return function
