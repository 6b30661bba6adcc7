"""Where a profile's live state lives: bucket = murmur3(profile id) mod 1024, one slot each.

1,024 buckets keep each Redis Cluster slot below ElastiCache Serverless' 30,000 ECPU/s at five times
the designed average load, and divide evenly among flushers.
"""

import mmh3

BUCKETS = 1024


def bucket_of(profile_id: str) -> int:
    """Return the bucket, 0 to 1023, of a profile (or of an account with none selected)."""
    return mmh3.hash(profile_id, signed=False) % BUCKETS


def tag_of(bucket: int) -> str:
    """Return the hash tag that puts every key of a bucket in one slot, as in `{b0042}`."""
    return f"{{b{bucket:04d}}}"
