"""Whose answers a publish changes: a flow speaks for the accounts that it names, or for all.

Who is walled to some accounts changes what those answer, and no other: neither the flow as it is
now nor as it is to be may speak for another, or be called by one that does. What all flows share
is everybody's.
"""

from collections.abc import Iterable, Iterator, Mapping
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
    speaking = [_speaking_for_others(db, heads, own) for heads in (before, {**before, **after})]
    others = [flow_id for flow_id in changed if any(flow_id in found for found in speaking)]
    if others:
        raise OthersAccounts(flows=sorted(others))


def _speaking_for_others(db: Session, heads: Heads, own: frozenset[str]) -> set[str]:
    """The flows that accounts beyond one's own can meet: their own, and what those call."""
    bundles = {flow_id: get_version(db, hash_).bundle for flow_id, hash_ in heads.items()}
    flows = {flow_id: bundle.get("flow", {}) for flow_id, bundle in bundles.items()}
    found = {id_ for id_, flow in flows.items() if id_ == HOUSE or not _accounts_of(flow) <= own}
    to_follow = list(found)
    while to_follow:
        called = set(_called_in(flows[to_follow.pop()])) & flows.keys() - found
        found |= called
        to_follow += called
    return found


def _called_in(tree: Any) -> Iterator[str]:
    """Wherever a flow is called: by a step, or by one of its ways out."""
    if isinstance(tree, Mapping):
        if isinstance(called := tree.get("call"), str):
            yield called
        tree = tree.values()
    elif not isinstance(tree, list):
        return
    for part in tree:
        yield from _called_in(part)


def _accounts_of(flow: Mapping[str, Any]) -> frozenset[str]:
    named = flow.get("accounts", "all")
    return frozenset([named] if isinstance(named, str) else named)
