"""The promise of `Publications`: copies in memory and in Redis before the catalog's truth."""

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest

from reprise.adapters import publications_redis
from reprise.adapters.publications_redis import (
    FRESH_SECONDS,
    KEPT_SECONDS,
    MEMORY_SECONDS,
    SOURCE_PAUSE_SECONDS,
    UNKNOWN_SECONDS,
    RedisPublications,
    forget_media,
    media_key,
    publish_media,
)
from reprise.adapters.redis_calls import RedisCalls
from reprise.adapters.redis_client import connect
from reprise.domain.errors import UnavailableError
from reprise.domain.media import Media, Runtime
from tests.fakes.renditions import FakeRenditions
from tests.harness.closed_port import closed_redis_url
from tests.published import MEDIA, publication


class Source(FakeRenditions):
    def __init__(self) -> None:
        super().__init__({})
        self.asked = 0

    def media(self, *, item_id: str) -> Media | None:
        self.asked += 1
        return super().media(item_id=item_id)


class Copied:
    """A publication nobody else has, its source, and a clock to move."""

    def __init__(self, calls: RedisCalls) -> None:
        self.calls = calls
        self.now = 1_800_000_000.0
        self.source = Source()
        self.media = self.publish(replace(MEDIA, item_id=str(uuid4())))

    def publish(self, media: Media) -> Media:
        self.source.runtimes[media.item_id] = Runtime(media.duration)
        self.source.put(media=media)
        return media

    def environment(self) -> RedisPublications:
        """Return a reader with nothing in memory."""
        return RedisPublications(
            self.calls,
            source=lambda: self.source,
            clock=lambda: self.now,
            now=lambda: self.now,
        )

    def read(self) -> Media | None:
        return self.environment().media(item_id=self.media.item_id)


@pytest.fixture
def copied(request: pytest.FixtureRequest) -> Iterator[Copied]:
    url: str = request.getfixturevalue("stack").redis_url
    client = connect(url=url, cluster=False, timeout_ms=2000)
    copied = Copied(RedisCalls(client))
    yield copied
    client.delete(media_key(copied.media.item_id))
    client.close()


@pytest.fixture
def alone() -> Copied:
    """A world without Redis."""
    return Copied(RedisCalls(connect(url=closed_redis_url(), cluster=False, timeout_ms=100)))


@pytest.mark.real
@pytest.mark.parametrize("bare", [False, True])
def test_a_publication_comes_whole_from_its_copy(copied: Copied, bare: bool) -> None:
    if bare:
        copied.publish(replace(copied.media, storyboard=None, subtitles=(), renditions=()))
    expected = copied.source.media(item_id=copied.media.item_id)
    assert (copied.read(), copied.read()) == (expected, expected)
    assert copied.source.asked == 2


@pytest.mark.real
def test_ten_minutes_pass_before_the_source_is_asked_again(copied: Copied) -> None:
    copied.read()
    edited = copied.publish(replace(copied.media, duration=41.0))
    copied.now += FRESH_SECONDS - 1
    assert (copied.read(), copied.source.asked) == (copied.media, 1)
    copied.now += 2
    assert (copied.read(), copied.source.asked) == (edited, 2)
    seconds = copied.calls.client.ttl(media_key(copied.media.item_id))
    assert FRESH_SECONDS < seconds <= FRESH_SECONDS + KEPT_SECONDS


@pytest.mark.real
def test_while_the_source_is_away_a_copy_is_served_however_old(copied: Copied) -> None:
    copied.read()
    copied.source.down = True
    copied.now += KEPT_SECONDS
    environment = copied.environment()
    assert environment.media(item_id=copied.media.item_id) == copied.media
    copied.now += MEMORY_SECONDS
    assert environment.media(item_id=copied.media.item_id) == copied.media
    assert copied.source.asked == 3
    copied.now += MEMORY_SECONDS - SOURCE_PAUSE_SECONDS - 1
    copied.environment().media(item_id=copied.media.item_id)
    assert copied.source.asked == 4


@pytest.mark.real
def test_a_source_that_failed_is_left_alone_for_a_while(copied: Copied) -> None:
    other = copied.publish(replace(MEDIA, item_id=str(uuid4())))
    environment = copied.environment()
    for media in (copied.media, other):
        copied.environment().media(item_id=media.item_id)
    copied.now += FRESH_SECONDS + 1
    copied.source.down, copied.source.asked = True, 0
    for media in (copied.media, other):
        assert environment.media(item_id=media.item_id) == media
    assert copied.source.asked == 1
    copied.calls.client.delete(media_key(other.item_id))


