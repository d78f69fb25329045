"""What becomes of somebody in the middle of a flow when another version of it is published.

The same rule is asked twice: for the counts before a publish, and in the turn that does it.
"""

from dataclasses import dataclass
from typing import Literal

from flows.language.book import Book
from flows.language.compiler import Compiled
from flows.language.events import Republished
from flows.language.grammar.asks import yesno_choices
from flows.language.grammar.shapes import MOVE_WORDS, Ask, Step
from flows.language.run import Frame, Run
from flows.language.sayings.saying import Saying, saying

WITH_STAFF = Saying("stay.with_staff")
ASIDE = Saying("stay.aside")
UNREADABLE = Saying("stay.unreadable")
WITHDRAWN = Saying("stay.withdrawn")
ENDS_OF_WAITS = {"child": "child_done", "handoff": "done"}

Kind = Literal["stay", "same", "move", "enter", "restart", "stop"]


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one run. step: where it goes on in the new version.

    kind: stay (it finishes on its version, `why`) · same (only texts differ: the same place) ·
    move (the same place under the new version) · enter (another step is begun) · restart · stop.
    """

    kind: Kind
    step: str = ""
    why: Saying | None = None


STAYS = Fate("stay")


def depth_of(run: Run, event: Republished) -> int | None:
    """Which of its frames walks through another version of the flow."""
    depths = range(len(run.frames))
    of_flow = (n for n in depths if run.frames[n].flow == event.flow)
    return next((n for n in of_flow if run.frames[n].hash != event.hash), None)


def fate_of(book: Book, run: Run, event: Republished, people: str) -> Fate:
    """people: as in a turn's context, whether staff have the talk."""
    depth = depth_of(run, event)
    if depth is None or run.status == "ended":
        return STAYS
    if event.how == "stop":
        return _if_free(Fate("stop"), run, depth)
    if event.hash is None:
        return Fate("stay", why=WITHDRAWN)
    if event.how == "restart":
        return _restarts(run, depth, people)
    frame = run.frames[depth]
    if book.find(frame.hash) is not None and book.shape(frame.hash) == book.shape(event.hash):
        return Fate("same", frame.state)
    return STAYS if event.how == "finish" else _moves(book, run, depth, event.hash, people)


def _restarts(run: Run, depth: int, people: str) -> Fate:
    return (
        Fate("stay", why=WITH_STAFF) if people != "free" else _if_free(Fate("restart"), run, depth)
    )


def _if_free(fate: Fate, run: Run, depth: int) -> Fate:
    """A called flow cannot end while its run is aside: its caller would speak."""
    is_aside = depth > 0 and run.status != "going"
    return Fate("stay", why=ASIDE) if is_aside else fate


def _moves(book: Book, run: Run, depth: int, hash_: str, people: str) -> Fate:
    new, frame = book.version(hash_), run.frames[depth]
    if not frame.state:  # its first step has not been done yet
        return Fate("move")
    mapped = new.flow.moves_from(frame.hash).get(frame.state)
    if mapped == "restart":
        return _restarts(run, depth, people)
    if mapped == "stop":
        return _if_free(Fate("stop"), run, depth)
    old = book.find(frame.hash)
    target = mapped or frame.state
    misfit = why_not(old, new, frame, target) if old is not None else UNREADABLE
    if misfit is None:
        return Fate("move", target)
    is_asking = depth == len(run.frames) - 1 and run.has_question and people == "free"
    return Fate("enter", mapped) if mapped and is_asking else Fate("stay", why=misfit)


def why_not(old: Compiled, new: Compiled, frame: Frame, target: str) -> Saying | None:
    """Why who waits at a step cannot go on waiting at one of the new version; None: they can."""
    before, after = old.steps[frame.state], new.steps.get(target)
    if after is None or after.id is None:
        return saying("stay.step_gone", step=target)
    if after.within != before.within:
        return saying("stay.other_repeat", step=target)
    if after.verb != before.verb:
        return saying("stay.other_verb", step=target)
    trigger = ENDS_OF_WAITS.get(frame.phase)
    if trigger is not None and new.move(target, trigger, frame.after) is None:
        return saying("stay.no_way_on", step=target)
    return _lost_answers(before, after)


def _lost_answers(before: Step, after: Step) -> Saying | None:
    if not isinstance(before.body, Ask) or not isinstance(after.body, Ask):
        return None
    if before.body.type != after.body.type:
        return saying("stay.other_type", step=after.name)
    kept = {choice.value for choice in yesno_choices(after.body)}
    lost = [c.label.text for c in yesno_choices(before.body) if c.value not in kept]
    return saying("stay.choice_gone", step=after.name, choice=lost[0]) if lost else None


def is_step(target: str) -> bool:
    """Whether a target of `migrate` is a step, not one of its words."""
    return target not in MOVE_WORDS
