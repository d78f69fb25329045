"""Deletes what is too old, page by page, beside everything else."""

from datetime import datetime

from sqlmodel import Session

from storage.accounts import list_accounts
from storage.pruning import prune_arrivals, prune_journal
from storage.unit import Store


def prune(store: Store, reached: dict[str, int], now: datetime) -> bool:
    """One page of each kind; whether there may be more.

    reached: how far each account's journal was looked through, which is written on.
    """
    more = store.write(lambda db: prune_arrivals(db, now)) > 0
    for account in store.read(list_accounts):
        after = reached.get(account.id, 0)

        def page(db: Session, account_id: str = account.id, after: int = after) -> int | None:
            return prune_journal(db, account_id, after, now)

        come_to = store.write(page)
        reached[account.id] = after if come_to is None else come_to
        more = more or come_to is not None
    return more
