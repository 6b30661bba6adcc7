from typing import Literal

PlaceState = Literal["paused", "playing", "stopped"]

PLACE_STATE_VALUES: set[PlaceState] = {
    "paused",
    "playing",
    "stopped",
}


def check_place_state(value: str) -> PlaceState:
    if value in PLACE_STATE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {PLACE_STATE_VALUES!r}")
