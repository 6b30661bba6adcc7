from typing import Literal

QualityQuality = Literal["1080p", "144p", "240p", "288p", "360p", "480p", "4k", "720p"]

QUALITY_QUALITY_VALUES: set[QualityQuality] = {
    "1080p",
    "144p",
    "240p",
    "288p",
    "360p",
    "480p",
    "4k",
    "720p",
}


def check_quality_quality(value: str) -> QualityQuality:
    if value in QUALITY_QUALITY_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {QUALITY_QUALITY_VALUES!r}")
