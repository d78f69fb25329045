"""The worker: takes arrivals through their turns, fires timers, sends deliveries, fetches files.

Plain synchronous code: what runs beside each other is started by an injected `spawn`, so that the
same worker runs on greenlets in the product and on threads in a test. It sleeps on storage's bell.
"""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from itertools import cycle

from sqlmodel import Session
from structlog.contextvars import bound_contextvars

from bot import asking, opening, schedules, trouble
from bot.audit_anchors import note_head
from bot.broadcasting import Broadcasting
from bot.fetching import FETCHES
from bot.line_client import CALL_S
from bot.looping import SOUND_SLEEP_S, loop
from bot.means import Means, Waiter
from bot.pruning import prune
from bot.report_clock import report_clock
from bot.seeking import Unsought
from bot.sending import BEGINS_WITHIN_S, begin, claim_own
from bot.turn import Sought, do_turn
from flows.language.book import Book
from storage import (
    arrivals,
    asked,
    assignment,
    bell,
    broadcast_recording,
    failpoints,
    intents,
    measures,
    outbox,
    outcomes,
    sealing,
    timers,
)
from storage.models.work import Arrival
from storage.report_keeping import count_next, keep_steps

log = logging.getLogger(__name__)

TURN_LOOPS = 4  # several people at once: on SQLite their turns share one commit
SEAL_PAUSE_S = 0.005  # between two steps of what can wait
COUNT_EVERY_S = 2.0  # what reports are counted from
REST = 3.0  # times as long as a step took, before the next one: turns come first
PRUNE_EVERY = timedelta(hours=1)
LEASE_S = BEGINS_WITHIN_S + CALL_S + 1.0  # and short: a free reply is good for 30
_HEARD = (bell.TIMERS, bell.DELIVERIES, bell.BROADCASTS)
LOOK_AFTER_S = 5.0  # between two looks for calls that have lost their process


