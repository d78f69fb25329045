"""From the managers' folder to what customers meet: publish, roll back, and what becomes of those
who are in the middle.

The counts before and the deed after come from the same rule (`flows.language.fates`). Everybody's
own turn decides anew, so whoever moved on meanwhile is treated as they stand then.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlmodel import Session

from console.flow_wall import check_wall
from flows.language.book import HOUSE, Book, House, build
from flows.language.checks.removed import check_removed
from flows.language.events import Republished
from flows.language.fates import Fate, fate_of
from flows.language.loader import Folder
from flows.language.problems import Problem
from flows.language.run import run_from_json
from flows.language.sayings.saying import Saying
from storage import flow_versions, running
from storage.audit import COMMAND, Deed, by_operator, note
from storage.flow_versions import NewVersion, Published
from storage.models.flows import FlowVersion
from storage.operators import get_operator
from storage.unit import Store

How = Literal["finish", "move", "restart", "stop"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What whoever publishes says with it. how: for all flows, or by flow id (a flow that is left
    out finishes). by: the operator, where one is known. accounts: those that they may change the
    answers of; None: all."""

    how: How | Mapping[str, How] = "finish"
    note: str | None = None
    by: str | None = None
    accounts: frozenset[str] | None = None

    def how_for(self, flow_id: str) -> How:
        """What those in the middle of a flow shall do."""
        return self.how if isinstance(self.how, str) else self.how.get(flow_id, "finish")


@dataclass(frozen=True, slots=True)
class Middle:
    """Those who are in the middle of older versions of one flow: how many, and what becomes of
    them (the kinds of `Fate`), and why some finish on theirs."""

    flow_id: str
    fates: Counter[str] = field(default_factory=Counter)
    whys: Counter[Saying] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The flows that changed, and what becomes of those in the middle, by flow."""

    changed: tuple[str, ...]
    middles: tuple[Middle, ...]


def publish_folder(store: Store, folder: Folder, wish: Wish, now: datetime) -> Outcome:
    """Publish a folder without problems of severity E. Raises OthersAccounts."""
    versions = _versions(folder)

    def work(db: Session) -> Outcome:
        before = flow_versions.heads(db)
        changed = flow_versions.publish(db, versions, wish.note, now, wish.by)
        check_wall(db, changed, before, flow_versions.heads(db), wish.accounts)
        running.journal_heads(db, changed, wish.by, now)
        if changed:
            note(
                db, Deed("flows_published", _who(db, wish), params={"flows": sorted(changed)}), now
            )
        return Outcome(tuple(changed), _tell(db, _wanted(db, versions), wish, now))

    return store.write(work)


def publish_first_folder(store: Store, folder: Folder, why: str, now: datetime) -> list[str]:
    """The same, but only into a database that never had a flow: nobody is in the middle."""
    versions = _versions(folder)

    def work(db: Session) -> list[str]:
        changed = flow_versions.publish_first(db, versions, why, now)
        if changed:
            note(db, Deed("flows_published", COMMAND, params={"flows": sorted(changed)}), now)
        return changed

    return store.write(work)


def foresee_publish(store: Store, folder: Folder, wish: Wish) -> Outcome:
    """What `publish_folder` would do now. Nothing is changed."""
    versions = _versions(folder)
    drafts = {version.hash: version.bundle for version in versions}

    def work(db: Session) -> Outcome:
        heads, wanted = flow_versions.heads(db), _wanted(db, versions)
        changed = [id_ for id_, hash_ in wanted.items() if heads.get(id_) != hash_]
        return Outcome(tuple(changed), _count(_fates(db, wanted, wish, drafts)))

    return store.read(work)


def roll_back(store: Store, hash_: str, wish: Wish, now: datetime) -> Outcome:
    """Make an older version what new runs take. Raises DoesNotLoad when it cannot be read, and
    OthersAccounts."""

    def work(db: Session) -> Outcome:
        version = _readable(db, hash_)
        heads, wanted = flow_versions.heads(db), {version.flow_id: version.hash}
        check_wall(db, wanted, heads, wanted, wish.accounts)
        flow_versions.roll_back(db, version, wish.note, now, wish.by)
        running.journal_heads(db, [version.flow_id], wish.by, now)
        back = {"flow": version.flow_id, "number": version.number}
        note(db, Deed("flow_rolled_back", _who(db, wish), params=back), now)
        return Outcome((version.flow_id,), _tell(db, wanted, wish, now))

    return store.write(work)


def foresee_rollback(store: Store, hash_: str, wish: Wish) -> Outcome:
    """What `roll_back` would do now. Nothing is changed. Raises DoesNotLoad."""

    def work(db: Session) -> Outcome:
        version = _readable(db, hash_)
        wanted = {version.flow_id: version.hash}
        return Outcome((version.flow_id,), _count(_fates(db, wanted, wish, {})))

    return store.read(work)


def find_removed(store: Store, folder: Folder, wish: Wish) -> tuple[Problem, ...]:
    """Warnings of steps that this folder takes away from under somebody.

    Who begins anew, or is let go, misses no step.
    """
    standing = store.read(_standing)
    missing = {
        (flow_id, step): count
        for (flow_id, step), count in standing.items()
        if wish.how_for(flow_id) in {"finish", "move"}
    }
    return check_removed(folder, missing)


@dataclass(frozen=True, slots=True)
class Version:
    """One move of a flow's pointer. running: how many are in the middle of its version now."""

    move: Published
    running: int
    is_head: bool


