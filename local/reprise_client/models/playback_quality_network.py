from typing import Literal

PlaybackQualityNetwork = Literal["cellular", "ethernet", "unknown", "wifi"]

PLAYBACK_QUALITY_NETWORK_VALUES: set[PlaybackQualityNetwork] = {
    "cellular",
    "ethernet",
    "unknown",
    "wifi",
}


def check_playback_quality_network(value: str) -> PlaybackQualityNetwork:
    if value in PLAYBACK_QUALITY_NETWORK_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {PLAYBACK_QUALITY_NETWORK_VALUES!r}"
    )
