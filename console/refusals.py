"""What the door refuses, beside what storage's verbs refuse, and the HTTP status of each code."""

from storage.refusals import Refusal

STATUS = {
    "wrong_password": 401,
    "unauthorized": 401,
    "code_needed": 401,
    "wrong_code": 400,
    "wrong_own_password": 400,
    "weak_password": 400,
    "forbidden": 403,
    "others_accounts": 403,
    "prove_again": 403,
    "must_enrol": 403,
    "link_gone": 410,
    "csrf": 403,
    "not_found": 404,
    "bad_request": 400,
    "bad_name": 400,
    "too_far_off": 400,
    "file_over": 400,
    "too_short": 400,
    "bad_placeholders": 400,
    "too_large": 413,
    "too_many_sign_ins": 429,
    "too_many_uploads": 429,
    "too_fast": 429,
    "file_too_large": 413,
    "too_many_dots": 413,
    "bad_file": 415,
    "not_playable": 415,
    "sticker_not_sendable": 400,
}
CONFLICT = 409


class Unauthorized(Refusal):
    """Please sign in."""

    code = "unauthorized"


class Forged(Refusal):
    """The request does not come from our own page."""

    code = "csrf"


class WrongPassword(Refusal):
    """The e-mail address or the password is wrong."""

    code = "wrong_password"


class WrongOldPassword(Refusal):
    """The password is wrong."""

    code = "wrong_own_password"


class CodeNeeded(Refusal):
    """The password is right; the code of the app is needed too."""

    code = "code_needed"


class WrongSecondCode(Refusal):
    """The code is wrong, or was used already."""

    code = "code_needed"
    said_as = "wrong_code"


class ProveAgain(Refusal):
    """This is grave: say the password once more."""

    code = "prove_again"


class MustEnrol(Refusal):
    """Everybody of this role needs a second factor: set it up first."""

    code = "must_enrol"


class StalePerson(Refusal):
    """Somebody else has changed this person since; `person` is how they are now."""

    code = "stale"
    said_as = "stale_person"


class OwnStanding(Refusal):
    """Nobody changes their own role, accounts or standing."""

    code = "own_standing"


class EmailTaken(Refusal):
    """Somebody with this e-mail address is here already."""

    code = "email_taken"


class NeededByRole(Refusal):
    """Their role needs the second factor, so it cannot be turned off."""

    code = "needed_by_role"


class Forbidden(Refusal):
    """You may not do this."""

    code = "forbidden"


class TooFast(Refusal):
    """This is done faster than a person does it: wait. `wait_s` tells how long."""

    code = "too_fast"

    def __init__(self, kind: str, wait_s: int) -> None:
        super().__init__(wait_s=wait_s)
        self.said_as = f"too_fast_{kind}"


class TooLarge(Refusal):
    """It is too large."""

    code = "too_large"


class FileTooLarge(Refusal):
    """The file is larger than what is sent from here."""

    code = "file_too_large"


class TooManyDots(Refusal):
    """The picture has more dots than what is sent from here."""

    code = "too_many_dots"


class BadFile(Refusal):
    """The file is of a kind that is not sent, or is not what its name says."""

    code = "bad_file"


class BadFilm(Refusal):
    """The film or the sound cannot be played as it is: cut off, or without its length."""

    code = "not_playable"


class StickerNotSendable(Refusal):
    """LINE does not take this sticker from a business."""

    code = "sticker_not_sendable"


class NotReachable(Refusal):
    """LINE and customers cannot fetch files from this server's address."""

    code = "not_reachable"


class UploadGone(Refusal):
    """A file in the message is not here any more: give it again."""

    code = "upload_gone"


class QuoteGone(Refusal):
    """What is quoted cannot be quoted any more."""

    code = "quote_gone"


class BadRequest(Refusal):
    """The request is not right."""

    code = "bad_request"


class TooShort(Refusal):
    """A search needs two characters or more."""

    code = "too_short"


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


class StaleView(Refusal):
    """Somebody else changed the saved view since it was read."""

    code = "stale"
    said_as = "stale_view"


class ViewNameTaken(Refusal):
    """There is a saved view of this name already."""

    code = "already_there"
    said_as = "view_name_taken"


class StaleBroadcast(Refusal):
    """Somebody else changed the broadcast since it was read; `broadcast` is how it is now."""

    code = "lost_race"
    said_as = "stale_broadcast"


class LineRefuses(Refusal):
    """LINE would not take the messages; `faults` are its words, each with the part it is about."""

    code = "line_refuses"


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


class OthersAccounts(Refusal):
    """A flow speaks for an account of others, or for all; `flows` names them."""

    code = "others_accounts"


class Warned(Refusal):
    """There are warnings that somebody has to accept first; `problems` names them."""

    code = "warned"


class NotTold(Refusal):
    """There is nothing here that could be told by this means: it has to be set up first."""

    code = "not_told"
