from typing import Literal

ArtworkKind = Literal["hero", "poster", "still"]

ARTWORK_KIND_VALUES: set[ArtworkKind] = {
    "hero",
    "poster",
    "still",
}


def check_artwork_kind(value: str) -> ArtworkKind:
    if value in ARTWORK_KIND_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {ARTWORK_KIND_VALUES!r}")
