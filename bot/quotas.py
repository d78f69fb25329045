"""What LINE says of each account's month: asked beside the talks, and never in their way."""

import logging

from sqlmodel import Session

from bot.line_client import LineUnreachable
from bot.means import Means
from storage import month, quota

log = logging.getLogger(__name__)


def read_quotas(means: Means) -> int:
    """Ask for the accounts that are due; how many there were."""
    due = means.store.read(lambda db: quota.find_due(db, means.clock()))
    for account_id in due:
        _read(means, account_id)
    return len(due)


def _read(means: Means, account_id: str) -> None:
    known, now = means.accounts.find(account_id), means.clock()
    if not means.store.write(lambda db: quota.claim(db, account_id, now)) or known is None:
        return
    try:
        told = means.client.quota(known[1].token)
    except LineUnreachable as error:
        log.info("the quota of %s is put off: %s", account_id, error)
        return

    def keep(db: Session) -> None:
        quota.record(db, account_id, told, means.clock())
        month.release(db, account_id, means.clock())

    means.store.write(keep)
