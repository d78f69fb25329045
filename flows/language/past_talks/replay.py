"""Real talks of the past in a draft: what would have been otherwise, run by run.

Each run is one of GROUPS, the first that is true in this order: it went elsewhere, or an answer was
refused, or it ended otherwise (then nothing after is guessed); else tags, else texts differ.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from flows.language.book import Book
from flows.language.conditions import Missing
from flows.language.effects import AskPerson, Effect, Notify, PutTag, Say, SetField, TakeTag
from flows.language.grammar.shapes import Ask, Step
from flows.language.masking import Mask
from flows.language.past_talks.recorded import RecordedTurn
from flows.language.past_talks.replayed import ReplayedTurn, replayed
from flows.language.run import Run
from flows.language.sayings.catalogue import say_param
from flows.language.sayings.saying import Language, Param, saying
from flows.language.templates import show
from flows.language.words import Value

Group = Literal[
    "same", "other_text", "other_tags", "other_end", "not_accepted", "diverged", "unknown"
]
GROUPS: tuple[Group, ...] = (
    "same", "other_text", "other_tags", "other_end", "not_accepted", "diverged", "unknown",
)  # fmt: skip
EXAMPLES = 3  # of each group of each flow
_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a draft makes of one run. turn, step: where it first differs. before, after: how,
    personal data masked. unknown_inputs: what the friend said after that, which nobody can judge.
    """

    run: str
    flow: str
    group: Group
    turn: int = 0
    step: str = ""
    before: Param = ""
    after: Param = ""
    unknown_inputs: int = 0

    def to_json(self, language: Language = "ja") -> dict[str, Any]:
        """The shape that scripts read."""
        sides = {"before": self.before, "after": self.after}
        return asdict(self) | {key: say_param(side, language) for key, side in sides.items()}


@dataclass(slots=True)
class ReplayReport:
    """All verdicts, counted."""

    verdicts: list[Verdict] = field(default_factory=list)

    def counts(self) -> dict[str, Counter[str]]:
        """Flow id → group → how many."""
        found: dict[str, Counter[str]] = {}
        for verdict in self.verdicts:
            found.setdefault(verdict.flow, Counter())[verdict.group] += 1
        return {flow: found[flow] for flow in sorted(found)}

    def examples(self) -> list[Verdict]:
        """A few of each group in which something differs, flow by flow."""
        shown: Counter[tuple[str, str]] = Counter()
        found = []
        order = {group: number for number, group in enumerate(GROUPS)}
        for verdict in sorted(self.verdicts, key=lambda v: (v.flow, order[v.group])):
            kind = (verdict.flow, verdict.group)
            if verdict.group != "same" and shown[kind] < EXAMPLES:
                shown[kind] += 1
                found.append(verdict)
        return found

    def to_json(self, language: Language = "ja") -> dict[str, Any]:
        """The shape that scripts read."""
        total = Counter(verdict.group for verdict in self.verdicts)
        flows = [
            {"flow": flow, "runs": counts.total(), **{group: counts[group] for group in GROUPS}}
            for flow, counts in self.counts().items()
        ]
        return {
            "flows": flows,
            "examples": [verdict.to_json(language) for verdict in self.examples()],
            "summary": {
                "runs": len(self.verdicts),
                **{group: total[group] for group in GROUPS},
                "unknown_inputs": sum(verdict.unknown_inputs for verdict in self.verdicts),
            },
        }


def replay_run(draft: Book, turns: Sequence[RecordedTurn]) -> Verdict:
    """What the draft makes of one run's turns, oldest first."""
    run_id, flow = turns[0].run_id, turns[0].after.flow
    mask = Mask(tuple(dict.fromkeys(turn.context.facts.name for turn in turns)))
    if turns[0].before is not None:  # its beginning is not in the record
        return Verdict(run_id, flow, "unknown", unknown_inputs=_said(turns))
    found = Verdict(run_id, flow, "same")
    for turn in replayed(draft, turns):
        verdict = _ending(draft, turn, mask) or _differing(turn, mask)
        if verdict is None:
            continue
        if GROUPS.index(verdict.group) > GROUPS.index(found.group):
            found = verdict
        if verdict.group not in {"other_text", "other_tags"}:
            after = turns[turn.number :]
            return _finished(verdict, _said(after))
    return found


def unreadable(run_id: str, flow: str) -> Verdict:
    """A run whose record cannot be read."""
    return Verdict(run_id, flow, "unknown")


def _finished(verdict: Verdict, unknown_inputs: int) -> Verdict:
    return replace(verdict, unknown_inputs=unknown_inputs)


def _said(turns: Iterable[RecordedTurn]) -> int:
    return sum(turn.is_said for turn in turns)


