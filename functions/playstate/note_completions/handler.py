"""The completion queue: count what a profile watched to the end towards its genres, once each."""

import os
from collections.abc import Mapping
from typing import Any

from reprise.application.note_completions import note_completions
from reprise.bootstrap.preferences import PreferenceWiring
from reprise.domain.preferences import Completions
from reprise.edge import consumers, observability, viewing_events
from reprise.edge.http import Context, Event
from reprise.settings import PreferenceSettings

SETTINGS = PreferenceSettings.from_env(os.environ)

wiring = PreferenceWiring(SETTINGS)


def work(completions: Completions) -> Mapping[str, Any]:
    noted = note_completions(completions=completions, preferences=wiring.preferences)
    observability.count("CompletionsNoted", noted)
    observability.count("CompletionsRepeated", len(completions.viewings) - noted)
    return viewing_events.facts_of(completions, noted=noted)


def lambda_handler(event: Event, context: Context) -> dict[str, Any]:
    return consumers.consume(
        event,
        context,
        name="playstate/note_completions",
        read=viewing_events.read_completions,
        work=work,
    )
