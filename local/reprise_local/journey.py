"""A viewer's evening, played through the real API: the proof that the whole stack works."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from cassandra.cluster import Cluster, Session

from reprise_local.api_client import ApiClient, Json, Player
from reprise_local.console import console
from reprise_local.errors import LocalError
from reprise_local.facts import Facts
from reprise_local.watching import Stream

TV = {"id": "demo-tv", "type": "tv", "name": "Living room"}
PHONE = {"id": "demo-phone", "type": "phone", "name": "Pocket"}
DURABLE_WITHIN = 2.0
"""Seconds from the answer to a pause until the place is in Cassandra."""
PATIENCE = 30.0
_LONG_SECONDS = 2400.0
_SOMEWHERE = 65.0
"""Second of the playable film: a place is shown in the row after its first minute."""
_PLACE = "SELECT position, rev, changed_at FROM latest_position WHERE profile_id=%s AND video_id=%s"


def play(facts: Facts, *, tick: Callable[[], object]) -> None:
    """Play it and print each step with its time.

    Raises:
        LocalError: a step did not do what it must.
    """
    account = next(entry for entry in facts["accounts"] if len(entry["profiles"]) > 1)
    who = {"email": account["email"], "password": account["password"]}
    film, playable = facts["catalog"]["film"], facts["catalog"]["playable"]["film"]
    with (
        ApiClient(facts["apiUrl"], device=TV) as tv,
        ApiClient(facts["apiUrl"], device=PHONE) as phone,
        _history(facts) as history,
    ):
        tv.log_in(**who)
        _told(f"log in on the TV as {account['email']} ({tv.profile['name']})", tv)
        long = tv.call("GET", f"/videos/{film}")["durationSeconds"] >= _LONG_SECONDS
        film = film if long else playable  # somebody may have ingested a short file for it
        player = _watch_on_tv(tv, film=film, somewhere=1200.0 if long else _SOMEWHERE)
        phone.log_in(**who)
        _told("log in on the phone", phone)
        _see_row(phone, film=film, position=player.position)
        _pause(tv, player, history=history, film=film)
        _go_on_by_phone(tv, phone, player, film=film)
        _flush_by_planner(phone, history=history, film=film, tick=tick)
        items = phone.call("GET", "/history?limit=5")["items"]
        _told(f"the history explains it: {len(items[0]['changes'])} changes noted", phone)
        _press_play(tv, phone, film=playable)


def _watch_on_tv(tv: ApiClient, *, film: str, somewhere: float) -> Player:
    player = Player(tv, video_id=film)
    player.act("start", position=0)
    player.play(5)
    _told("start a film on the TV", tv)
    player.act("seek", position=somewhere + time.time() % 45)
    slowest = 0.0
    for _ in range(6):
        answer = player.play(5)
        slowest = max(slowest, tv.took)
    _must(answer["moved"], f"the TV's report did not move the place: {answer['reason']}")
    _told(f"seek and watch: 6 reports, at {_clock(player.position)} now, slowest", tv, slowest)
    return player


def _see_row(phone: ApiClient, *, film: str, position: float) -> None:
    items = phone.call("GET", "/continue-watching")["items"]
    _must(bool(items) and items[0]["videoId"] == film, "the film is not first in the phone's row")
    shown = items[0]["resumePosition"]
    _must(abs(shown - position) < 1, f"the phone's row says {shown}, not {position}")
    _told(f"the phone's continue-watching row: “{items[0]['title']}” at {_clock(shown)}", phone)


def _pause(tv: ApiClient, player: Player, *, history: Session, film: str) -> None:
    place = player.report("paused")["place"]
    _told("pause on the TV", tv)
    took = _await_durable(history, tv, film=film, changed_at=place["changedAt"])
    verdict = "[green]in time[/]" if took <= DURABLE_WITHIN else "[yellow]later than 2 s[/]"
    console.print(f"  → the paused place is durable in Cassandra: {verdict} [dim]{took:.2f} s[/]")


def _go_on_by_phone(tv: ApiClient, phone: ApiClient, paused: Player, *, film: str) -> None:
    player = Player(phone, video_id=film)
    player.act("resume", position=paused.position)
    for _ in range(3):
        answer = player.play(5)
    _must(answer["moved"], f"the phone could not take over: {answer['reason']}")
    _told("go on by phone: after 10 s played the place is the phone's", phone)
    answer = paused.report("paused")
    _must(not answer["moved"], "the paused TV took the place back")
    _told(f"the paused TV reports again and moves nothing ({answer['reason']})", tv)


def _press_play(tv: ApiClient, phone: ApiClient, *, film: str) -> None:
    """Watch some of the film that was encoded here, and the rest of it on the other device."""
    manifest = tv.call("GET", f"/stream/{film}/manifest")
    _told(
        f"press play on the TV: “{manifest['title']}” in {len(manifest['qualities'])} qualities,"
        f" at {_clock(manifest['resumePosition'])}",
        tv,
    )
    _watch_through_edge(manifest)
    player = Player(tv, video_id=film, playback_id=manifest["playbackId"])
    player.act("resume", position=manifest["resumePosition"])
    player.act("seek", position=_SOMEWHERE + time.time() % 60)
    for _ in range(3):
        player.play(5)
    answer = player.report("stopped")
    _must(answer["moved"], f"stopping on the TV did not move the place: {answer['reason']}")
    _told(f"stop on the TV at {_clock(player.position)}", tv)
    _see_row(phone, film=film, position=player.position)
    _resume_by_phone(phone, film=film, position=player.position)


def _watch_through_edge(manifest: Json) -> None:
    stream = Stream.of(manifest)
    began = time.perf_counter()
    stream.read("-frames:v", "1")
    first = (time.perf_counter() - began) * 1000
    console.print(f"  → ffmpeg has its first picture in {stream.quality} [dim]{first:.0f} ms[/]")
    began = time.perf_counter()
    seconds = stream.read("-c", "copy")
    took = (time.perf_counter() - began) * 1000
    console.print(f"  → and reads all {seconds:.0f} s through the edge [dim]{took:.0f} ms[/]")
    began = time.perf_counter()
    status = stream.status_without_grant()
    took = (time.perf_counter() - began) * 1000
    _must(status == HTTPStatus.FORBIDDEN, f"without a grant the edge answers {status}")
    console.print(f"  → the same file without its grant: {status} [dim]{took:.0f} ms[/]")


def _resume_by_phone(phone: ApiClient, *, film: str, position: float) -> None:
    manifest = phone.call("GET", f"/stream/{film}/manifest")
    resumes, ends = manifest["resumePosition"], manifest["duration"]
    _must(abs(resumes - position) < 0.01, f"the phone would resume at {resumes}, not {position}")
    _told(f"press play on the phone: it resumes at {_clock(resumes)}", phone)
    began = time.perf_counter()
    seconds = Stream.of(manifest).read(start=resumes)
    took = (time.perf_counter() - began) * 1000
    missing = abs(ends - resumes - seconds)
    _must(missing < 1, f"of {ends - resumes:.1f} s that are left, {seconds:.1f} s play")
    console.print(f"  → and ffmpeg shows the {seconds:.0f} s that are left [dim]{took:.0f} ms[/]")
    player = Player(phone, video_id=film, playback_id=manifest["playbackId"])
    player.act("resume", position=resumes)
    player.report("stopped")  # frees its screen


def _flush_by_planner(
    phone: ApiClient, *, history: Session, film: str, tick: Callable[[], object]
) -> None:
    items = phone.call("GET", "/continue-watching")["items"]
    position = items[0]["resumePosition"]
    began = time.monotonic()
    tick()
    _await(
        lambda: any(abs(row.position - position) < 1 for row in _rows(history, phone, film=film)),
        "the planner's flush did not reach Cassandra",
    )
    took = time.monotonic() - began
    console.print(f"  → the five-minute flush, fired now, reaches Cassandra [dim]{took:.2f} s[/]")


def _await_durable(history: Session, api: ApiClient, *, film: str, changed_at: str) -> float:
    wanted = datetime.fromisoformat(changed_at)
    began = time.monotonic()

    def stored() -> bool:
        rows = _rows(history, api, film=film)
        # Cassandra's timestamps have milliseconds, places have microseconds.
        return any((wanted - _utc(row.changed_at)).total_seconds() < 0.001 for row in rows)

    _await(stored, "the paused place did not become durable")
    return time.monotonic() - began


def _rows(history: Session, api: ApiClient, *, film: str) -> list[Any]:
    return list(history.execute(_PLACE, (UUID(api.profile["id"]), UUID(film))))


def _utc(instant: datetime) -> datetime:
    return instant.replace(tzinfo=UTC)


def _await(condition: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        _must(time.monotonic() < deadline, f"{otherwise} in {PATIENCE:.0f} s")
        time.sleep(0.02)


@contextmanager
def _history(facts: Facts) -> Iterator[Session]:
    address = facts["cassandra"]
    cluster = Cluster([address["host"]], port=address["port"])
    try:
        yield cluster.connect(address["keyspace"])
    finally:
        cluster.shutdown()


def _must(truth: bool, otherwise: str) -> None:
    if not truth:
        raise LocalError(f"the journey stopped: {otherwise}", mend="make logs")


def _told(what: str, api: ApiClient, milliseconds: float | None = None) -> None:
    console.print(f"  → {what} [dim]{milliseconds or api.took:.0f} ms[/]")


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
