"""Tells LINE what was read here, beside the talks."""

from bot.line_client import LineUnreachable
from bot.means import Means
from storage import endpoints, reading

AT_ONCE = 16


def mark_read(means: Means) -> int:
    """Tell LINE of the talks that are due; how many there were."""
    due = means.store.write(lambda db: reading.claim(db, means.clock(), AT_ONCE))
    for one in due:
        _tell(means, one)
    return len(due)


def _tell(means: Means, one: reading.Reading) -> None:
    known, now = means.accounts.find(one.account_id), means.clock()
    if known is None:
        return
    if not means.store.write(lambda db: endpoints.take_one(db, one.account_id, "read", now)):
        return
    try:
        means.client.mark_read(one.token, known[1].token)
    except LineUnreachable:
        return  # it comes again
    means.store.write(lambda db: reading.record(db, one))
