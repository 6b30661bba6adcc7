"""A catalog that looks like a real one, invented from a seed: the same seed, the same catalog.

Names, people and stories come from lists of words (`data/words.json`); rating systems and genres
are those of the small catalog made by hand. Dates that must stay near are written relative to the
import (`+3d`).
"""

import json
import random
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

type Json = dict[str, Any]

DATA = Path(__file__).parent / "data"
REGIONS = ("US", "GB", "DE", "JP", "BR", "FR", "NL", "AU")
LANGUAGES = ("en", "en", "en", "de", "fr", "pt", "ja")
LEVEL_WEIGHTS = {1: 18, 2: 22, 3: 28, 4: 22, 5: 10}
FILM_SYSTEM, SERIES_SYSTEM = "MPA", "TVPG"
UNMAPPED, UNRATED = 0.04, 0.03
SERIES_SHARE = 0.3
_NOT_IN_KEYS = re.compile(r"[^a-z0-9]+")


def generate(*, count: int, seed: int) -> Json:
    """Return a catalog of `count` titles in the form of `docs/catalog-format.md`."""
    words: Json = json.loads((DATA / "words.json").read_text(encoding="utf-8"))
    shared: Json = json.loads((DATA / "catalog.json").read_text(encoding="utf-8"))
    invented = _Inventor(random.Random(seed), words, shared)  # noqa: S311  # invents, hides nothing
    return {
        "ratingSystems": shared["ratingSystems"],
        "genres": shared["genres"],
        "titles": list(invented.titles(count)),
    }


def to_text(catalog: Json) -> str:
    """Return the catalog as JSON with a title a line, so that two of them compare well."""
    titles = ",\n".join(f"  {json.dumps(t, ensure_ascii=False)}" for t in catalog["titles"])
    head = json.dumps({k: v for k, v in catalog.items() if k != "titles"}, ensure_ascii=False)
    return f'{head[:-1]},\n"titles": [\n{titles}\n]}}\n'


