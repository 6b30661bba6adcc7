from typing import Literal

DeviceRequestType = Literal["laptop", "phone", "tablet", "tv", "web"]

DEVICE_REQUEST_TYPE_VALUES: set[DeviceRequestType] = {
    "laptop",
    "phone",
    "tablet",
    "tv",
    "web",
}


def check_device_request_type(value: str) -> DeviceRequestType:
    if value in DEVICE_REQUEST_TYPE_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {DEVICE_REQUEST_TYPE_VALUES!r}")
