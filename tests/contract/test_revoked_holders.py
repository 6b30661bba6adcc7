"""The promise of `RevokedHolders`, kept by the fake and, through boto3, by the edge's own store."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from reprise.adapters import revoked_holders_cloudfront as cloudfront
from reprise.adapters.revoked_holders_cloudfront import PER_UPDATE, CloudFrontRevokedHolders
from reprise.application.revocation_ports import RevokedHolders
from reprise.domain.errors import UnavailableError
from reprise.domain.grants import holder_of
from reprise_local.keys import ensure_grant_keys
from reprise_local.ports import free_port
from reprise_local.servers import EdgeServer
from reprise_local.servers.edge import STORE_ARN, EdgeSources
from tests.fakes.revoked_holders import FakeRevokedHolders
from tests.harness.closed_port import closed_port

NOW = 1_795_000_000
ENDPOINT = "AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE"


@pytest.fixture(scope="module")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EdgeServer]:
    folder = tmp_path_factory.mktemp("edge")
    _, keys = ensure_grant_keys(folder / "keys")
    (folder / "deploy.json").write_text('{"edgeSecret": "s"}', encoding="utf-8")
    sources = EdgeSources(
        s3=f"http://127.0.0.1:{closed_port()}",
        keys=keys,
        config=folder / "deploy.json",
        facts=folder / "stack.json",
    )
    server = EdgeServer(
        folder=folder / "server", port=free_port(), sources=sources, store_port=free_port()
    )
    with server:
        yield server


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak to AWS as a function of the local stage does."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)


@pytest.fixture
def store(edge: EdgeServer, aws: None, monkeypatch: pytest.MonkeyPatch) -> CloudFrontRevokedHolders:
    """Return the edge's store, emptied."""
    assert edge.store_url is not None
    monkeypatch.setenv(ENDPOINT, edge.store_url)
    emptied = CloudFrontRevokedHolders(arn=STORE_ARN)
    emptied.change(put={}, forget=emptied.all())
    return CloudFrontRevokedHolders(arn=STORE_ARN)


@pytest.fixture(params=["fake", "cloudfront"])
def port(request: pytest.FixtureRequest) -> RevokedHolders:
    if request.param == "fake":
        return FakeRevokedHolders()
    found: RevokedHolders = request.getfixturevalue("store")
    return found


def holders(count: int, *, until: int = NOW) -> dict[str, int]:
    return {holder_of(str(number)): until + number for number in range(count)}


def test_an_edge_that_was_told_nothing_refuses_nobody(port: RevokedHolders) -> None:
    assert port.all() == {}


@pytest.mark.parametrize("count", [1, PER_UPDATE, 2 * PER_UPDATE + 7])
def test_whom_it_was_told_it_knows_until_they_are_forgotten(
    port: RevokedHolders, count: int
) -> None:
    told = holders(count)
    port.change(put=told, forget=())
    assert port.all() == told
    *gone, left = told
    port.change(put={}, forget=gone)
    assert port.all() == {left: told[left]}


def test_a_later_end_takes_the_place_of_an_earlier_one(port: RevokedHolders) -> None:
    port.change(put=holders(3), forget=())
    port.change(put=holders(2, until=NOW + 100), forget=())
    assert port.all() == holders(3) | holders(2, until=NOW + 100)


def test_some_come_and_others_go_in_one_change(port: RevokedHolders) -> None:
    port.change(put=holders(3), forget=())
    port.change(put={"new": NOW}, forget=holders(2))
    assert port.all() == {holder_of("2"): NOW + 2, "new": NOW}


def test_to_forget_whom_nobody_knows_changes_nothing(port: RevokedHolders) -> None:
    port.change(put=holders(1), forget=())
    port.change(put={}, forget=["unknown"])
    port.change(put={}, forget=())
    assert port.all() == holders(1)


def test_who_comes_back_is_not_forgotten(port: RevokedHolders) -> None:
    port.change(put=holders(1), forget=())
    port.change(put=holders(1, until=NOW + 5), forget=holders(1))
    assert port.all() == holders(1, until=NOW + 5)


