"""The whole table of a conversation's life: every move that exists, and that no other does."""

from typing import get_args

import pytest

from storage.lifecycle import STATUSES, Move, after
from storage.refusals import WrongStatus

TABLE = {
    ("bot", "hand_off"): "waiting",
    ("done", "hand_off"): "waiting",
    ("waiting", "hand_off"): "waiting",
    ("bot", "leave"): "waiting",
    ("done", "leave"): "waiting",
    ("waiting", "leave"): "waiting",
    **{(status, "take"): "active" for status in STATUSES},
    **{(status, "unassign"): "waiting" for status in ("active", "waiting", "pending")},
    **{(status, "send"): "pending" for status in STATUSES},
    **{(status, "hear"): status for status in ("bot", "waiting", "active", "done")},
    ("pending", "hear"): "waiting",
    ("snoozed", "hear"): "waiting",
    ("done", "reopen"): "waiting",
    ("done", "rest"): "bot",
    **{(status, "snooze"): "snoozed" for status in ("waiting", "active", "pending")},
    ("snoozed", "wake"): "waiting",
    **{(status, "resolve"): "done" for status in ("waiting", "active", "pending", "snoozed")},
    **{(status, "return"): "bot" for status in ("waiting", "active", "pending", "snoozed", "done")},
}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("move", get_args(Move))
def test_every_move_of_the_table_is_made_and_every_other_is_refused(
    status: str, move: Move
) -> None:
    if (status, move) in TABLE:
        assert after(status, move) == TABLE[status, move]
    else:
        with pytest.raises(WrongStatus):
            after(status, move)


@pytest.mark.parametrize("status", ["pending", "snoozed"])
def test_a_customer_who_writes_comes_back_to_an_assignee_who_is_there(status: str) -> None:
    assert after(status, "hear", is_assignee_there=True) == "active"
    assert after(status, "hear", is_assignee_there=False) == "waiting"
