"""A15: the harness finds what is wrong with the SDK's sample bot: one more tooth.

The figures side by side: `python -m tests.chaos naive --events 60`.
"""

from pathlib import Path

from tests.chaos.__main__ import NAIVE_EVENTS
from tests.chaos.naive import compare_all
from tests.chaos.seasons import IS_LONG

EVENTS = NAIVE_EVENTS if IS_LONG else 3


def test_the_same_deaths_cost_the_sample_bots_messages_and_us_none(tmp_path: Path) -> None:
    sample, fallback, ours = compare_all(tmp_path, EVENTS)

    print("\n".join(tally.told() for tally in (sample, fallback, ours)))
    assert {one.kills for one in (sample, fallback, ours)} == {EVENTS - EVENTS // 3}
    assert sample.lost == EVENTS // 3
    assert fallback.twice == EVENTS // 3
    assert (ours.lost, ours.twice) == (0, 0)
