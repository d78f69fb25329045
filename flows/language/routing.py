"""Who takes what comes in: one event of one friend, over all of their runs. The door of the engine.

At most one run has the open question. A valid answer beats a keyword, a keyword beats free text;
what nothing takes is left to people, never dropped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from flows.language import starts, values
from flows.language.answers import answer, answer_other
from flows.language.book import Book
from flows.language.deeds import do_way, send
from flows.language.faq_steps import ASK_STAFF, faq_keys, look_up_again, pick_faq
from flows.language.grammar.shapes import Ask
from flows.language.normalise import normalise
from flows.language.persons import release
from flows.language.questions import Understood, by_key, by_label, by_type, offers
from flows.language.run import END, Run
from flows.language.showing import asked_bubble, open_question_text
from flows.language.starts import Friend
from flows.language.turning import Walk
from flows.language.waits import is_due
from flows.language.walk import go
from flows.language.words import (
    Bubble,
    Context,
    Due,
    Effect,
    Event,
    Followed,
    Happened,
    LeaveToPeople,
    Released,
    Said,
    Say,
    Sent,
    StartedByHand,
    Tagged,
    Taken,
    Tapped,
)

OLD_BUTTON = "このボタンは前のご案内のものです。"
CANCELLED = "ここで中止しました。"
WRONG = Understood("wrong")


@dataclass(frozen=True, slots=True)
class RunLog:
    """What a turn did to one run, for its event log."""

    run_id: str
    kind: str
    payload: dict[str, Any]
    hash: str
    state_before: dict[str, Any] | None
    state_after: dict[str, Any]
    effects: list[dict[str, Any]]
    draws: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One event in: the runs that changed, new and ended ones too, and what is to be done."""

    runs: tuple[Run, ...]
    effects: tuple[Effect, ...]
    log: tuple[RunLog, ...]
    is_taken: bool = True  # False: a message that no flow took


def take(book: Book, runs: Sequence[Run], event: Event, context: Context) -> Turn:
    """Do one event. The same inputs give the same turn; the runs given are not changed."""
    before = {run.id: run.to_json() for run in runs}
    friend = Friend(book, context, [run.copy() for run in runs])
    _dispatch(friend, event)
    starts.settle(friend)
    changed = tuple(run for run in friend.runs if run.to_json() != before.get(run.id))
    effects = tuple(friend.turning.effects)
    log = tuple(_log(run, before.get(run.id), event, effects) for run in changed)
    is_taken = not any(isinstance(effect, LeaveToPeople) for effect in effects)
    return Turn(changed, effects, log, is_taken)


def _dispatch(friend: Friend, event: Event) -> None:
    match event:
        case Said():
            _said(friend, event.text)
        case Tapped():
            _tapped(friend, event)
        case Sent():
            _sent(friend, event)
        case Taken():
            starts.park_for_takeover(friend)
        case Released():
            _released(friend, event)
        case Due():
            _due(friend, event)
        case Followed() | Tagged() | Happened() | StartedByHand():
            starts.begin_by(friend, event)
        case _:
            assert_never(event)


def _said(friend: Friend, text: str) -> None:
    if friend.turning.people != "free":  # rule 1: console only
        return
    run = friend.asking()
    if run is not None:
        _said_to_question(friend, run, text)
    elif not starts.by_keyword(friend, text) and not starts.by_message(friend, text):
        _leave(friend)


def _said_to_question(friend: Friend, run: Run, text: str) -> None:
    walk = friend.walk(run)
    run.message = text
    if _answers(friend, walk, text) or _cancels(friend, walk, text):
        return
    ask = walk.step.body
    if isinstance(ask, Ask):
        understood = by_type(walk.view(), ask, text)
        if understood is not None:
            friend.do(walk, lambda: answer(walk, understood))
            return
    if starts.by_keyword(friend, text, interrupts=run):
        return
    if not isinstance(ask, Ask):
        friend.do(walk, lambda: look_up_again(walk))
    else:
        friend.do(walk, lambda: _other_or_wrong(walk, text))


def _other_or_wrong(walk: Walk, text: str) -> None:
    ask = walk.step.body
    if not answer_other(walk, text) and isinstance(ask, Ask):
        answer(walk, WRONG)


def _answers(friend: Friend, walk: Walk, text: str) -> bool:
    """Rule 2: what is on offer, typed word for word."""
    ask = walk.step.body
    if isinstance(ask, Ask):
        understood = by_label(walk.view(), ask, text)
        if understood is None:
            return False
        friend.do(walk, lambda: answer(walk, understood))
        return True
    labels = {normalise(label): key for key, label in faq_keys(walk).items()}
    key = labels.get(normalise(text))
    if key is not None:
        friend.do(walk, lambda: pick_faq(walk, key))
    return key is not None


def _cancels(friend: Friend, walk: Walk, text: str) -> bool:
    """Rule 3: the innermost frame that has the word ends, with all above it."""
    said = normalise(text)
    for depth in range(len(walk.run.frames) - 1, -1, -1):
        version = friend.book.version(walk.run.frames[depth].hash)
        if any(normalise(word.text) == said for word in version.flow.cancel_words):
            del walk.run.frames[depth + 1 :]
            friend.do(walk, lambda: _cancel(walk))
            return True
    return False


