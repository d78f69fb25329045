"""Whose answers a publish changes: a flow speaks for the accounts that it names, or for all.

Who is walled to some accounts changes what those answer, and no other: neither the flow as it is
now nor as it is to be may speak for another. What all flows share is everybody's.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlmodel import Session

from console.refusals import OthersAccounts
from flows.language.book import HOUSE
from storage.flow_versions import get_version

Heads = Mapping[str, str]


def check_wall(
    db: Session, changed: Iterable[str], before: Heads, after: Heads, own: frozenset[str] | None
) -> None:
    """Raises OthersAccounts. own: the accounts of who publishes; None: all."""
    if own is None:
        return
    others = [
        flow_id
        for flow_id in changed
        if any(_speaks_for_others(db, heads.get(flow_id), own) for heads in (before, after))
    ]
    if others:
        raise OthersAccounts(flows=sorted(others))


def _speaks_for_others(db: Session, hash_: str | None, own: frozenset[str]) -> bool:
    if hash_ is None:  # there is none, before or afterwards
        return False
    version = get_version(db, hash_)
    return version.flow_id == HOUSE or not _accounts_of(version.bundle["flow"]) <= own


def _accounts_of(flow: Mapping[str, Any]) -> frozenset[str]:
    named = flow.get("accounts", "all")
    return frozenset([named] if isinstance(named, str) else named)