@pytest.mark.real
@pytest.mark.parametrize("corrupt", ["", "{}", "[]", "null", "nonsense", '{"item_id": 1}'])
def test_a_corrupt_copy_is_a_miss(copied: Copied, corrupt: str) -> None:
    copied.calls.client.set(media_key(copied.media.item_id), corrupt)
    assert (copied.read(), copied.read(), copied.source.asked) == (copied.media,) * 2 + (1,)


@pytest.mark.real
def test_a_copy_of_another_item_or_kind_is_a_miss(copied: Copied) -> None:
    client, key = copied.calls.client, media_key(copied.media.item_id)
    other = publication("t", "i")
    client.set(key, publications_redis.media_to_json(other, refreshed_at=int(copied.now)))
    assert copied.read() == copied.media
    client.delete(key)
    client.rpush(key, "a list")
    assert copied.read() == copied.media


@pytest.mark.real
def test_what_is_published_no_more_leaves_no_copy(copied: Copied) -> None:
    copied.read()
    copied.source = Source()
    copied.now += FRESH_SECONDS + 1
    assert copied.read() is None
    assert not copied.calls.client.exists(media_key(copied.media.item_id))


@pytest.mark.real
def test_what_is_published_is_what_the_next_read_of_a_warm_environment_gets(
    copied: Copied,
) -> None:
    environment = copied.environment()
    assert environment.media(item_id=copied.media.item_id) == copied.media
    again = copied.publish(replace(copied.media, path=f"{copied.media.path}-again"))
    publish_media(copied.calls, again, now=int(copied.now))
    assert environment.media(item_id=again.item_id) == again
    first = replace(MEDIA, item_id=str(uuid4()))
    assert environment.media(item_id=first.item_id) is None
    publish_media(copied.calls, copied.publish(first), now=int(copied.now))
    assert environment.media(item_id=first.item_id) == first
    forget_media(copied.calls, item_id=first.item_id)


@pytest.mark.real
@pytest.mark.parametrize("stale", [False, True])
def test_what_was_published_while_the_source_was_read_stays(copied: Copied, stale: bool) -> None:
    newer = replace(copied.media, path=f"{copied.media.path}-newer")
    if stale:
        copied.read()
        copied.now += FRESH_SECONDS + 1

    class Slow(Source):
        def media(self, *, item_id: str) -> Media | None:
            publish_media(copied.calls, newer, now=int(copied.now))
            return copied.media

    copied.source = Slow()
    environment = copied.environment()
    environment.media(item_id=newer.item_id)
    assert environment.media(item_id=newer.item_id) == newer
    assert copied.read() == newer


@pytest.mark.real
def test_a_copy_that_is_no_text_is_replaced(copied: Copied) -> None:
    copied.calls.client.set(media_key(copied.media.item_id), b"\xff\xfe")
    assert (copied.read(), copied.read(), copied.source.asked) == (copied.media,) * 2 + (1,)


@pytest.mark.real
def test_what_is_withdrawn_is_asked_for_at_the_source(copied: Copied) -> None:
    copied.read()
    copied.source = Source()
    forget_media(copied.calls, item_id=copied.media.item_id)
    assert copied.read() is None


def test_memory_answers_for_a_minute_and_outlives_both_stores(alone: Copied) -> None:
    environment = alone.environment()
    for _ in range(2):
        assert environment.media(item_id=alone.media.item_id) == alone.media
    assert alone.source.asked == 1
    alone.now += MEMORY_SECONDS
    alone.source.down = True
    assert environment.media(item_id=alone.media.item_id) == alone.media


def test_what_nobody_published_is_asked_for_again_soon(alone: Copied) -> None:
    environment = alone.environment()
    for _ in range(2):
        assert environment.media(item_id="unknown") is None
    assert alone.source.asked == 1
    alone.now += UNKNOWN_SECONDS
    environment.media(item_id="unknown")
    assert alone.source.asked == 2


def test_an_item_that_nobody_knows_is_unavailable(alone: Copied) -> None:
    alone.source.down = True
    with pytest.raises(UnavailableError):
        alone.read()


def test_memory_keeps_no_more_than_its_share(
    alone: Copied, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publications_redis, "MEMORY_ITEMS", 1)
    environment = alone.environment()
    for item_id in (alone.media.item_id, "unknown", alone.media.item_id):
        environment.media(item_id=item_id)
    assert alone.source.asked == 3
