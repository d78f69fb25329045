"""Deletes what is too old, page by page, beside everything else."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from storage.accounts import list_accounts
from storage.pruning import prune_arrivals, prune_broadcasts, prune_journal
from storage.unit import Store


def prune(store: Store, reached: dict[str, int], now: datetime) -> Iterator[bool]:
    """Delete a page in a transaction of its own; True after each, so that others come between.

    reached: how far each account's journal was looked through, which is written on.
    """
    for prune_some in (prune_arrivals, prune_broadcasts):
        while store.write(lambda db, some=prune_some: some(db, now)) > 0:  # type: ignore[misc] # bound now
            yield True
    for account in store.read(list_accounts):
        while _prune_page(store, account.id, reached, now):
            yield True


def _prune_page(store: Store, account_id: str, reached: dict[str, int], now: datetime) -> bool:
    after = reached.get(account_id, 0)

    def page(db: Session) -> int | None:
        return prune_journal(db, account_id, after, now)

    come_to = store.write(page)
    reached[account_id] = after if come_to is None else come_to
    return come_to is not None
