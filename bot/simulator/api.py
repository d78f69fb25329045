"""LINE's Messaging API as a bot meets it: who asks, the limits, what is broken, and the log.

A WSGI application of its own, in front of the simulator's pages: it is the only lawful target of a
load test, and Flask's routing, contexts and request objects cost more than all of LINE's rules.
"""

import json
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from bot.simulator import sending
from bot.simulator.calls import Answer, Call, refuse
from bot.simulator.faults import MONTHLY, RATE, Fault, drop_connection, take_fault
from bot.simulator.openapi import Oracle
from bot.simulator.request import Asked, Environ, read_request, status_line
from bot.simulator.routes import find_route
from bot.simulator.state import SimAccount, Simulator

Start = Callable[..., Any]
App = Callable[[Environ, Start], Iterable[bytes]]
MAX_BODY_BYTES = 2 * 1024 * 1024
OF_PAGES = ("/sim/", "/phone/")


class MessagingApi:
    """`/v2/bot/…` before an application with the other pages; what it does not have is 501 with a
    clear message."""

    def __init__(self, pages: App, simulator: Simulator, oracle: Oracle | None = None) -> None:
        self._pages, self._simulator, self._oracle = pages, simulator, oracle

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "/")
        if path in {"/", "/phone"} or path.startswith(OF_PAGES):
            return self._pages(environ, start)
        asked = read_request(environ)
        route = find_route(asked.method, asked.path)
        request_id = secrets.token_hex(16)
        if route is None:
            refusal = refuse(f"The simulator does not have {asked.method} {asked.path} yet", 501)
            self._note(asked, refusal, request_id)
            return _respond(start, refusal, request_id)
        with self._simulator.lock:
            fault = take_fault(self._simulator.faults, asked.path)
        kind = fault.kind if fault is not None else None
        if fault is not None and kind == "delay":
            time.sleep(fault.seconds)
        if kind == "reset_before":
            return drop_connection(environ, start)
        answer, is_other_body = self._answer(asked, route, fault, request_id)
        self._note(asked, answer, request_id, is_other_body=is_other_body)
        if kind == "reset_after":
            return drop_connection(environ, start)
        return _respond(start, answer, request_id)

    def _answer(
        self, asked: Asked, route: Any, fault: Fault | None, request_id: str
    ) -> tuple[Answer, bool | None]:
        """The token, the limits and the endpoint; whether a retry key came with another body."""
        simulator, account = self._simulator, self._caller(asked)
        if account is None:
            return _UNKNOWN_TOKEN, None
        call = Call(
            simulator=simulator,
            account=account,
            method=asked.method,
            path=asked.path,
            body=asked.body,
            raw=asked.raw,
            retry_key=asked.headers.get("X-Line-Retry-Key"),
            request_id=request_id,
            oracle=self._oracle,
        )
        with simulator.lock:
            is_other_body = sending.note_retry_key(call)
            before = _before(call, route.pattern, fault)
            answer = before or route.work(call, *route.parts)
        if fault is not None and fault.kind == "error_after":
            return _ERROR, is_other_body
        if fault is not None and fault.kind == "terse":
            return _terse(answer), is_other_body
        return answer, is_other_body

    def _caller(self, asked: Asked) -> SimAccount | None:
        scheme, _, token = asked.authorization.partition(" ")
        return self._simulator.account_of_token(token) if scheme == "Bearer" else None

    def _note(
        self, asked: Asked, answer: Answer, request_id: str, *, is_other_body: bool | None = None
    ) -> None:
        """The log keeps no token; it keeps what was sent."""
        entry = {
            "time": self._simulator.now(),
            "method": asked.method,
            "path": asked.path,
            "headers": asked.headers,
            "body": asked.body,
            "status": answer.status,
            "request_id": request_id,
        }
        if is_other_body is not None:
            entry["is_other_body"] = is_other_body
        self._simulator.log.append(entry)


def _terse(answer: Answer) -> Answer:
    """As LINE does now and then: without saying which message is wrong."""
    if not isinstance(answer.body, dict):
        return answer
    return replace(answer, body={k: v for k, v in answer.body.items() if k != "details"})


def _respond(start: Start, answer: Answer, request_id: str) -> Iterable[bytes]:
    body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
    headers = [
        ("Content-Type", answer.mime),
        ("Content-Length", str(len(body))),
        ("x-line-request-id", request_id),
        ("X-Content-Type-Options", "nosniff"),
        *answer.headers.items(),
    ]
    start(status_line(answer.status), headers)
    return [body]


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
        case "strangers":
            return sending.find_strangers(call)
    return None


_ERROR = refuse("Internal error", 500)
_UNKNOWN_TOKEN = refuse("Authentication failed. Confirm that the access token is valid.", 401)
