"""What a flow is once it is read: steps with one verb each, and triggers. Frozen, with places."""

from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Literal

from flows.language.grammar.parts import (
    Bounds,
    Choice,
    Effects,
    GiveUp,
    Patience,
    Timeout,
    Trigger,
    WayOut,
    When,
    Words,
)
from flows.language.nodes import Scalar
from flows.language.problems import Place
from flows.language.windows import Window

ANY = "any"  # of all older versions
MOVE_WORDS = ("restart", "stop")  # instead of a step: begin anew, or end politely


@dataclass(frozen=True, slots=True)
class Say:
    """Bubbles."""

    bubbles: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question, with everything that it needs."""

    text: Words
    type: str
    choices: tuple[Choice, ...] = ()
    choices_place: Place | None = None
    save: Scalar | None = None
    bounds: Bounds = field(default_factory=Bounds)
    check: When | None = None
    check_say: Words | None = None
    skip: Choice | None = None
    retry: int | None = None
    retry_say: Words | None = None
    give_up: GiveUp | None = None
    other: WayOut | None = None
    any_answer: WayOut | None = None
    done: Scalar | None = None
    min: int = 1
    max: int | None = None
    patience: Patience = field(default_factory=Patience)
    look: Literal["quick", "buttons", "flex"] = "quick"


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a switch: a condition, words, or neither (else)."""

    way: WayOut
    when: When | None = None
    words: tuple[Scalar, ...] = ()


@dataclass(frozen=True, slots=True)
class Switch:
    """The first case that matches."""

    cases: tuple[Case, ...]
    is_message: bool = False


@dataclass(frozen=True, slots=True)
class If:
    """One of two ways."""

    when: When
    then: WayOut
    otherwise: WayOut | None = None


@dataclass(frozen=True, slots=True)
class Goto:
    """Only a jump; its target is the step's `goto`."""


@dataclass(frozen=True, slots=True)
class Handoff:
    """Ask for a person."""

    text: Words
    to: Scalar | None = None
    note: Words | None = None
    when_open: bool = False
    timeout: Timeout | None = None
    done: WayOut | None = None
    back: Literal["continue", "restart", "end"] = "continue"


@dataclass(frozen=True, slots=True)
class Faq:
    """Look a text up in the FAQ."""

    source: Scalar
    files: tuple[Scalar, ...] = ()
    answered: WayOut | None = None
    unsure: WayOut | None = None
    unknown: WayOut | None = None
    unknown_queue: Scalar | None = None
    patience: Patience = field(default_factory=Patience)


@dataclass(frozen=True, slots=True)
class End:
    """The end of the frame."""

    name: Scalar


@dataclass(frozen=True, slots=True)
class Call:
    """Walk through another flow, then go on."""

    flow: Scalar


@dataclass(frozen=True, slots=True)
class Draw:
    """One of the ways between which chance chooses."""

    weight: int
    way: WayOut


@dataclass(frozen=True, slots=True)
class Random:
    """One way by weight; the draw comes from outside."""

    draws: tuple[Draw, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """Until a length has passed, the n-th day of the run, or before a moment on the card."""

    length: timedelta | None = None
    day: int | None = None
    until: Scalar | None = None
    before: timedelta = timedelta()
    at: time | None = None
    late: WayOut | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """Begin another run after this turn."""

    flow: Scalar


@dataclass(frozen=True, slots=True)
class Loop:
    """`repeat`: its body once for each value, which is `var.name`. The body follows it, flat."""

    over: tuple[str, ...] = ()
    source: Scalar | None = None  # answer.ID
    name: Scalar | None = None


@dataclass(frozen=True, slots=True)
class Nothing:
    """A step of effects alone."""


@dataclass(frozen=True, slots=True)
class WaitFor:
    """Until something happens, or the time is up."""

    trigger: Trigger
    timeout: Timeout


Body = (
    Say
    | Ask
    | Switch
    | If
    | Goto
    | Handoff
    | Faq
    | End
    | Call
    | Random
    | Wait
    | WaitFor
    | Start
    | Loop
    | Nothing
)


@dataclass(frozen=True, slots=True)
class MaxVisits:
    """The entry after the last allowed one goes elsewhere."""

    times: int
    goto: Scalar


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the script. `name`: its id, or one made from its place (`_3_say`).

    within: the names of the `repeat` steps around it, outermost first.
    """

    name: str
    verb: str
    body: Body
    place: Place
    id: Scalar | None = None
    only_if: When | None = None
    goto: Scalar | None = None
    max_visits: MaxVisits | None = None
    effects: Effects = field(default_factory=Effects)
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Var:
    """A counter or a note of one frame, and the value with which it begins."""

    name: Scalar
    value: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """How often a flow may start again."""

    kind: Literal["always", "once", "after"] = "always"
    length: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Migration:
    """Where those go who stand on a step of an older version that is not here any more.

    since: the first letters of the older version's hash, or `any`. moves: old step → new step,
    or one of MOVE_WORDS.
    """

    since: Scalar
    moves: tuple[tuple[Scalar, Scalar], ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """One flow file."""

    id: Scalar
    title: Scalar
    steps: tuple[Step, ...]
    place: Place
    triggers: tuple[Trigger, ...] = ()
    repeat: Repeat = field(default_factory=Repeat)
    if_running: Literal["ignore", "restart", "parallel"] = "ignore"
    priority: int = 20
    only_if: When | None = None
    cancel_words: tuple[Scalar, ...] = ()
    on_cancel: WayOut | None = None
    on_interrupt: Literal["pause", "keep", "stop"] = "pause"
    defaults: Patience = field(default_factory=Patience)
    default_retry: int | None = None
    default_retry_say: Words | None = None
    calendar: Scalar | None = None
    accounts: tuple[Scalar, ...] = ()  # empty: all
    vars: tuple[Var, ...] = ()
    is_form: bool = False
    migrate: tuple[Migration, ...] = ()
    stop_when: When | None = None
    send_window: Window | None = None
    lost_ids: frozenset[str] = frozenset()  # of steps that could not be read

    def first_value(self, name: str) -> str | None:
        """The value with which a var begins; None for one that is not declared."""
        loops = (step.body for step in self.steps if isinstance(step.body, Loop))
        if any(loop.name is not None and loop.name.text == name for loop in loops):
            return ""
        return next((var.value for var in self.vars if var.name.text == name), None)

    def moves_from(self, hash_: str) -> dict[str, str]:
        """What `migrate` says about a version's steps; the longest `since` has the last word."""
        said = [m for m in self.migrate if m.since.text == ANY or hash_.startswith(m.since.text)]
        said.sort(key=lambda m: 0 if m.since.text == ANY else len(m.since.text))
        return {old.text: new.text for migration in said for old, new in migration.moves}
