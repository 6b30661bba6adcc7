"""People with accounts of their own: no test meets another's places."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
from argon2 import PasswordHasher

from reprise_local import seeding_sql as sql
from tests.e2e.api_client import TV, ApiClient, Json

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PASSWORD = "an open sesame of the tests"
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""A cheap one: signing in is not what most tests are about, and the demo accounts' are dear."""


@dataclass(frozen=True, slots=True)
class Profile:
    id: str
    name: str


@dataclass(slots=True)
class Person:
    """An account, and the devices that were signed in to it."""

    api_url: str
    account_id: str
    email: str
    profiles: list[Profile]
    devices: list[ApiClient]

    @property
    def profile_id(self) -> str:
        """The profile that a sign-in selects."""
        return self.profiles[0].id

    def on(self, device: Json = TV, *, profile: int = 0) -> ApiClient:
        """Sign in on a device."""
        client = ApiClient(self.api_url, device=device)
        self.devices.append(client)
        answer = client.log_in(
            email=self.email, password=PASSWORD, profileId=self.profiles[profile].id
        )
        assert answer.status == 200, answer
        return client


class People:
    """Makes accounts as signing up would; `leave` closes what they opened."""

    def __init__(self, *, api_url: str, postgres_dsn: str) -> None:
        self._api_url = api_url
        self._dsn = postgres_dsn
        self._made: list[Person] = []

    def someone(
        self, *, plan: str = "premium", region: str = "US", profiles: tuple[Json, ...] = ({},)
    ) -> Person:
        """Return a new account; each profile is an adult's named by its number unless told."""
        account_id = str(uuid4())
        email = f"{account_id}@e2e.reprise.example"
        account = {
            "id": account_id, "email": email, "hash": _HASH, "plan": plan, "region": region
        }  # fmt: skip
        rows = [_row(account_id, number, told) for number, told in enumerate(profiles)]
        with psycopg.connect(self._dsn, prepare_threshold=None) as connection:
            connection.execute(sql.ACCOUNT, account)
            connection.cursor().executemany(sql.PROFILE, rows)
        person = Person(
            api_url=self._api_url,
            account_id=account_id,
            email=email,
            profiles=[Profile(row["id"], row["name"]) for row in rows],
            devices=[],
        )
        self._made.append(person)
        return person

    def latencies(self) -> dict[str, list[float]]:
        """Return the milliseconds of every call of everybody's devices, by route."""
        found: dict[str, list[float]] = {}
        for device in (device for person in self._made for device in person.devices):
            for path, milliseconds in device.latencies.items():
                found.setdefault(_ID.sub("{id}", path), []).extend(milliseconds)
        return found

    def leave(self) -> None:
        for person in self._made:
            for device in person.devices:
                device.close()


def _row(account_id: str, number: int, told: Json) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "account": account_id,
        "position": number,
        "name": f"Profile {number}",
        "kids": False,
        "maturityLevel": 5,
        "pin": None,
        "language": "en",
        "avatar": "heron",
        **told,
    }
