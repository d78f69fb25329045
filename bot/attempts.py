"""A turn as one unit of work, which a database that finds a conflict undoes and has done again.

What was undone never was: another worker may have done that turn by the time of the next attempt.
So an attempt leaves nothing behind but what it claimed, in case it fails, and the calls are those
of the attempt that was committed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.means import Means
from bot.sending import claim_own
from bot.turn import Sought, do_turn
from flows.language.book import Book
from storage import arrivals, measures, outcomes
from storage.models.work import Arrival


@dataclass(slots=True)
class Attempts:
    """The attempts at one turn, of which at most one is committed.

    sought: what the encoder was asked so far; None: there is none. claimed: by the latest attempt,
    also by one that failed; None: it found nothing.
    """

    means: Means
    claim: Callable[[Session], Arrival | None]
    book: Book
    sought: Sought | None
    is_leaving: Callable[[], bool]
    claimed: arrivals.Try | None = None

    def attempt(self, db: Session) -> Sequence[outcomes.Work] | None:
        """Do the turn: the calls to make when it is committed; None when there was nothing."""
        self.claimed = None
        arrival = self.claim(db)
        if arrival is None:
            return None
        self.claimed = arrivals.Try.of(arrival)
        now = self.means.clock()  # not from before the claim: what came since would wait backwards
        waited_s = (now - arrival.received_at).total_seconds()
        measures.STEP_SECONDS.labels("wait").observe(waited_s)
        with measures.timed("turn"):
            do_turn(db, arrival, self.book, now, self.sought)
            return () if self.is_leaving() else claim_own(self.means, db, arrival.lane)
