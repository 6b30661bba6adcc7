"""Live sessions in Redis, in the slot of the profile that they watch as.

The script that stores a report reads its session there in the same step, so deleting the session
revokes it for the very next request.
"""

import json
from collections.abc import Callable, Collection

from reprise.adapters.live_keys import ProfileKeys
from reprise.adapters.redis_calls import RedisCalls, RedisScript
from reprise.adapters.redis_pipeline import Call, run_all
from reprise.adapters.session_gate import SessionGate, ignore_allowance, policy_of
from reprise.domain.allowance import Allowance
from reprise.domain.identity import Claims, Device, PolicyFacts

REQUESTS_PER_MINUTE = 120

_PROVE = RedisScript("gate", "session_policy")
_LEAVE = RedisScript("leave_session")
_SET_POLICY = RedisScript("set_policy")


class RedisSessions:
    """The port `Sessions`. Every method raises `UnavailableError` where Redis does not answer."""

    def __init__(
        self,
        calls: RedisCalls,
        *,
        per_minute: int = REQUESTS_PER_MINUTE,
        on_allowance: Callable[[Allowance], None] = ignore_allowance,
    ) -> None:
        self._calls = calls
        self._gate = SessionGate(per_minute=per_minute, on_allowance=on_allowance)

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

    def prove(self, *, claims: Claims) -> PolicyFacts | None:
        keys = ProfileKeys.of(claims.profile_id or claims.account_id)
        profile_id = claims.profile_id or ""
        who = self._gate.who(account_id=claims.account_id, profile_id=profile_id, cost=1)
        answer = self._calls.script(
            _PROVE,
            keys=[keys.session(claims.session_id), keys.rate(claims.session_id)],
            args=[json.dumps({"who": who})],
        )
        self._gate.passed(answer)
        return policy_of(answer[1]) if claims.profile_id else None

    def leave(self, *, account_id: str, session_id: str, profile_id: str | None) -> None:
        key = session_key(account_id, session_id, profile_id)
        self._calls.script(_LEAVE, keys=[key], args=[profile_id or ""])

    def revoke(
        self, *, account_id: str, session_id: str, profile_ids: Collection[str | None]
    ) -> None:
        keys = {session_key(account_id, session_id, profile_id) for profile_id in profile_ids}

        def delete() -> None:
            pipeline = self._calls.client.pipeline(transaction=False)
            for key in keys:
                pipeline.delete(key)
            pipeline.execute()

        self._calls.call(delete)

    def set_policy(
        self, *, profile_id: str, session_ids: Collection[str], policy: PolicyFacts
    ) -> None:
        keys = ProfileKeys.of(profile_id)
        args = [profile_id, policy.encode()]
        calls = [Call([keys.session(session_id)], args) for session_id in session_ids]
        run_all(self._calls, _SET_POLICY, calls)


def session_key(account_id: str, session_id: str, profile_id: str | None) -> str:
    """Return the key in the profile's slot, or in the account's while no profile is selected."""
    return ProfileKeys.of(profile_id or account_id).session(session_id)
