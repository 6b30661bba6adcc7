"""The three tables of the watch history as data: what the CQL migrations make on one machine."""

from dataclasses import dataclass

KEPT_SECONDS = 7_776_000
"""Ninety days, counted from the last viewing by the TTL of each write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchTable:
    """Columns as (name, CQL type), in key order; `clustering` adds ASC or DESC."""

    name: str
    partition: tuple[tuple[str, str], ...]
    clustering: tuple[tuple[str, str, str], ...]
    columns: tuple[tuple[str, str], ...]


WATCH_TABLES: tuple[WatchTable, ...] = (
    WatchTable(
        name="user_watch_history",
        partition=(("profile_id", "uuid"),),
        clustering=(("watched_at", "timestamp", "DESC"), ("item_id", "uuid", "ASC")),
        columns=(
            ("video_id", "uuid"),
            ("position", "double"),
            ("duration", "double"),
            ("completed", "boolean"),
            ("device_id", "text"),
            ("device_type", "text"),
            ("device_name", "text"),
            ("last_watched_at", "timestamp"),
            ("changes", "text"),
            ("rev", "int"),
        ),
    ),
    WatchTable(
        name="watch_position_by_device",
        partition=(("profile_id", "uuid"), ("video_id", "uuid")),
        clustering=(("device_id", "text", "ASC"), ("item_id", "uuid", "ASC")),
        columns=(
            ("position", "double"),
            ("state", "text"),
            ("device_type", "text"),
            ("device_name", "text"),
            ("updated_at", "timestamp"),
        ),
    ),
    WatchTable(
        name="latest_position",
        partition=(("profile_id", "uuid"),),
        clustering=(("video_id", "uuid", "ASC"), ("item_id", "uuid", "ASC")),
        columns=(
            ("place", "text"),
            ("rev", "int"),
            ("changed_at", "timestamp"),
            ("position", "double"),
            ("completed", "boolean"),
            ("hidden", "boolean"),
        ),
    ),
)
