"""The engine agrees, turn by turn, with a second and much simpler interpreter of the language.

That one (`second_interpreter/`) was written from the language's description alone: it reads the
YAML by itself, and is a generator that walks the script by recursion, with no states and no
transitions. Random flows are told random talks; after every turn both must have said the same
bubbles with the same quick replies, and have the same tags, fields, answers, vars, visits and
timers. The examples are the same in every run; `MADOGUCHI_EXAMPLES=20000` tries so many new ones.
"""

import os
from datetime import UTC, datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.laws.both import Happening, told
from tests.laws.random_flows import flow_files
from tests.laws.random_questions import TEXTS

EXAMPLES = int(os.environ.get("MADOGUCHI_EXAMPLES", "0"))
START = datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
HAPPENINGS: st.SearchStrategy[Happening] = st.one_of(
    st.tuples(st.sampled_from(["fits", "fits", "tap", "tap_old"]), st.sampled_from("012345678")),
    st.tuples(st.sampled_from(["fits", "tap"]), st.sampled_from("012345678")),
    st.tuples(st.just("said"), st.sampled_from([*TEXTS, "f", "g", "h", "続き", "やめる"])),
    st.tuples(
        st.just("said"), st.sampled_from(["f", "はい", "黒", "3", "続き", "やめる", "スキップ"])
    ),
    st.sampled_from([10, 30, 60, 90, 120, 600, 1440, 4320, 50000]),  # minutes pass
    st.tuples(st.just("event"), st.sampled_from(["bought", "paid"])),
    st.tuples(st.just("tag_added"), st.sampled_from(["常連", "停止"])),
    st.tuples(st.just("by_hand"), st.sampled_from(["f", "g", "h"])),
    st.sampled_from([("sticker", ""), ("taken", ""), ("returned", ""), ("returned", "")]),
)
TALKS = st.lists(
    st.lists(HAPPENINGS, min_size=8, max_size=24).map(lambda talk: [("by_hand", "f"), *talk]),
    min_size=2,
    max_size=4,
)


@settings(
    max_examples=EXAMPLES or 300,
    derandomize=not EXAMPLES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(flow_files(is_plain=True), TALKS)
def test_both_interpreters_agree_after_every_turn(
    files: dict[str, str], talks: list[list[Happening]]
) -> None:
    for number, (event, first, second) in enumerate(told(files, talks, START)):
        assert first == second, (number, event)
