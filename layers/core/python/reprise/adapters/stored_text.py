"""The few kinds of text that Redis hashes and durable documents are made of, read strictly.

Whatever is not of its kind raises `TypeError` or `ValueError`; the codecs turn that into their own.
"""

import json
import math
from collections.abc import Sequence
from typing import Any


def seconds_text(value: float) -> str:
    """Return media seconds as Lua prints them: at most three decimals, no superfluous zeros."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def flag(value: bool) -> str:
    return "1" if value else "0"


def dump(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text was expected, not {type(value).__name__}")
    return value


def seconds(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("seconds must be finite")
    return number


def truth(value: Any) -> bool:
    number = int(value)
    if number not in {0, 1}:
        raise ValueError(f"a flag must be 0 or 1, not {number}")
    return number == 1


def listed(value: Any) -> Sequence[Any]:
    if isinstance(value, list):
        return value
    if value == {}:
        return []
    raise TypeError(f"a list was expected, not {type(value).__name__}")
