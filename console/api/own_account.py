"""What everybody may do with their own account: password, browsers, second factor."""

import segno
from flask import Response, make_response, request
from sqlmodel import Session

from console import people_bodies
from console.api import sessions
from console.door import Asker, House, Row
from console.passwords import hash_password
from console.refusals import NeededByRole
from storage import audit, operators, rows, second_factor, staffing
from storage.audit import Deed, by_operator
from storage.models.operators import Operator, OperatorSession
from storage.operators import Change
from storage.refusals import NotFound, WrongCode
from storage.sign_ins import check_code, forget_codes, note_failure

ID_LENGTH = 16  # of a session's hash, which names it among a person's own


def get(house: House, asker: Asker) -> Row:
    """The own account."""

    def read(db: Session) -> Row:
        operator = operators.get_operator(db, asker.operator.id)
        is_on = second_factor.is_on(db, operator.id)
        return {
            "name": operator.name,
            "email": operator.email,
            "role": operator.role,
            "codes_on": is_on,
            "codes_needed": operator.role in second_factor.needed_by(db),
            "recovery_left": second_factor.count_recovery(db, operator.id) if is_on else 0,
        }

    return house.store.read(read)


def change_password(house: House, asker: Asker, body: people_bodies.PasswordChange) -> Response:
    """Another password: every session ends, and this browser gets a new one."""
    sessions.check_own_password(house, asker, body.old)
    own_words = (asker.operator.email, asker.operator.name)
    password_hash = house.beside(lambda: hash_password(body.new, own_words))
    caller = sessions.Caller(asker.address, request.user_agent.string[:200])

    def write(db: Session) -> sessions.Opened:
        operator = _me(db, asker)
        change = Change(password_hash=password_hash)
        by = by_operator(operator, asker.address)
        staffing.change(db, operator, change, by, house.clock())
        return sessions.begin(db, house, operator, caller)

    opened = house.store.write(write)
    answer = make_response({"csrf_token": opened.csrf_token})
    return sessions.with_cookie(house, answer, opened.token)


def list_sessions(house: House, asker: Asker) -> Row:
    """The browsers in which one is signed in."""
    own, now = operators.hash_token(asker.token), house.clock()

    def read(db: Session) -> Row:
        found = operators.list_sessions(db, asker.operator.id, now, house.settings.sessions_last)
        return {"items": [_session(s, is_own=s.token_sha256 == own) for s in found], "next": None}

    return house.store.read(read)


def end_session(house: House, asker: Asker, session_id: str) -> Row:
    """Sign one of one's browsers out."""
    now = house.clock()

    def write(db: Session) -> None:
        found = operators.list_sessions(db, asker.operator.id, now, house.settings.sessions_last)
        ended = [s for s in found if s.token_sha256[:ID_LENGTH] == session_id]
        if not ended:
            raise NotFound
        for session in ended:
            db.delete(session)
        _note(db, house, asker, "session_ended")

    house.store.write(write)
    return {}


def end_other_sessions(house: House, asker: Asker) -> Row:
    """Sign out everywhere but here."""

    def write(db: Session) -> None:
        operators.end_sessions(db, asker.operator.id, but=asker.token)
        _note(db, house, asker, "sessions_ended")

    house.store.write(write)
    return {}


def begin_codes(house: House, asker: Asker) -> Row:
    """A new seed for the app, as a picture and as letters; it counts once it is confirmed."""

    def write(db: Session) -> str:
        return second_factor.begin(db, house.key, _me(db, asker))

    secret = house.store.write(write)
    address = second_factor.address_of(secret, asker.operator)
    picture = segno.make(address, error="m").svg_data_uri(scale=4, border=4, light="white")
    return {"secret": secret, "qr": picture}


def confirm_codes(house: House, asker: Asker, body: people_bodies.CodeGiven) -> Row:
    """The app shows the right code: it is asked for from now on."""
    now, me = house.clock(), asker.operator

    def write(db: Session) -> list[str]:
        check_code(db, me.email, now)
        was_on = second_factor.is_on(db, me.id)
        codes = second_factor.confirm(db, house.key, _me(db, asker), body.code, now)
        forget_codes(db, me.email)
        _note(db, house, asker, "codes_moved" if was_on else "codes_on")
        return codes

    try:
        return {"recovery_codes": house.store.write(write)}
    except WrongCode:
        house.store.write(lambda db: note_failure(db, me.email, asker.address, now, is_code=True))
        raise


def renew_recovery(house: House, asker: Asker) -> Row:
    """New codes for emergencies; those before are worth nothing."""

    def write(db: Session) -> list[str]:
        if not second_factor.is_on(db, asker.operator.id):
            raise NotFound
        _note(db, house, asker, "recovery_renewed")
        return second_factor.renew_recovery(db, asker.operator.id)

    return {"recovery_codes": house.store.write(write)}


def turn_codes_off(house: House, asker: Asker) -> Row:
    """No code is asked for any more."""

    def write(db: Session) -> None:
        if asker.role in second_factor.needed_by(db):
            raise NeededByRole
        if second_factor.turn_off(db, asker.operator.id):
            _note(db, house, asker, "codes_off")

    house.store.write(write)
    return {}


def _me(db: Session, asker: Asker) -> Operator:
    return operators.get_operator(db, asker.operator.id)


def _note(db: Session, house: House, asker: Asker, kind: str) -> None:
    me = asker.operator
    deed = Deed(kind, by_operator(me), (me.id, me.name), asker.address)
    audit.note(db, deed, house.clock())


def _session(session: OperatorSession, *, is_own: bool) -> Row:
    return {
        "id": session.token_sha256[:ID_LENGTH],
        "device": session.device,
        "address": session.address,
        "since": rows.moment(session.created_at),
        "used_at": rows.moment(session.used_at),
        "is_this": is_own,
    }
