"""What a viewer is shown of their list: titles the gate allows now, counted without gaps."""

from collections.abc import Sequence
from dataclasses import dataclass

from reprise.application.ports import TitleReader
from reprise.application.region_ports import RegionContent
from reprise.domain.catalog import Title
from reprise.domain.my_list import ListEntry
from reprise.domain.policy import Gate


@dataclass(frozen=True, slots=True)
class ListedTitle:
    """A title of the list at its position; `leaves_at` (Unix seconds) as `Gate.leaves_at`."""

    entry: ListEntry
    title: Title
    position: int
    leaves_at: int | None


def listed_titles(
    entries: Sequence[ListEntry], *, gate: Gate, catalog: TitleReader, regions: RegionContent
) -> Sequence[ListedTitle]:
    """Return the entries whose title is known and allowed, in order, at positions 0, 1, 2 …"""
    on_offer = regions.among(
        region=gate.facts.region, video_ids=[entry.video_id for entry in entries]
    )
    titles = catalog.titles(video_ids=on_offer)
    allowed = [
        (entry, title)
        for entry in entries
        if (title := titles.get(entry.video_id)) and gate.allows(title)
    ]
    return [
        ListedTitle(entry=entry, title=title, position=number, leaves_at=gate.leaves_at(title))
        for number, (entry, title) in enumerate(allowed)
    ]
