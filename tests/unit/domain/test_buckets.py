"""A profile's bucket never changes, and all buckets carry their share."""

from collections import Counter
from uuid import UUID

import pytest

from reprise.domain.buckets import BUCKETS, bucket_of, tag_of


@pytest.mark.parametrize(
    ("profile_id", "bucket"),
    [
        ("hello", 0x248BFA47 % 1024),  # the test vector of MurmurHash3 x86_32
        ("00000000-0000-0000-0000-000000000001", 266),
        ("0b3a1c9e-7d55-4d0e-9a52-6a3a55d0a001", 262),
        ("", 0),
    ],
)
def test_the_bucket_of_a_profile_is_fixed_for_ever(profile_id: str, bucket: int) -> None:
    assert bucket_of(profile_id) == bucket


def test_profiles_spread_over_all_buckets_evenly() -> None:
    found = Counter(bucket_of(str(UUID(int=number))) for number in range(50_000))
    assert set(found) == set(range(BUCKETS))
    assert max(found.values()) < 2 * 50_000 / BUCKETS


def test_a_tag_names_its_bucket_in_braces() -> None:
    assert (tag_of(0), tag_of(42), tag_of(1023)) == ("{b0000}", "{b0042}", "{b1023}")
