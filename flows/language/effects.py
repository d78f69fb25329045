"""What is to be done: each kind of effect that a turn decides. Plain data that survives JSON."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flows.language.events import Happened
from flows.language.sayings.saying import Saying
from flows.language.words import Value


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a tag or field changed: the flow, its version's hash, the step, the answer."""

    flow: str
    version: str
    step: str
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One way to answer with a tap: a quick reply or a button."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Picker:
    """LINE's own way to answer: date, time, datetime (with bounds), image or location."""

    kind: Literal["date", "time", "datetime", "image", "location"]
    data: str
    label: str
    initial: str | None = None
    min: str | None = None
    max: str | None = None


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message on the phone. look: how the options are shown (`input:` of an ask).

    is_image: the text is the address of a picture. flex: LINE's contents of a card as JSON; the
    text then is what stands for it in lists and notices.
    """

    text: str
    options: tuple[Option, ...] = ()
    picker: Picker | None = None
    look: Literal["quick", "buttons", "flex"] = "quick"
    is_image: bool = False
    flex: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """Send these bubbles, in order. is_on_page: they are shown on the form's page instead."""

    run_id: str | None
    flow: str | None
    step: str | None
    bubbles: tuple[Bubble, ...]
    is_on_page: bool = False


@dataclass(frozen=True, slots=True)
class PutTag:
    """Put a tag on the customer."""

    tag: str
    reason: Reason
    run_id: str


@dataclass(frozen=True, slots=True)
class TakeTag:
    """Take a tag off the customer."""

    tag: str
    reason: Reason
    run_id: str


@dataclass(frozen=True, slots=True)
class SetField:
    """Write a field of the card; None clears it."""

    key: str
    value: Value
    reason: Reason
    run_id: str


@dataclass(frozen=True, slots=True)
class Notify:
    """Tell staff something; never the friend. `to` is an operator's name or a queue."""

    to: str
    text: str
    run_id: str


@dataclass(frozen=True, slots=True)
class AnswerSoFar:
    """One answered question, for the handoff packet."""

    step: str
    question: str
    value: str


@dataclass(frozen=True, slots=True)
class AskPerson:
    """Open a handoff. notify_at: when staff are told (None: at once)."""

    run_id: str
    flow: str
    step: str
    queue: str
    note: str
    reason: Literal["step", "give_up", "faq_unknown", "trouble"]
    answers: tuple[AnswerSoFar, ...]
    open_question: str | None = None
    notify_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LeaveToPeople:
    """Nothing took the message: show the talk as waiting, so that none is left unanswered."""

    queue: str


@dataclass(frozen=True, slots=True)
class StartLater:
    """Hold the start of a flow by an event until `at` (`delay` of the trigger)."""

    flow: str
    event: Happened
    at: datetime


@dataclass(frozen=True, slots=True)
class ShowTrouble:
    """A run failed (step limit): staff must see why. about: the same, for other languages."""

    run_id: str
    text: str
    about: Saying | None = None


@dataclass(frozen=True, slots=True)
class ShowKeptBack:
    """What a run wanted to send was kept back by people for so long that it ended instead."""

    run_id: str
    title: str  # of its flow


Outcome = Literal["answered", "unsure", "unknown", "picked", "declined"]
Judge = Literal["exact", "letters", "encoder", "friend"]


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A text was looked up in the FAQ: what managers learn from, the friend sees nothing of it.

    picked, declined: what the friend said to the entries on offer; the text is that of the last
    `unsure` of the same run. by: what told the entries apart.
    """

    run_id: str
    text: str
    outcome: Outcome
    entry: str | None = None
    by: Judge = "letters"


Effect = (
    Say
    | PutTag
    | TakeTag
    | SetField
    | Notify
    | AskPerson
    | LeaveToPeople
    | StartLater
    | ShowTrouble
    | ShowKeptBack
    | LookedUp
)
