"""The values of the language: what happened (events), what is to be done (effects), and one turn.

Everything here is plain data that survives JSON (see `values.py`). Nothing reads a clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from flows.language.sayings.saying import Saying

Scalar = str | int | float | bool | None
Value = Scalar | Sequence[str]

# --- events: what happened ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Followed:
    """The friend added the account, or unblocked it."""

    is_unblocked: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """The friend typed a text."""

    text: str


@dataclass(frozen=True, slots=True)
class Tapped:
    """A button with postback data; `picked`: what LINE's picker says (date, time, datetime)."""

    data: str
    picked: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """The friend sent something that is not text: sticker image video audio file location."""

    kind: str
    reference: str


@dataclass(frozen=True, slots=True)
class Tagged:
    """A tag that was not there was put on; `flow` when a run of that flow did it."""

    tag: str
    flow: str | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """An event from outside or of the product (purchase, chat_resolved)."""

    name: str
    data: Mapping[str, Value] = field(default_factory=dict)
    is_after_delay: bool = False
    flow: str | None = None  # after a delay: the flow whose start was held


@dataclass(frozen=True, slots=True)
class Clicked:
    """A tracked link was opened."""

    link: str


@dataclass(frozen=True, slots=True)
class CameBy:
    """The friend came by a code."""

    source: str


@dataclass(frozen=True, slots=True)
class Scheduled:
    """The moment of a flow's schedule; number: of its trigger (None: of any)."""

    flow: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A timer of a run is due. One whose entry is over changes nothing."""

    run_id: str
    timer: str  # the timer's name within the run
    entry: int


@dataclass(frozen=True, slots=True)
class StartedByHand:
    """An operator started a flow."""

    flow: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A person took the talk; a run that was asking is parked."""


@dataclass(frozen=True, slots=True)
class Released:
    """A person resolved the talk or returned it to the bot; `run_id` asked for the handoff."""

    how: Literal["resolved", "returned"]
    run_id: str | None = None


@dataclass(frozen=True, slots=True)
class FormOpened:
    """A form's page was answered for the first time: its flow begins there."""

    flow: str


@dataclass(frozen=True, slots=True)
class FormFilled:
    """An answer on a form's page, to the question of that entry.

    labels: the chosen ones, of a `multi`, which are the whole answer.
    """

    run_id: str
    entry: int
    text: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Republished:
    """A flow that a run walks through has another version now (None: it was taken out).

    how: what whoever published it chose for those who are in the middle.
    """

    run_id: str
    flow: str
    hash: str | None
    how: Literal["finish", "move", "restart", "stop"]


Event = (
    Followed
    | Said
    | Tapped
    | Sent
    | Tagged
    | Happened
    | Clicked
    | CameBy
    | Scheduled
    | Due
    | StartedByHand
    | Taken
    | Released
    | FormOpened
    | FormFilled
    | Republished
)

# --- what the engine must know, recorded with every turn ------------------------------------


@dataclass(frozen=True, slots=True)
class Facts:
    """The customer as the turn finds them."""

    name: str = ""
    tags: frozenset[str] = frozenset()
    fields: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run that is over: what `repeat` looks at."""

    flow: str
    started_at: datetime
    end: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """How near a text is in meaning to the FAQ's ways to ask, as an encoder outside measured it.

    text, near: by `faq.nearness.text_key`; only the nearest are kept. scopes: by the FAQ files that
    a step looks into, how near all others are at most, then the gates learnt for this encoder.
    """

    text: str
    encoder: str
    near: Mapping[str, float]
    scopes: Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Context:
    """The world of one turn: everything that is not the run, so that replay is exact.

    now: aware. turn_id: unique for each turn of the install; new runs are named `<turn_id>.<n>`.
    people: free = the bot speaks; asked = a handoff is open that nobody took; taken = a person
    has the talk. asking_run: the run whose handoff is open. is_fresh_done: resolved so recently
    that `message` and `off_hours` triggers do not match. seed: of this turn's draws; picks: the
    first of them as a test wants them, each the number of a way. meanings: of the texts that are
    looked up in it, where an encoder could tell.
    """

    now: datetime
    turn_id: str
    account: str = "main"
    facts: Facts = field(default_factory=Facts)
    past: tuple[PastRun, ...] = ()
    people: Literal["free", "asked", "taken"] = "free"
    asking_run: str | None = None
    is_fresh_done: bool = False
    seed: int = 0
    picks: tuple[int, ...] = ()
    meanings: tuple[Meaning, ...] = ()


# --- effects: what is to be done ------------------------------------------------------------


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
    | LookedUp
)
