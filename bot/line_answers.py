"""What LINE's answers mean: the outcomes that `storage.outbox` understands."""

import json
import re
from dataclasses import dataclass
from typing import Any

from urllib3.response import BaseHTTPResponse

from storage import broadcast_outcomes
from storage.broadcast_outcomes import Halted, Strangers
from storage.outcomes import (
    InvalidReplyToken,
    Limited,
    MonthOver,
    NoAnswer,
    Outcome,
    Refused,
    Sent,
)
from storage.quotes import Accepted

OK, ACCEPTED, BAD_REQUEST, NOT_FOUND, CONFLICT = 200, 202, 400, 404, 409
UNAUTHORIZED, FORBIDDEN = 401, 403
GONE, TOO_MANY, SERVER_ERROR = 410, 429, 500
_PLACE = re.compile(r"messages\[(\d+)\]")
_STRANGER = re.compile(r"\bto\[(\d+)\]")
MONTHLY_LIMIT = "monthly limit"
INVALID_TOKEN = "Invalid reply token"  # noqa: S105 # LINE's own words


@dataclass(frozen=True, slots=True)
class Detail:
    """One fault in LINE's words. place: the property, as `messages[0].text`; empty when unnamed."""

    place: str
    said: str


def outcome_of(answer: BaseHTTPResponse) -> Outcome:
    """How a call to send ended."""
    request_id = answer.headers.get("x-line-request-id")
    if answer.status == OK:
        return Sent(request_id, _accepted(answer))
    if answer.status == CONFLICT:
        accepted_id = answer.headers.get("x-line-accepted-request-id")
        return Sent(accepted_id or request_id, _accepted(answer))
    message = _message(answer)
    if answer.status == TOO_MANY:
        return MonthOver() if MONTHLY_LIMIT in message else Limited()
    if answer.status >= SERVER_ERROR:
        return NoAnswer(f"{answer.status} {message}")
    if INVALID_TOKEN in message:
        return InvalidReplyToken()
    places = _faulty_places(answer) if answer.status == BAD_REQUEST else ()
    return Refused(f"{answer.status} {message}", places)


def multicast_outcome_of(answer: BaseHTTPResponse) -> broadcast_outcomes.Outcome:
    """The same for a multicast, whose faults are one person's or everybody's."""
    match outcome_of(answer):
        case MonthOver():
            return Halted("month", _message(answer))
        case Refused(reason):
            is_kept_out = answer.status in {UNAUTHORIZED, FORBIDDEN}
            places = _strangers(answer) if answer.status == BAD_REQUEST else ()
            if places:
                return Strangers(places, reason)
            return Halted("token" if is_kept_out else "refused", _whole_message(answer))
        case InvalidReplyToken():  # of which a multicast has none
            return Halted("refused", _message(answer))
        case outcome:
            return outcome


def details_of(answer: BaseHTTPResponse) -> list[Detail]:
    """What LINE finds fault with, part by part; at least its message."""
    details = tree_of(answer).get("details")
    rows = [row for row in details or () if isinstance(row, dict)]
    found = [Detail(str(row.get("property", "")), str(row.get("message", ""))) for row in rows]
    return found or [Detail("", _message(answer))]


def tree_of(answer: BaseHTTPResponse) -> dict[str, Any]:
    """What an answer says; nothing when it is no JSON object."""
    try:
        tree = json.loads(answer.data)
    except ValueError:
        return {}
    return tree if isinstance(tree, dict) else {}


def _faulty_places(answer: BaseHTTPResponse) -> tuple[int, ...]:
    """Which of the request's messages LINE finds fault with; nothing of such a request is sent."""
    details = tree_of(answer).get("details")
    names = [str(d.get("property")) for d in details or () if isinstance(d, dict)]
    found = [_PLACE.match(name) for name in names]
    return tuple(sorted({int(place[1]) for place in found if place is not None}))


def _strangers(answer: BaseHTTPResponse) -> tuple[int, ...]:
    """Which of a multicast's ids LINE knows nobody by. It says so in its message, or in details."""
    told = [_message(answer), *(f"{one.place} {one.said}" for one in details_of(answer))]
    return tuple(sorted({int(place) for text in told for place in _STRANGER.findall(text)}))


def _whole_message(answer: BaseHTTPResponse) -> str:
    """With its details: so staff see what is wrong with what they wrote."""
    told = [f"{one.place} {one.said}".strip() for one in details_of(answer)]
    return " / ".join(dict.fromkeys([f"{answer.status} {_message(answer)}", *told]))[:1000]


def _message(answer: BaseHTTPResponse) -> str:
    return str(tree_of(answer).get("message", ""))[:200]


def _accepted(answer: BaseHTTPResponse) -> tuple[Accepted, ...]:
    """The messages that LINE made of the request's; a 409 of a push tells them once more."""
    sent = tree_of(answer).get("sentMessages")
    rows = sent if isinstance(sent, list) else []
    return tuple(
        Accepted(str(row["id"]), row.get("quoteToken"))
        for row in rows
        if isinstance(row, dict) and "id" in row
    )
