"""The life of a conversation: which status may follow which, and nothing else.

One shared `transitions` machine that is never given a model; a move is made on a small cursor.
The verbs in `desk` decide who and when; a move that is not in this table is refused.
"""

from dataclasses import dataclass
from typing import Any, Literal

from transitions import EventData, Machine, MachineError

from storage.refusals import WrongStatus

Status = Literal["bot", "waiting", "active", "pending", "snoozed", "done"]
STATUSES = ("bot", "waiting", "active", "pending", "snoozed", "done")

Move = Literal[
    "hand_off",  # a flow asks for a person
    "leave",  # nothing took the customer's message
    "take",  # an operator claims it, or it is given to one
    "unassign",  # to nobody, or to another queue
    "send",  # an operator writes
    "hear",  # the customer writes
    "reopen",  # the customer writes soon after the talk was resolved, and nothing takes it
    "rest",  # the customer writes later, or a flow takes it: the bot answers
    "snooze",
    "wake",
    "resolve",
    "return",  # to the bot
]


def _assignee_is_there(event: EventData) -> bool:
    return bool(event.kwargs["is_assignee_there"])


_TABLE: list[dict[str, Any]] = [
    {"trigger": "hand_off", "source": ["bot", "done", "waiting"], "dest": "waiting"},
    {"trigger": "leave", "source": ["bot", "done", "waiting"], "dest": "waiting"},
    {"trigger": "take", "source": list(STATUSES), "dest": "active"},
    {"trigger": "unassign", "source": ["active", "waiting", "pending"], "dest": "waiting"},
    {"trigger": "send", "source": list(STATUSES), "dest": "pending"},
    {
        "trigger": "hear",
        "source": ["pending", "snoozed"],
        "dest": "active",
        "conditions": [_assignee_is_there],
    },
    {"trigger": "hear", "source": ["pending", "snoozed"], "dest": "waiting"},
    {"trigger": "hear", "source": ["bot", "waiting", "active", "done"], "dest": "="},
    {"trigger": "reopen", "source": "done", "dest": "waiting"},
    {"trigger": "rest", "source": "done", "dest": "bot"},
    {"trigger": "snooze", "source": ["waiting", "active", "pending"], "dest": "snoozed"},
    {"trigger": "wake", "source": "snoozed", "dest": "waiting"},
    {
        "trigger": "resolve",
        "source": ["waiting", "active", "pending", "snoozed"],
        "dest": "done",
    },
    {
        "trigger": "return",
        "source": ["waiting", "active", "pending", "snoozed", "done"],
        "dest": "bot",
    },
]

_MACHINE = Machine(
    model=None,
    states=list(STATUSES),
    transitions=_TABLE,
    initial="bot",
    auto_transitions=False,
    send_event=True,
    queued=False,
)
if set(_MACHINE.states) != set(STATUSES):  # a misspelt status is accepted in silence
    raise AssertionError(f"the table names other statuses: {sorted(_MACHINE.states)}")


@dataclass(slots=True)
class _Cursor:
    state: str


def after(status: str, move: Move, *, is_assignee_there: bool = False) -> str:
    """The status that follows. Raises WrongStatus when the table has no such move."""
    cursor = _Cursor(status)
    try:
        _MACHINE.events[move].trigger(cursor, is_assignee_there=is_assignee_there)
    except MachineError:
        raise WrongStatus(f"a talk that is {status} cannot {move}", status=status) from None
    return cursor.state