class Counting:
    """A client that counts its calls, and lets something happen right before some of them."""

    def __init__(self, before: Mapping[str, Any] | None = None) -> None:
        self.calls: list[str] = []
        self._client = cloudfront.connect()
        self._before = dict(before or {})

    def __getattr__(self, operation: str) -> Any:
        def call(**arguments: Any) -> Any:
            self.calls.append(operation)
            if operation in self._before:
                self._before[operation]()
            return getattr(self._client, operation)(**arguments)

        return call


def counted(before: Mapping[str, Any] | None = None) -> tuple[CloudFrontRevokedHolders, Counting]:
    client = Counting(before)
    return CloudFrontRevokedHolders(arn=STORE_ARN, connect=lambda: client), client


def test_what_nobody_changed_is_listed_once(store: CloudFrontRevokedHolders) -> None:
    store.change(put=holders(120), forget=())
    port, client = counted()
    for _ in range(3):
        assert port.all() == holders(120)
    assert (
        client.calls
        == ["describe_key_value_store", *["list_keys"] * 3] + ["describe_key_value_store"] * 2
    )
    client.calls.clear()
    port.change(put={"new": NOW}, forget=())
    assert port.all() == holders(120) | {"new": NOW}
    assert "list_keys" not in client.calls


def test_what_others_changed_is_listed_anew(store: CloudFrontRevokedHolders) -> None:
    port, _ = counted()
    assert port.all() == {}
    store.change(put=holders(2), forget=())
    assert port.all() == holders(2)


def test_a_change_that_others_got_ahead_of_is_done_on_theirs(
    store: CloudFrontRevokedHolders,
) -> None:
    store.change(put=holders(2), forget=())
    first, *_ = holders(2)
    others = iter([first])

    def get_ahead() -> None:
        for holder in others:
            store.change(put={"theirs": NOW}, forget=[holder])

    port, client = counted({"update_keys": get_ahead})
    port.change(put={"ours": NOW}, forget=[first])
    assert store.all() == {holder_of("1"): NOW + 1, "theirs": NOW, "ours": NOW}
    assert client.calls.count("update_keys") == 2


def test_who_is_never_ahead_gives_up_and_is_told_again(store: CloudFrontRevokedHolders) -> None:
    numbers = iter(range(100))

    def disturb() -> None:
        store.change(put={f"theirs-{next(numbers)}": NOW}, forget=())

    port, client = counted({"update_keys": disturb})
    with pytest.raises(UnavailableError):
        port.change(put={"ours": NOW}, forget=())
    assert client.calls.count("update_keys") == cloudfront.TRIES
    assert "ours" not in store.all()


def test_a_value_that_is_no_instant_counts_as_over(store: CloudFrontRevokedHolders) -> None:
    client = cloudfront.connect()
    etag = client.describe_key_value_store(KvsARN=STORE_ARN)["ETag"]
    values = {"text": "soon", "nothing": "", "negative": "-1", "fraction": "1.5", "good": "15"}
    puts = [{"Key": key, "Value": value} for key, value in values.items()]
    client.update_keys(KvsARN=STORE_ARN, IfMatch=etag, Puts=puts)
    assert store.all() == dict.fromkeys(values, 0) | {"good": 15}


def test_a_store_that_is_not_there_is_unavailable(edge: EdgeServer, store: object) -> None:
    other = CloudFrontRevokedHolders(arn=f"{STORE_ARN[:-1]}f")
    with pytest.raises(UnavailableError):
        other.all()


def test_a_store_that_does_not_answer_is_unavailable(
    aws: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENDPOINT, f"http://0.0.1:{closed_port()}")
    port = CloudFrontRevokedHolders(arn=STORE_ARN)
    with pytest.raises(UnavailableError):
        port.all()
    with pytest.raises(UnavailableError):
        port.change(put=holders(1), forget=())


def test_the_store_outlives_the_edge(edge: EdgeServer, store: CloudFrontRevokedHolders) -> None:
    store.change(put=holders(1), forget=())
    edge.stop()
    edge.start()
    assert CloudFrontRevokedHolders(arn=STORE_ARN).all() == holders(1)
