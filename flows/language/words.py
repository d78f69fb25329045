"""What a turn can see of the world: values, facts of the customer, and the context of the turn.

Everything here is plain data that survives JSON (see `values.py`). Nothing reads a clock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Scalar = str | int | float | bool | None
Value = Scalar | Sequence[str]


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
