"""From the managers' folder into the database."""

from collections import Counter
from datetime import datetime

from sqlmodel import Session

from flows.language.book import build
from flows.language.checks.removed import check_removed
from flows.language.loader import Folder
from flows.language.problems import Problem
from flows.language.run import run_from_json
from storage.flow_versions import NewVersion, heads, publish, publish_first
from storage.runs import live_states
from storage.unit import Store


def publish_folder(
    store: Store,
    folder: Folder,
    note: str | None,
    now: datetime,
    operator_id: str | None = None,
) -> list[str]:
    """Publish a folder without problems of severity E; the flows that changed."""
    versions = _versions(folder)
    return store.write(lambda db: publish(db, versions, note, now, operator_id))


def publish_first_folder(store: Store, folder: Folder, note: str, now: datetime) -> list[str]:
    """The same, but only into a database that never had a flow."""
    versions = _versions(folder)
    return store.write(lambda db: publish_first(db, versions, note, now))


def find_removed(store: Store, folder: Folder) -> tuple[Problem, ...]:
    """Warnings of steps that this folder takes away from under somebody."""
    return check_removed(folder, store.read(_standing))


def _versions(folder: Folder) -> list[NewVersion]:
    published = build(folder)
    bundles = (*published.flows, published.house)
    return [NewVersion(b.flow_id, b.hash, b.title, b.tree) for b in bundles]


def _standing(db: Session) -> Counter[tuple[str, str]]:
    """Those on older versions were told of when their version was replaced."""
    current = heads(db)
    frames = (frame for state in live_states(db) for frame in run_from_json(state).frames)
    return Counter(
        (frame.flow, frame.state)
        for frame in frames
        if frame.state and current.get(frame.flow) == frame.hash
    )
