"""Saved replies: the list that staff choose from, what leaders write, and one filled for a talk."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlmodel import Session

from console import reply_bodies
from console.api.house import shared_files
from console.door import Asker, House, Row
from console.refusals import BadPlaceholders
from console.reply_texts import FIELD, Hole, find_mistakes, sample_of
from console.reply_texts import fill as fill_text
from flows.language.normalise import normalise
from flows.language.words import Value
from flows.line.limits import count_units
from storage import rows, saved_replies
from storage.accounts import list_accounts
from storage.audit import Deed, by_operator, note
from storage.conversations import get_conversation
from storage.lookups import operator_names
from storage.models.people import Account, Customer
from storage.models.replies import SavedReply
from storage.models.talks import Conversation
from storage.refusals import NotFound

SAMPLE_NAME = {"ja": "見本 花子", "en": "Hanako Mihon"}


def list_all(house: House, asker: Asker, query: dict[str, str]) -> Row:
    """The saved replies that serve an account, or any; the most used first."""

    def read(db: Session) -> Row:
        found = saved_replies.list_replies(db, asker.scope, query.get("account"))
        return {
            "items": _rows(db, asker, _matching(found, query.get("q", ""))),
            "next": None,
            "may_share": saved_replies.may_change(asker.scope, None),
        }

    return house.store.read(read)


def add(house: House, asker: Asker, body: reply_bodies.NewReply) -> tuple[Row, int]:
    """Keep a new one."""

    def write(db: Session) -> tuple[Row, int]:
        _check_text(db, asker, body.text)
        reply = saved_replies.add_reply(db, asker.scope, body.as_written(), house.clock())
        _note(db, house, asker, "reply_added", reply)
        return _row(db, asker, reply), 201

    return house.store.write(write)


def change(house: House, asker: Asker, reply_id: str, body: reply_bodies.ReplyChange) -> Row:
    """Write one anew."""

    def write(db: Session) -> Row:
        _check_text(db, asker, body.text)
        reply = saved_replies.change_reply(
            db, asker.scope, reply_id, body.as_written(), body.version, house.clock()
        )
        _note(db, house, asker, "reply_changed", reply)
        return _row(db, asker, reply)

    return house.store.write(write)


def remove(house: House, asker: Asker, reply_id: str, body: reply_bodies.ReplyRemoval) -> Row:
    """Take one out."""

    def write(db: Session) -> Row:
        reply = saved_replies.remove_reply(db, asker.scope, reply_id, body.version, house.clock())
        _note(db, house, asker, "reply_removed", reply)
        return {}

    return house.store.write(write)


def restore(house: House, asker: Asker, reply_id: str) -> Row:
    """Put back what was taken out."""

    def write(db: Session) -> Row:
        reply = saved_replies.restore_reply(db, asker.scope, reply_id, house.clock())
        _note(db, house, asker, "reply_restored", reply)
        return _row(db, asker, reply)

    return house.store.write(write)


def preview(house: House, asker: Asker, body: reply_bodies.ReplyText) -> Row:
    """A text as a sample customer would get it, and what is wrong with it."""

    def read(db: Session) -> Row:
        fields = shared_files(db).fields
        mistakes = find_mistakes(body.text, fields, asker.language)
        plain = {
            "name": SAMPLE_NAME[asker.language],
            "operator": asker.operator.name,
            "account": _account_name(db, asker, body.account),
        }
        text, holes = body.text, list[Hole]()
        if not mistakes:
            text, holes = fill_text(
                body.text,
                lambda path: plain.get(path) or sample_of(path, fields),
                fields,
                asker.language,
            )
        return {
            **_filled(text, holes),
            "units": count_units(body.text),
            "problems": [asdict(one) for one in mistakes],
        }

    return house.store.read(read)


def fill(house: House, asker: Asker, talk_id: str, reply_id: str) -> Row:
    """One filled for the customer of a talk; it counts as used."""

    def write(db: Session) -> Row:
        talk = get_conversation(db, asker.scope, talk_id)
        reply = saved_replies.get_reply(db, asker.scope, reply_id)
        if reply.account_id not in (None, talk.account_id):
            raise NotFound
        saved_replies.count_use(db, reply, house.clock())
        known = _known_of(db, asker, talk)
        fields = shared_files(db).fields
        return _filled(*fill_text(reply.text, known.get, fields, asker.language))

    return house.store.write(write)


def _note(db: Session, house: House, asker: Asker, kind: str, reply: SavedReply) -> None:
    """What everybody may send is changed: the history tells by whom."""
    deed = Deed(kind, by_operator(asker.operator), (reply.id, reply.title), asker.address)
    note(db, deed, house.clock())


def _known_of(db: Session, asker: Asker, talk: Conversation) -> dict[str, Value]:
    """What the placeholders stand for in a talk."""
    customer = rows.customer_row(db, db.get_one(Customer, talk.customer_id))
    return {
        "name": rows.conversation_row(db, talk)["customer_name"],
        "operator": asker.operator.name,
        "account": db.get_one(Account, talk.account_id).name,
        **{f"{FIELD}{key}": value for key, value in customer["fields"].items()},
    }


def _account_name(db: Session, asker: Asker, account: str | None) -> str:
    """The account's; where there are several, the first that the asker sees stands for them."""
    names = {a.id: a.name for a in list_accounts(db) if asker.scope.allows(a.id)}
    return names.get(account or "") or next(iter(names.values()), "")


def _check_text(db: Session, asker: Asker, text: str) -> None:
    mistakes = find_mistakes(text, shared_files(db).fields, asker.language)
    if mistakes:
        raise BadPlaceholders(problems=[asdict(one) for one in mistakes])


def _matching(found: Sequence[SavedReply], text: str) -> list[SavedReply]:
    """Those in which every word stands: in the title, the text or the shortcut."""
    words = normalise(text.removeprefix("/")).split()
    return [
        one
        for one in found
        if all(word in normalise(f"{one.title} {one.shortcut or ''} {one.text}") for word in words)
    ]


def _row(db: Session, asker: Asker, reply: SavedReply) -> Row:
    return _rows(db, asker, [reply])[0]


def _rows(db: Session, asker: Asker, replies: Sequence[SavedReply]) -> list[Row]:
    names = operator_names(db, [one.updated_by for one in replies])
    return [
        {
            "id": one.id,
            "account": one.account_id,
            "title": one.title,
            "text": one.text,
            "shortcut": one.shortcut,
            "uses": one.uses,
            "used_at": rows.moment(one.used_at),
            "updated_at": rows.moment(one.updated_at),
            "updated_by": names.get(one.updated_by or ""),
            "version": one.version,
            "may_change": saved_replies.may_change(asker.scope, one.account_id),
        }
        for one in replies
    ]


def _filled(text: str, holes: Sequence[Hole]) -> Row:
    return {"text": text, "missing": [asdict(hole) for hole in holes]}
