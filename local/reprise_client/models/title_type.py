from typing import Literal

TitleType = Literal["film", "series"]

TITLE_TYPE_VALUES: set[TitleType] = {
    "film",
    "series",
}


def check_title_type(value: str) -> TitleType:
    if value in TITLE_TYPE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {TITLE_TYPE_VALUES!r}")
