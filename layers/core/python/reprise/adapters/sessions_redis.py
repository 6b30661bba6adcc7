"""Live sessions in Redis, in the slot of the profile that they watch as.

The script that stores a report reads its session there in the same step, so deleting the session
revokes it for the very next request.
"""

from reprise.adapters.live_keys import ProfileKeys
from reprise.adapters.redis_calls import RedisCalls
from reprise.domain.identity import Claims, Device


class RedisSessions:
    """The port `Sessions`. Every method raises `UnavailableError` where Redis does not answer."""

    def __init__(self, calls: RedisCalls) -> None:
        self._calls = calls

    def start(self, *, claims: Claims, device: Device, lifetime: int) -> None:
        """Make the session live for `lifetime` seconds, all of its fields at once."""
        key = session_key(claims.account_id, claims.session_id, claims.profile_id)
        fields = {
            "account": claims.account_id,
            "profile": claims.profile_id or "",
            "policy": claims.policy.encode() if claims.policy else "",
            "deviceId": device.id,
            "deviceType": device.type,
            "deviceName": device.name,
        }

        def write() -> None:
            pipeline = self._calls.client.pipeline(transaction=True)
            pipeline.hset(key, mapping=fields)
            pipeline.expire(key, lifetime)
            pipeline.execute()

        self._calls.call(write)

    def revoke(self, *, account_id: str, session_id: str, profile_id: str | None) -> None:
        """End the session; one that is not live stays so."""
        key = session_key(account_id, session_id, profile_id)
        self._calls.call(lambda: self._calls.client.delete(key))


def session_key(account_id: str, session_id: str, profile_id: str | None) -> str:
    """Return the key in the profile's slot, or in the account's while no profile is selected."""
    return ProfileKeys.of(profile_id or account_id).session(session_id)
