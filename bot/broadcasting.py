"""What is sent to many: its recipients are frozen, its calls made, beside the talks and after them.

A broadcast never has more than a part of the calls that may be under way, waits while webhooks are
answered, and begins a few calls at a time; so whoever writes meanwhile is answered as ever.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from math import ceil
from threading import Lock
from time import monotonic

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
PAGE_S = 0.01  # and between two pages of recipients
MOST_AT_ONCE = 16  # outcomes in one unit, which on SQLite keeps every other writer waiting
STRETCH_S = 1.0  # of such steps, before it stands back for whatever is being read

Ended = tuple[Call, Outcome]


class Broadcasting:
    """The broadcasts' calls of one worker."""

    def __init__(self, means: Means) -> None:
        self._means, self._rest = means, means.waiter()
        self._is_over = False
        self._under_way: set[int] = set()  # chunks
        self._lock = Lock()
        self._ended: list[Ended] = []
        self._is_writing = False

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
        """Make it, and write down how it ended, with what has ended meanwhile: each holds the
        broadcast, so one after the other would wait for a commit of its own."""
        outcome = _outcome_of(self._means, call)
        with self._lock:
            self._ended.append((call, outcome))
            if self._is_writing:
                return
            self._is_writing = True
        while ended := self._take_ended():
            try:
                write_down_ended(self._means, ended)
            except Exception:  # of unknown outcome then, and taken over when their lease ends
                log.exception("how %d multicasts ended is not written down", len(ended))
            self._under_way.difference_update(call.chunk_id for call, _ in ended)

    def _take_ended(self) -> Sequence[Ended]:
        with self._lock:
            ended, self._ended = self._ended[:MOST_AT_ONCE], self._ended[MOST_AT_ONCE:]
            self._is_writing = bool(ended)
        return ended


def _outcome_of(means: Means, call: Call) -> Outcome:
    """A process that dies before the outcome is committed leaves it unknown."""
    try:
        outcome = _call(means, call)
    except Exception as error:  # of ours, not LINE's: nobody knows how far it came
        log.exception("call %d of a broadcast failed", call.chunk_id)
        outcome = NoAnswer(type(error).__name__)
    if not isinstance(outcome, Sent):
        with bound_contextvars(broadcast=call.broadcast_id, account=call.account_id):
            log.warning("a multicast was not plainly accepted: %s", outcome)
    return outcome


def write_down_ended(means: Means, ended: Sequence[Ended]) -> None:
    """Each broadcast in a unit of its own: who held several, and their accounts' months, would meet
    others halfway."""
    in_order = sorted(ended, key=_broadcast_of)
    for _, of_one in groupby(in_order, _broadcast_of):
        _write_down(means, list(of_one))
        failpoints.reach("multicast recorded")


def _broadcast_of(one: Ended) -> str:
    return one[0].broadcast_id


def _write_down(means: Means, ended: Sequence[Ended]) -> None:
    def record(db: Session, now: datetime) -> None:
        for call, outcome in ended:
            broadcast_recording.record(db, call, outcome, now)

    write_down(means, record, f"{len(ended)} multicasts")


def _call(means: Means, call: Call) -> Outcome:
    if means.clock() - call.tried_at > timedelta(seconds=BEGINS_WITHIN_S):
        return NotBegun()
    failpoints.reach("multicast intended")
    known = means.accounts.find(call.account_id)
    if known is None:
        return Halted("token", "the account is not served any more")
    return means.client.multicast(call, known[1].token)
