"""Viewers of the day in miniature: what each of them does in half a minute, by the dice of a seed.

They play films, pause and resume, seek, stop and start the next one; some go on with a phone in
another room while the television still plays for a while, which must not move their place.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.world import now_us
from reprise.domain.catalog import Title
from reprise.domain.identity import Viewer
from reprise.domain.playstate import Report

STEP_SECONDS = 30.0
STOPS, PAUSES, SEEKS, HANDOVERS = 1 / 60, 1 / 50, 1 / 30, 1 / 400
STILL_PLAYING_STEPS = 4


@dataclass(frozen=True, slots=True)
class Sent:
    """One report, and the session that sends it."""

    viewer: Viewer
    report: Report


@dataclass(slots=True)
class _Player:
    """One device playing one film."""

    viewer: Viewer
    film: Title
    playback_id: str
    position: float = 0.0
    seq: int = 0
    act: int = 1
    kind: str = "start"
    played: float = 0.0
    state: str = "playing"

    def acts(self, kind: str) -> None:
        self.act, self.kind, self.played = self.act + 1, kind, 0.0

    def plays(self, state: str) -> Sent:
        """Play half a minute on and report it."""
        begun = self.position
        self.position = min(begun + STEP_SECONDS, self.film.items[0].duration)
        self.played += self.position - begun
        self.seq += 1
        self.state = state
        report = Report(
            video_id=self.film.id,
            item_id=self.film.id,
            playback_id=self.playback_id,
            seq=self.seq,
            act=self.act,
            act_kind=self.kind,
            played_since_act=self.played,
            position=self.position,
            state=state,
            event_time=now_us(),
            intervals=((begun, self.position),),
        )
        return Sent(self.viewer, report)


@dataclass(slots=True)
class Household:
    """One profile with a session on its television and one on its phone."""

    sessions: tuple[Viewer, Viewer]
    films: Sequence[Title]
    dice: random.Random
    started: int = 0
    _main: _Player | None = None
    _left: _Player | None = None
    _left_steps: int = 0

    def step(self) -> Iterator[Sent]:
        """Yield what is reported in the next half minute."""
        if self._left is not None and self._left_steps > 0:
            self._left_steps -= 1
            yield self._left.plays("playing")
        player = self._main or self._start()
        if player.state == "paused":
            player.acts("resume")
        elif self.dice.random() < SEEKS:
            player.acts("seek")
            player.position = self.dice.uniform(0, player.film.items[0].duration * 0.9)
        if self.dice.random() < HANDOVERS:
            player = self._hand_over(player)
        state = self._next_state(player)
        yield player.plays(state)
        if state == "stopped":
            self._main = None

    def _start(self) -> _Player:
        self._main = self._player(self.sessions[0], self.dice.choice(self.films), 0.0)
        return self._main

    def _hand_over(self, player: _Player) -> _Player:
        others = [each for each in self.sessions if each != player.viewer]
        self._left, self._left_steps = player, STILL_PLAYING_STEPS
        self._main = self._player(others[0], player.film, player.position)
        return self._main

    def _player(self, viewer: Viewer, film: Title, position: float) -> _Player:
        self.started += 1
        return _Player(viewer, film, f"playback-{self.started}", position)

    def _next_state(self, player: _Player) -> str:
        ends = player.position + STEP_SECONDS >= player.film.items[0].duration
        chance = self.dice.random()
        if ends or chance < STOPS:
            return "stopped"
        return "paused" if chance < STOPS + PAUSES else "playing"


def household(sessions: tuple[Viewer, Viewer], films: Sequence[Title], *, seed: int) -> Household:
    return Household(sessions, films, random.Random(seed))
