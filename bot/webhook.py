"""Where LINE's events come in: verified, written down, and only then acknowledged."""

import base64
import hashlib
import hmac
import json
import math
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request
from sqlmodel import Session

from bot.accounts import Accounts
from storage import failpoints
from storage.arrivals import keep
from storage.keepable import make_keepable
from storage.measures import timed
from storage.models.people import Account
from storage.unit import Store

MAX_BYTES = 1024 * 1024
DEEPEST = 64  # LINE's own events have eight levels
_ESCAPED_ODDITY = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")  # a NUL, a half of a pair
NOT_FOUND, TOO_LARGE, UNAUTHORIZED, BAD_REQUEST = 404, 413, 401, 400


def webhook(store: Store, accounts: Accounts, clock: Callable[[], datetime]) -> Blueprint:
    """`POST /line/<account>/webhook`."""
    blueprint = Blueprint("line", __name__)

    @blueprint.post("/line/<account_id>/webhook")
    def receive(account_id: str) -> Response:
        known = accounts.find(account_id)
        if known is None:
            return _refuse(NOT_FOUND, "unknown account")
        body = _body()
        if body is None:
            return _refuse(TOO_LARGE, "the body is over 1 MiB")
        failpoints.reach("webhook received")
        account, credentials = known
        signature = request.headers.get("x-line-signature", "")
        if not any(is_signed(one, body, signature) for one in credentials.secrets):
            return _refuse(UNAUTHORIZED, "bad signature")
        events = parse_events(body)
        if events is None:
            return _refuse(BAD_REQUEST, "the body is not a webhook's JSON")
        if events:
            with timed("webhook"):
                _keep(store, account, events, clock())
            failpoints.reach("arrival committed")
        return Response("{}", mimetype="application/json")

    return blueprint


def is_signed(secret: str, body: bytes, signature: str) -> bool:
    """Whether LINE, who knows the channel's secret, signed these very bytes."""
    expected = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest())
    return hmac.compare_digest(expected, signature.encode("utf-8", "replace"))


def parse_events(body: bytes) -> list[dict[str, Any]] | None:
    """The events, raw; None when this is not the JSON of a webhook."""
    try:
        tree = json.loads(body.decode(), parse_constant=_no_number, parse_float=_finite)
        _check_depth(body, tree)
        if _ESCAPED_ODDITY.search(body):  # rare; the walk is not for every event
            tree = make_keepable(tree)
    except (ValueError, RecursionError):
        return None
    events = tree.get("events") if isinstance(tree, dict) else None
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        return None
    return events


def _check_depth(body: bytes, tree: Any) -> None:
    """What can be read can still be too deep to be written down. Raises ValueError."""
    if body.count(b"[") + body.count(b"{") <= DEEPEST:  # the walk is not for every event
        return
    level = [tree]
    for _ in range(DEEPEST):
        parts = [part.values() if isinstance(part, dict) else part for part in level]
        level = [one for part in parts for one in part if isinstance(one, dict | list)]
        if not level:
            return
    raise ValueError("it is nested too deep")


def _no_number(word: str) -> float:
    """NaN and Infinity: Python would take them, JSON has none."""
    raise ValueError(word)


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _no_number(digits)


def _keep(store: Store, account: Account, events: list[dict[str, Any]], now: datetime) -> None:
    def work(db: Session) -> None:
        keep(db, account, events, now)

    store.write(work)


def _body() -> bytes | None:
    """The raw bytes; None when there are too many, which are not read to the end."""
    if (request.content_length or 0) > MAX_BYTES:
        return None
    body = request.stream.read(MAX_BYTES + 1)
    return body if len(body) <= MAX_BYTES else None


def _refuse(status: int, message: str) -> Response:
    return Response(json.dumps({"message": message}), status=status, mimetype="application/json")
