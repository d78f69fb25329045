"""Real talks from the memory, done again by the language: replayed, or made into a test."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from flows.language.book import HOUSE, Book, House, build, house_from
from flows.language.loader import Folder
from flows.language.past_talks.recorded import RecordedTurn, turns_of_talk
from flows.language.past_talks.recording import Recording, last_stretch, record_talk, versions_of
from flows.language.past_talks.replay import ReplayReport, replay_run, unreadable
from storage import flow_versions, recorded
from storage.refusals import NotFound
from storage.unit import Store

UNREADABLE = (KeyError, TypeError, ValueError, AttributeError)


@dataclass(frozen=True, slots=True)
class Draft:
    """Versions as they would be: what new runs would take, and the house. trees: by hash."""

    heads: Mapping[str, str]
    trees: Mapping[str, Mapping[str, Any]]
    house: House


def draft_of(folder: Folder) -> Draft:
    """A folder without problems of severity E, as if it were published."""
    published = build(folder)
    heads = {bundle.flow_id: bundle.hash for bundle in published.flows}
    trees = {bundle.hash: bundle.tree for bundle in published.flows}
    return Draft(heads, trees, house_from(published.house.tree))


def published_with(db: Session, heads: Mapping[str, str]) -> Draft:
    """What is published now, with these versions instead."""
    current = dict(flow_versions.heads(db))
    house_hash = current.pop(HOUSE, None)
    house = house_from(_bundle(db, house_hash)) if house_hash is not None else House()
    return Draft({**current, **heads}, {}, house)


def find_version(db: Session, wanted: str, flow_id: str | None) -> tuple[str, str]:
    """A version by the first letters of its hash, or of one flow by its number: flow id, hash.

    Raises NotFound.
    """
    number = wanted.removeprefix("v")
    if flow_id is not None and number.isdigit():
        found = flow_versions.find_numbered(db, flow_id, int(number))
        if found is not None:
            return found.flow_id, found.hash
    named = flow_versions.find_by_hash(db, wanted)
    if len(named) != 1:
        raise NotFound(f"there is not one version {wanted!r}; `flows versions` lists them")
    return named[0].flow_id, named[0].hash


def replay_last(
    store: Store,
    draft: Draft,
    count: int,
    flow_ids: Collection[str],
    accounts: Collection[str] | None = None,
) -> ReplayReport:
    """The last runs of these flows, done again in the draft. accounts: None: those of all."""
    book = store_book(store, draft)
    report = ReplayReport()
    for talk in store.read(lambda db: recorded.last_talks(db, count, flow_ids, accounts)):
        report.verdicts += _replay_talk(store, book, talk)
    return report


def record(store: Store, conversation_id: str) -> Recording | None:
    """The newest stretch of a talk as a test; None for a talk that no flow took part in.

    Raises NotFound, and ValueError for a record that cannot be read.
    """
    rows = store.read(lambda db: recorded.log_of_talk(db, conversation_id))
    try:
        turns = last_stretch(turns_of_talk(rows))
    except UNREADABLE as error:
        raise ValueError(f"the record of {conversation_id} cannot be read: {error}") from error
    if not turns:
        return None
    draft = store.read(lambda db: published_with(db, versions_of(turns)))
    return record_talk(store_book(store, draft), turns)


def store_book(store: Store, draft: Draft) -> Book:
    """The draft's versions, with every published one within reach."""

    def fetch(hash_: str) -> Mapping[str, Any]:
        tree = draft.trees.get(hash_)
        return tree if tree is not None else store.read(lambda db: _bundle(db, hash_))

    return Book(draft.house, draft.heads, fetch)


def _bundle(db: Session, hash_: str) -> Mapping[str, Any]:
    return flow_versions.get_version(db, hash_).bundle


def _replay_talk(store: Store, book: Book, talk: recorded.PastTalk) -> list[Any]:
    rows = store.read(lambda db: recorded.log_of_talk(db, talk.conversation_id))
    try:
        turns = turns_of_talk(rows)
    except UNREADABLE:
        return [unreadable(run_id, flow_id) for run_id, flow_id in talk.runs.items()]
    found = []
    for run_id, flow_id in talk.runs.items():
        own: list[RecordedTurn] = [each for turn in turns for each in turn if each.run_id == run_id]
        found.append(replay_run(book, own) if own else unreadable(run_id, flow_id))
    return found
