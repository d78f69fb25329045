"""One call to LINE whose intent is committed: it is made, and how it ended is written down."""

import logging

from structlog.contextvars import bound_contextvars

from bot.means import Means
from storage import failpoints, outbox, outcomes

log = logging.getLogger(__name__)


def send(means: Means, work: outcomes.Work) -> None:
    """Make the call. What happens before its outcome is committed leaves it unknown."""
    failpoints.reach("intent committed")
    known = means.accounts.find(work.account_id)
    if known is None:
        outcome: outcomes.Outcome = outcomes.Refused("the account is not served any more")
    else:
        outcome = means.client.send(work, known[1].token)
    failpoints.reach("outcome known")
    if not isinstance(outcome, outcomes.Sent):
        with bound_contextvars(delivery=work.delivery_id, account=work.account_id):
            log.warning("a %s was not plainly accepted: %s", work.mode, outcome)
    now = means.clock()
    means.store.write(lambda db: outbox.record(db, work, outcome, now))
    failpoints.reach("outcome committed")
