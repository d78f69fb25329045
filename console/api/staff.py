"""The managers' page of people: let in, changed, locked out, given a link.

Accounts are the wall here too: a manager who sees some accounts gives no others, and does not find
people who see more than they do.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from console import people_bodies
from console.api.house import shared_files
from console.door import Asker, House, Row
from console.refusals import EmailTaken, Forbidden, OwnStanding, StalePerson
from storage import operator_links, operators, rows, second_factor, staffing
from storage.audit import by_operator
from storage.models.operators import Operator
from storage.operator_links import NewLink
from storage.operators import Change, NewOperator
from storage.refusals import AlreadyThere, NotFound
from storage.roles import ROLES


@dataclass(frozen=True, slots=True)
class _Known:
    """What is looked up once for a whole list."""

    with_codes: frozenset[str]
    links: dict[str, str | None]


def list_staff(house: House, asker: Asker) -> Row:
    """Everybody, by name; and of which roles a second factor is asked."""

    def read(db: Session) -> Row:
        known = _known(db, house)
        found = [o for o in operators.list_operators(db) if is_within(db, asker, o)]
        return {
            "items": [_person(db, operator, known) for operator in found],
            "next": None,
            "codes_needed_by": list(second_factor.needed_by(db)),
        }

    return house.store.read(read)


def invite(house: House, asker: Asker, body: people_bodies.Invitation) -> tuple[Row, int]:
    """Invite somebody: the answer's address is shown this once, and given on by hand."""
    new = NewOperator(
        email=body.email,
        name=body.email,
        role=body.role,
        password_hash="",  # there is none yet
        accounts=tuple(dict.fromkeys(body.accounts)),
        queues=tuple(dict.fromkeys(body.queues)),
    )

    def write(db: Session) -> Row:
        _check_places(db, asker, body.accounts, body.queues)
        try:
            operator, link = staffing.invite(
                db, new, by_operator(asker.operator, asker.address), house.clock()
            )
        except AlreadyThere:
            raise EmailTaken from None
        db.flush()
        return _with_link(db, house, operator, link)

    return house.store.write(write), 201


def change(house: House, asker: Asker, operator_id: str, body: people_bodies.PersonChange) -> Row:
    """Change role, accounts, queues, or whether they may come in at all."""
    wanted = Change(
        role=body.role,
        is_disabled=body.disabled,
        accounts=None if body.accounts is None else tuple(dict.fromkeys(body.accounts)),
        queues=None if body.queues is None else tuple(dict.fromkeys(body.queues)),
    )

    def write(db: Session) -> Row:
        operator = _find(db, asker, operator_id)
        if operator.version != body.version:
            raise StalePerson(person=_person(db, operator, _known(db, house)))
        is_own = operator.id == asker.operator.id
        standing = (wanted.role, wanted.accounts, wanted.is_disabled)
        if is_own and any(part is not None for part in standing):
            raise OwnStanding
        _check_places(db, asker, body.accounts, body.queues)
        staffing.change(
            db, operator, wanted, by_operator(asker.operator, asker.address), house.clock()
        )
        db.flush()
        return _person(db, operator, _known(db, house))

    return house.store.write(write)


def make_link(house: House, asker: Asker, operator_id: str) -> tuple[Row, int]:
    """A new one-time address: to join, or, for who has joined, to choose another password."""

    def write(db: Session) -> Row:
        operator = _find(db, asker, operator_id)
        if operator.is_disabled:
            raise NotFound("they are disabled")
        link = staffing.make_new_link(
            db, operator, by_operator(asker.operator, asker.address), house.clock()
        )
        db.flush()
        return _with_link(db, house, operator, link)

    return house.store.write(write), 201


def withdraw(house: House, asker: Asker, operator_id: str) -> Row:
    """Take back an invitation that nobody has used."""

    def write(db: Session) -> None:
        operator = _find(db, asker, operator_id)
        staffing.withdraw(db, operator, by_operator(asker.operator, asker.address), house.clock())

    house.store.write(write)
    return {}


def reset_codes(house: House, asker: Asker, operator_id: str) -> Row:
    """Somebody lost their device: they sign in without a code, and can set it up anew."""

    def write(db: Session) -> Row:
        operator = _find(db, asker, operator_id)
        if operator.id == asker.operator.id:
            raise OwnStanding
        staffing.reset_codes(
            db, operator, by_operator(asker.operator, asker.address), house.clock()
        )
        db.flush()
        return _person(db, operator, _known(db, house))

    return house.store.write(write)


def end_sessions(house: House, asker: Asker, operator_id: str) -> Row:
    """Sign somebody out everywhere."""

    def write(db: Session) -> Row:
        operator = _find(db, asker, operator_id)
        by, now = by_operator(asker.operator, asker.address), house.clock()
        staffing.sign_out_everywhere(db, operator, by, now)
        return _person(db, operator, _known(db, house))

    return house.store.write(write)


def set_rule(house: House, asker: Asker, role: str, body: people_bodies.RoleNeeds) -> Row:
    """Whether everybody of a role needs a second factor."""
    if role not in ROLES:
        raise NotFound
    if asker.scope.accounts is not None:  # it holds for people behind other walls too
        raise Forbidden

    def write(db: Session) -> Row:
        by, now = by_operator(asker.operator, asker.address), house.clock()
        staffing.require_codes(db, role, by, now, is_needed=body.needs_codes)
        db.flush()
        return {"codes_needed_by": list(second_factor.needed_by(db))}

    return house.store.write(write)


def is_within(db: Session, asker: Asker, operator: Operator) -> bool:
    """Whether somebody sees no account that the asker does not see."""
    own, theirs = asker.scope.accounts, operators.accounts_of(db, operator.id)
    return own is None or (theirs is not None and theirs <= own)


def _find(db: Session, asker: Asker, operator_id: str) -> Operator:
    operator = operators.get_operator(db, operator_id)
    if not is_within(db, asker, operator):
        raise NotFound
    return operator


def _check_places(
    db: Session, asker: Asker, accounts: Iterable[str] | None, queues: Iterable[str] | None
) -> None:
    own = asker.scope.accounts
    if accounts is not None and own is not None:
        wanted = set(accounts)
        if not wanted or not wanted <= own:  # none at all means every account
            raise Forbidden
    unknown = set(queues or ()) - set(shared_files(db).queues.names)
    if unknown:
        raise ValueError(f"there is no queue {sorted(unknown)[0]!r}")


def _known(db: Session, house: House) -> _Known:
    links = operator_links.open_links(db, house.clock())
    return _Known(
        with_codes=second_factor.who_has_it(db),
        links={id_: rows.moment(until) for id_, until in links.items()},
    )


def _with_link(db: Session, house: House, operator: Operator, link: NewLink) -> Row:
    origin = house.settings.public_url or ""
    return {
        "person": _person(db, operator, _known(db, house)),
        "link": {
            "kind": link.kind,
            "address": f"{origin}/join#{link.token}",
            "expires_at": rows.moment(link.expires_at),
        },
    }


def _person(db: Session, operator: Operator, known: _Known) -> Row:
    return {
        "id": operator.id,
        "name": operator.name if operators.is_joined(operator) else None,
        "email": operator.email,
        "role": operator.role,
        "accounts": sorted(operators.accounts_of(db, operator.id) or ()),
        "queues": sorted(operators.queues_of(db, operator.id) or ()),
        "is_joined": operators.is_joined(operator),
        "is_disabled": operator.is_disabled,
        "codes_on": operator.id in known.with_codes,
        "link_until": known.links.get(operator.id),
        "seen_at": rows.moment(operator.seen_at),
        "version": operator.version,
    }
