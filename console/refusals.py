"""What the door refuses, beside what storage's verbs refuse, and the HTTP status of each code."""

from storage.refusals import Refusal

STATUS = {
    "wrong_password": 401,
    "unauthorized": 401,
    "forbidden": 403,
    "csrf": 403,
    "not_found": 404,
    "bad_request": 400,
    "too_large": 413,
    "too_many_sign_ins": 429,
}
CONFLICT = 409


class Unauthorized(Refusal):
    """Please sign in."""

    code = "unauthorized"


class Forged(Refusal):
    """The request does not come from our own page."""

    code = "csrf"


class Forbidden(Refusal):
    """You may not do this."""

    code = "forbidden"


class TooLarge(Refusal):
    """It is too large."""

    code = "too_large"


class BadRequest(Refusal):
    """The request is not right."""

    code = "bad_request"
