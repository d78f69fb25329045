"""The laws of the language: same inputs, same turn; always at a step; always an end; JSON holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from flows.language import effects, events, values
from flows.language.book import Book, book_of
from flows.language.checks.known_answers import known_at_steps
from flows.language.checks.routes import routes_of
from flows.language.events import Event
from flows.language.grammar.shapes import Ask, Call, Faq
from flows.language.loader import load_folder
from flows.language.routing import Turn, take
from flows.language.run import Run, run_from_json
from flows.language.walk import MAX_STEPS_PER_TURN
from flows.language.words import Context, Facts
from tests.flows.test_salon import FLOWS

BOOK: Book = book_of(load_folder(FLOWS))
START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
TEXTS = st.sampled_from(
    ["はじめて", "20代", "カラー", "決定", "スキップ", "予約", "やめる", "アンケート", "駐車場はありますか",
     "大丈夫です", "スタッフ", "明日10時", "090-1234-5678", "送る", "10", "さくら", "{{name}}", "😊", "。"]
) | st.text(min_size=1, max_size=12)  # fmt: skip
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(events.Said, TEXTS),
    st.builds(events.Sent, st.sampled_from(["sticker", "image", "location"]), st.just("m1")),
    st.builds(events.Tapped, st.sampled_from(["menu_booking", "f=1.1&s=1&v=0", "f=x&s=1&v=pick"])),
    st.just(events.Followed()),
    st.just(events.Taken()),
    st.builds(events.Tagged, st.sampled_from(["新規", "VIP"])),
    st.just(events.Happened("chat_resolved")),
    st.just(events.StartedByHand("booking")),
    st.just(events.FormOpened("salon_welcome")),
    st.builds(events.FormFilled, st.sampled_from(["1.1", "2.1", "3.1"]), st.integers(1, 6), TEXTS),
    st.builds(events.Released, st.sampled_from(["resolved", "returned"]), st.just("1.1")),
)


def a_turn(runs: tuple[Run, ...], event: Event, number: int) -> Turn:
    now = START + timedelta(hours=number)
    context = Context(now, f"{number:x}", facts=Facts("花子", frozenset({"新規"}), {}))
    people = next((r for r in runs if r.top.phase == "handoff"), None)
    if people is not None and not isinstance(event, events.Released):
        context = replace(context, people="asked", asking_run=people.id)
    return take(BOOK, runs, event, context)


def live(runs: tuple[Run, ...], turn: Turn) -> tuple[Run, ...]:
    changed = {run.id: run for run in turn.runs}
    kept = [changed.pop(run.id, run) for run in runs]
    return tuple(run for run in [*kept, *changed.values()] if run.status != "ended")


@settings(max_examples=120)
@given(st.lists(EVENTS, min_size=1, max_size=14))
def test_every_turn_keeps_the_laws(events: list[Event]) -> None:
    runs: tuple[Run, ...] = ()
    for number, event in enumerate(events, start=1):
        before = [run.to_json() for run in runs]

        turn = a_turn(runs, event, number)
        again = a_turn(tuple(run_from_json(tree) for tree in before), event, number)

        assert [run.to_json() for run in runs] == before  # the runs given are not changed
        assert [r.to_json() for r in turn.runs] == [r.to_json() for r in again.runs]
        assert turn.effects == again.effects
        for run in turn.runs:
            assert run_from_json(run.to_json()) == run
            version = BOOK.version(run.top.hash)
            assert run.step in version.steps or run.is_to_begin or run.status == "ended"
        assert sum(isinstance(e, effects.Say) for e in turn.effects) <= MAX_STEPS_PER_TURN
        runs = live(runs, turn)
        assert sum(run.has_question for run in runs) <= 1  # at most one open question
        for timed in [(run, timer) for run in runs for timer in run.timers]:
            assert timed[0].status == "going" or timed[0].is_to_begin


@settings(max_examples=80)
@given(st.lists(EVENTS, min_size=1, max_size=14))
def test_what_the_checker_says_is_asked_by_then_has_been_asked(events: list[Event]) -> None:
    runs: tuple[Run, ...] = ()
    for number, event in enumerate(events, start=1):
        turn = a_turn(runs, event, number)
        runs = live(runs, turn)

        for frame in [frame for run in runs for frame in run.frames if frame.state]:
            flow = BOOK.version(frame.hash).flow
            known = known_at_steps(flow, routes_of(flow))[frame.state]
            asked = {step.name for step in flow.steps if isinstance(step.body, Ask | Faq | Call)}
            assert known.every & asked <= set(frame.answers)
            assert set(frame.answers) <= known.some | {frame.state}


@settings(max_examples=60)
@given(st.lists(EVENTS, min_size=1, max_size=8))
def test_events_and_effects_survive_json(events: list[Event]) -> None:
    runs: tuple[Run, ...] = ()
    for number, event in enumerate(events, start=1):
        assert values.from_json(values.to_json(event)) == event
        turn = a_turn(runs, event, number)
        for effect in turn.effects:
            assert values.from_json(values.to_json(effect)) == effect
        runs = live(runs, turn)
