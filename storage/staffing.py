"""Who works at the console: let in, changed, locked out; each deed is in the history as well."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from storage import operators, second_factor
from storage.audit import Deed, note
from storage.models.operators import Operator
from storage.operator_links import NewLink, drop_links, make_link, use_link
from storage.operators import Change, NewOperator

Actor = Mapping[str, str]


def add(db: Session, new: NewOperator, by: Actor, now: datetime) -> Operator:
    """Let a person in who has a password already. Raises AlreadyThere."""
    operator = operators.add_operator(db, new, now)
    note(db, Deed("operator_added", by, _named(operator), params=_places(new)), now)
    return operator


def invite(db: Session, new: NewOperator, by: Actor, now: datetime) -> tuple[Operator, NewLink]:
    """Invite a person, who chooses name and password. Raises AlreadyThere."""
    unknown = replace(new, name=new.email, password_hash="")
    operator = operators.add_operator(db, unknown, now)
    note(db, Deed("invited", by, _named(operator), params=_places(new)), now)
    return operator, make_link(db, operator, now)


def make_new_link(db: Session, operator: Operator, by: Actor, now: datetime) -> NewLink:
    """A new link for somebody: to join, or to choose another password."""
    link = make_link(db, operator, now)
    note(db, Deed(f"{link.kind}_link_made", by, _named(operator)), now)
    return link


def withdraw(db: Session, operator: Operator, by: Actor, now: datetime) -> None:
    """Take back an invitation. Raises AlreadyThere for who has joined."""
    drop_links(db, operator.id)
    operators.remove_invited(db, operator)
    note(db, Deed("invitation_withdrawn", by, _named(operator)), now)


def join(
    db: Session, token: str, name: str | None, password_hash: str, address: str, now: datetime
) -> Operator:
    """Use a link: the password is theirs from now on, and every browser of theirs signed out.

    What else they need to sign in stays as it was. Raises LinkIsGone.
    """
    kind, operator = use_link(db, token, now)
    given = name if kind == "invitation" else None
    operators.change_operator(db, operator, Change(password_hash=password_hash, name=given))
    deed = "joined" if kind == "invitation" else "password_reset"
    by = {"kind": "operator", "id": operator.id, "name": operator.name}
    note(db, Deed(deed, by, _named(operator), address), now)
    return operator


def change(db: Session, operator: Operator, wanted: Change, by: Actor, now: datetime) -> None:
    """Change a person; one line of history for each thing that is different. Raises LastManager."""
    before = _standing(db, operator)
    operators.change_operator(db, operator, wanted)
    if wanted.is_disabled:
        drop_links(db, operator.id)
    db.flush()
    after = _standing(db, operator)
    for thing, was in before.items():
        if after[thing] != was:
            note(db, _change_deed(thing, was, after[thing], operator, by), now)
    if wanted.password_hash is not None:
        note(db, Deed("password_changed", by, _named(operator)), now)


def reset_codes(db: Session, operator: Operator, by: Actor, now: datetime) -> None:
    """Somebody lost their device: no code is asked, and every browser of theirs is signed out."""
    if second_factor.turn_off(db, operator.id):
        operators.end_sessions(db, operator.id)
        note(db, Deed("codes_reset", by, _named(operator)), now)


def sign_out_everywhere(db: Session, operator: Operator, by: Actor, now: datetime) -> None:
    """End every session of a person."""
    operators.end_sessions(db, operator.id)
    note(db, Deed("sessions_ended", by, _named(operator)), now)


def require_codes(db: Session, role: str, by: Actor, now: datetime, *, is_needed: bool) -> None:
    """Whether a role may work without a second factor."""
    if second_factor.set_needed(db, role, is_needed=is_needed):
        note(db, Deed("codes_required", by, params={"role": role, "is_needed": is_needed}), now)


def _standing(db: Session, operator: Operator) -> dict[str, object]:
    return {
        "role": operator.role,
        "disabled": operator.is_disabled,
        "name": operator.name,
        "accounts": sorted(operators.accounts_of(db, operator.id) or ()),
        "queues": sorted(operators.queues_of(db, operator.id) or ()),
    }


def _change_deed(thing: str, was: object, now_is: object, operator: Operator, by: Actor) -> Deed:
    if thing == "disabled":
        return Deed("disabled" if now_is else "enabled", by, _named(operator))
    return Deed(f"{thing}_changed", by, _named(operator), params={"from": was, "to": now_is})


def _places(new: NewOperator) -> dict[str, object]:
    return {"role": new.role, "accounts": sorted(new.accounts), "queues": sorted(new.queues)}


def _named(operator: Operator) -> tuple[str, str]:
    return operator.id, operator.name
