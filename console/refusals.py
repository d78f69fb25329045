"""What the door refuses, beside what storage's verbs refuse, and the HTTP status of each code."""

from storage.refusals import Refusal

STATUS = {
    "wrong_password": 401,
    "unauthorized": 401,
    "forbidden": 403,
    "csrf": 403,
    "not_found": 404,
    "bad_request": 400,
    "bad_name": 400,
    "bad_placeholders": 400,
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


class BadPlaceholders(Refusal):
    """A text has placeholders that nothing is put into; `problems` names them."""

    code = "bad_placeholders"


class BadName(Refusal):
    """A file of that name does not belong into the flows folder."""

    code = "bad_name"


class StaleFile(Refusal):
    """Somebody else changed the file since it was read; `text` and `hash` are how it is now."""

    code = "stale"
    said_as = "stale_file"


class StaleFolder(Refusal):
    """The flows folder is not the one that was looked at."""

    code = "stale"
    said_as = "stale_folder"


class NotText(Refusal):
    """The file is not UTF-8, so it cannot be edited here."""

    code = "not_text"


class ReadOnly(Refusal):
    """The flows folder cannot be written to."""

    code = "read_only"


class BrokenFlows(Refusal):
    """There are problems that must be mended first; `problems` names them."""

    code = "broken_flows"


class NotByForm(Refusal):
    """The file is written in a way that only its text can be changed."""

    code = "not_by_form"


class NoFaqFile(Refusal):
    """The flows folder has no FAQ that loads, so there is none to write into."""

    code = "no_faq_file"


class UnreadableVersion(Refusal):
    """This version cannot be read any more, so nobody can be sent back to it."""

    code = "unreadable_version"


class RedTests(Refusal):
    """A test of a talk fails, so nothing is published; `cases` names them."""

    code = "red_tests"


class Warned(Refusal):
    """There are warnings that somebody has to accept first; `problems` names them."""

    code = "warned"
