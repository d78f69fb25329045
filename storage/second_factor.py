"""A second factor: codes of 30 seconds from an app (TOTP, RFC 6238), and codes for emergencies.

The seed is sealed, with its row as additional data. A code serves once: the newest step that was
used is kept, and neither it nor an older one is taken again.
"""

import hmac
import secrets
import unicodedata
from base64 import b32decode, b32encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Literal

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from storage.models.operators import Operator, RecoveryCode, RoleRule, SecondFactor
from storage.objects import find
from storage.refusals import NotFound, WrongCode
from storage.seal import seal, unseal

ISSUER = "Madoguchi"
STEP_S, DIGITS = 30, 6  # what every app takes; RFC 6238 https://www.rfc-editor.org/rfc/rfc6238
WINDOW = (-1, 0, 1)  # steps before and after now whose code is good
SEED_BYTES = 20
RECOVERY_CODES = 10
RECOVERY_BYTES = 10  # 80 bits: 16 letters

Means = Literal["code", "recovery"]


def is_on(db: Session, operator_id: str) -> bool:
    """Whether a code is asked for when they sign in."""
    factor = db.get(SecondFactor, operator_id)
    return factor is not None and factor.seed is not None


def begin(db: Session, key: bytes, operator: Operator) -> str:
    """A new seed in base32, which counts once it is confirmed; until then the one before does."""
    secret = b32encode(secrets.token_bytes(SEED_BYTES)).decode()
    factor = db.get(SecondFactor, operator.id) or SecondFactor(operator_id=operator.id)
    factor.next_seed = seal(key, secret, place_of(operator.id))
    db.add(factor)
    return secret


def address_of(secret: str, operator: Operator) -> str:
    """What an app reads from the QR code."""
    return _totp(secret).get_provisioning_uri(operator.email, ISSUER)


def confirm(db: Session, key: bytes, operator: Operator, code: str, now: datetime) -> list[str]:
    """The app shows the right codes: they count from now on. Gives the codes for emergencies.

    Raises NotFound when nothing was begun, and WrongCode.
    """
    factor = _locked(db, operator.id)
    if factor is None or factor.next_seed is None:
        raise NotFound("nothing was begun")
    step = _step_of(unseal(key, factor.next_seed, place_of(operator.id)), _plain(code), now)
    if step is None:
        raise WrongCode
    factor.seed, factor.next_seed = factor.next_seed, None
    factor.since, factor.last_step = now, step
    return renew_recovery(db, operator.id)


def prove(db: Session, key: bytes, operator_id: str, code: str, now: datetime) -> Means | None:
    """Use a code up: how it proved them, or None for one that is wrong or was used."""
    factor, plain = _locked(db, operator_id), _plain(code)
    if factor is None or factor.seed is None:
        return None
    step = _step_of(unseal(key, factor.seed, place_of(operator_id)), plain, now)
    if step is not None and step > factor.last_step:
        factor.last_step = step
        return "code"
    used = delete(RecoveryCode).where(
        col(RecoveryCode.operator_id) == operator_id,
        col(RecoveryCode.code_sha256) == _hash(operator_id, plain),
    )
    found = db.execute(used.returning(col(RecoveryCode.code_sha256))).first()
    return "recovery" if found is not None else None


def renew_recovery(db: Session, operator_id: str) -> list[str]:
    """New codes for emergencies; those before are worth nothing."""
    db.execute(delete(RecoveryCode).where(col(RecoveryCode.operator_id) == operator_id))
    plain = [_new_code() for _ in range(RECOVERY_CODES)]
    db.add_all(
        RecoveryCode(operator_id=operator_id, code_sha256=_hash(operator_id, code))
        for code in plain
    )
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in plain]


def count_recovery(db: Session, operator_id: str) -> int:
    """How many codes for emergencies are left."""
    query = select(func.count()).where(col(RecoveryCode.operator_id) == operator_id)
    return int(db.execute(query).scalar_one())


def turn_off(db: Session, operator_id: str) -> bool:
    """Forget the seed and every code; whether there was one that counted."""
    was_on = is_on(db, operator_id)
    db.execute(delete(RecoveryCode).where(col(RecoveryCode.operator_id) == operator_id))
    db.execute(delete(SecondFactor).where(col(SecondFactor.operator_id) == operator_id))
    return was_on


def who_has_it(db: Session) -> frozenset[str]:
    """Everybody who is asked for a code."""
    query = select(col(SecondFactor.operator_id)).where(col(SecondFactor.seed).is_not(None))
    return frozenset(db.scalars(query))


def needed_by(db: Session) -> Sequence[str]:
    """The roles that may not work without it."""
    query = select(col(RoleRule.role)).where(col(RoleRule.needs_codes))
    return sorted(db.scalars(query))


def set_needed(db: Session, role: str, *, is_needed: bool) -> bool:
    """Ask it of a role, or no longer; whether that is news."""
    rule = db.get(RoleRule, role) or RoleRule(role=role)
    is_news = rule.needs_codes is not is_needed
    rule.needs_codes = is_needed
    db.add(rule)
    return is_news


def must_enrol(db: Session, operator: Operator) -> bool:
    """Whether their role needs it, and they do not have it yet."""
    rule = find(db, RoleRule, operator.role)
    return rule is not None and rule.needs_codes and not is_on(db, operator.id)


def _locked(db: Session, operator_id: str) -> SecondFactor | None:
    """Two who send the same code at once must not both be let in."""
    db.flush()
    query = select(SecondFactor).where(col(SecondFactor.operator_id) == operator_id)
    return db.scalars(query.with_for_update().execution_options(populate_existing=True)).first()


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """The step whose code this is, within the window."""
    if len(code) != DIGITS or not (code.isascii() and code.isdecimal()):
        return None
    totp, step = _totp(secret), int(now.timestamp()) // STEP_S
    for near in (step + offset for offset in WINDOW):
        if hmac.compare_digest(totp.generate(near * STEP_S), code.encode()):
            return near
    return None


def _totp(secret: str) -> TOTP:
    return TOTP(b32decode(secret), DIGITS, SHA1(), STEP_S)  # noqa: S303 # all that every app has


def _plain(code: str) -> str:
    """As people type it: full-width, with spaces, in small letters."""
    folded = unicodedata.normalize("NFKC", code)
    return "".join(sign for sign in folded if sign.isalnum()).upper()


def _new_code() -> str:
    return b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode()


def _hash(operator_id: str, plain: str) -> str:
    return sha256(f"{operator_id}:{plain}".encode()).hexdigest()


def place_of(operator_id: str) -> str:
    """Where a seed lies, for its seal."""
    return f"second_factor:{operator_id}"
