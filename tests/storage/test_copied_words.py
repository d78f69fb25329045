"""Where the words of a customer are found again, and where nothing is touched."""

import pytest

from storage.copied_words import without
from storage.word_places import change_state


@pytest.mark.parametrize(
    ("text", "words", "left"),
    [
        ("０９０－５５５５－０１２３ へ", ["090-5555-0123"], "… へ"),
        ("まり さん、まもなく始まります", ["まり"], "… さん、まもなく始まります"),
        (
            "10 個、10:30 から 10:00 に、2026-10-10 まで",
            ["10"],
            "… 個、10:30 から 10:00 に、2026-10-10 まで",
        ),
        ("2026-11-28T02:00 に", ["11/28"], "2026-11-28T02:00 に"),
        ("合計 48,151円", ["48151"], "合計 …円"),
        ("Tom, tomorrow", ["tom"], "…, tomorrow"),
        ("林 さんは林道", ["林"], "… さんは林道"),
        ("🍎 が好き、です。", ["🍎"], "… が好き、です。"),
        ("はい。そうです。", ["。"], "はい。そうです。"),
        ("https://example.com/abcd?x=1 abcd", ["abcd"], "https://example.com/abcd?x=1 …"),
        ("かぎ と ｶﾞｷﾞﾉ", ["ガギノ"], "かぎ と …"),
    ],
)
def test_a_copy_goes_and_nothing_that_only_looks_like_it(
    text: str, words: list[str], left: str
) -> None:
    assert without(text, words, ["まもなく始まります"]) == left


def test_of_a_runs_state_only_values_are_words() -> None:
    frame = {"flow": "11/28", "state": "11/28", "answers": {"11/28": "11/28", "x": {"status": "a"}}}
    state = {"id": "11/28", "started_at": "2026-11-28T02:00:00", "frames": [frame]}

    after = change_state(state, lambda leaf, *, is_map: without(str(leaf), ["11/28", "a"]))  # noqa: ARG005 # a Change

    answers = {"11/28": "…", "x": {"status": "a"}}
    assert after == {**state, "frames": [{**frame, "answers": answers}]}
