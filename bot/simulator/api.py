"""LINE's Messaging API as a bot meets it: replies, pushes, profiles, content, quota."""

import json
import secrets
import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, g, request

from bot.simulator.content import sample_content
from bot.simulator.rules import error_body, find_errors
from bot.simulator.state import (
    REPLY_LIFE_S,
    RETRY_KEY_LIFE_S,
    TOKEN_DEAD_AFTER_S,
    Accepted,
    Friend,
    SimAccount,
    Simulator,
)

PREPARING_S = 1.0
MOST_RECIPIENTS = 500
NOT_BUILT = 501
Answer = tuple[dict[str, Any], int] | Response


def messaging_api(simulator: Simulator) -> Blueprint:
    """`/v2/bot/…`; what it does not have is 501 with a clear message."""
    blueprint = Blueprint("messaging", __name__)
    routes: dict[tuple[str, str], Callable[..., Answer]] = {
        ("POST", "/v2/bot/message/reply"): _reply,
        ("POST", "/v2/bot/message/push"): _push,
        ("POST", "/v2/bot/message/multicast"): _multicast,
        ("POST", "/v2/bot/message/broadcast"): _broadcast,
        ("POST", "/v2/bot/message/validate/<kind>"): _validate,
        ("GET", "/v2/bot/profile/<user_id>"): _profile,
        ("GET", "/v2/bot/message/<message_id>/content"): _content,
        ("GET", "/v2/bot/info"): _info,
        ("GET", "/v2/bot/message/quota"): _quota,
        ("GET", "/v2/bot/message/quota/consumption"): _consumption,
        ("POST", "/v2/bot/chat/loading/start"): _loading,
    }
    for number, ((method, path), work) in enumerate(routes.items()):
        blueprint.add_url_rule(path, f"r{number}", _guarded(simulator, work), methods=[method])

    @blueprint.route("/<path:path>", methods=["GET", "POST", "PUT", "DELETE"])
    def not_built(path: str) -> Answer:
        return {"message": f"The simulator does not have {request.method} /{path} yet"}, NOT_BUILT

    return blueprint


def _guarded(simulator: Simulator, work: Callable[..., Answer]) -> Callable[..., Response]:
    """Faults, the token, the log and the request id, around every endpoint."""

    def endpoint(**parts: str) -> Response:
        g.request_id = secrets.token_hex(16)
        fault = _next_fault(simulator)
        if fault is not None and fault["kind"] == "delay":
            time.sleep(fault.get("seconds", 1))
        before = _fault_answer(fault) if fault is not None else None
        response = _finish(before or _authorised(simulator, work, parts))
        _note(simulator, response.status_code)
        if fault is not None and fault["kind"] == "reset_after":
            _drop_connection()
        return response

    return endpoint


def _authorised(simulator: Simulator, work: Callable[..., Answer], parts: dict[str, str]) -> Answer:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    account = simulator.account_of_token(token) if scheme == "Bearer" else None
    if account is None:
        return {"message": "Authentication failed. Confirm that the access token is valid."}, 401
    with simulator.lock:
        return work(simulator, account, **parts)


def _reply(simulator: Simulator, _account: SimAccount) -> Answer:
    body = _json()
    if "X-Line-Retry-Key" in request.headers:
        return {"message": "The retry key is not supported for this request"}, 400
    details = find_errors(body.get("messages"))
    if details:
        return error_body(details), 400
    token = simulator.tokens.get(str(body.get("replyToken")))
    now = simulator.now()
    if token is None or token.is_used or not _is_alive(token.received_at, token.event_at, now):
        return {"message": "Invalid reply token"}, 400
    token.is_used = True
    friend = simulator.friends[token.user_id]
    return {"sentMessages": _deliver(simulator, friend, body["messages"])}, 200


def _is_alive(received_at: float | None, event_at: float, now: float) -> bool:
    if received_at is None or now - event_at > TOKEN_DEAD_AFTER_S:
        return False
    return now - received_at <= REPLY_LIFE_S


def _push(simulator: Simulator, account: SimAccount) -> Answer:
    body = _json()
    return _send(simulator, account, [str(body.get("to"))], is_push=True)


def _multicast(simulator: Simulator, account: SimAccount) -> Answer:
    to = _json().get("to")
    if not isinstance(to, list) or not 1 <= len(to) <= MOST_RECIPIENTS:
        return {"message": "Size must be between 1 and 500"}, 400
    return _send(simulator, account, [str(user_id) for user_id in to], is_push=False)


def _broadcast(simulator: Simulator, account: SimAccount) -> Answer:
    everyone = [f.user_id for f in simulator.friends.values() if f.account == account.id]
    return _send(simulator, account, everyone, is_push=False)


def _send(simulator: Simulator, account: SimAccount, to: list[str], *, is_push: bool) -> Answer:
    body = _json()
    details = find_errors(body.get("messages"))
    if details:
        return error_body(details), 400
    known = _accepted_before(simulator)
    if known is not None:
        return known
    friends = [simulator.friends.get(user_id) for user_id in to]
    if is_push and (friends[0] is None or friends[0].account != account.id):
        return {"message": "Failed to send messages"}, 400
    reached = [f for f in friends if f is not None and f.is_friend and not f.is_blocked]
    if account.plan_limit is not None and account.pushed + len(reached) > account.plan_limit:
        return {"message": "You have reached your monthly limit."}, 429
    account.pushed += len(reached)
    sent: list[dict[str, str]] = []
    for friend in reached:
        sent = _deliver(simulator, friend, body["messages"])
    sent = sent or [{"id": simulator.next_id()} for _ in body["messages"]]
    _remember(simulator, sent)
    return ({"sentMessages": sent} if is_push else {}), 200


