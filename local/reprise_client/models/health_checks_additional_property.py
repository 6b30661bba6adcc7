from typing import Literal

HealthChecksAdditionalProperty = Literal["down", "ok"]

HEALTH_CHECKS_ADDITIONAL_PROPERTY_VALUES: set[HealthChecksAdditionalProperty] = {
    "down",
    "ok",
}


def check_health_checks_additional_property(value: str) -> HealthChecksAdditionalProperty:
    if value in HEALTH_CHECKS_ADDITIONAL_PROPERTY_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {HEALTH_CHECKS_ADDITIONAL_PROPERTY_VALUES!r}"
    )
