"""What the catalog's database says of all that is published, which no function ever asks."""

from collections.abc import Sequence

from reprise.adapters.postgres import Connection

_PUBLISHED = """
SELECT title.id::text, coalesce(episode.id, title.id)::text,
    concat_ws(': ', title.name, episode.name), publication.path
FROM publication JOIN video ON video.id = video_id JOIN title ON title.id = video.title_id
LEFT JOIN episode ON episode.id = video.episode_id
ORDER BY title.name, episode.season, episode.episode
"""
_WITHDRAW = """
DELETE FROM publication WHERE video_id IN (
    SELECT id FROM video WHERE edition = 'main' AND coalesce(episode_id, title_id) = %s::uuid
)
"""


def published(connection: Connection) -> Sequence[tuple[str, str, str, str]]:
    """Return (title's id, item's id, name, path in the bucket) of each publication, by name."""
    return connection.execute(_PUBLISHED).fetchall()


def withdraw(connection: Connection, item_id: str) -> None:
    """Let an item be one that nothing is published of."""
    connection.execute(_WITHDRAW, [item_id])
