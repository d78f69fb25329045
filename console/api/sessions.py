"""Signing in and out. The session's token is in a cookie; only its hash is kept here."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from flask import Response, make_response, request
from sqlmodel import Session

from console import bodies
from console.door import Asker, House, Row
from console.passwords import is_password
from storage import operators
from storage.conversations import Scope
from storage.models.operators import Operator, OperatorSession
from storage.operators import Change
from storage.refusals import Refusal

TOKEN_BYTES = 32
NOTED_EVERY = timedelta(minutes=5)


class WrongPassword(Refusal):
    """The e-mail address or the password is wrong."""

    code = "wrong_password"


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session: what the browser gets."""

    operator: Operator
    token: str
    csrf_token: str


def cookie_name(house: House) -> str:
    """`__Host-` where browsers reach us over https."""
    return "__Host-madoguchi" if house.settings.is_https else "madoguchi"


def sign_in(house: House, body: bodies.SignIn) -> Response:
    """A new session, whatever cookie came along."""
    opened = _open(house, body, request.remote_addr or "", request.user_agent.string[:200])
    response = make_response(_shown(house, opened.operator, opened.csrf_token))
    response.set_cookie(
        cookie_name(house),
        opened.token,
        httponly=True,
        samesite="Lax",
        secure=house.settings.is_https,
        path="/",
        max_age=int(operators.ABSOLUTE.total_seconds()),
    )
    return response


def current(house: House, asker: Asker) -> Row:
    """Who is signed in."""
    row = _shown(house, asker.operator, asker.csrf_token)
    row["operator"]["queues"] = sorted(asker.queues) if asker.queues is not None else None
    return row


def change(house: House, asker: Asker, body: bodies.SessionChange) -> Row:
    """The operator's own language."""

    def write(db: Session) -> Row:
        operator = operators.get_operator(db, asker.operator.id)
        operators.change_operator(db, operator, Change(language=body.language))
        return _shown(house, operator, asker.csrf_token)

    return house.store.write(write)


def sign_out(house: House, asker: Asker) -> Response:
    """End this session."""
    house.store.write(lambda db: operators.end_session(db, asker.token))
    response = make_response("", 204)
    response.delete_cookie(cookie_name(house), path="/")
    return response


def find_asker(house: House, token: str | None) -> Asker | None:
    """Who is behind a token."""
    if not token:
        return None
    now = house.clock()

    def read(db: Session) -> Asker | None:
        found = operators.find_session(db, token, now)
        if found is None:
            return None
        session, operator = found
        scope = Scope(operator.id, operators.accounts_of(db, operator.id))
        queues = operators.queues_of(db, operator.id)
        return Asker(operator, session.csrf_token, token, scope, queues, session.used_at)

    return house.store.read(read)


def keep_alive(house: House, asker: Asker) -> None:
    """A session that is in use does not go idle; written at most every few minutes."""
    now = house.clock()
    if now - asker.used_at > NOTED_EVERY:
        house.store.write(lambda db: operators.touch_session(db, asker.token, now))


def _open(house: House, body: bodies.SignIn, address: str, device: str) -> Opened:
    now = house.clock()
    house.store.read(lambda db: operators.check_sign_in(db, body.email, address, now))
    operator = house.store.read(lambda db: operators.find_by_email(db, body.email))
    kept = operator.password_hash if operator is not None and not operator.is_disabled else None
    is_right = house.beside(lambda: is_password(body.password, kept))
    if operator is None or not is_right:
        house.store.write(lambda db: operators.note_failure(db, body.email, address, now))
        raise WrongPassword
    token, csrf_token = (secrets.token_urlsafe(TOKEN_BYTES) for _ in range(2))
    session = OperatorSession(
        token_sha256=operators.hash_token(token),
        operator_id=operator.id,
        csrf_token=csrf_token,
        address=address,
        device=device,
        created_at=now,
        used_at=now,
    )
    house.store.write(lambda db: operators.begin_session(db, operator, session))
    return Opened(operator, token, csrf_token)


def _shown(house: House, operator: Operator, csrf_token: str) -> Row:
    row: Row = {
        "operator": {
            "id": operator.id,
            "name": operator.name,
            "email": operator.email,
            "role": operator.role,
            "language": operator.language,
        },
        "csrf_token": csrf_token,
    }
    return {**row, "phone_url": house.phone_url} if house.phone_url else row
