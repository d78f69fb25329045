"""Talks of the verbs that let time and chance in, where a talk needs more than its own words."""

from datetime import UTC, datetime

import pytest

from flows.language import values
from flows.language.checker import check
from flows.language.events import Scheduled
from flows.language.loader import load_files
from flows.language.run import BEGIN, Frame, Run, run_from_json
from flows.language.schedules import parse_schedule
from flows.language.talk_tests import run_tests
from tests.flows.talks import FIN, flow

LOT = "  - random: [{weight: 1, say: 大吉}, {weight: 3, say: 吉, tag: 小}]\n"
CARD = (
    "  - if: {field.memo: 青}\n    then: {say: '{{field.memo | join:・}} 青あり'}\n"
    "    else: {say: 青なし}\n"
)


@pytest.mark.parametrize(
    ("steps", "given", "expected"),
    [
        (LOT * 3, "random: [1, 0, 1]", "messages: [吉, 大吉, 吉], tags: [小], ended: done"),
        (CARD, "fields: {memo: [赤, 青]}", "messages: [赤・青 青あり], field.memo: 赤"),
        (CARD, "fields: {memo: 青}", "messages: [青 青あり]"),
    ],
)
def test_a_test_says_how_the_lots_fall_and_what_is_on_the_card(
    steps: str, given: str, expected: str
) -> None:
    files = flow(steps + FIN)
    talk = f"- user: 始め\n      - expect: {{{expected}}}"
    files["tests/t.yaml"] = (
        f"test: f\ncases:\n  - name: t\n    given: {{{given}}}\n    talk:\n      {talk}\n"
    )
    folder = load_files({name: text.encode() for name, text in files.items()})

    (result,) = run_tests(folder, check(folder)).cases

    assert result.failures == ()


@pytest.mark.parametrize(
    ("text", "local", "following"),
    [
        ("毎日 10:00", "2026-11-24 09:59", "2026-11-24 10:00"),
        ("毎日 10:00", "2026-11-24 10:00", "2026-11-25 10:00"),
        ("毎週月曜 9:30", "2026-11-24 10:00", "2026-11-30 09:30"),
        ("毎週日曜日 10:00", "2026-11-24 10:00", "2026-11-29 10:00"),
        ("毎月1日 10:00", "2026-11-24 10:00", "2026-12-01 10:00"),
        ("毎月31日 10:00", "2026-11-24 10:00", "2026-12-31 10:00"),
        ("毎月末日 10:00", "2027-02-01 10:00", "2027-02-28 10:00"),
        ("2026-12-01 10:00", "2026-11-24 10:00", "2026-12-01 10:00"),
        ("2026-12-01 10:00", "2026-12-01 10:00", None),
        ("０ ９ * * mon-fri", "2026-11-27 10:00", "2026-11-30 09:00"),
    ],
)
def test_a_schedule_in_words_or_cron_says_when_it_comes_next(
    text: str, local: str, following: str | None
) -> None:
    schedule = parse_schedule(text)

    assert schedule is not None
    found = schedule.next_after(datetime.fromisoformat(f"{local}+09:00"))
    assert found == (datetime.fromisoformat(f"{following}+09:00") if following else None)


@pytest.mark.parametrize(
    "text", ["明日", "毎日", "毎週日曜", "毎日 25:00", "61 * * * *", "* * * *"]
)
def test_what_is_no_schedule_is_none(text: str) -> None:
    assert parse_schedule(text) is None


def test_a_run_that_was_kept_before_the_newer_verbs_is_read() -> None:
    begun = Run("1.1", "f", "h", datetime(2026, 4, 1, 1, tzinfo=UTC), [Frame("f", "h", "a")])
    newer = ("held", "held_at", "kept_at", "is_prompt")
    old = {key: value for key, value in begun.to_json().items() if key not in newer}
    frames = [{k: v for k, v in f.items() if k not in {"vars", "rounds"}} for f in old["frames"]]

    assert run_from_json({**old, "frames": frames, "is_held": False}) == begun
    assert run_from_json({**old, "is_held": True}).held == BEGIN
    assert values.from_json({"kind_of": "Scheduled", "flow": "f"}) == Scheduled("f")
