from typing import Literal

HitType = Literal["film", "series"]

HIT_TYPE_VALUES: set[HitType] = {
    "film",
    "series",
}


def check_hit_type(value: str) -> HitType:
    if value in HIT_TYPE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {HIT_TYPE_VALUES!r}")
