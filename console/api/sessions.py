"""Signing in and out. The session's token is in a cookie; only its hash is kept here.

Who has a second factor sends its code along; a first try without it is told that one is needed. An
address that nobody has gets the same answer, after the same work, as a wrong password.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from flask import Response, make_response, request
from sqlmodel import Session

from console import bodies, people_bodies
from console.door import Asker, House, Row
from console.passwords import is_password
from console.refusals import CodeNeeded, WrongOldPassword, WrongPassword, WrongSecondCode
from storage import audit, operators, second_factor, sign_ins
from storage.audit import NOBODY, Deed, by_operator
from storage.conversations import Scope
from storage.models.operators import Operator, OperatorSession
from storage.operators import Change

TOKEN_BYTES = 32
NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a sign-in comes from."""

    address: str
    device: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session: what the browser gets."""

    operator: Operator
    token: str
    csrf_token: str


def cookie_name(house: House) -> str:
    """`__Host-` where browsers reach us over https."""
    return "__Host-madoguchi" if house.settings.is_https else "madoguchi"


def sign_in(house: House, body: people_bodies.SignIn) -> Response:
    """Sign in; the answer sets the session's cookie, whatever cookie came along."""
    opened = _open(house, body, Caller(caller_address(), request.user_agent.string[:200]))
    asker = find_asker(house, opened.token)
    row = current(house, asker) if asker is not None else _shown(house, opened)
    return with_cookie(house, make_response(row), opened.token)


def with_cookie(house: House, response: Response, token: str) -> Response:
    """The answer that gives a browser its session."""
    response.set_cookie(
        cookie_name(house),
        token,
        httponly=True,
        samesite="Lax",
        secure=house.settings.is_https,
        path="/",
        max_age=int(house.settings.sessions_last.absolute.total_seconds()),
    )
    return response


def caller_address() -> str:
    """Where the request comes from, as far as it can be believed."""
    return request.remote_addr or ""


def current(house: House, asker: Asker) -> Row:
    """Who is signed in."""
    row = _shown(house, Opened(asker.operator, asker.token, asker.csrf_token))
    accounts = asker.scope.accounts
    row["operator"]["queues"] = sorted(asker.queues) if asker.queues is not None else None
    row["operator"]["accounts"] = sorted(accounts) if accounts is not None else None
    row["must_enrol"] = asker.must_enrol
    return row


def change(house: House, asker: Asker, body: bodies.SessionChange) -> Row:
    """The operator's own language."""

    def write(db: Session) -> Row:
        operator = operators.get_operator(db, asker.operator.id)
        operators.change_operator(db, operator, Change(language=body.language))
        return _shown(house, Opened(operator, asker.token, asker.csrf_token))

    return house.store.write(write)


def sign_out(house: House, asker: Asker) -> Response:
    """End this session."""

    def write(db: Session) -> None:
        operators.end_session(db, asker.token)
        by = by_operator(asker.operator)
        audit.note(db, Deed("signed_out", by, address=asker.address), house.clock())

    house.store.write(write)
    response = make_response("", 204)
    response.delete_cookie(cookie_name(house), path="/")
    return response


def prove(house: House, asker: Asker, body: people_bodies.Proof) -> Row:
    """The password once more: for some minutes, grave changes are open to this browser."""
    check_own_password(house, asker, body.password)
    now = house.clock()
    house.store.write(lambda db: operators.prove_session(db, asker.token, now))
    return {}


def check_own_password(house: House, asker: Asker, password: str) -> None:
    """Raises WrongOldPassword, and TooManySignIns: it is guessed no faster than at the door."""
    now, email = house.clock(), asker.operator.email
    if _guess(house, email, asker.address, password, asker.operator.password_hash):
        return

    def write(db: Session) -> None:
        sign_ins.note_failure(db, email, asker.address, now)
        by = by_operator(asker.operator)
        audit.note(db, Deed("proof_failed", by, address=asker.address), now)

    house.store.write(write)
    raise WrongOldPassword


