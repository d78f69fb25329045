"""Broadcasts (一斉配信): leaders read them, managers write and send them, each within the walls."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlmodel import Session

from console import broadcast_bodies as bodies
from console.api.numbers import read_number
from console.api.talks import at_now
from console.broadcast_messages import check_bubbles, own_pictures_in, pictures_in
from console.door import Asker, House, Row
from console.refusals import LineRefuses, StaleBroadcast, UploadGone
from storage import broadcast_chunks, broadcast_drafts, broadcast_life, broadcasts
from storage.broadcast_failures import list_failures
from storage.broadcast_rows import broadcast_row, broadcast_rows, chunk_row
from storage.broadcasts import Written
from storage.models.broadcasts import Broadcast
from storage.models.operators import Operator
from storage.models.people import Account
from storage.refusals import LostRace, NotFound

MOST_CALLS = 100  # whose outcome nobody knows, in one answer
# What is done with a broadcast; the number is its version, or a call's.
Verb = Callable[[Session, str, int, Operator, datetime], Broadcast]


def list_all(house: House, asker: Asker, query: dict[str, str], lists: dict[str, list[str]]) -> Row:
    """One page, the newest first."""

    def read(db: Session) -> Row:
        at = at_now(db, asker)
        found, following = broadcasts.list_page(
            db,
            asker.scope,
            account=query.get("account"),
            statuses=lists.get("status", ()),
            cursor=query.get("cursor"),
        )
        return {"items": broadcast_rows(db, found), "next": following, "at": at}

    return house.store.read(read)


def get(house: House, asker: Asker, broadcast_id: str) -> Row:
    """What it says, and what became of it."""

    def read(db: Session) -> Row:
        return _whole(db, asker, broadcasts.get(db, asker.scope, broadcast_id))

    return house.store.read_as_one(read)


def create(house: House, asker: Asker, body: bodies.NewBroadcast) -> tuple[Row, int]:
    """A new draft: 201, or 200 for what the same request has made before."""
    pictures = check_bubbles(house, body.messages)

    def write(db: Session) -> tuple[Row, int]:
        if not asker.scope.allows(body.account) or db.get(Account, body.account) is None:
            raise NotFound
        written = Written(body.title, body.messages)
        return _begin(db, house, asker, body.account, (body.client_broadcast_id, written, pictures))

    return house.store.write(write)


def copy(
    house: House, asker: Asker, broadcast_id: str, body: bodies.BroadcastCopy
) -> tuple[Row, int]:
    """A new draft that says the same."""

    def write(db: Session) -> tuple[Row, int]:
        of = broadcasts.get(db, asker.scope, broadcast_id)
        written, pictures = Written(body.title, of.messages), pictures_in(house, of.messages)
        new = (body.client_broadcast_id, written, pictures)
        return _begin(db, house, asker, of.account_id, new)

    return house.store.write(write)


def change(house: House, asker: Asker, broadcast_id: str, body: bodies.BroadcastChange) -> Row:
    """Write a draft anew."""
    pictures = check_bubbles(house, body.messages)
    written = Written(body.title, body.messages)

    def write(db: Session) -> Row:
        before = broadcasts.get(db, asker.scope, broadcast_id)
        shown, now = own_pictures_in(house, before.messages), house.clock()
        changed = _told(
            lambda: broadcasts.change_draft(
                db, broadcast_id, written, body.version, asker.operator, now
            )
        )
        _hold(db, changed.account_id, pictures, now)
        gone = [one for one in shown if one not in pictures]
        broadcast_drafts.let_go_pictures(db, changed, gone, now)
        return _whole(db, asker, changed)

    return house.store.write(write)


def remove(house: House, asker: Asker, broadcast_id: str, body: bodies.BroadcastVersion) -> Row:
    """Throw a draft away."""

    def write(db: Session) -> Row:
        before = broadcasts.get(db, asker.scope, broadcast_id)
        shown, now = own_pictures_in(house, before.messages), house.clock()
        gone = _told(
            lambda: broadcasts.delete_draft(db, broadcast_id, body.version, asker.operator, now)
        )
        broadcast_drafts.let_go_pictures(db, gone, shown, now)
        return {}

    return house.store.write(write)


def schedule(house: House, asker: Asker, broadcast_id: str, body: bodies.BroadcastMoment) -> Row:
    """It goes out now, or at its moment; LINE is asked first whether it takes what it says."""
    checked = _check_with_line(house, asker, broadcast_id)

    def verb(db: Session, id_: str, version: int, by: Operator, now: datetime) -> Broadcast:
        if version == checked:
            broadcasts.note_checked(db, id_, version, now)
        return broadcast_life.schedule(db, id_, version, body.send_at, by, now)

    return _done(house, asker, broadcast_id, body, verb)


def unschedule(house: House, asker: Asker, broadcast_id: str, body: bodies.BroadcastVersion) -> Row:
    """It is a draft again."""
    return _done(house, asker, broadcast_id, body, broadcast_life.unschedule)


def pause(house: House, asker: Asker, broadcast_id: str, body: bodies.BroadcastVersion) -> Row:
    """It stands still."""
    return _done(house, asker, broadcast_id, body, broadcast_life.pause)


def resume(house: House, asker: Asker, broadcast_id: str, body: bodies.BroadcastVersion) -> Row:
    """It goes on."""
    return _done(house, asker, broadcast_id, body, broadcast_life.resume)


def cancel(house: House, asker: Asker, broadcast_id: str, body: bodies.BroadcastVersion) -> Row:
    """Who has not been sent to is not."""
    return _done(house, asker, broadcast_id, body, broadcast_life.cancel)


def send_again(house: House, asker: Asker, broadcast_id: str, call_id: str) -> Row:
    """A call whose outcome nobody knows is made once more."""
    return _seen_to(house, asker, broadcast_id, call_id, broadcast_chunks.send_unknown_again)


def leave(house: House, asker: Asker, broadcast_id: str, call_id: str) -> Row:
    """A call whose outcome nobody knows is let be."""
    return _seen_to(house, asker, broadcast_id, call_id, broadcast_chunks.leave_unknown)


def _begin(
    db: Session, house: House, asker: Asker, account: str, new: tuple[str, Written, list[str]]
) -> tuple[Row, int]:
    (client_id, written, pictures), now = new, house.clock()
    found, is_new = broadcast_drafts.create_once(
        db, account, client_id, written, asker.operator, now
    )
    if is_new:
        _hold(db, account, pictures, now)
    return _whole(db, asker, found), 201 if is_new else 200


def _hold(db: Session, account: str, pictures: list[str], now: datetime) -> None:
    try:
        broadcast_drafts.hold_pictures(db, account, pictures, now)
    except NotFound as error:
        raise UploadGone from error


def _check_with_line(house: House, asker: Asker, broadcast_id: str) -> int | None:
    """The version that LINE would take. Raises LineRefuses, and UploadGone for a picture that lies
    where the house is not any more. A LINE that does not answer keeps nobody from it: None, the
    sending tells."""
    found = house.store.read(lambda db: broadcasts.get(db, asker.scope, broadcast_id))
    pictures_in(house, found.messages)
    # Not beside: its connections are kept, and belong to the thread that everybody is served on.
    faults = house.line_check(found.account_id, found.messages)
    if faults:
        raise LineRefuses(faults=[{"part": part, "said": said} for part, said in faults])
    return None if faults is None else found.version


def _done(
    house: House, asker: Asker, broadcast_id: str, body: bodies.BroadcastVersion, verb: Verb
) -> Row:
    def write(db: Session) -> Row:
        broadcasts.get(db, asker.scope, broadcast_id)
        version, now = body.version, house.clock()
        done = _told(lambda: verb(db, broadcast_id, version, asker.operator, now))
        return _whole(db, asker, done)

    return house.store.write(write)


def _seen_to(
    house: House,
    asker: Asker,
    broadcast_id: str,
    call_id: str,
    verb: Verb,
) -> Row:
    number = read_number(call_id)

    def write(db: Session) -> Row:
        broadcasts.get(db, asker.scope, broadcast_id)
        done = _told(lambda: verb(db, broadcast_id, number, asker.operator, house.clock()))
        return _whole(db, asker, done)

    return house.store.write(write)


def _told(work: Callable[[], Broadcast]) -> Broadcast:
    """What storage refuses, in words about a broadcast."""
    try:
        return work()
    except LostRace as error:
        raise StaleBroadcast(**error.details) from error


def _whole(db: Session, asker: Asker, broadcast: Broadcast) -> dict[str, Any]:
    db.flush()
    calls = broadcast_chunks.list_unknown(db, broadcast.id, MOST_CALLS)
    unknown_count, unknown_people = broadcast_chunks.count_unknown(db, broadcast.id)
    failures = list_failures(db, broadcast.id)
    return {
        "broadcast": broadcast_row(db, broadcast),
        "messages": broadcast.messages,
        "unknown_calls": [chunk_row(one) for one in calls],
        "unknown_count": unknown_count,
        "unknown_people": unknown_people,
        "failures": [{"reason": one.reason, "people": one.people} for one in failures],
        "at": at_now(db, asker),
    }
