"""What browsers send about people: invitations, roles, passwords, codes."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from console.bodies import Body, Name

Role = Literal["viewer", "operator", "supervisor", "manager"]
Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$"),
]
Password = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Token = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Places = Annotated[list[Name], Field(max_length=200)]


class SignIn(Body):
    """POST /session. code: of the app, or one for emergencies, for who needs one."""

    email: Annotated[str, StringConstraints(max_length=254)]
    password: Annotated[str, StringConstraints(max_length=1024)]
    code: Annotated[str, StringConstraints(max_length=64)] | None = None


class Proof(Body):
    """POST /session/proof: the password once more, before something grave."""

    password: Password


class Link(Body):
    """POST /join/look: the token of a one-time address."""

    token: Token


class Join(Link):
    """POST /join. name: of who was invited; for a new password it is left out."""

    name: Name | None = None
    password: Password


class Invitation(Body):
    """POST /staff. Without accounts: every account; without queues: every queue."""

    email: Email
    role: Role
    accounts: Places = Field(default_factory=list)
    queues: Places = Field(default_factory=list)


class PersonChange(Body):
    """PATCH /staff/<id>; what is left out stays. version: of the row that was looked at."""

    role: Role | None = None
    accounts: Places | None = None
    queues: Places | None = None
    disabled: bool | None = None
    version: Annotated[int, Field(ge=0, le=2**31 - 1)]


class RoleNeeds(Body):
    """PUT /staff/rules/<role>."""

    needs_codes: bool


class PasswordChange(Body):
    """PUT /me/password."""

    old: Password
    new: Password


class CodeGiven(Body):
    """PUT /me/codes: what the app shows now."""

    code: Code
