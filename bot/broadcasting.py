"""What is sent to many: its recipients are frozen, its calls made, beside the talks and after them.

A broadcast never has more than a part of the calls that may be under way, waits while webhooks are
answered, and begins a few calls at a time; so whoever writes meanwhile is answered as ever.
"""

import logging
from datetime import timedelta
from functools import partial
from math import ceil
from time import monotonic

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
PAGE_S = 0.01  # and between two pages of recipients
STRETCH_S = 0.5  # of such steps, before it stands back for whatever is being read


class Broadcasting:
    """The broadcasts' calls of one worker."""

    def __init__(self, means: Means) -> None:
        self._means, self._rest = means, means.waiter()
        self._is_over = False
        self._under_way: set[int] = set()  # chunks

    def step(self) -> bool:
        """Begin, freeze and send for a stretch of time; whether there may be more at once."""
        until = monotonic() + STRETCH_S
        while not self._is_over and self._do_some():
            if monotonic() >= until:
                return True
        return False

    def stop(self) -> None:
        """Begin nothing more."""
        self._is_over = True
        self._rest.set()

    def _do_some(self) -> bool:
        store, now = self._means.store, self._means.clock()
        going = store.read(lambda db: broadcast_calls.look(db, now))
        if going.is_untold:
            store.write(lambda db: tell_late(db, now))
        if going.is_due:
            return store.write(lambda db: broadcast_freezing.begin_due(db, now)) > 0
        if going.is_unfrozen and store.write(lambda db: broadcast_freezing.freeze_next(db, now)):
            failpoints.reach("recipients frozen")
            self._rest.wait(PAGE_S)
            return True
        begun = sum(self._send_some(one, len(going.ready)) for one in going.ready)
        if begun:
            self._rest.wait(STEP_S)
        return begun > 0

    def _room(self) -> int:
        """For how many more calls there is room at once."""
        return AT_ONCE - len(self._under_way) if self._means.has_room() else 0

    def _send_some(self, broadcast_id: str, going: int) -> int:
        """Begin some calls of one broadcast of so many; how many."""
        most = ceil(self._room() / going)
        if most < 1:
            return 0
        now = self._means.clock()
        calls = self._means.store.write(
            lambda db: broadcast_calls.claim(db, broadcast_id, now, most)
        )
        for call in calls:
            self._under_way.add(call.chunk_id)
            self._means.spawn(partial(self._make, call))
        return len(calls)

    def _make(self, call: Call) -> None:
        try:
            _send(self._means, call)
        finally:
            self._under_way.discard(call.chunk_id)


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
