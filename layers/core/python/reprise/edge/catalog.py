"""Title pages and the search on the wire: what a client asks for, and what it is shown."""

from typing import Annotated, Any, TypedDict, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationInfo,
    with_config,
)
from pydantic.alias_generators import to_camel

from reprise.application.search_titles import SearchPage
from reprise.application.show_title import ShownTitle
from reprise.domain.search import Match
from reprise.domain.title_page import Edition, Markers, PageEpisode
from reprise.edge import requests
from reprise.edge.cursors import seal, unseal
from reprise.edge.http import Request
from reprise.edge.requests import CURSOR_SCHEMA
from reprise.edge.responses import Reply, unix_instant, unless_known
from reprise.edge.wire import IdText, InstantText, MediaSeconds, one_of

PAGE, USUAL_PAGE = 50, 20
BEST_SCORE = 1_000_000
_CAMEL = ConfigDict(alias_generator=to_camel)


def _words(text: str) -> str:
    try:
        words = text.encode().decode().strip()
    except UnicodeEncodeError:
        raise ValueError("must be Unicode text") from None
    if not words:
        raise ValueError("must say what to look for")
    return words


def _behind(value: object, info: ValidationInfo) -> object:
    cursor, query = requests.once(value), info.data.get("q")
    if not isinstance(cursor, str) or query is None:
        return None
    secret, profile_id = cast("tuple[str, str]", info.context)
    bound_to = ("search", profile_id, query)
    score, _, video_id = unseal(cursor, secret=secret, bound_to=bound_to).partition(".")
    return Match(int(score), video_id)


class SearchQuery(BaseModel):
    """The query of `GET /search`. A cursor goes with the very words it was given for."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[
        str,
        BeforeValidator(requests.once),
        Field(strict=True, min_length=1, max_length=100, examples=["tidekepers"]),
        AfterValidator(_words),
    ]
    limit: Annotated[int, Field(ge=1, le=PAGE), BeforeValidator(requests.whole_number)] = USUAL_PAGE
    cursor: Annotated[Match | None, BeforeValidator(_behind), CURSOR_SCHEMA] = None


@with_config(_CAMEL)
class MarkersBody(TypedDict):
    """Media seconds, null where nobody marked them."""

    intro_start: MediaSeconds | None
    intro_end: MediaSeconds | None
    credits_start: MediaSeconds | None


@with_config(_CAMEL)
class EditionBody(TypedDict):
    """A cut. What plays is `main`."""

    name: str
    duration_seconds: MediaSeconds
    markers: MarkersBody


@with_config(_CAMEL)
class EpisodeBody(TypedDict):
    """An episode. One to come is listed too; without an edition, its duration is not known yet."""

    id: IdText
    episode: int
    title: str
    description: str
    duration_seconds: MediaSeconds | None
    air_date: InstantText
    aired: bool
    markers: MarkersBody
    editions: list[EditionBody]


class SeasonBody(TypedDict):
    """A season; 0 holds the specials."""

    season: int
    episodes: list[EpisodeBody]


class ArtworkBody(TypedDict):
    """A picture; variants of a kind show the same title differently."""

    kind: Annotated[str, one_of("poster", "hero", "still")]
    variant: str
    url: str


@with_config(_CAMEL)
class TitleBody(TypedDict):
    """A title. A film has `durationSeconds`, `markers` and `editions`, a series `seasons`.

    `rating` is that of the viewer's region, else the strictest there is; `maturityLevel` is null
    where nobody mapped it. `leavesAt` is null where the title stays.
    """

    video_id: IdText
    type: Annotated[str, one_of("film", "series")]
    title: str
    original_title: str
    description: str
    genres: list[str]
    rating: str | None
    maturity_level: int | None
    release_year: int
    language: str
    duration_seconds: MediaSeconds | None
    markers: MarkersBody | None
    editions: list[EditionBody]
    seasons: list[SeasonBody] | None
    artwork: list[ArtworkBody]
    leaves_at: InstantText | None


@with_config(_CAMEL)
class HitBody(TypedDict):
    """A title that was found; `score` runs from 0 to 1, which is the very name."""

    video_id: IdText
    title: str
    type: Annotated[str, one_of("film", "series")]
    score: float


@with_config(_CAMEL)
class SearchBody(TypedDict):
    """A page of what was found, best first."""

    items: list[HitBody]
    next_cursor: str | None


TITLE: TypeAdapter[Any] = TypeAdapter(TitleBody)
SEARCH: TypeAdapter[Any] = TypeAdapter(SearchBody)


def title(request: Request, shown: ShownTitle) -> Reply:
    """Answer a title's page, or 304 where the caller has exactly this one."""
    page = shown.page
    main = page.main
    body: TitleBody = {
        "video_id": page.id,
        "type": page.type,
        "title": page.title,
        "original_title": page.original_title,
        "description": page.description,
        "genres": list(page.genres),
        "rating": shown.rating,
        "maturity_level": shown.maturity_level,
        "release_year": page.release_year,
        "language": page.language,
        "duration_seconds": main.duration if main else None,
        "markers": None if page.is_series else _markers(main),
        "editions": [_edition(edition) for edition in page.editions],
        "seasons": _seasons(shown, now=request.now) if page.is_series else None,
        "artwork": [{"kind": a.kind, "variant": a.variant, "url": a.url} for a in page.artwork],
        "leaves_at": unix_instant(shown.leaves_at),
    }
    text = TITLE.serializer.to_json(body, by_alias=True).decode()
    return unless_known(request, Reply(status=200, body=text))


def found(page: SearchPage, *, query: str, cursor_secret: str, profile_id: str) -> Reply:
    """Answer a page of the search with the cursor of the next."""
    following = None
    if page.next is not None:
        payload = f"{page.next.score}.{page.next.video_id}"
        following = seal(payload, secret=cursor_secret, bound_to=("search", profile_id, query))
    body: SearchBody = {
        "items": [
            {
                "video_id": hit.title.id,
                "title": hit.title.title,
                "type": hit.title.type,
                "score": round(hit.score / BEST_SCORE, 4),
            }
            for hit in page.hits
        ],
        "next_cursor": following,
    }
    return Reply(status=200, body=SEARCH.serializer.to_json(body, by_alias=True).decode())


def _seasons(shown: ShownTitle, *, now: int) -> list[SeasonBody]:
    return [
        {"season": season, "episodes": [_episode(episode, now=now) for episode in episodes]}
        for season, episodes in shown.page.seasons()
    ]


def _episode(episode: PageEpisode, *, now: int) -> EpisodeBody:
    main = episode.main
    return {
        "id": episode.id,
        "episode": episode.episode,
        "title": episode.title,
        "description": episode.description,
        "duration_seconds": main.duration if main else None,
        "air_date": unix_instant(episode.aired_at) or "",
        "aired": episode.aired_at <= now,
        "markers": _markers(main),
        "editions": [_edition(edition) for edition in episode.editions],
    }


def _edition(edition: Edition) -> EditionBody:
    return {
        "name": edition.name,
        "duration_seconds": edition.duration,
        "markers": _markers(edition),
    }


def _markers(edition: Edition | None) -> MarkersBody:
    markers = edition.markers if edition else Markers()
    return {
        "intro_start": markers.intro_start,
        "intro_end": markers.intro_end,
        "credits_start": markers.credits_start,
    }