class Worker:
    """The loops: turns, timers, sends, and fetches."""

    def __init__(self, means: Means) -> None:
        self.means = means
        self._stopping = False
        self._recover_at = means.clock()
        self._prune_at = means.clock()
        self._pruned_to: dict[str, int] = {}  # of each account's journal
        self._pruning: Iterator[bool] = iter(())
        self._planned: Book | None = None  # the flows whose schedules are kept
        self._hours_of: date | None = None
        self._anchored_on: date | None = None
        self._turn_waiters = [means.waiter() for _ in range(TURN_LOOPS)]
        self._next_turn = cycle(self._turn_waiters)
        self._waiters = {topic: means.waiter() for topic in _HEARD}
        self._broadcasting = Broadcasting(means)
        self._fetches = [(partial(fetch, means), means.waiter()) for fetch in FETCHES]
        self._never_rung, self._unhurried = means.waiter(), means.waiter()
        self._uncounted, self._unpruned = means.waiter(), means.waiter()
        self._sealing: Iterator[bool] = iter(())
        self._unsubscribe = means.store.bell.subscribe(self._ring)

    def loops(self) -> list[Callable[[], None]]:
        """What the caller runs, each beside the others, until `stop`."""
        first, *others = [(self.turns_once, waiter) for waiter in self._turn_waiters]
        works: list[tuple[Callable[[], int], Waiter]] = [
            first,
            (self.fire_once, self._waiters[bell.TIMERS]),
            (self.assign_once, self._never_rung),
            (self.recover_once, self._never_rung),
            (self.send_once, self._waiters[bell.DELIVERIES]),
            (self.broadcast_once, self._waiters[bell.BROADCASTS]),
            (self.encode_once, self._never_rung),
            (self.count_once, self._uncounted),
            (self.prune_once, self._unpruned),
            (self.anchor_once, self._never_rung),
        ]
        sound = [*others, *self._fetches, (self.seal_once, self._unhurried)]
        polite = partial(loop, stand_back=self.means.stand_back)
        soundly = partial(polite, longest_sleep_s=SOUND_SLEEP_S)
        return [
            *[partial(polite, work, waiter, self._is_over) for work, waiter in works],
            *[partial(soundly, work, waiter, self._is_over) for work, waiter in sound],
        ]

    def stop(self) -> None:
        """Claim nothing more; the loops end after what they are doing."""
        self._stopping = True
        self._unsubscribe()
        self._broadcasting.stop()
        others = (self._never_rung, self._unhurried, self._uncounted, self._unpruned)
        for waiter in (*self._turn_waiters, *self._waiters.values(), *others):
            waiter.set()
        self._wake_fetches()

    def recover(self, *, is_alone: bool) -> None:
        """Calls that were under way when a process died, and what waited for its questions."""
        now, older_than_s = self.means.clock(), 0.0 if is_alone else LEASE_S
        if is_alone:
            self.means.store.write(asked.take_up)
        stuck = self.means.store.write(lambda db: outbox.recover(db, now, older_than_s))
        stuck += self.means.store.write(
            lambda db: broadcast_recording.recover(db, now, older_than_s)
        )
        if stuck:
            measures.TAKEN_OVER.inc(stuck)
            log.warning("%d calls were under way when a process stopped", stuck)

    def recover_once(self) -> bool:
        """Calls of another process that died. Now and then, as a lease lasts."""
        now = self.means.clock()
        if now < self._recover_at:
            return False
        self._recover_at = now + timedelta(seconds=LOOK_AFTER_S)
        self.recover(is_alone=False)
        return False

    def fire_once(self) -> bool:
        """Fire the timers that are due, and what the clock starts; whether there was any."""
        book, now = self.means.flows.book(), self.means.clock()
        if book is not self._planned:
            self.means.store.write(lambda db: schedules.plan(db, book, now))
        self._plan_hours(book, now)
        self._planned = book
        return self.means.store.write(
            lambda db: timers.fire_due(db, now) + schedules.fire(db, book, now) > 0
        )

    def _plan_hours(self, book: Book, now: datetime) -> None:
        """The hours of the queues, anew each day and after each publish."""
        is_new, day = book is not self._planned, now.date()
        if is_new or day != self._hours_of:
            self.means.store.write(lambda db: opening.plan(db, book, now, is_new=is_new))
            self._hours_of = day

    def turns_once(self) -> bool:
        """Do one turn; whether there was anything."""
        return self._try_turn(lambda db: arrivals.claim(db, self.means.clock()), {})

    def assign_once(self) -> bool:
        """Give one talk that waits to whoever the rules find; whether there was any."""
        now = self.means.clock()
        if not self.means.store.read(lambda db: assignment.is_wanted(db, now)):
            return False
        return self.means.store.write(lambda db: assignment.assign_next(db, now))

    def send_once(self) -> bool:
        """Claim what may be sent and send each beside the others; whether there was anything."""
        room = self.means.room()  # before the claim: its lease is no time to wait in
        if self._stopping:
            return False
        now = self.means.clock()
        works = self.means.store.write(lambda db: intents.claim_due(db, now, room))
        begin(self.means, works)
        return bool(works)

    def broadcast_once(self) -> bool:
        """One step of what is sent to many; whether there is another."""
        return self._broadcasting.step()

    def seal_once(self) -> bool:
        """One step of what makes old texts quick to find; whether there is another."""
        if next(self._sealing, None) is None:
            self._sealing = sealing.seal_next(self.means.store, self.means.clock())
            return next(self._sealing, None) is not None
        self._unhurried.wait(SEAL_PAUSE_S)
        return True

    def encode_once(self) -> bool:
        """Encode some of what the FAQ asks; whether there is more."""
        encoding = self.means.encoding
        return encoding is not None and encoding.keep_up(self.means.flows.book())

    def count_once(self) -> bool:
        """One step of what reports are counted from; it waits, so that turns come first."""
        clock, began = report_clock(self.means.flows.book(), self.means.zone), time.monotonic()
        steps = self.means.store.read(lambda db: count_next(db, clock))
        now = self.means.clock()
        is_kept = bool(steps) and self.means.store.write(lambda db: keep_steps(db, steps, now))
        took_s = time.monotonic() - began
        self._uncounted.wait(REST * took_s if is_kept else COUNT_EVERY_S)
        return is_kept

    def prune_once(self) -> bool:
        """Delete a page of what is too old, and rest: there may be years of it; whether more."""
        now, began = self.means.clock(), time.monotonic()
        if now >= self._prune_at:
            self._prune_at = now + PRUNE_EVERY
            self.means.media.sweep()
            self._pruning = prune(self.means.store, self._pruned_to, now)
        is_more = next(self._pruning, False)
        if is_more:
            self._unpruned.wait(REST * (time.monotonic() - began))
        return is_more

    def anchor_once(self) -> bool:
        """Note the history's head, once a day."""
        now, file = self.means.clock(), self.means.anchors
        if file is not None and self._anchored_on != now.date():
            note_head(self.means.store, file, now)
            self._anchored_on = now.date()
        return False

    def _try_turn(self, claim: Callable[[Session], Arrival | None], sought: Sought) -> bool:
        """Do the turn of what is claimed; whether there was anything."""
        book, now = self.means.flows.book(), self.means.clock()
        claimed: list[arrivals.Try] = []
        calls: list[outcomes.Work] = []

        def work(db: Session) -> bool:
            arrival = claim(db)
            if arrival is None:
                return False
            claimed.append(arrivals.Try.of(arrival))
            waited_s = (now - arrival.received_at).total_seconds()
            measures.STEP_SECONDS.labels("wait").observe(waited_s)
            with measures.timed("turn"):
                do_turn(db, arrival, book, now, sought or self._nothing_yet(book))
                calls[:] = () if self._stopping else claim_own(self.means, db, arrival.lane)
            return True

        try:
            was_busy = self.means.store.write(work)
        except Unsought as unsought:
            self._put_off(claimed[-1], unsought, sought)
            return True
        except Exception as error:
            if not claimed:
                raise
            self._failed(claimed[-1], error)
            return True
        begin(self.means, calls)
        if was_busy:
            failpoints.reach("turn committed")
        return was_busy

    def _nothing_yet(self, book: Book) -> Sought | None:
        """Where a turn's questions begin; None where there is nobody to ask."""
        encoding = self.means.encoding
        return {} if encoding is not None and encoding.is_ready(book) else None

    def _put_off(self, put_off: arrivals.Try, unsought: Unsought, sought: Sought) -> None:
        """Ask the encoder beside the other turns; this one's lane waits meanwhile."""
        if sought:  # it waits already
            self._ask_first(put_off, unsought, sought)
        elif asking.put_off(self.means, put_off):
            self.means.beside(lambda: self._ask_first(put_off, unsought, sought))

    def _ask_first(self, put_off: arrivals.Try, unsought: Unsought, sought: Sought) -> None:
        try:
            found = asking.ask(self.means, put_off, unsought)
        except Exception as error:  # counted like what a turn raises
            self._failed(put_off, error)
            return
        again = partial(asked.claim_again, arrival_id=put_off.arrival_id)
        self._try_turn(again, {**sought, **found})
        self._ring(frozenset({bell.ARRIVALS}))  # its lane may go on

    def _failed(self, failed: arrivals.Try, error: Exception) -> None:
        """Count the try; after the last one a person sees it and nobody is blocked."""
        with bound_contextvars(arrival=failed.arrival_id):
            log.exception("arrival %d failed", failed.arrival_id)
        now, queue = self.means.clock(), self.means.flows.book().house.queues.default
        why = type(error).__name__  # its words may be the customer's

        def work(db: Session) -> None:
            if arrivals.fail(db, failed, why, now):
                trouble.show(db, db.get_one(Arrival, failed.arrival_id), why, queue, now)

        self.means.store.write(work)

    def _is_over(self) -> bool:
        return self._stopping

    def _ring(self, rung: frozenset[str]) -> None:
        """Wake who has something to look at; of the loops that do turns, one for each ring."""
        if bell.ARRIVALS in rung:
            next(self._next_turn).set()
        if bell.JOBS in rung:
            self._wake_fetches()
        for topic in rung & self._waiters.keys():
            self._waiters[topic].set()

    def _wake_fetches(self) -> None:
        for _, waiter in self._fetches:
            waiter.set()