def _ending(draft: Book, turn: ReplayedTurn, mask: Mask) -> Verdict | None:
    """A difference after which the rest of the talk says nothing about the draft."""
    recorded, run = turn.recorded, turn.run
    then = _place(recorded.after)
    if run is None:
        return _verdict(turn, "diverged", then, saying("replay.not_begun"))
    now = _place(run)
    if then != now:
        if recorded.after.status == run.status == "ended":
            return _verdict(turn, "other_end", then, now)
        if _is_refused(turn):
            heard = _heard(draft, turn, mask)
            return _verdict(turn, "not_accepted", heard, _texts(turn.effects, mask))
        return _verdict(turn, "diverged", then, now)
    return _verdict(turn, "unknown") if recorded.is_said and _asks_otherwise(draft, turn) else None


def _differing(turn: ReplayedTurn, mask: Mask) -> Verdict | None:
    """A difference with which the talk goes on all the same."""
    then, now = _marks(turn.recorded.effects), _marks(turn.effects)
    if then != now:
        gone = [mark for mark in then if then[mark] != now.get(mark, _NOTHING)]
        new = [mark for mark in now if now[mark] != then.get(mark, _NOTHING)]
        return _verdict(turn, "other_tags", tuple(gone), tuple(new))
    if _said_all(turn.recorded.effects) != _said_all(turn.effects):
        before, after = (_texts(effects, mask) for effects in (turn.recorded.effects, turn.effects))
        if before == after:  # then it is the buttons
            before, after = (_labels(e, mask) for e in (turn.recorded.effects, turn.effects))
        return _verdict(turn, "other_text", before, after)
    return None


def _verdict(turn: ReplayedTurn, group: Group, before: Param = "", after: Param = "") -> Verdict:
    recorded = turn.recorded
    step = (recorded.before or recorded.after).top.state
    return Verdict(recorded.run_id, recorded.after.flow, group, turn.number, step, before, after)


def _place(run: Run) -> Param:
    """Where a run stands, as people and comparisons read it."""
    if run.status == "ended":
        return saying("replay.ended", end=run.end or "")
    steps = " > ".join(frame.state for frame in run.frames)
    if run.status == "parked":
        return saying("replay.parked", steps=steps)
    return saying("replay.with_staff", steps=steps) if run.top.phase == "handoff" else steps


def _is_refused(turn: ReplayedTurn) -> bool:
    """Whether the friend's answer was taken then, and is a wrong answer now."""
    before, run, recorded = turn.before, turn.run, turn.recorded
    if before is None or run is None or not recorded.is_said or not before.has_question:
        return False
    asked, now = before.top, run.top
    if now.state == asked.state:
        return now.wrong > asked.wrong or run.to_json() == before.to_json()
    gave_up = (frame.answers.get(asked.state) for frame in run.frames if frame.flow == asked.flow)
    return any(isinstance(answer, Missing) and answer.status == "gave_up" for answer in gave_up)


def _asks_otherwise(draft: Book, turn: ReplayedTurn) -> bool:
    """Whether the question that was answered is of another kind in the draft."""
    then, now = turn.recorded.before, turn.before
    if then is None or now is None or not then.has_question:
        return False
    old, new = (_step(draft, run) for run in (then, now))
    if old is None or new is None:
        return True
    kinds = [step.body.type if isinstance(step.body, Ask) else step.verb for step in (old, new)]
    return kinds[0] != kinds[1]


def _step(book: Book, run: Run) -> Step | None:
    version = book.find(run.top.hash)
    return version.steps.get(run.top.state) if version is not None else None


def _heard(draft: Book, turn: ReplayedTurn, mask: Mask) -> str:
    """What the friend answered: the label of a choice, else only that it was a text."""
    before, after = turn.recorded.before, turn.recorded.after
    step = _step(draft, before) if before is not None else None
    frame = next((f for f in after.frames if before and f.flow == before.top.flow), None)
    if step is None or frame is None or not isinstance(step.body, Ask):
        return ""
    answer = frame.answers.get(step.name)
    labels = {choice.value: choice.label.text for choice in step.body.choices}
    if isinstance(answer, str | int | float | tuple | list) and show(answer) in labels:
        return labels[show(answer)]
    said = getattr(turn.recorded.event, "text", "")
    return mask.words(said) if said else ""


def _marks(effects: Iterable[Effect]) -> dict[str, Value]:
    """What is left on the card or told to staff, by how it is shown."""
    found: dict[str, Value] = {}
    for effect in effects:
        match effect:
            case PutTag():
                found[f"+{effect.tag}"] = True
            case TakeTag():
                found[f"-{effect.tag}"] = True
            case SetField():
                found[effect.key] = effect.value
            case Notify():
                found[f"→{effect.to}"] = True
            case AskPerson():
                found[f"→{effect.queue}"] = True
    return found


def _said_all(effects: Iterable[Effect]) -> list[tuple[str, str, tuple[str, ...]]]:
    bubbles = [b for effect in effects if isinstance(effect, Say) for b in effect.bubbles]
    return [(b.text, b.flex, tuple(option.label for option in b.options)) for b in bubbles]


def _texts(effects: Iterable[Effect], mask: Mask) -> str:
    return " / ".join(mask.text(text) for text, *_ in _said_all(effects))


def _labels(effects: Iterable[Effect], mask: Mask) -> str:
    return "・".join(mask.text(label) for *_, labels in _said_all(effects) for label in labels)
