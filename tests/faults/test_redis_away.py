"""Redis refuses, hangs, or answers into a cut connection: faults 1, 2, 3 and 4."""

import time

import pytest

from reprise.adapters.redis_calls import OPEN_SECONDS, TIMEOUTS_TO_OPEN
from reprise.domain.identity import PolicyFacts, Viewer
from reprise_local.fault_proxy import FaultProxy
from reprise_local.servers import RedisServer
from tests.builders import make_film, make_viewer
from tests.harness.backends import Backend
from tests.harness.functions import Answer
from tests.harness.players import event_of, live_fields, new_player, publish, sign_in

BUDGET_SECONDS = 0.3
ROUTES = [
    ("stream/record_progress", "POST", "/stream/progress"),
    ("stream/record_batch", "POST", "/stream/progress/batch"),
    ("playstate/list_continue_watching", "GET", "/continue-watching"),
    ("playstate/list_history", "GET", "/history"),
    ("playstate/hide_title", "DELETE", "/continue-watching/{videoId}"),
    ("playstate/mark_watched", "PUT", "/videos/{videoId}/watched"),
    ("playstate/unmark_watched", "DELETE", "/videos/{videoId}/watched"),
]


def refused(answer: Answer) -> bool:
    """Whether the client is told to come back in a second."""
    return (answer.status, answer.headers["Retry-After"]) == (503, "1")


@pytest.mark.parametrize(("folder", "method", "resource"), ROUTES, ids=[r[0] for r in ROUTES])
def test_every_route_of_a_viewer_is_503_with_retry_after_while_redis_is_down(
    live_only: Backend, redis_proxy: FaultProxy, folder: str, method: str, resource: str
) -> None:
    """1."""
    player = new_player(live_only.redis, make_film())
    body = {"/stream/progress": player.body(), "/stream/progress/batch": {"reports": []}}
    body["/stream/progress/batch"]["reports"] = [body["/stream/progress"]]
    redis_proxy.down()
    path = {"videoId": player.video_id} if "{" in resource else None
    event = event_of(player.viewer, method, resource, body=body.get(resource), path=path)
    answer = live_only.function(folder).request(event)
    assert refused(answer)
    assert answer.body["type"] == "/problems/unavailable"


def test_a_killed_redis_is_503_never_200_and_the_first_report_after_it_is_stored(
    live_only: Backend, redis_server: RedisServer
) -> None:
    """1: a warm function, which has the title in memory and a connection open."""
    film = make_film()
    player = new_player(live_only.redis, film)
    assert player.report(live_only.progress).status == 200
    redis_server.kill()
    assert all(refused(player.report(live_only.progress)) for _ in range(5))
    redis_server.start()
    sign_in(live_only.redis, player.viewer)
    publish(live_only.redis, film)
    answer = player.report(live_only.progress)
    assert (answer.status, answer.body["place"]["position"]) == (200, player.position)


def timed(backend: Backend, event: dict[str, object]) -> tuple[Answer, float]:
    started = time.monotonic()
    answer = backend.progress.request(event)
    return answer, time.monotonic() - started


def test_a_hanging_redis_costs_its_budget_three_times_and_then_nothing(
    live_only: Backend, redis_server: RedisServer
) -> None:
    """2."""
    player = new_player(live_only.redis, make_film())
    player.report(live_only.progress)
    events = [player.event() for _ in range(TIMEOUTS_TO_OPEN + 20)]
    redis_server.pause()
    answers = [timed(live_only, event) for event in events]
    assert all(refused(answer) for answer, _ in answers)
    slow = [seconds for _, seconds in answers[:TIMEOUTS_TO_OPEN]]
    assert min(slow) < BUDGET_SECONDS, "the budget of a request is 300 ms"
    assert max(slow) < 2 * BUDGET_SECONDS
    quick = [seconds for _, seconds in answers[TIMEOUTS_TO_OPEN:]]
    assert sum(quick) < BUDGET_SECONDS, "an open breaker does not wait"


