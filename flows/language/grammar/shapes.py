"""What a flow is once it is read: steps with one verb each, and triggers. Frozen, with places."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from flows.language.grammar.parts import (
    Bounds,
    Choice,
    Effects,
    GiveUp,
    Patience,
    Timeout,
    WayOut,
    When,
    Words,
)
from flows.language.nodes import Scalar
from flows.language.problems import Place


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
    look: Literal["quick", "buttons"] = "quick"


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
class Nothing:
    """A step of effects alone."""


Body = Say | Ask | Switch | If | Goto | Handoff | Faq | End | Call | Nothing


@dataclass(frozen=True, slots=True)
class MaxVisits:
    """The entry after the last allowed one goes elsewhere."""

    times: int
    goto: Scalar


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the script. `name`: its id, or one made from its place (`_3_say`)."""

    name: str
    verb: str
    body: Body
    place: Place
    id: Scalar | None = None
    only_if: When | None = None
    goto: Scalar | None = None
    max_visits: MaxVisits | None = None
    effects: Effects = field(default_factory=Effects)


@dataclass(frozen=True, slots=True)
class Trigger:
    """What starts a flow. texts: keywords, the postback's data, the tag, or the event's name."""

    kind: Literal[
        "follow", "message", "off_hours", "manual", "keyword", "postback", "event", "tag_added"
    ]
    place: Place
    texts: tuple[Scalar, ...] = ()
    match: Literal["exact", "starts", "contains"] = "exact"
    delay: timedelta | None = None


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
    lost_ids: frozenset[str] = frozenset()  # of steps that could not be read

    def first_value(self, name: str) -> str | None:
        """The value with which a var begins; None for one that is not declared."""
        return next((var.value for var in self.vars if var.name.text == name), None)
