"""LINE's rate limits: a token bucket for each account and endpoint, on the simulator's own clock.

Messaging API reference, "Rate limits", checked 2026-08. An endpoint is a method and a pattern, so
that neither the values in a path nor the body nor the address make another bucket.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """So many requests at once, and again as they flow back."""

    count: int
    seconds: float


OTHERS = Limit(2000, 1.0)
LIMITS = {
    ("POST", "/v2/bot/message/narrowcast"): Limit(60, 3600.0),
    ("POST", "/v2/bot/message/broadcast"): Limit(60, 3600.0),
    ("POST", "/v2/bot/message/multicast"): Limit(200, 1.0),
    ("POST", "/v2/bot/chat/loading/start"): Limit(100, 1.0),
}


@dataclass(slots=True)
class Bucket:
    """What is left of a limit, and when that was counted."""

    left: float
    at: float


class Buckets:
    """Every account's buckets. Not safe for threads: taken under the simulator's lock."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str, str], Bucket] = {}

    def take(self, account: str, method: str, pattern: str, now: float) -> bool:
        """Whether one more request is within the limit; it counts only when it is."""
        limit = LIMITS.get((method, pattern), OTHERS)
        key = (account, method, pattern)
        bucket = self._buckets.setdefault(key, Bucket(limit.count, now))
        flowed = max(0.0, now - bucket.at) * limit.count / limit.seconds
        bucket.left, bucket.at = min(limit.count, bucket.left + flowed), now
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True
