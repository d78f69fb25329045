"""A turn that is undone after its work and done again makes the calls of what was committed alone."""

import ast
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import pytest
from sqlmodel import Session, col, select

from bot.means import Means
from bot.worker import Worker
from console.publishing import Wish, publish_folder
from flows.language.loader import load_folder
from storage import failpoints
from storage.models.work import Arrival, Delivery
from storage.unit import Store
from tests import given
from tests.bot.test_lease import Room
from tests.flows.test_salon import FLOWS

T = TypeVar("T")
ROOMS = [Path(__file__).parents[2] / name for name in ("bot", "console", "storage")]
CHANGES = {"append", "extend", "insert", "add", "update", "pop", "clear", "setdefault", "remove"}
Between = Callable[[], object]


class Undone(Exception):
    """What the database says when an attempt is to be made again."""


class Undoing:
    """The store of one worker, whose next unit is undone after its work and done again.

    between: what others do until then.
    """

    def __init__(self, store: Store, between: Between) -> None:
        self._store, self._between = store, between
        self.attempts = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def write(self, work: Callable[[Session], T]) -> T:
        self.attempts += 1
        if self.attempts > 1:
            return self._store.write(work)

        def undone(db: Session) -> None:
            work(db)
            db.flush()
            raise Undone

        with pytest.raises(Undone):
            self._store.write(undone)
        self._between()
        return self._store.write(work)


@pytest.fixture
def room(store: Store, tmp_path: Path, now: datetime) -> Room:
    """A customer whose word the salon's flows answer."""
    room = Room(store, tmp_path, now)
    publish_folder(store, load_folder(FLOWS), Wish(), now)

    def work(db: Session) -> None:
        account = given.an_account(db, now)
        given.an_arrival(db, account, given.a_text_event("予約"), now)

    store.write(work)
    return room


def means(room: Room, between: Between) -> Means:
    return room.means(store=Undoing(room.store, between))


def calls_of(room: Room) -> list[int]:
    """The deliveries of the calls that were begun, all of which are made now."""
    for call in room.begun:
        call()
    return [work.delivery_id for work in room.client.called]


def arrival(room: Room) -> Arrival:
    return room.store.read(lambda db: db.exec(select(Arrival).order_by(col(Arrival.id))).one())


def sent(room: Room) -> list[int | None]:
    found: list[Delivery] = room.found()
    assert {one.state for one in found} == {"sent"}
    return [one.id for one in found]


def test_a_turn_that_is_done_again_makes_its_call_once(room: Room) -> None:
    worker = Worker(means(room, lambda: None))

    assert worker.turns_once()

    assert len(calls_of(room)) == 1
    assert calls_of(room)[:1] == sent(room)


def test_what_another_worker_did_meanwhile_is_not_called_for_again(room: Room) -> None:
    """The call of the attempt that was undone is one that nobody has committed."""
    other = Worker(room.means())
    worker = Worker(means(room, other.turns_once))

    assert not worker.turns_once(), "there is nothing left for it"

    assert len(room.begun) == 1, "the other's"
    assert calls_of(room) == sent(room)


def test_no_try_is_counted_of_what_only_an_undone_attempt_had_claimed(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next attempt fails before it claims anything: no arrival is to blame."""

    def fail(*_: object) -> None:
        raise ConnectionError

    worker = Worker(means(room, lambda: monkeypatch.setattr("storage.arrivals.claim", fail)))

    with pytest.raises(ConnectionError):
        worker.turns_once()

    assert (arrival(room).state, arrival(room).tries, room.begun) == ("pending", 0, [])


def test_a_process_that_dies_after_its_turn_has_called_nobody(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun_at: dict[str, int] = {}

    def note(point: str) -> None:
        begun_at.setdefault(point, len(room.begun))

    monkeypatch.setattr(failpoints, "reach", note)

    assert Worker(room.means()).turns_once()

    assert (begun_at["turn committed"], len(room.begun)) == (0, 1)


def test_no_unit_changes_what_stands_outside_of_it() -> None:
    """A list that a closure fills still holds what an undone attempt put there."""
    files = [file for room in ROOMS for file in sorted(room.rglob("*.py"))]
    assert len(files) > 300
    for change in ("a.append(1)", "a[:] = [1]", "nonlocal a; a = [1]"):
        source = f"def f():\n a = []\n def g(db):\n  {change}"
        assert list(changed_outside(source)) == ["g: a"]

    found = {file.name: list(changed_outside(file.read_text())) for file in files}

    assert {name: places for name, places in found.items() if places} == {}


def changed_outside(source: str) -> Iterator[str]:
    """What a unit of work changes of the function that it stands in."""
    for outer in functions(ast.parse(source)):
        for unit in functions(outer):
            if unit is not outer and any(arg.arg == "db" for arg in unit.args.args):
                outside = assigned(outer) - assigned(unit)
                yield from (f"{unit.name}: {name}" for name in changed(unit) if name in outside)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def assigned(function: ast.FunctionDef) -> set[str]:
    """The names that are the function's own."""
    names, others, nodes = set[str](), set[str](), list[ast.AST](function.body)
    while nodes:
        match nodes.pop():
            case ast.FunctionDef():
                pass
            case ast.Nonlocal(names=borrowed):
                others |= set(borrowed)
            case ast.Name(id=name, ctx=ast.Store()):
                names.add(name)
            case node:
                nodes += ast.iter_child_nodes(node)
    return names - others


def changed(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        match node:
            case ast.Nonlocal(names=names):
                yield from names
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=verb)):
                if verb in CHANGES:
                    yield name
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store()):
                yield name
