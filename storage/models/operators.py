"""The people at the console: operators, how they sign in, their sessions, queues, presence."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.models.columns import UtcDateTime, new_id


class Operator(SQLModel, table=True):
    """A person at the console."""

    __tablename__ = "operator"

    id: str = Field(default_factory=new_id, primary_key=True)
    email: str = Field(unique=True)  # casefolded
    name: str
    role: str  # viewer operator supervisor manager
    password_hash: str  # argon2id; empty while an invitation is open
    is_disabled: bool = False
    language: str = "ja"
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1


class OperatorAccount(SQLModel, table=True):
    """An account that an operator may see. No row at all: every account."""

    __tablename__ = "operator_account"

    operator_id: str = Field(foreign_key="operator.id", primary_key=True)
    account_id: str = Field(foreign_key="account.id", primary_key=True)


class QueueMember(SQLModel, table=True):
    """A queue that an operator serves. No row at all: every queue."""

    __tablename__ = "queue_member"

    operator_id: str = Field(foreign_key="operator.id", primary_key=True)
    queue: str = Field(primary_key=True)


class OperatorSession(SQLModel, table=True):
    """One signed-in browser. Only the SHA-256 of its token is kept."""

    __tablename__ = "operator_session"

    token_sha256: str = Field(primary_key=True)
    operator_id: str = Field(foreign_key="operator.id", index=True)
    csrf_token: str
    address: str | None = None
    device: str | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime = Field(sa_type=UtcDateTime)
    proved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # the password, last


class OperatorLink(SQLModel, table=True):
    """An address that lets one person choose a password, once. Only its token's SHA-256 is kept."""

    __tablename__ = "operator_link"

    token_sha256: str = Field(primary_key=True)
    operator_id: str = Field(foreign_key="operator.id", index=True)
    kind: str  # invitation password
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class SecondFactor(SQLModel, table=True):
    """The seeds of a person's codes (TOTP), sealed for this row alone.

    seed: the one that counts; next_seed: one that waits for its first code. last_step: the newest
    30 seconds whose code was used, so that none serves twice.
    """

    __tablename__ = "second_factor"

    operator_id: str = Field(foreign_key="operator.id", primary_key=True)
    seed: bytes | None = None
    next_seed: bytes | None = None
    since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_step: int = 0


class RecoveryCode(SQLModel, table=True):
    """A code for whoever has lost the device. Used once, then gone; only its SHA-256 is kept."""

    __tablename__ = "recovery_code"

    operator_id: str = Field(foreign_key="operator.id", primary_key=True)
    code_sha256: str = Field(primary_key=True)


class RoleRule(SQLModel, table=True):
    """What the house asks of everybody of a role. No row: nothing."""

    __tablename__ = "role_rule"

    role: str = Field(primary_key=True)
    needs_codes: bool = False


class SignInFailure(SQLModel, table=True):
    """One failed sign-in, kept as long as it counts against the limits."""

    __tablename__ = "sign_in_failure"

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(index=True)
    address: str = Field(index=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    is_code: bool = False  # the password was right, the code was not


class Pace(SQLModel, table=True):
    """How fast one operator has done one thing that has a limit; shared by all processes."""

    __tablename__ = "pace"

    operator_id: str = Field(foreign_key="operator.id", primary_key=True)
    deed: str = Field(primary_key=True)  # send export
    free_at: datetime = Field(sa_type=UtcDateTime)  # when all tries will have come back


class Presence(SQLModel, table=True):
    """Who is looking at, or writing in, a talk right now; one row for each socket."""

    __tablename__ = "presence"

    socket_id: str = Field(primary_key=True)
    operator_id: str = Field(foreign_key="operator.id", index=True)
    conversation_id: str | None = Field(default=None, index=True)
    doing: str  # viewing composing away
    until_at: datetime = Field(sa_type=UtcDateTime)