def _accepted_before(simulator: Simulator) -> Response | None:
    """409 for a retry key that was accepted within 24 hours."""
    key = request.headers.get("X-Line-Retry-Key")
    known = simulator.accepted.get(key or "")
    if known is None or simulator.now() - known.at > RETRY_KEY_LIFE_S:
        return None
    answer = {"message": "The retry key is already accepted", "sentMessages": known.sent}
    response = Response(json.dumps(answer), status=409, mimetype="application/json")
    response.headers["x-line-accepted-request-id"] = known.request_id
    return response


def _remember(simulator: Simulator, sent: list[dict[str, str]]) -> None:
    key = request.headers.get("X-Line-Retry-Key")
    if key:
        body = request.get_data(as_text=True)
        simulator.accepted[key] = Accepted(body, g.request_id, sent, simulator.now())


def _deliver(
    simulator: Simulator, friend: Friend, messages: list[dict[str, Any]]
) -> list[dict[str, str]]:
    return [
        {"id": simulator.show(friend, {"from": "account", "message": message})["id"]}
        for message in messages
    ]


def _validate(_simulator: Simulator, _account: SimAccount, kind: str) -> Answer:
    if kind not in {"reply", "push", "multicast", "narrowcast", "broadcast"}:
        return {"message": "Not found"}, 404
    details = find_errors(_json().get("messages"))
    return (error_body(details), 400) if details else ({}, 200)


def _profile(simulator: Simulator, account: SimAccount, user_id: str) -> Answer:
    friend = simulator.friends.get(user_id)
    if friend is None or friend.account != account.id or friend.is_blocked:
        return {"message": "Not found"}, 404
    return {"displayName": friend.name, "userId": user_id, "language": "ja"}, 200


def _content(simulator: Simulator, account: SimAccount, message_id: str) -> Answer:
    found = simulator.contents.get(message_id)
    if found is None or simulator.friends[found[0]].account != account.id:
        return {"message": "Not found"}, 404
    _, kind, at = found
    if kind == "gone":
        return {"message": "The content is gone"}, 410
    if simulator.now() - at < PREPARING_S and kind in {"video", "audio"}:
        return {"message": "preparing"}, 202
    content, mime = sample_content(kind, message_id)
    return Response(content, mimetype=mime)


def _info(_simulator: Simulator, account: SimAccount) -> Answer:
    return {
        "userId": account.bot_user_id,
        "basicId": "@simulator",
        "displayName": account.id,
        "chatMode": "bot",
        "markAsReadMode": "auto",
    }, 200


def _quota(_simulator: Simulator, account: SimAccount) -> Answer:
    if account.plan_limit is None:
        return {"type": "none"}, 200
    return {"type": "limited", "value": account.plan_limit}, 200


def _consumption(_simulator: Simulator, account: SimAccount) -> Answer:
    return {"totalUsage": account.pushed}, 200


def _loading(_simulator: Simulator, _account: SimAccount) -> Answer:
    seconds = _json().get("loadingSeconds", 20)
    if not isinstance(seconds, int) or not 5 <= seconds <= 60:  # noqa: PLR2004 # LINE's bounds
        return {"message": "Must be between 5 and 60"}, 400
    return ({}, 202) if seconds % 5 == 0 else ({"message": "must be a multiple of five"}, 400)


def _json() -> dict[str, Any]:
    tree = request.get_json(silent=True)
    return tree if isinstance(tree, dict) else {}


def _finish(answer: Answer) -> Response:
    if isinstance(answer, Response):
        response = answer
    else:
        body, status = answer
        response = Response(json.dumps(body), status=status, mimetype="application/json")
    response.headers["x-line-request-id"] = g.request_id
    return response


def _note(simulator: Simulator, status: int) -> None:
    """The log keeps no token; replies and pushes carry their body."""
    hidden = {"authorization", "cookie"}
    simulator.log.append(
        {
            "at": simulator.now(),
            "method": request.method,
            "path": request.path,
            "headers": {k: v for k, v in request.headers.items() if k.lower() not in hidden},
            "body": request.get_json(silent=True),
            "status": status,
            "request_id": g.request_id,
        }
    )


def _next_fault(simulator: Simulator) -> dict[str, Any] | None:
    with simulator.lock:
        for fault in simulator.faults:
            if fault["kind"] in _API_FAULTS and fault.get("path", "") in request.path:
                fault["times"] = fault.get("times", 1) - 1
                if fault["times"] <= 0:
                    simulator.faults.remove(fault)
                return dict(fault)
    return None


def _fault_answer(fault: dict[str, Any]) -> Answer | None:
    match fault["kind"]:
        case "error":
            return {"message": "Internal error"}, 500
        case "rate":
            return {"message": "The API rate limit has been exceeded. Try again later."}, 429
        case "monthly":
            return {"message": "You have reached your monthly limit."}, 429
        case "reset_before":
            _drop_connection()
    return None


def _drop_connection() -> None:
    """End the connection without an answer, as a broken network does."""
    raise ConnectionResetError


_API_FAULTS = frozenset({"delay", "error", "rate", "monthly", "reset_before", "reset_after"})
