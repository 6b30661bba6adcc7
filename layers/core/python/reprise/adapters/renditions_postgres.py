"""What is published of the catalog's items, in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

from reprise.adapters.catalog_postgres import is_catalog_id
from reprise.adapters.postgres import Connection, Postgres
from reprise.domain.errors import NotFoundError
from reprise.domain.media import Media, Rendition, Runtime, Storyboard, Subtitles

_VIDEO = """
SELECT video.id FROM video JOIN title ON title.id = video.title_id
WHERE edition = 'main' AND coalesce(episode_id, title_id) = %s::uuid
    AND (title.type = 'series') = (episode_id IS NOT NULL)
"""
FIND = _VIDEO + " FOR UPDATE OF video"

RENDITIONS = f"""
SELECT quality, bitrate, average_bitrate, width, height, codecs, frame_rate, path
FROM rendition WHERE video_id = ({_VIDEO}) ORDER BY position
"""  # noqa: S608 - made of constants

MEDIA = f"""
SELECT publication.path, duration_seconds,
    (SELECT json_agg(json_build_array(quality, bitrate, average_bitrate, width, height, codecs,
            frame_rate, path) ORDER BY position)
        FROM rendition WHERE rendition.video_id = publication.video_id),
    (SELECT json_agg(json_build_array(language, name, path) ORDER BY position)
        FROM subtitles WHERE subtitles.video_id = publication.video_id),
    (SELECT json_build_array(path, width, height, interval_seconds)
        FROM storyboard WHERE storyboard.video_id = publication.video_id)
FROM publication WHERE video_id = ({_VIDEO})
"""  # noqa: S608 - made of constants

FORGET = "DELETE FROM publication WHERE video_id = %s"
PUBLICATION = "INSERT INTO publication (video_id, path, duration_seconds) VALUES (%s, %s, %s)"

RENDITION = """
INSERT INTO rendition (video_id, quality, position, bitrate, average_bitrate, width, height, codecs,
                       frame_rate, path)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""

SUBTITLES = """
INSERT INTO subtitles (video_id, language, position, name, path) VALUES (%s, %s, %s, %s, %s)
"""

STORYBOARD = """
INSERT INTO storyboard (video_id, path, width, height, interval_seconds)
VALUES (%s, %s, %s, %s, %s)
"""

RUNTIME = """
UPDATE video SET
    duration_seconds = %(duration)s,
    credits_start = CASE WHEN coalesce(%(credits)s::float8, credits_start) < %(duration)s
        THEN coalesce(%(credits)s::float8, credits_start) END,
    intro_start = CASE WHEN intro_end < %(duration)s THEN intro_start END,
    intro_end = CASE WHEN intro_end < %(duration)s THEN intro_end END
WHERE id = %(video)s
"""


class PostgresRenditions:
    """The port `Renditions`. Every method raises `UnavailableError` where the database fails."""

    def __init__(self, *, postgres: Postgres) -> None:
        self._postgres = postgres

    def of(self, *, item_id: str) -> Sequence[Rendition]:
        if not is_catalog_id(item_id):
            return ()
        rows = self._postgres.run(
            lambda connection: connection.execute(RENDITIONS, [item_id]).fetchall()
        )
        return [Rendition(*row) for row in rows]

    def media(self, *, item_id: str) -> Media | None:
        if not is_catalog_id(item_id):
            return None
        row = self._postgres.run(lambda connection: connection.execute(MEDIA, [item_id]).fetchone())
        return None if row is None else _media(item_id, row)

    def put(self, *, media: Media, runtime: Runtime | None = None) -> None:
        if not is_catalog_id(media.item_id):
            raise NotFoundError(f"the catalog has no {media.item_id}")
        self._postgres.run(lambda connection: _put(connection, media, runtime))


def _put(connection: Connection, media: Media, runtime: Runtime | None) -> None:
    found = connection.execute(FIND, [media.item_id]).fetchone()
    if found is None:
        raise NotFoundError(f"the catalog has no {media.item_id}")
    video = found[0]
    connection.execute(FORGET, [video])
    connection.execute(PUBLICATION, [video, media.path, media.duration])
    for position, rendition in enumerate(media.renditions):
        quality, *measured = astuple(rendition)
        connection.execute(RENDITION, [video, quality, position, *measured])
    for position, words in enumerate(media.subtitles):
        row = [video, words.language, position, words.name, words.path]
        connection.execute(SUBTITLES, row)
    if media.storyboard:
        connection.execute(STORYBOARD, [video, *astuple(media.storyboard)])
    if runtime:
        values = {
            "video": video,
            "duration": runtime.duration,
            "credits": runtime.credits_start,
        }
        connection.execute(RUNTIME, values)


def _media(item_id: str, row: tuple[Any, ...]) -> Media:
    path, duration, renditions, subtitles, storyboard = row
    return Media(
        item_id=item_id,
        path=path,
        duration=duration,
        renditions=tuple(Rendition(*columns) for columns in renditions or ()),
        subtitles=tuple(Subtitles(*columns) for columns in subtitles or ()),
        storyboard=Storyboard(*storyboard) if storyboard else None,
    )
