"""One call to LINE whose intent is committed: it is made, and how it ended is written down.

What it ended with is kept until the database takes it: a disk that is full for a moment, or a
PostgreSQL that starts anew, must not turn what LINE has answered into a doubt.
"""

import logging
from collections.abc import Iterator

from structlog.contextvars import bound_contextvars

from bot.means import Means
from storage import failpoints, outbox, outcomes

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 2.0
WRITTEN_WITHIN_S = 60.0  # by then another worker has taken the call over


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
    _write_down(means, work, outcome)
    failpoints.reach("outcome committed")


def _call(means: Means, work: outcomes.Work) -> outcomes.Outcome:
    failpoints.reach("intent committed")
    known = means.accounts.find(work.account_id)
    if known is None:
        return outcomes.Refused("the account is not served any more")
    return means.client.send(work, known[1].token)


def _write_down(means: Means, work: outcomes.Work, outcome: outcomes.Outcome) -> None:
    for pause_s in _pauses():
        try:
            failpoints.reach("outcome known")
            now = means.clock()
            means.store.write(lambda db, now=now: outbox.record(db, work, outcome, now))  # type: ignore[misc] # bound now
        except Exception:
            log.exception("how delivery %d ended is not written down yet", work.delivery_id)
            means.waiter().wait(pause_s)
        else:
            return


def _pauses() -> Iterator[float]:
    """Growing ones, until it is another's."""
    pause_s, passed_s = FIRST_PAUSE_S, 0.0
    while passed_s < WRITTEN_WITHIN_S:
        yield pause_s
        passed_s += pause_s
        pause_s = min(LONGEST_PAUSE_S, pause_s * 2)
