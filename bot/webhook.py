"""Where LINE's events come in: verified, written down, and only then acknowledged.

LINE waits two seconds and a burst is hundreds of requests in one of them, so the way in is short: a
door before the application (WSGI), without Flask's context, routing and objects, and webhooks that
wait at the same time are kept by one unit (`storage.gathering`). What is no POST to this address
goes on to the application.
"""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from http import HTTPStatus
from secrets import token_hex
from typing import Any, cast

from flask import Blueprint, Flask, Response
from flask.blueprints import BlueprintSetupState
from structlog.contextvars import bound_contextvars
from werkzeug.exceptions import ClientDisconnected
from werkzeug.wsgi import get_input_stream

from bot.accounts import Accounts
from bot.signed_events import is_signed, parse_events
from storage import failpoints
from storage.arrivals import Received, keep_all
from storage.bell import ARRIVALS
from storage.gathering import Gatherer
from storage.measures import timed
from storage.unit import Store

MAX_BYTES = 1024 * 1024
REQUEST_ID_BYTES = 6
BEGIN, END = "/line/", "/webhook"  # of its address, with the account between them

Environ = dict[str, Any]
Start = Callable[..., Any]
Answer = tuple[HTTPStatus, Mapping[str, str]]
log = logging.getLogger(__name__)


def webhook(store: Store, accounts: Accounts, clock: Callable[[], datetime]) -> Blueprint:
    """`POST /line/<account>/webhook`: puts its door before the application that it joins."""
    blueprint = Blueprint("line", __name__)
    # The application knows the address only to refuse what is no POST.
    blueprint.add_url_rule(f"{BEGIN}<account_id>{END}", "receive", methods=["POST"])

    @blueprint.record_once
    def stand_before(state: BlueprintSetupState) -> None:
        app = cast(Flask, state.app)  # a blueprint may also join what has no WSGI; here none does
        app.wsgi_app = _Door(app, store, accounts, clock)  # type: ignore[method-assign,assignment] # as Flask says

    return blueprint


class _Door:
    """Answers the webhook's POSTs, with the headers that the application gives all its answers."""

    def __init__(
        self, app: Flask, store: Store, accounts: Accounts, clock: Callable[[], datetime]
    ) -> None:
        self._app, self._others = app, app.wsgi_app
        self._accounts, self._clock = accounts, clock
        self._gatherer = Gatherer(store, keep_all, [ARRIVALS])
        self._headers: list[tuple[str, str]] = []

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        account_id = path[len(BEGIN) : -len(END)]
        is_ours = (
            path.startswith(BEGIN) and path.endswith(END) and environ["REQUEST_METHOD"] == "POST"
        )
        if not is_ours or not account_id or "/" in account_id:
            return self._others(environ, start)
        status, told = self._answer_or_fail(account_id, environ)
        body = json.dumps(told).encode()
        headers = [*self._shared_headers(), ("Content-Length", str(len(body)))]
        start(f"{status.value} {status.phrase}", headers)
        return [body]

    def _answer_or_fail(self, account_id: str, environ: Environ) -> Answer:
        try:
            return self._answer(account_id, environ)
        except Exception:  # LINE sends it again
            with bound_contextvars(request=token_hex(REQUEST_ID_BYTES)):
                log.exception("a webhook was not kept")
            return _refuse(HTTPStatus.INTERNAL_SERVER_ERROR, "it is not kept")

    def _answer(self, account_id: str, environ: Environ) -> Answer:
        known = self._accounts.find(account_id)
        if known is None:
            return _refuse(HTTPStatus.NOT_FOUND, "unknown account")
        try:
            body = _body(environ)
        except (OSError, ClientDisconnected):
            return _refuse(HTTPStatus.BAD_REQUEST, "the body did not come to its end")
        if body is None:
            return _refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is over 1 MiB")
        failpoints.reach("webhook received")
        account, credentials = known
        signature = environ.get("HTTP_X_LINE_SIGNATURE", "")
        if not any(is_signed(one, body, signature) for one in credentials.secrets):
            return _refuse(HTTPStatus.UNAUTHORIZED, "bad signature")
        events = parse_events(body)
        if events is None:
            return _refuse(HTTPStatus.BAD_REQUEST, "the body is not a webhook's JSON")
        if events:
            with timed("webhook"):
                _keep(self._gatherer, Received(account, events, self._clock()))
            failpoints.reach("arrival committed")
        return HTTPStatus.OK, {}

    def _shared_headers(self) -> list[tuple[str, str]]:
        """Asked once, of an answer of the application's own."""
        if not self._headers:
            with self._app.test_request_context(f"{BEGIN}any{END}", method="POST"):
                answer = self._app.process_response(Response(mimetype="application/json"))
            self._headers = [one for one in answer.headers if one[0] != "Content-Length"]
        return self._headers


def _keep(gatherer: Gatherer[Received], received: Received) -> None:
    gatherer.write(received)


def _body(environ: Environ) -> bytes | None:
    """The raw bytes; None when there are too many, which are not read to the end.

    Raises OSError or ClientDisconnected when they break off, as the server sees it.
    """
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > MAX_BYTES:
        return None
    body = get_input_stream(environ).read(MAX_BYTES + 1)
    if len(body) < length:
        raise ClientDisconnected
    return body if len(body) <= MAX_BYTES else None


def _refuse(status: HTTPStatus, message: str) -> Answer:
    return status, {"message": message}
