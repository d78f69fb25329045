"""LINE's Messaging API as a bot meets it: who asks, the limits, what is broken, and the log."""

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Blueprint, Request, Response, request

from bot.simulator import asking, sending
from bot.simulator.calls import Answer, Call, refuse
from bot.simulator.faults import MONTHLY, RATE, Fault, drop_connection, take_fault
from bot.simulator.openapi import Oracle
from bot.simulator.state import SimAccount, Simulator

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
MAX_BODY_BYTES = 2 * 1024 * 1024
ROUTES: dict[tuple[str, str], Callable[..., Answer]] = {
    ("POST", "/v2/bot/message/reply"): sending.reply,
    ("POST", "/v2/bot/message/push"): sending.push,
    ("POST", "/v2/bot/message/multicast"): sending.multicast,
    ("POST", "/v2/bot/message/broadcast"): sending.broadcast,
    ("POST", "/v2/bot/message/validate/<kind>"): sending.validate,
    ("GET", "/v2/bot/profile/<user_id>"): asking.profile,
    ("GET", "/v2/bot/message/<message_id>/content"): asking.content,
    ("GET", "/v2/bot/info"): asking.info,
    ("GET", "/v2/bot/channel/webhook/endpoint"): asking.webhook,
    ("POST", "/v2/bot/channel/webhook/test"): asking.try_webhook,
    ("GET", "/v2/bot/message/quota"): asking.quota,
    ("GET", "/v2/bot/message/quota/consumption"): asking.consumption,
    ("POST", "/v2/bot/chat/loading/start"): asking.loading,
    ("POST", "/v2/bot/chat/markAsRead"): asking.mark_read,
}
_HIDDEN = frozenset({"authorization", "cookie"})


def messaging_api(simulator: Simulator, oracle: Oracle | None = None) -> Blueprint:
    """`/v2/bot/…`; what it does not have is 501 with a clear message."""
    blueprint = Blueprint("messaging", __name__)
    for number, ((method, path), work) in enumerate(ROUTES.items()):
        view = _guarded(simulator, oracle, work, path)
        blueprint.add_url_rule(path, f"r{number}", view, methods=[method])

    @blueprint.route("/<path:path>", methods=METHODS, provide_automatic_options=False)
    def not_built(path: str) -> Response:
        refusal = refuse(f"The simulator does not have {request.method} /{path} yet", 501)
        return _finish(simulator, refusal, secrets.token_hex(16))

    return blueprint


def _guarded(
    simulator: Simulator, oracle: Oracle | None, work: Callable[..., Answer], pattern: str
) -> Callable[..., Response]:
    """Faults, the token, the limits, the log and the request id, around every endpoint."""

    def endpoint(**parts: str) -> Response:
        with simulator.lock:
            fault = take_fault(simulator.faults, request.path)
        kind = fault.kind if fault is not None else None
        if fault is not None and kind == "delay":
            time.sleep(fault.seconds)
        if kind == "reset_before":
            return drop_connection(request.environ)
        request_id = secrets.token_hex(16)
        account = _caller(simulator)
        if account is None:
            return _finish(simulator, _UNKNOWN_TOKEN, request_id)
        call = _call(simulator, account, request_id, oracle)
        with simulator.lock:
            is_other_body = sending.note_retry_key(call)
            answer = _before(call, pattern, fault) or work(call, **parts)
        if kind == "error_after":
            answer = _ERROR
        elif kind == "terse" and isinstance(answer.body, dict):
            answer = replace(answer, body={k: v for k, v in answer.body.items() if k != "details"})
        response = _finish(simulator, answer, request_id, is_other_body=is_other_body)
        return drop_connection(request.environ) if kind == "reset_after" else response

    return endpoint


def _before(call: Call, pattern: str, fault: Fault | None) -> Answer | None:
    """What is answered without doing anything: every try counts against the rate limit."""
    simulator = call.simulator
    if not simulator.buckets.take(call.account.id, call.method, pattern, simulator.now()):
        return Answer(RATE, 429)
    if len(call.raw) > MAX_BODY_BYTES:
        return refuse("The request body is too large", 413)
    match fault.kind if fault is not None else None:
        case "error":
            return _ERROR
        case "rate":
            return Answer(RATE, 429)
        case "monthly":
            return Answer(MONTHLY, 429)
    return None


def _caller(simulator: Simulator) -> SimAccount | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return simulator.account_of_token(token) if scheme == "Bearer" else None


def _call(
    simulator: Simulator, account: SimAccount, request_id: str, oracle: Oracle | None
) -> Call:
    return Call(
        simulator=simulator,
        account=account,
        method=request.method,
        path=request.path,
        body=_json(request),
        raw=request.get_data(),
        retry_key=request.headers.get("X-Line-Retry-Key"),
        request_id=request_id,
        oracle=oracle,
    )


def _json(asked: Request) -> Any:
    return asked.get_json(silent=True)


def _finish(
    simulator: Simulator, answer: Answer, request_id: str, *, is_other_body: bool | None = None
) -> Response:
    is_file = isinstance(answer.body, bytes)
    body = answer.body if is_file else json.dumps(answer.body)
    response = Response(body, answer.status, dict(answer.headers), mimetype=answer.mime)
    response.headers["x-line-request-id"] = request_id
    _note(simulator, answer.status, request_id, is_other_body=is_other_body)
    return response


def _note(
    simulator: Simulator, status: int, request_id: str, *, is_other_body: bool | None
) -> None:
    """The log keeps no token; replies and pushes carry their body."""
    headers = {k: v for k, v in request.headers.items() if k.lower() not in _HIDDEN}
    entry = {
        "time": simulator.now(),
        "method": request.method,
        "path": request.path,
        "headers": headers,
        "body": _json(request),
        "status": status,
        "request_id": request_id,
    }
    if is_other_body is not None:
        entry["is_other_body"] = is_other_body
    simulator.log.append(entry)


_ERROR = refuse("Internal error", 500)
_UNKNOWN_TOKEN = refuse("Authentication failed. Confirm that the access token is valid.", 401)
