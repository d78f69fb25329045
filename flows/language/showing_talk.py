"""A talk with a paper friend as lines of text: what was said, what can be tapped, what stands."""

from collections.abc import Iterator
from datetime import datetime

from flows.language.cards import words_on
from flows.language.conditions import Missing
from flows.language.edges import shown
from flows.language.grammar.shapes import Ask
from flows.language.run import Run, RunTimer
from flows.language.talk_world import PaperFriend
from flows.language.templates import show
from flows.language.words import Bubble, Value

TYPED_DIGITS = frozenset({"text", "number", "phone", "postcode", "date", "time", "datetime"})
STATUSES = {
    "skipped": "(答えない)",
    "no_reply": "(返事なし)",
    "gave_up": "(あきらめた)",
    "not_asked": "(未回答)",
}
PHASES = {
    "question": "質問中",
    "unsure": "もしかして",
    "handoff": "スタッフ待ち",
    "wait": "待機中",
    "wait_for": "きっかけ待ち",
}
TIMERS = {"timeout": "時間切れ", "expiry": "30日で終了", "wake": "再開", "begin": "開始"}


def turn_lines(friend: PaperFriend) -> Iterator[str]:
    """What the last doing brought: bubbles, buttons, and what staff get to see."""
    seen = friend.seen
    at = clock_text(friend, friend.now)
    for bubble in seen.bubbles:
        yield from _bubble_lines(at, bubble)
    if seen.bubbles:
        yield from _option_lines(friend)
    yield from (f"  ※ スタッフへの通知: {name}" for name in seen.notified)
    yield from (f"  ※ 止まりました: {text}" for text in seen.troubles)
    if seen.is_unhandled:
        yield "  ※ どのフローも受け取りませんでした(要対応になります)"


def state_lines(friend: PaperFriend, *, is_whole: bool = False) -> Iterator[str]:
    """Where the runs stand, and what is known; with is_whole also what is plain or empty."""
    going = [run for run in friend.runs if run.status != "ended"]
    ended = friend.runs[-1:] if not going else []
    yield f"  時刻: {clock_text(friend, friend.now)}"
    for run in [*ended, *going]:
        yield from _run_lines(friend, run)
    if not friend.runs:
        yield "  状態: 動いているフローはありません"
    if friend.people != "free":
        is_taken = friend.people == "taken"
        yield f"  対応: {'スタッフが対応中' if is_taken else f'{friend.queue}で待機中'}"
    if friend.tags or is_whole:
        yield f"  タグ: {'、'.join(sorted(friend.tags)) or 'なし'}"
    if friend.fields or is_whole:
        yield f"  項目: {_values(friend.fields) or 'なし'}"
    if is_whole:
        yield from _option_lines(friend)


def clock_text(friend: PaperFriend, moment: datetime) -> str:
    """A moment on the calendar's clock."""
    return f"{friend.book.house.calendar(None).local(moment):%Y-%m-%d %H:%M}"


def takes_digits(friend: PaperFriend) -> bool:
    """Whether the open question may be answered by typing a number that is no label."""
    asking = next((run for run in friend.runs if run.has_question), None)
    if asking is None:
        return False
    body = friend.book.version(asking.top.hash).steps[asking.top.state].body
    return isinstance(body, Ask) and body.type in TYPED_DIGITS


def _run_lines(friend: PaperFriend, run: Run) -> Iterator[str]:
    where = " > ".join(f"{frame.flow}.{shown(frame.state)}" for frame in run.frames if frame.state)
    if run.status == "ended":
        yield f"  状態: {run.flow} は終わりました({run.end})"
    else:
        phase = "中断中" if run.status == "parked" else PHASES.get(run.top.phase, "")
        yield f"  状態: {where or run.flow}{f'({phase})' if phase else ''}"
    for frame in run.frames:
        if frame.answers:
            yield f"  答え: {_values(frame.answers)}"
        if frame.vars:
            yield f"  変数: {_values(frame.vars)}"
    if run.status == "going" and run.timers:
        timers = sorted(run.timers, key=lambda timer: (timer.at, timer.name))
        yield f"  タイマー: {'、'.join(_timer(friend, timer) for timer in timers)}"


def _timer(friend: PaperFriend, timer: RunTimer) -> str:
    name = "催促" if timer.name.startswith("remind") else TIMERS.get(timer.name, timer.name)
    return f"{clock_text(friend, timer.at)} {name}"


def _values(values: "dict[str, Value] | dict[str, Value | Missing]") -> str:
    return "、".join(f"{name}={_value(value)}" for name, value in values.items())


def _value(value: Value | Missing) -> str:
    return STATUSES[value.status] if isinstance(value, Missing) else show(value)


def _bubble_lines(at: str, bubble: Bubble) -> Iterator[str]:
    on_card = words_on(bubble.flex) if bubble.flex else []
    first, *others = [*bubble.text.split("\n"), *(f"| {words}" for words in on_card)]
    yield f"  {at[-5:]} ボット: {first}"
    yield from (f"                 {line}" for line in others)


def _option_lines(friend: PaperFriend) -> Iterator[str]:
    mark = ":" if takes_digits(friend) else ""
    numbered = enumerate(friend.offered(), 1)
    options = [f"[{mark}{number}] {option.label}" for number, option in numbered]
    picker = friend.picker()
    if picker is not None:
        options.append(f"[:pick] {picker.label}")
    if options:
        yield f"        {'  '.join(options)}"