def find_asker(house: House, token: str | None, address: str = "") -> Asker | None:
    """Who is behind a token."""
    if not token:
        return None
    now = house.clock()

    def read(db: Session) -> Asker | None:
        found = operators.find_session(db, token, now, house.settings.sessions_last)
        if found is None:
            return None
        session, operator = found
        return Asker(
            operator=operator,
            csrf_token=session.csrf_token,
            token=token,
            scope=Scope(operator.id, operators.accounts_of(db, operator.id)),
            queues=operators.queues_of(db, operator.id),
            used_at=session.used_at,
            proved_at=session.proved_at,
            must_enrol=second_factor.must_enrol(db, operator),
            address=address,
        )

    return house.store.read(read)


def keep_alive(house: House, asker: Asker) -> None:
    """A session that is in use does not go idle; written at most every few minutes."""
    now = house.clock()
    if now - asker.used_at > NOTED_EVERY:
        house.store.write(lambda db: operators.touch_session(db, asker.token, now))


def begin(db: Session, house: House, operator: Operator, caller: Caller) -> Opened:
    """A new session in this browser."""
    now = house.clock()
    token, csrf_token = (secrets.token_urlsafe(TOKEN_BYTES) for _ in range(2))
    session = OperatorSession(
        token_sha256=operators.hash_token(token),
        operator_id=operator.id,
        csrf_token=csrf_token,
        address=caller.address,
        device=caller.device,
        created_at=now,
        used_at=now,
        proved_at=now,
    )
    operators.begin_session(db, operator, session)
    return Opened(operator, token, csrf_token)


def _open(house: House, body: people_bodies.SignIn, caller: Caller) -> Opened:
    now = house.clock()
    operator = house.store.read(lambda db: operators.find_by_email(db, body.email))
    kept = operator.password_hash if operator is not None and not operator.is_disabled else None
    is_right = _guess(house, body.email, caller.address, body.password, kept)
    if operator is None or not is_right:
        house.store.write(lambda db: _note_failure(db, house, body.email, operator, caller))
        raise WrongPassword
    found = operator

    def write(db: Session) -> Opened | None:
        # Once more: of many tries at the same time, no more than the free ones may count.
        sign_ins.check_sign_in(db, body.email, caller.address, now)
        means = _second_step(db, house, found, body.code)
        if means is None:
            _note_failure(db, house, body.email, found, caller, is_code=True)
            return None
        deed = Deed("signed_in", by_operator(found), address=caller.address, params={"by": means})
        audit.note(db, deed, now)
        return begin(db, house, found, caller)

    opened = house.store.write(write)
    if opened is None:
        raise WrongSecondCode
    return opened


def _guess(house: House, email: str, address: str, password: str, kept: str | None) -> bool:
    """Whether a password is right. Raises TooManySignIns, also for a try that waited its turn: of
    a thousand at the same time, only the free ones are looked at."""

    def check() -> None:
        now = house.clock()
        house.store.read(lambda db: sign_ins.check_sign_in(db, email, address, now))

    def work() -> bool:
        check()
        return is_password(password, kept)

    check()
    is_right: bool = house.beside(work)
    return is_right


def _second_step(db: Session, house: House, operator: Operator, code: str | None) -> str | None:
    """By what they came in; None for a wrong code. Raises CodeNeeded, TooManySignIns."""
    if not second_factor.is_on(db, operator.id):
        return "password"
    if not code:
        raise CodeNeeded
    now = house.clock()
    sign_ins.check_code(db, operator.email, now)
    means = second_factor.prove(db, house.key, operator.id, code, now)
    if means is not None:
        sign_ins.forget_codes(db, operator.email)
    return means


def _note_failure(
    db: Session,
    house: House,
    email: str,
    operator: Operator | None,
    caller: Caller,
    *,
    is_code: bool = False,
) -> None:
    """Count it and keep it. What was typed is not kept: people type passwords into that field."""
    now = house.clock()
    sign_ins.note_failure(db, email, caller.address, now, is_code=is_code)
    target = (operator.id, operator.name) if operator is not None else None
    kind = "code_failed" if is_code else "sign_in_failed"
    audit.note(db, Deed(kind, NOBODY, target, caller.address), now)


def _shown(house: House, opened: Opened) -> Row:
    operator = opened.operator
    row: Row = {
        "operator": {
            "id": operator.id,
            "name": operator.name,
            "email": operator.email,
            "role": operator.role,
            "language": operator.language,
        },
        "csrf_token": opened.csrf_token,
    }
    return {**row, "phone_url": house.phone_url} if house.phone_url else row
