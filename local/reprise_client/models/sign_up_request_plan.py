from typing import Literal

SignUpRequestPlan = Literal["basic", "premium", "standard"]

SIGN_UP_REQUEST_PLAN_VALUES: set[SignUpRequestPlan] = {
    "basic",
    "premium",
    "standard",
}


def check_sign_up_request_plan(value: str) -> SignUpRequestPlan:
    if value in SIGN_UP_REQUEST_PLAN_VALUES:
        return value
    raise TypeError(f"Unexpected value {value!r}. Expected one of {SIGN_UP_REQUEST_PLAN_VALUES!r}")
