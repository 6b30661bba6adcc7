"""The one JSON form of a title in Redis, written by the seed and the reader, read back strictly."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from reprise.adapters import stored_text as stored
from reprise.domain.catalog import Item, Rating, Title, Window

MALFORMED = (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)
TYPES = frozenset({"film", "series"})
LEVELS = range(1, 6)


def title_to_json(title: Title, *, refreshed_at: int) -> str:
    """Return the document; `refreshed_at` (Unix seconds) is when its source was last asked."""
    return stored.dump(
        {
            "refreshedAt": refreshed_at,
            "id": title.id,
            "type": title.type,
            "title": title.title,
            "rating": title.rating,
            "maturityLevel": title.maturity_level,
            "artworkUrl": title.artwork_url,
            "plans": title.plans,
            "windows": [[w.region, w.starts_at, w.ends_at] for w in title.windows],
            "items": [_item_to_list(item) for item in title.items],
            "ratings": [[r.country, r.code, r.level] for r in title.ratings],
        }
    )


def title_from_json(text: str, *, title_id: str) -> tuple[Title, int]:
    """Return the title and the Unix second of its refresh.

    Raises:
        ValueError: the text is not this title's document.
    """
    try:
        document = json.loads(text)
        title = _title(document)
        refreshed_at = int(document["refreshedAt"])
    except MALFORMED as error:
        raise ValueError("stored text is no title") from error
    if title.id != title_id:
        raise ValueError("stored text is another title")
    return title, refreshed_at


def _title(document: dict[str, Any]) -> Title:
    if document["type"] not in TYPES:
        raise ValueError("there is no such type of title")
    return Title(
        id=stored.text(document["id"]),
        type=document["type"],
        title=stored.text(document["title"]),
        rating=_optional(stored.text, document["rating"]),
        maturity_level=_level(document["maturityLevel"]),
        artwork_url=stored.text(document["artworkUrl"]),
        windows=tuple(_window(*columns) for columns in stored.listed(document["windows"])),
        items=tuple(_item(columns) for columns in stored.listed(document["items"])),
        plans=tuple(stored.text(plan) for plan in stored.listed(document["plans"])),
        # Copies of before ratings were kept lack them: the strictest level holds everywhere.
        ratings=tuple(_rating(*columns) for columns in stored.listed(document.get("ratings", []))),
    )


def _rating(country: Any, code: Any, level: Any) -> Rating:
    return Rating(stored.text(country), stored.text(code), _level(level))


def _level(value: Any) -> int | None:
    level = _optional(int, value)
    if level is not None and level not in LEVELS:
        raise ValueError("there is no such maturity level")
    return level


def _window(region: Any, starts_at: Any, ends_at: Any) -> Window:
    return Window(stored.text(region), int(starts_at), _optional(int, ends_at))


def _item_to_list(item: Item) -> list[Any]:
    return [
        item.id,
        item.title,
        item.duration,
        item.season,
        item.episode,
        item.credits_start,
        item.intro_start,
        item.intro_end,
        item.aired_at,
    ]


def _item(columns: Sequence[Any]) -> Item:
    item_id, title, duration, season, episode, credits_start, intro_start, intro_end, aired = (
        columns
    )
    length = stored.seconds(duration)
    if length <= 0:
        raise ValueError("an item lasts longer than nothing")
    return Item(
        id=stored.text(item_id),
        title=stored.text(title),
        duration=length,
        season=int(season),
        episode=int(episode),
        credits_start=_optional(stored.seconds, credits_start),
        intro_start=_optional(stored.seconds, intro_start),
        intro_end=_optional(stored.seconds, intro_end),
        aired_at=int(aired),
    )


def _optional[T](read: Callable[[Any], T], value: Any) -> T | None:
    return None if value is None else read(value)
