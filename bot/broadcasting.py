"""What is sent to many: its recipients are frozen, its calls made, beside the talks and after them.

A broadcast never has more than a part of the calls that may be under way, waits while webhooks are
answered, and begins a few calls at a time; so whoever writes meanwhile is answered as ever.
"""

import logging
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session
from structlog.contextvars import bound_contextvars

from bot.means import Means
from bot.sending import BEGINS_WITHIN_S, write_down
from storage import broadcast_calls, broadcast_freezing, broadcast_recording, failpoints
from storage.broadcast_outcomes import Call, Halted, Outcome
from storage.broadcast_rows import tell_late
from storage.outcomes import NoAnswer, NotBegun, Sent

log = logging.getLogger(__name__)

AT_ONCE = 32  # calls under way, of the 256 that there is room for
STEP_S = 0.1  # so long it waits between two claims: ten calls, at the rate that is kept


class Broadcasting:
    """The broadcasts' calls of one worker. rest: what it waits on between two claims."""

    def __init__(self, means: Means) -> None:
        self.rest = means.waiter()
        self._means = means
        self._under_way: set[int] = set()  # chunks

    def step(self) -> bool:
        """Begin, freeze or send some; whether there may be more at once."""
        means, now = self._means, self._means.clock()
        if not means.store.read(lambda db: broadcast_calls.is_wanted(db, now)):
            return False
        if means.store.write(lambda db: _prepare(db, now)):
            return True
        room = AT_ONCE - len(self._under_way) if means.has_room() else 0
        calls = means.store.write(lambda db: _claim(db, now, room))
        for call in calls:
            self._under_way.add(call.chunk_id)
            means.spawn(partial(self._make, call))
        if calls:
            self.rest.wait(STEP_S)
        return bool(calls)

    def _make(self, call: Call) -> None:
        try:
            _send(self._means, call)
        finally:
            self._under_way.discard(call.chunk_id)


def _prepare(db: Session, now: datetime) -> bool:
    broadcast_freezing.begin_due(db, now)
    return broadcast_freezing.freeze_next(db, now)


def _claim(db: Session, now: datetime, room: int) -> list[Call]:
    tell_late(db, now)
    return broadcast_calls.claim_due(db, now, room) if room > 0 else []


def _send(means: Means, call: Call) -> None:
    """Make the call. A process that dies before the outcome is committed leaves it unknown."""
    try:
        outcome = _call(means, call)
    except Exception as error:  # of ours, not LINE's: nobody knows how far it came
        log.exception("call %d of a broadcast failed", call.chunk_id)
        outcome = NoAnswer(type(error).__name__)
    if not isinstance(outcome, Sent):
        with bound_contextvars(broadcast=call.broadcast_id, account=call.account_id):
            log.warning("a multicast was not plainly accepted: %s", outcome)
    write_down(means, lambda db, now: broadcast_recording.record(db, call, outcome, now), outcome)
    failpoints.reach("multicast recorded")


def _call(means: Means, call: Call) -> Outcome:
    if means.clock() - call.tried_at > timedelta(seconds=BEGINS_WITHIN_S):
        return NotBegun()
    failpoints.reach("multicast intended")
    known = means.accounts.find(call.account_id)
    if known is None:
        return Halted("token", "the account is not served any more")
    return means.client.multicast(call, known[1].token)
