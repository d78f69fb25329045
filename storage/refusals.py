"""What a verb refuses, each named for the fact. The first line of a docstring is its message.

Refusal
├── NotFound            there is no such row, or not within what the operator may see
├── AlreadyThere        a row of that name exists
├── WrongStatus         the life of a conversation has no such move from here
│   └── WrongBroadcastStatus   nor has that of a broadcast
├── LostRace            somebody else changed the conversation first
├── AssignedToOther     a colleague holds the conversation
├── NobodyHolds         there is no colleague who holds the conversation
├── OfEveryAccount      it serves every account, and the writer does not see them all
├── FriendHasBlocked    the friend has blocked the account
├── StaleRules          somebody changed the rules of the counter meanwhile
├── StaleNote           somebody changed or deleted the note meanwhile
├── TooLate              a message is on its way already, so it cannot be taken back
├── TooFarOff            a moment that is past, or more than a year away
├── ShortMonth           the month has too few messages left for a broadcast
├── NobodyToReach        a broadcast to an account without friends
├── FileOver            a message for later with a file that is not kept so long
├── Stale               a colleague or the bot wrote something that the writer has not seen
├── LastManager         nobody would be left who can let people in
├── LinkIsGone          a one-time address was used, replaced, or is too old
├── WrongCode           a code of a second factor is not right, or was used
├── TooManyViews        somebody keeps as many lists as there is room for
├── TooManyAnswers      a form is answered faster than a person can
├── TooManyUploads      an operator gives more files than a person can; `wait_s` as below
└── TooManySignIns      too many failed sign-ins; `wait_s` tells how long to wait
"""

from typing import Any


class Refusal(Exception):
    """The request cannot be done as things are."""

    code = "refused"

    def __init__(self, message: str | None = None, **details: Any) -> None:
        super().__init__(message or (type(self).__doc__ or "").splitlines()[0])
        self.details = details


class NotFound(Refusal):
    """There is nothing here by that name."""

    code = "not_found"


class AlreadyThere(Refusal):
    """Something of that name exists already."""

    code = "already_there"


class WrongStatus(Refusal):
    """The conversation's status does not allow this."""

    code = "wrong_status"


class WrongBroadcastStatus(WrongStatus):
    """The broadcast's status does not allow this."""

    said_as = "broadcast_status"


class LostRace(Refusal):
    """Somebody else changed this conversation first."""

    code = "lost_race"


class NobodyHolds(Refusal):
    """There is no colleague who holds this conversation."""

    code = "nobody_holds"


class AssignedToOther(Refusal):
    """A colleague holds this conversation."""

    code = "assigned_to_other"


class OfEveryAccount(Refusal):
    """It serves every account; only somebody who sees every account may change it."""

    code = "of_every_account"


class FriendHasBlocked(Refusal):
    """The friend has blocked the account, so nothing can be sent."""

    code = "blocked"


class TooLate(Refusal):
    """The message has left already, so it cannot be taken back."""

    code = "too_late"


class TooFarOff(Refusal):
    """A moment in the future is needed, at most a year away."""

    code = "too_far_off"


class FileOver(Refusal):
    """A file of the message will not be kept until it is sent."""

    code = "file_over"


class ShortMonth(Refusal):
    """The month has fewer messages left than there are recipients."""

    code = "short_month"


class NobodyToReach(Refusal):
    """There is no friend to whom it could be sent."""

    code = "nobody_to_reach"


class Stale(Refusal):
    """There are messages that you have not seen."""

    code = "stale"


class StaleRules(Refusal):
    """Somebody else has changed these rules since you read them."""

    code = "stale"
    said_as = "stale_rules"


class StaleNote(Refusal):
    """Somebody else has changed or deleted this note since you read it."""

    code = "stale"
    said_as = "stale_note"


class LastManager(Refusal):
    """There is no other manager, so this one stays."""

    code = "last_manager"


class LinkIsGone(Refusal):
    """This address was used already, or has expired. Ask for a new one."""

    code = "link_gone"


class WrongCode(Refusal):
    """The code is not right."""

    code = "wrong_code"


class TooManyViews(Refusal):
    """There is no room for another saved view. Remove one first."""

    code = "too_many_views"


class TooManyAnswers(Refusal):
    """Too many answers at once. Wait a minute before the next."""

    code = "too_many_answers"


class TooManyUploads(Refusal):
    """Too many files at once. Wait before the next."""

    code = "too_many_uploads"


class TooManySignIns(Refusal):
    """Too many failed sign-ins. Wait before the next try."""

    code = "too_many_sign_ins"
