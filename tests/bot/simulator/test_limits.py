"""LINE's rate limits: a token bucket for each account and endpoint, on the simulator's clock."""

import pytest

from bot.simulator.limits import Buckets
from tests.bot.simulator.conftest import HELLO, Line

# The pattern, how many at once, and after how many seconds one more.
LIMITS = [
    ("/v2/bot/message/narrowcast", 60, 60.0),
    ("/v2/bot/message/broadcast", 60, 60.0),
    ("/v2/bot/message/multicast", 200, 1 / 200),
    ("/v2/bot/chat/loading/start", 100, 1 / 100),
    ("/v2/bot/message/push", 2000, 1 / 2000),
]


@pytest.mark.parametrize(("pattern", "count", "one_more_s"), LIMITS)
def test_a_bucket_empties_and_fills_again(pattern: str, count: int, one_more_s: float) -> None:
    buckets, now = Buckets(), 1000.0

    def take(at: float, account: str = "main") -> bool:
        return buckets.take(account, "POST", pattern, at)

    assert all(take(now) for _ in range(count))
    assert not take(now)
    assert not take(now + one_more_s * 0.9)
    assert take(now + one_more_s * 1.01)
    assert not take(now + one_more_s * 1.01)
    assert take(now, account="other"), "each account has its own"
    assert all(take(now + 10_000) for _ in range(count))
    assert not take(now + 10_000), "it never holds more than its limit"


def test_the_61st_broadcast_of_an_hour_waits_for_its_minute(line: Line) -> None:
    user = line.friend()

    def broadcast() -> int:
        return line.post("message/broadcast", messages=[HELLO]).status_code

    assert {broadcast() for _ in range(60)} == {200}
    answer = line.post("message/broadcast", messages=[HELLO])
    assert answer.status_code == 429
    assert answer.json == {"message": "The API rate limit has been exceeded. Try again later."}
    assert line.push(user).status_code == 200, "another endpoint has another bucket"
    assert line.post("message/broadcast", account="other", messages=[HELLO]).status_code == 200
    line.advance(60)
    assert [broadcast(), broadcast()] == [200, 429]
    assert line.shown(user) == 62


def test_every_try_counts_also_one_that_is_refused(line: Line) -> None:
    for _ in range(60):
        assert line.post("message/broadcast", messages=[]).status_code == 400

    assert line.post("message/broadcast", messages=[HELLO]).status_code == 429


def test_the_values_in_a_path_make_no_other_bucket(line: Line) -> None:
    for number in range(2000):
        line.simulator.buckets.take(
            "main", "GET", "/v2/bot/profile/<user_id>", line.simulator.now()
        )
        assert number < 2000

    assert line.get("profile/U1").status_code == 429
    assert line.get("info").status_code == 200
