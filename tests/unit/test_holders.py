"""What grants call a holder is what the edge takes for one."""

import re

from hypothesis import given
from hypothesis import strategies as st

from infra_cdk.delivery_rules import HOLDER_PATTERN
from reprise.domain.grants import holder_of
from reprise.edge.revocations import RevocationBody


@given(st.text())
def test_every_session_has_a_holder_that_the_edge_and_its_publisher_know(session_id: str) -> None:
    holder = holder_of(session_id)
    assert re.fullmatch(HOLDER_PATTERN, holder)
    told = {"holder": holder, "revokedAt": 1, "until": 2}
    assert RevocationBody.model_validate(told).holder == holder