def _cancel(walk: Walk) -> None:
    on_cancel = walk.compiled.flow.on_cancel
    walk.end_name = "cancelled"
    if on_cancel is None:
        send(walk, Bubble(CANCELLED))
    else:
        do_way(walk, on_cancel)
        walk.end_name = "done" if on_cancel.goto is not None else "cancelled"
    go(walk, walk.compiled.move(walk.frame.state, "cancel", "") or END)


def _tapped(friend: Friend, event: Tapped) -> None:
    if friend.turning.people != "free":
        return
    given = dict(part.partition("=")[::2] for part in event.data.split("&"))
    if set(given) != {"f", "s", "v"}:
        if not starts.by_postback(friend, event.data):
            _leave(friend)
        return
    run = friend.asking()
    is_open = run is not None and run.id == given["f"] and str(run.top.entry) == given["s"]
    if run is None or not is_open or not _tap_answers(friend, run, given["v"], event):
        _old_button(friend, run)


def _tap_answers(friend: Friend, run: Run, key: str, event: Tapped) -> bool:
    walk = friend.walk(run)
    ask = walk.step.body
    if not isinstance(ask, Ask):
        label = faq_keys(walk).get(key)
        if label is None:
            return False
        run.message = label
        friend.do(walk, lambda: pick_faq(walk, key))
        return True
    if key == "pick":
        text = event.picked.get(ask.type)
        understood = by_type(walk.view(), ask, text) if text else None
        run.message = text or run.message
    else:
        understood = by_key(walk.view(), ask, key)
        run.message = _label_of(ask, key) or run.message
    if understood is None:
        return False
    friend.do(walk, lambda: answer(walk, understood))
    return True


def _label_of(ask: Ask, key: str) -> str | None:
    return dict(offers(ask)).get(key)


def _old_button(friend: Friend, run: Run | None) -> None:
    """One polite sentence; the open question, if any, is shown again. Nothing else changes."""
    if run is None:
        friend.turning.effects.append(Say(None, None, None, (Bubble(OLD_BUTTON),)))
        return
    walk = friend.walk(run)
    send(walk, Bubble(OLD_BUTTON), asked_bubble(walk, open_question_text(walk)))


def _sent(friend: Friend, event: Sent) -> None:
    if friend.turning.people != "free":
        return
    run = friend.asking()
    if run is None:
        _leave(friend)
        return
    walk = friend.walk(run)
    ask = walk.step.body
    if not isinstance(ask, Ask):
        friend.do(walk, lambda: send(walk, asked_bubble(walk, open_question_text(walk))))
    elif ask.type == event.kind:
        understood = Understood("accepted", event.reference)
        friend.do(walk, lambda: answer(walk, understood))
    else:
        friend.do(walk, lambda: answer(walk, WRONG))


def _due(friend: Friend, event: Due) -> None:
    run = next((run for run in friend.runs if run.id == event.run_id), None)
    if run is None or run.status != "going":
        return
    known = any(t.name == event.timer and t.entry == event.entry for t in run.timers)
    if not known:  # its entry is over
        return
    walk = friend.walk(run)
    friend.do(walk, lambda: is_due(walk, event.timer))


def _released(friend: Friend, event: Released) -> None:
    run = next((run for run in friend.runs if run.id == event.run_id), None)
    if run is not None and run.status == "going" and run.top.phase == "handoff":
        walk = friend.walk(run)
        friend.do(walk, lambda: release(walk))
    if event.how == "resolved":
        starts.end_taken_over(friend)


def _leave(friend: Friend) -> None:
    """Rule 9: a person must look; that is not a handoff."""
    friend.turning.effects.append(LeaveToPeople(friend.book.house.queues.default))


def _log(
    run: Run, before: dict[str, Any] | None, event: Event, effects: Sequence[Effect]
) -> RunLog:
    return RunLog(
        run_id=run.id,
        kind=type(event).__name__,
        payload=values.to_json(event),
        hash=run.frames[0].hash,
        state_before=before,
        state_after=run.to_json(),
        effects=[values.to_json(e) for e in effects if getattr(e, "run_id", None) == run.id],
    )


def label_of_tap(book: Book, runs: Sequence[Run], data: str) -> str | None:
    """The words on a button of ours, while its question is open: what the friend seems to say."""
    given = dict(part.partition("=")[::2] for part in data.split("&"))
    run = next((r for r in runs if r.id == given.get("f") and r.has_question), None)
    if run is None or str(run.top.entry) != given.get("s"):
        return None
    step = book.version(run.top.hash).steps[run.top.state]
    if isinstance(step.body, Ask):
        return _label_of(step.body, given.get("v", ""))
    labels = dict(enumerate(run.top.offered))
    number = given.get("v", "")
    entry = book.house.faq_entry(labels.get(int(number), "")) if number.isdigit() else None
    return entry.ask[0].text if entry is not None else ASK_STAFF
