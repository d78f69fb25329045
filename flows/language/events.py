"""What happened: each kind of event that a turn can begin with. Plain data that survives JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from flows.language.words import Value


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
