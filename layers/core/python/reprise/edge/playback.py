"""The bodies of the routes that start a playback and go on with it, and how they are made.

Every URL in a manifest carries the grant; players that keep one for longer put the query of the
next grant in its place, or set its cookies.
"""

import hashlib
import json
from typing import Annotated, Any, TypedDict

from pydantic import ConfigDict, Field, TypeAdapter, with_config
from pydantic.alias_generators import to_camel

from reprise.application.refresh_grant import Refreshed
from reprise.application.start_playback import Offer, Started
from reprise.domain.catalog import Item
from reprise.domain.grants import SignedGrant
from reprise.domain.media import SEGMENT_SECONDS, url_of
from reprise.edge.http import Request
from reprise.edge.observability import count
from reprise.edge.responses import Reply, is_known, unix_instant
from reprise.edge.wire import IdText, InstantText, MediaSeconds

_CAMEL = ConfigDict(alias_generator=to_camel)

QualityName = Annotated[str, Field(examples=["1080p", "720p", "144p"])]
Url = Annotated[
    str, Field(examples=["https://media.example.org/media/t/i/v/premium.m3u8?Policy=…"])
]


@with_config(_CAMEL)
class PlayMarkersBody(TypedDict):
    """Media seconds, null where nobody marked them."""

    intro_start: MediaSeconds | None
    intro_end: MediaSeconds | None
    credits_start: MediaSeconds | None


class QualityBody(TypedDict):
    """A rendition as it was measured; `bitrate` is the peak of any segment, per second."""

    quality: QualityName
    bitrate: int
    width: int
    height: int
    url: Url


class SubtitlesBody(TypedDict):
    """One language (BCP 47) as a WebVTT file."""

    language: Annotated[str, Field(examples=["en"])]
    url: Url


@with_config(_CAMEL)
class GrantBody(TypedDict):
    """Leave to fetch every file of the title until `expiresAt`, as a query or as cookies.

    Fetch the next one at `refreshAt`; one that fails then may be repeated until this one expires.
    """

    query: Annotated[str, Field(examples=["Policy=…&Signature=…&Key-Pair-Id=…"])]
    cookies: dict[str, str]
    expires_at: InstantText
    refresh_at: InstantText


@with_config(_CAMEL)
class NextBody(TypedDict):
    """The episode to go on with."""

    video_id: IdText
    episode_id: IdText


@with_config(_CAMEL)
class ManifestBody(TypedDict):
    """Everything that a player needs to play one item; `episodeId` is null for a film.

    `resumeKnown` is false where the place could not be looked up now, or only an older copy of it:
    a player that knows better keeps its own. `storyboardUrl` is null where there is none, `next`
    after the last episode and for films.
    """

    video_id: IdText
    episode_id: IdText | None
    playback_id: IdText
    title: str
    duration: MediaSeconds
    resume_position: MediaSeconds
    resume_known: bool
    markers: PlayMarkersBody
    segment_duration: int
    manifest_url: Url
    qualities: list[QualityBody]
    storyboard_url: Url | None
    subtitles: list[SubtitlesBody]
    grant: GrantBody
    next: NextBody | None
    experiments: dict[str, str]
    generated_at: InstantText


class RefreshBody(TypedDict):
    """The next grant."""

    grant: GrantBody


MANIFEST: TypeAdapter[Any] = TypeAdapter(ManifestBody)
REFRESH: TypeAdapter[Any] = TypeAdapter(RefreshBody)


def entity_tag(offer: Offer, *, media_url: str) -> str:
    """Return the digest of what a manifest says of an item: all but playback, grant and time.

    Whoever else asks gets URLs of their own, so that nobody goes on with those of a session that
    has ended.
    """
    media, next_id = offer.media, offer.next.id if offer.next else None
    said = [
        *(offer.title.id, offer.item.id, offer.item.title, offer.item.duration),
        *(offer.resume_position, offer.resume_known, _markers(offer.item), next_id),
        *(media_url, offer.holder, media.master_path(offer.viewer.policy.plan)),
        [(r.quality, r.bitrate, r.width, r.height, r.path) for r in offer.renditions],
        [(words.language, words.path) for words in media.subtitles],
        media.storyboard.path if media.storyboard else None,
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def unchanged(request: Request, tag: str) -> Reply | None:
    """Return 304 where the caller has this description: it goes on with the playback it has."""
    if not is_known(request, tag):
        return None
    return Reply(status=304, body=None, content_type=None, headers={"ETag": f'"{tag}"'})


def manifest(
    request: Request, offer: Offer, started: Started, *, media_url: str, tag: str
) -> Reply:
    """Answer what to play. Nobody may store it, the player itself excepted: it holds a grant."""
    request.note(videoId=offer.title.id, itemId=offer.item.id, playbackId=started.playback_id)
    if offer.missing:
        request.note(missing=offer.missing)
        count("RenditionsMissing", len(offer.missing))
    if not offer.resume_known:
        count("ResumeUnknown")
    _count_lease(started.leased)
    body = _body(offer, started, media_url=media_url, now=request.now)
    text = MANIFEST.serializer.to_json(body, by_alias=True).decode()
    return Reply(status=200, body=text, headers={"ETag": f'"{tag}"'})


def refreshed(request: Request, refreshed: Refreshed, *, playback_id: str) -> Reply:
    """Answer the next grant."""
    request.note(playbackId=playback_id)
    _count_lease(refreshed.leased)
    body: RefreshBody = {"grant": _grant(refreshed.grant)}
    return Reply(status=200, body=REFRESH.serializer.to_json(body, by_alias=True).decode())


def _count_lease(leased: bool) -> None:
    if not leased:
        count("LeaseSkipped")


def _body(offer: Offer, started: Started, *, media_url: str, now: int) -> ManifestBody:
    item, media, grant = offer.item, offer.media, started.grant

    def signed(path: str) -> str:
        return f"{url_of(path, media_url=media_url, holder=offer.holder)}?{grant.query}"

    return {
        "video_id": offer.title.id,
        "episode_id": item.id if offer.title.is_series else None,
        "playback_id": started.playback_id,
        "title": item.title,
        "duration": item.duration,
        "resume_position": offer.resume_position,
        "resume_known": offer.resume_known,
        "markers": _markers(item),
        "segment_duration": SEGMENT_SECONDS,
        "manifest_url": signed(media.master_path(offer.viewer.policy.plan)),
        "qualities": [
            {
                "quality": rendition.quality,
                "bitrate": rendition.bitrate,
                "width": rendition.width,
                "height": rendition.height,
                "url": signed(rendition.path),
            }
            for rendition in offer.renditions
        ],
        "storyboard_url": signed(media.storyboard.path) if media.storyboard else None,
        "subtitles": [
            {"language": words.language, "url": signed(words.path)} for words in media.subtitles
        ],
        "grant": _grant(grant),
        "next": _next(offer),
        "experiments": {},
        "generated_at": unix_instant(now) or "",
    }


def _markers(item: Item) -> PlayMarkersBody:
    return {
        "intro_start": item.intro_start,
        "intro_end": item.intro_end,
        "credits_start": item.credits_start,
    }


def _next(offer: Offer) -> NextBody | None:
    if offer.next is None:
        return None
    return {"video_id": offer.title.id, "episode_id": offer.next.id}


def _grant(grant: SignedGrant) -> GrantBody:
    return {
        "query": grant.query,
        "cookies": grant.cookies,
        "expires_at": unix_instant(grant.expires_at) or "",
        "refresh_at": unix_instant(grant.refresh_at) or "",
    }
