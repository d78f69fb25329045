"""One call to LINE whose intent is committed: it is made, and how it ended is written down.

What it ended with is kept until the database takes it: a disk that is full for a moment, or a
PostgreSQL that starts anew, must not turn what LINE has answered into a doubt.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from time import monotonic

from sqlmodel import Session
from structlog.contextvars import bound_contextvars

from bot.means import Means
from storage import failpoints, intents, outbox, outcomes

log = logging.getLogger(__name__)

BEGINS_WITHIN_S = 3.0  # of its claim, or it would not end before somebody takes it over
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 2.0
WRITTEN_WITHIN_S = 60.0  # also of a call that was taken over: that LINE accepted it is still true


def claim_own(means: Means, db: Session, lane: str) -> list[outcomes.Work]:
    """The intent of what a turn says is committed with it, unless calls have to wait for room."""
    return intents.claim_own(db, lane, means.clock()) if means.has_room() else []


def begin(means: Means, works: Sequence[outcomes.Work]) -> None:
    """Make these calls, each beside the others; whoever asks for them waits for no room."""
    for work in works:
        start = partial(means.spawn, partial(send, means, work))
        start() if means.has_room() else means.beside(start)


def send(means: Means, work: outcomes.Work) -> None:
    """Make the call. A process that dies before the outcome is committed leaves it unknown."""
    try:
        outcome = _call(means, work)
    except Exception as error:  # of ours, not LINE's: nobody knows how far it came
        log.exception("delivery %d failed", work.delivery_id)
        outcome = outcomes.NoAnswer(type(error).__name__)
    if not isinstance(outcome, outcomes.Sent):
        with bound_contextvars(delivery=work.delivery_id, account=work.account_id):
            log.warning("a %s was not plainly accepted: %s", work.mode, outcome)
    write_down(means, lambda db, now: outbox.record(db, work, outcome, now), outcome)
    failpoints.reach("outcome committed")


def _call(means: Means, work: outcomes.Work) -> outcomes.Outcome:
    if means.clock() - work.tried_at > timedelta(seconds=BEGINS_WITHIN_S):
        return outcomes.NotBegun()
    failpoints.reach("intent committed")
    known = means.accounts.find(work.account_id)
    if known is None:
        return outcomes.Refused("the account is not served any more")
    return means.client.send(work, known[1].token)


def write_down(means: Means, record: Callable[[Session, datetime], object], what: object) -> None:
    """Keep how a call ended until the database takes it. what: for the log."""
    for number, pause_s in enumerate(_pauses()):
        try:
            failpoints.reach("outcome known")
            now = means.clock()
            means.store.write(lambda db, now=now: record(db, now))  # type: ignore[misc] # bound now
        except Exception:
            if number == 0:  # the same as of many others, and again until there is a database
                log.exception("how a call ended is not written down yet: %s", what)
            means.waiter().wait(pause_s)
        else:
            return
    log.error("how a call ended was not written down: %s", what)


def _pauses() -> Iterator[float]:
    """Growing ones; a try that hangs counts as well."""
    pause_s, until = FIRST_PAUSE_S, monotonic() + WRITTEN_WITHIN_S
    while monotonic() < until:
        yield pause_s
        pause_s = min(LONGEST_PAUSE_S, pause_s * 2)
