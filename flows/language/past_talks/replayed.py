"""One run of the past, done again in other versions: each turn with what came of it there.

The clock and the world are those of the record. The card is as recorded too, but for what the run
itself wrote on it, then and now. Timers are the new versions' own: they fire at their own moments.
A tap is one on the button of the same words, whatever its number is now.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flows.language.book import Book
from flows.language.effects import Effect, PutTag, SetField, TakeTag
from flows.language.events import Due, Event, Republished, Tapped
from flows.language.grammar.shapes import Ask, Faq
from flows.language.past_talks.recorded import RecordedTurn
from flows.language.questions import offers
from flows.language.routing import take
from flows.language.run import Run, RunTimer
from flows.language.words import Context, Facts, Value

NOT_ON_OFFER = "nothing"  # the value of a button that the new version does not have


@dataclass(frozen=True, slots=True)
class ReplayedTurn:
    """number: of the turn, from 1. run: as it stands after it, None when it did not begin."""

    number: int
    recorded: RecordedTurn
    before: Run | None
    run: Run | None
    effects: tuple[Effect, ...]


def replayed(draft: Book, turns: Sequence[RecordedTurn]) -> Iterator[ReplayedTurn]:
    """Each turn done again, until the record tells of another version that it was moved to."""
    run: Run | None = None
    own = _OwnMarks(turns[0].context.facts)
    for number, turn in enumerate(turns, start=1):
        if isinstance(turn.event, Republished):
            if _is_elsewhere(turn):
                return
            continue
        before = run
        context = replace(turn.context, facts=own.facts(turn.context.facts))
        run, effects = _time_passes(draft, run, turn, context)
        if not (isinstance(turn.event, Due) and turn.event.run_id == turn.run_id):
            event = _translated(draft, run, turn)
            run, said = _do(draft, run, turn, event, context)
            effects = (*effects, *said)
        own.note(turn.effects, effects)
        yield ReplayedTurn(number, turn, before, run, effects)


def _is_elsewhere(turn: RecordedTurn) -> bool:
    before = turn.before
    is_same = before is not None and [f.state for f in before.frames] == [
        f.state for f in turn.after.frames
    ]
    return not is_same or turn.after.status == "ended"


def _do(
    draft: Book, run: Run | None, turn: RecordedTurn, event: Event, context: Context
) -> tuple[Run | None, tuple[Effect, ...]]:
    runs = [*turn.others, *([run] if run is not None and run.status != "ended" else [])]
    done = take(draft, runs, event, context)
    after = run
    if run is None:  # it may begin under another number, when something else begins before it
        known = {each.id for each in turn.others}
        begun = [each for each in done.runs if each.id not in known]
        after = next((each for each in begun if each.flow == turn.after.flow), None)
    after = next((each for each in done.runs if run and each.id == run.id), after)
    of_run = after.id if after is not None else ""
    effects = tuple(e for e in done.effects if getattr(e, "run_id", None) == of_run)
    return (replace(after, id=turn.run_id) if after is not None else None), effects


def _time_passes(
    draft: Book, run: Run | None, turn: RecordedTurn, context: Context
) -> tuple[Run | None, tuple[Effect, ...]]:
    effects: tuple[Effect, ...] = ()
    event = turn.event
    is_due = isinstance(event, Due) and event.run_id == turn.run_id
    while run is not None and run.status != "ended":
        due = [t for t in run.timers if t.at < context.now or (is_due and t.at == context.now)]
        if not due:
            break
        first = min(due, key=lambda timer: (timer.at, not timer.name.startswith("remind")))
        is_recorded = isinstance(event, Due) and is_due and event.timer == first.name
        at = replace(context, now=context.now if is_recorded else first.at)
        run, said = _do(draft, run, turn, Due(run.id, first.name, first.entry), at)
        effects = (*effects, *said)
        if is_recorded or run is None or _has(run, first):
            break
    return run, effects


def _has(run: Run, timer: RunTimer) -> bool:
    """Whether it did not go off: something else has to be done first."""
    return timer in run.timers


def _translated(draft: Book, run: Run | None, turn: RecordedTurn) -> Event:
    """A tap on the button with the same words under the question as it stands now."""
    event, before = turn.event, turn.before
    if not isinstance(event, Tapped) or before is None or run is None:
        return event
    given = dict(part.partition("=")[::2] for part in event.data.split("&"))
    if given.get("f") != turn.run_id or given.get("s") != str(before.top.entry):
        return event
    key = given["v"]
    old = _keys(draft, before)
    if key in old:
        new = {meaning: value for value, meaning in _keys(draft, run).items()}
        key = new.get(old[key], NOT_ON_OFFER)
    return replace(event, data=f"f={run.id}&s={run.top.entry}&v={key}")


def _keys(book: Book, run: Run) -> dict[str, str]:
    """What each button of the open question means: its label, or the FAQ entry."""
    version = book.find(run.top.hash)
    body = version.steps[run.top.state].body if version is not None and run.top.state else None
    if isinstance(body, Ask):
        return dict(offers(body))
    if isinstance(body, Faq):
        return {str(number): entry for number, entry in enumerate(run.top.offered)}
    return {}


class _OwnMarks:
    """What the run wrote on the card, then and now: the card of now is that of then, otherwise."""

    def __init__(self, start: Facts) -> None:
        self._start = start
        self._then: dict[str, Value] = {}
        self._now: dict[str, Value] = {}

    def note(self, then: Sequence[Effect], now: Sequence[Effect]) -> None:
        self._then |= _marks(then)
        self._now |= _marks(now)

    def facts(self, recorded: Facts) -> Facts:
        tags, fields = set(recorded.tags), dict(recorded.fields)
        for mark in {*self._then, *self._now}:
            if self._then.get(mark) == self._now.get(mark):
                continue
            kind, _, name = mark.partition(":")
            if kind == "tag":
                is_on = self._now.get(mark, name in self._start.tags)
                (tags.add if is_on else tags.discard)(name)
            else:
                fields[name] = self._now.get(mark, self._start.fields.get(name))
        return Facts(recorded.name, frozenset(tags), fields)


def _marks(effects: Sequence[Effect]) -> Mapping[str, Value]:
    marks: dict[str, Value] = {}
    for effect in effects:
        match effect:
            case PutTag():
                marks[f"tag:{effect.tag}"] = True
            case TakeTag():
                marks[f"tag:{effect.tag}"] = False
            case SetField():
                marks[f"field:{effect.key}"] = effect.value
    return marks
