from typing import Literal

DeviceType = Literal["laptop", "phone", "tablet", "tv", "web"]

DEVICE_TYPE_VALUES: set[DeviceType] = {
    "laptop",
    "phone",
    "tablet",
    "tv",
    "web",
}


def check_device_type(value: str) -> DeviceType:
    if value in DEVICE_TYPE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {DEVICE_TYPE_VALUES!r}")
