from typing import Literal

ListedType = Literal["film", "series"]

LISTED_TYPE_VALUES: set[ListedType] = {
    "film",
    "series",
}


def check_listed_type(value: str) -> ListedType:
    if value in LISTED_TYPE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {LISTED_TYPE_VALUES!r}")