class _Inventor:
    def __init__(self, chance: random.Random, words: Json, shared: Json) -> None:
        self._chance = chance
        self._words = words
        self._genres = sorted(shared["genres"])
        self._systems = shared["ratingSystems"]
        self._keys: set[str] = set()

    def titles(self, count: int) -> Iterator[Json]:
        for _ in range(count):
            series = self._chance.random() < SERIES_SHARE
            yield self._series() if series else self._film()

    def _film(self) -> Json:
        title = self._title("film")
        return title | self._cut(self._chance.randint(70, 165) * 60) | self._editions()

    def _series(self) -> Json:
        title = self._title("series")
        minutes = self._chance.choice((11, 22, 30, 45, 55))
        running = self._chance.random() < 0.15
        numbers = list(range(1, self._chance.randint(1, 4) + 1))
        seasons = [self._season(number, minutes, title["year"] + number - 1) for number in numbers]
        if running:
            _air_around_now(seasons[-1]["episodes"])
        if self._chance.random() < 0.2:
            seasons.insert(0, self._season(0, minutes, title["year"], episodes=2))
        return title | {"seasons": seasons}

    def _title(self, kind: str) -> Json:
        key, name = self._name()
        language = self._chance.choice(LANGUAGES)
        level = self._chance.choices(list(LEVEL_WEIGHTS), list(LEVEL_WEIGHTS.values()))[0]
        title: Json = {
            "key": key,
            "type": kind,
            "title": name,
            "year": self._chance.randint(1994, 2025),
            "language": language,
            "description": self._description(),
            "genres": self._chance.sample(self._genres, self._chance.randint(1, 3)),
            "ratings": self._ratings(kind, level),
            "artwork": list(self._artwork(key)),
            "windows": list(self._windows()),
        }
        if language != "en":
            title["originalTitle"] = self._original(language)
        if self._chance.random() < 0.1:
            title["aliases"] = [f"{self._proper()} {self._chance.choice(self._words['nouns'])}"]
        if self._chance.random() < 0.06:
            title["plans"] = ["premium"] if self._chance.random() < 0.5 else ["standard", "premium"]
        return title

    def _name(self) -> tuple[str, str]:
        for attempt in range(1000):
            name = self._pattern(attempt)
            key = key_of(name)
            if key not in self._keys:
                self._keys.add(key)
                return key, name
        raise ValueError("there are no more names of this kind")

    def _pattern(self, attempt: int) -> str:
        pick = self._chance.choice
        adjective, noun = pick(self._words["adjectives"]), pick(self._words["nouns"])
        other, proper = pick(self._words["nouns"]), self._proper()
        patterns = (
            f"The {adjective} {noun}",
            f"The {noun} of {proper}",
            f"{proper}",
            f"{proper}'s {noun}",
            f"{adjective} {noun}, {adjective} {other}",
            f"{noun} and {other}",
            f"A {noun} for {proper}",
            f"Beneath the {adjective} {noun}",
            f"The {adjective} {noun} of {proper}",
            f"{proper} and the {noun}",
        )
        # What is taken already is tried again with a name in it, of which there are plenty.
        return pick(patterns) if attempt < 3 else f"The {adjective} {noun} of {proper}"

    def _proper(self) -> str:
        parts = self._words["syllables"]
        return "".join(self._chance.choice(parts[place]) for place in ("first", "middle", "last"))

    def _original(self, language: str) -> str:
        told = self._words["originals"][language]
        words: str = told["and"].join(self._chance.sample(told["words"], 2))
        return words

    def _description(self) -> str:
        pick = self._chance.choice
        who, what = pick(self._words["people"]), pick(self._words["events"])
        where = (
            f"in {self._proper()}" if self._chance.random() < 0.5 else pick(self._words["turns"])
        )
        return f"{who[0].upper()}{who[1:]} {what} {where}."

    def _ratings(self, kind: str, level: int) -> Mapping[str, str]:
        if self._chance.random() < UNRATED:
            return {}
        avoided = FILM_SYSTEM if kind == "series" else SERIES_SYSTEM
        systems = [system for system in self._systems if system["code"] != avoided]
        chosen = self._chance.sample(systems, self._chance.randint(2, len(systems)))
        return {system["code"]: self._code(system["levels"], level) for system in chosen}

    def _code(self, levels: Mapping[str, int | None], level: int) -> str:
        unmapped = [code for code, mapped in levels.items() if mapped is None]
        if unmapped and self._chance.random() < UNMAPPED:
            return unmapped[0]
        known = {code: mapped for code, mapped in levels.items() if mapped is not None}
        nearest = min(abs(mapped - level) for mapped in known.values())
        return next(code for code, mapped in known.items() if abs(mapped - level) == nearest)

    def _artwork(self, key: str) -> Iterator[Json]:
        variants = ("quiet", "bold", "night")[: self._chance.randint(1, 3)]
        kinds = [("poster", variants), ("hero", variants[:2]), ("still", variants[:1])]
        for kind, of_kind in kinds[: self._chance.randint(2, 3)]:
            for variant in of_kind:
                url = f"/artwork/{key}/{kind}-{variant}.jpg"
                yield {"kind": kind, "variant": variant, "url": url}

    def _windows(self) -> Iterator[Json]:
        regions = list(REGIONS)
        self._chance.shuffle(regions)
        regions = regions[: self._chance.randint(4, len(regions))]
        start = f"{self._chance.randint(2021, 2024)}-{self._chance.randint(1, 12):02}-01"
        apart = regions.pop()
        yield {"regions": sorted(regions), "from": start}
        yield {"regions": [apart]} | self._chance.choice(
            (
                {"from": start, "until": "+3d"},
                {"from": start, "until": f"+{self._chance.randint(8, 90)}d"},
                {"from": f"+{self._chance.randint(5, 120)}d"},
                {"from": "2019-01-01", "until": "2020-12-31"},
            )
        )
        if self._chance.random() < 0.1:
            yield {"regions": [regions[0]], "from": "2018-01-01", "until": "2019-06-30"}

    def _season(self, number: int, minutes: int, year: int, *, episodes: int = 0) -> Json:
        total = episodes or self._chance.randint(4, 10)
        month = self._chance.randint(1, 9)
        return {
            "season": number,
            "episodes": [
                {
                    "episode": episode,
                    "title": self._pattern(0),
                    "aired": f"{year}-{month + episode // 4:02}-{1 + 7 * (episode % 4):02}",
                }
                | self._cut(minutes * 60 + self._chance.randint(-120, 180))
                for episode in range(1, total + 1)
            ],
        }

    def _cut(self, duration: int) -> Json:
        cut: Json = {"duration": duration}
        if self._chance.random() < 0.7:
            start = self._chance.randint(0, 60)
            cut["intro"] = [start, start + self._chance.randint(15, 60)]
        if self._chance.random() < 0.85:
            cut["credits"] = round(duration * self._chance.uniform(0.94, 0.98), 1)
        return cut

    def _editions(self) -> Json:
        if self._chance.random() >= 0.12:
            return {}
        name = self._chance.choice(("directors-cut", "directors-cut", "extended"))
        return {"editions": [{"name": name} | self._cut(self._chance.randint(120, 200) * 60)]}


def key_of(name: str) -> str:
    """Return a name as a key: lower case, no accents, hyphens between words."""
    plain = unicodedata.normalize("NFKD", name.replace("'", "")).encode("ascii", "ignore").decode()
    return _NOT_IN_KEYS.sub("-", plain.lower()).strip("-")


def _air_around_now(episodes: Sequence[Json]) -> None:
    """Let half of a season have been shown, a week apart, and the rest follow."""
    for place, episode in enumerate(episodes):
        episode["aired"] = f"{7 * (place - len(episodes) // 2) - 1:+}d"