def test_a_cold_function_keeps_the_budget_of_a_hanging_redis_too(
    live_only: Backend, redis_server: RedisServer
) -> None:
    """2."""
    event = new_player(live_only.redis, make_film()).event()
    live_only.progress.request(event_of(make_viewer(), "GET", "/warms-up-the-imports"))
    redis_server.pause()
    answer, seconds = timed(live_only, event)
    assert refused(answer)
    assert seconds < 2 * BUDGET_SECONDS


def test_reports_go_on_once_a_redis_that_hung_answers_again(
    live_only: Backend, redis_server: RedisServer
) -> None:
    """2."""
    player = new_player(live_only.redis, make_film())
    player.report(live_only.progress)
    redis_server.pause()
    for _ in range(TIMEOUTS_TO_OPEN + 1):
        player.report(live_only.progress)
    redis_server.resume()
    time.sleep(OPEN_SECONDS)
    answer = player.report(live_only.progress)
    assert (answer.status, answer.body["place"]["position"]) == (200, player.position)


@pytest.mark.parametrize("cuts", [1, 2], ids=["the client repeats", "the player repeats"])
def test_a_report_whose_answer_was_lost_counts_once(
    live_only: Backend, redis_proxy: FaultProxy, cuts: int
) -> None:
    """3: the server ran the script, the connection died before its answer."""
    player = new_player(live_only.redis, make_film())
    player.report(live_only.progress)
    event = player.event()
    redis_proxy.lose_answers(times=cuts)
    answer = live_only.progress.request(event)
    if cuts == 2:
        assert refused(answer)
        answer = live_only.progress.request(event)
    assert (answer.status, answer.body["reason"]) == (200, "duplicate")
    assert (answer.body["place"]["rev"], answer.body["place"]["position"]) == (2, player.position)
    fields = live_fields(live_only.redis, player)
    assert (fields["rev"], float(fields["pos"])) == ("2", player.position)
    assert fields["out"].count('"i"') == 1


def test_a_report_that_was_cut_on_its_way_is_stored_once_by_the_retry(
    live_only: Backend, redis_proxy: FaultProxy
) -> None:
    """3: the server never saw the end of the script."""
    player = new_player(live_only.redis, make_film())
    player.report(live_only.progress)
    redis_proxy.limit_request(after=200, times=1)
    answer = player.report(live_only.progress)
    assert (answer.status, answer.body["moved"], answer.body["place"]["rev"]) == (200, True, 2)


@pytest.mark.parametrize("folder", ["playstate/mark_watched", "playstate/hide_title"])
def test_an_act_whose_answer_was_lost_counts_once(
    backend: Backend, redis_proxy: FaultProxy, folder: str
) -> None:
    """3."""
    player = new_player(backend.redis, make_film())
    player.report(backend.progress)
    act = backend.function(folder)
    resource = "/videos/{videoId}/watched"
    method = "PUT"
    if folder == "playstate/hide_title":
        method, resource = "DELETE", "/continue-watching/{videoId}"
    event = event_of(player.viewer, method, resource, path={"videoId": player.video_id})
    gate = act.wiring.live.gate

    def gate_and_then_cut(*, viewer: Viewer) -> PolicyFacts:
        policy: PolicyFacts = gate(viewer=viewer)
        redis_proxy.lose_answers(times=1)
        return policy

    act.wiring.live.gate = gate_and_then_cut
    answer = act.request(event)
    assert answer.status in {200, 204}
    fields = live_fields(backend.redis, player)
    assert (fields["rev"], fields["done"], fields["hid"]) in {("2", "1", "0"), ("2", "0", "1")}


def test_a_redis_that_forgot_its_scripts_is_sent_them_again(backend: Backend) -> None:
    """4: for single scripts and for the flusher's pipelines."""
    player = new_player(backend.redis, make_film())
    player.report(backend.progress)
    backend.flush()
    backend.redis.script_flush()
    answer = player.report(backend.progress)
    assert (answer.status, answer.body["moved"], answer.body["place"]["rev"]) == (200, True, 2)
    backend.redis.script_flush()
    assert backend.flush().failed == []
    durable = backend.durable(player)
    assert durable is not None
    assert (durable.rev, durable.position) == (2, player.position)
