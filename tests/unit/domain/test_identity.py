"""Policy facts travel in tokens and sessions as one line, read strictly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.errors import RateLimitedError, UnavailableError
from reprise.domain.identity import PolicyFacts

names = st.text(st.characters(blacklist_characters="|", codec="utf-8"), max_size=8)


@given(region=names, plan=names, level=st.integers(0, 9), kids=st.booleans())
def test_policy_facts_survive_their_line(region: str, plan: str, level: int, kids: bool) -> None:
    facts = PolicyFacts(region=region, plan=plan, maturity_level=level, kids=kids)
    assert PolicyFacts.decode(facts.encode()) == facts


def test_policy_facts_are_written_as_one_line() -> None:
    assert PolicyFacts("US", "basic", 5, kids=False).encode() == "US|basic|5|0"


@pytest.mark.parametrize(
    "text",
    ["", "US|basic|5", "US|basic|5|0|x", "US|basic|five|0", "US|basic|5|yes", "US|basic|5|"],
)
def test_a_line_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        PolicyFacts.decode(text)


def test_errors_say_when_to_come_back() -> None:
    assert RateLimitedError("slow down", retry_after=7).retry_after == 7
    assert UnavailableError("down").retry_after == 1
