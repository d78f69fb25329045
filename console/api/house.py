"""What the screens need to know of the place: accounts, queues, tags, fields, colleagues."""

from sqlalchemy import select
from sqlmodel import Session, col

from console.door import Asker, House, Row
from console.sending import can_send_files
from flows.language.book import HOUSE, house_from, is_form
from flows.language.book import House as SharedFiles
from flows.language.grammar.house_files import Field
from storage import flow_versions, rows
from storage.accounts import list_accounts
from storage.models.people import Tag
from storage.operators import is_joined, list_operators


def describe(house: House, asker: Asker) -> Row:
    """Accounts, queues, tags, fields, the clock, and whether LINE can fetch files from us."""
    can_send = can_send_files(house)

    def read(db: Session) -> Row:
        shared = shared_files(db)
        return {
            "accounts": _accounts(db, asker),
            "queues": list(shared.queues.names),
            "queue_accounts": {q: list(a) for q, a in shared.queues.accounts.items()},
            "tags": _tags(db, shared),
            "fields": [_field(field) for field in shared.fields.values()],
            "flows": _flows(db),
            "timezone": house.settings.timezone,
            "time": rows.moment(house.clock()),
            "can_send_files": can_send,
        }

    return house.store.read(read)


def _accounts(db: Session, asker: Asker) -> list[Row]:
    seen = (account for account in list_accounts(db) if asker.scope.allows(account.id))
    return [{"id": a.id, "name": a.name, "mode": a.mode} for a in seen]


def _tags(db: Session, shared: SharedFiles) -> list[str]:
    used = db.scalars(select(col(Tag.name)).order_by(col(Tag.name)))
    return list(dict.fromkeys([*shared.tags, *used]))


def _field(field: Field) -> Row:
    return {
        "key": field.key,
        "title": field.title,
        "type": field.type,
        "options": list(field.options),
        "personal": field.is_personal,
    }


def operators(house: House, _asker: Asker) -> Row:
    """Colleagues, by name."""

    def read(db: Session) -> Row:
        found = [o for o in list_operators(db) if not o.is_disabled and is_joined(o)]
        items = [{"id": o.id, "name": o.name, "role": o.role} for o in found]
        return {"items": items, "next": None}

    return house.store.read(read)


def shared_files(db: Session) -> SharedFiles:
    """The published names: queues, tags, fields."""
    hash_ = flow_versions.heads(db).get(HOUSE)
    return house_from(flow_versions.get_version(db, hash_).bundle if hash_ is not None else {})


def _flows(db: Session) -> list[Row]:
    heads = flow_versions.heads(db)
    found = [flow_versions.get_version(db, heads[id_]) for id_ in sorted(heads) if id_ != HOUSE]
    return [
        {"id": v.flow_id, "title": v.title, "version": v.number, "form": is_form(v.bundle)}
        for v in found
    ]