def list_versions(db: Session) -> list[Version]:
    """Every publish and rollback, newest first."""
    heads, running_in = flow_versions.heads(db), _count_running(db)
    return [
        Version(
            move,
            running_in[move.hash or ""],
            move.hash is not None and heads.get(move.flow_id) == move.hash,
        )
        for move in flow_versions.history(db)
    ]


def _count_running(db: Session) -> Counter[str]:
    """How many stand in each version, by its hash; a call stands in both."""
    frames = (frame for each in running.everybody(db) for frame in each.state["frames"])
    return Counter(frame["hash"] for frame in frames)


def _standing(db: Session) -> Counter[tuple[str, str]]:
    """Those on older versions were told of when their version was replaced."""
    current = flow_versions.heads(db)
    runs = (run_from_json(each.state) for each in running.everybody(db))
    return Counter(
        (frame.flow, frame.state)
        for run in runs
        for frame in run.frames
        if frame.state and current.get(frame.flow) == frame.hash
    )


def _versions(folder: Folder) -> list[NewVersion]:
    published = build(folder)
    bundles = (*published.flows, published.house)
    return [NewVersion(b.flow_id, b.hash, b.title, b.tree) for b in bundles]


def _wanted(db: Session, versions: Sequence[NewVersion]) -> dict[str, str | None]:
    """The heads after a publish of these; None for a flow that was, or is, taken out."""
    known = (published.flow_id for published in flow_versions.history(db))
    wanted: dict[str, str | None] = dict.fromkeys(known)
    return wanted | {v.flow_id: v.hash for v in versions if v.flow_id != HOUSE}


def _who(db: Session, wish: Wish) -> Mapping[str, str]:
    return COMMAND if wish.by is None else by_operator(get_operator(db, wish.by))


def _readable(db: Session, hash_: str) -> FlowVersion:
    version = flow_versions.get_version(db, hash_)
    _book(db, {}).version(hash_)
    return version


def _tell(
    db: Session, wanted: Mapping[str, str | None], wish: Wish, now: datetime
) -> tuple[Middle, ...]:
    fates = list(_fates(db, wanted, wish, {}))
    words = [
        running.Word(who, event.flow, event.hash, event.how)
        for who, event, fate in fates
        if fate.kind != "stay"
    ]
    running.tell(db, words, now)
    return _count(fates)


def _fates(
    db: Session, wanted: Mapping[str, str | None], wish: Wish, drafts: Mapping[str, Any]
) -> Iterator[tuple[running.Running, Republished, Fate]]:
    book = _book(db, drafts)
    for who in running.everybody(db):
        run = run_from_json(who.state)
        for frame in run.frames:
            if frame.flow in wanted and frame.hash != wanted[frame.flow]:
                how = wish.how_for(frame.flow)
                event = Republished(run.id, frame.flow, wanted[frame.flow], how)
                yield who, event, fate_of(book, run, event, who.people)


def _book(db: Session, drafts: Mapping[str, Any]) -> Book:
    def fetch(hash_: str) -> Mapping[str, Any]:
        draft = drafts.get(hash_)
        found: Mapping[str, Any] = (
            draft if draft is not None else flow_versions.get_version(db, hash_).bundle
        )
        return found

    return Book(House(), {}, fetch)


def _count(
    fates: Iterator[tuple[running.Running, Republished, Fate]]
    | Sequence[tuple[running.Running, Republished, Fate]],
) -> tuple[Middle, ...]:
    middles: dict[str, Middle] = {}
    for _, event, fate in fates:
        middle = middles.setdefault(event.flow, Middle(event.flow))
        middle.fates[fate.kind] += 1
        if fate.why is not None:
            middle.whys[fate.why] += 1
    return tuple(middles[flow_id] for flow_id in sorted(middles))
