from typing import Literal

ContinueWatchingItemType = Literal["episode", "film"]

CONTINUE_WATCHING_ITEM_TYPE_VALUES: set[ContinueWatchingItemType] = {
    "episode",
    "film",
}


def check_continue_watching_item_type(value: str) -> ContinueWatchingItemType:
    if value in CONTINUE_WATCHING_ITEM_TYPE_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {CONTINUE_WATCHING_ITEM_TYPE_VALUES!r}"
    )
