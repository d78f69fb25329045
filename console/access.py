"""Who may: the session, the role, the CSRF token and the origin, checked in one place."""

import hmac
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Flask, Response, jsonify, make_response, request
from werkzeug.exceptions import HTTPException

from console.api import sessions
from console.api.openapi import document
from console.api.routes import OPEN_ROUTES, ROUTES, Route, may
from console.bodies import Nothing
from console.checking import checked
from console.door import Asker, House
from console.refusals import (
    CONFLICT,
    STATUS,
    BadRequest,
    Forbidden,
    Forged,
    MustEnrol,
    ProveAgain,
    TooLarge,
    Unauthorized,
)
from console.words import say
from flows.language.sayings.saying import LANGUAGES, Language
from storage.audit import Deed, by_operator, note
from storage.keepable import is_keepable
from storage.refusals import NotFound, Refusal

INTERNAL = 500
PROOF_LASTS = timedelta(minutes=10)


def add_api(app: Flask, house: House) -> None:
    """Every route of the table, behind the checks; refusals become JSON."""
    for route in ROUTES:
        app.add_url_rule(
            f"/api/v1{route.path}", route.name, _guarded(house, route), methods=[route.method]
        )
    for route in OPEN_ROUTES:
        app.add_url_rule(
            f"/api/v1{route.path}", route.name, _open(house, route), methods=[route.method]
        )
    app.add_url_rule("/api/v1/openapi.json", "openapi", _openapi(house), methods=["GET"])
    app.register_error_handler(Refusal, lambda error: _refused(house, error))
    app.register_error_handler(HTTPException, lambda error: _http_error(house, error))


def allowed_origins(house: House) -> set[str]:
    """Where our own pages come from."""
    own = {house.settings.public_url} if house.settings.public_url else set()
    return own | {request.host_url.rstrip("/")}


def _guarded(house: House, route: Route) -> Callable[..., Response]:
    def endpoint(**parts: str) -> Response:
        asker = _check_asker(house, route)
        if not is_keepable(parts) and route.method == "GET":
            raise NotFound
        arguments: dict[str, Any] = {**parts, **_asked(route)}
        if not is_keepable(arguments):
            raise BadRequest
        if route.body is not None:
            body = _parse(route.body)
            if not isinstance(body, Nothing):
                arguments["body"] = body
        try:
            return _answer(route.work(house, asker, **arguments))
        except ValueError as error:
            raise BadRequest(str(error)) from error

    return endpoint


def _asked(route: Route) -> dict[str, Any]:
    """What stands behind the question mark, as far as the route reads it."""
    asked: dict[str, Any] = {}
    if route.query is not None:
        asked["query"] = {k: request.args[k] for k in route.query if request.args.get(k)}
    if route.lists:
        found = {k: [v for v in request.args.getlist(k) if v] for k in route.lists}
        asked["lists"] = {k: values for k, values in found.items() if values}
    return asked


def _check_asker(house: House, route: Route) -> Asker:
    """Signed in, allowed, and from our own page."""
    token = request.cookies.get(sessions.cookie_name(house))
    asker = sessions.find_asker(house, token, sessions.caller_address())
    if asker is None:
        raise Unauthorized
    if asker.must_enrol and not route.while_enrolling:
        raise MustEnrol
    if not may(asker.role, route.role):
        _note_denial(house, asker, route)
        raise Forbidden
    if route.method != "GET":
        _check_origin(house)
        given = request.headers.get("X-CSRF-Token", "")
        if not hmac.compare_digest(given.encode(), asker.csrf_token.encode()):
            raise Forged
    if route.is_grave and not _is_proved(house, asker):
        raise ProveAgain
    if route.limit is not None and (route.limited_by is None or request.args.get(route.limited_by)):
        house.rates.check(house.store, asker.operator.id, route.limit, house.clock)
    sessions.keep_alive(house, asker)
    return replace(asker, language=_language(asker))


def _is_proved(house: House, asker: Asker) -> bool:
    """Whether the password was said in this browser not long ago."""
    return asker.proved_at is not None and house.clock() - asker.proved_at < PROOF_LASTS


def _note_denial(house: House, asker: Asker, route: Route) -> None:
    params = {"method": route.method, "path": route.path}
    deed = Deed("denied", by_operator(asker.operator), address=asker.address, params=params)
    house.store.write(lambda db: note(db, deed, house.clock()))


def _open(house: House, route: Route) -> Callable[[], Response]:
    """For who is not signed in."""

    def endpoint() -> Response:
        _check_origin(house)
        if route.body is None:
            raise BadRequest
        body = _parse(route.body)
        try:
            return _answer(route.work(house, body))
        except ValueError as error:
            raise BadRequest(str(error)) from error

    return endpoint


def _openapi(house: House) -> Callable[[], Response]:
    def endpoint() -> Response:
        token = request.cookies.get(sessions.cookie_name(house))
        asker = sessions.find_asker(house, token)
        if asker is None:
            raise Unauthorized
        if asker.must_enrol:
            raise MustEnrol
        return jsonify(document())

    return endpoint


def _check_origin(house: House) -> None:
    origin = request.headers.get("Origin")
    if origin is not None and origin not in allowed_origins(house):
        raise Forged


def _parse(body: type[Any]) -> Any:
    if (request.content_length or 0) > body.largest_bytes:
        raise TooLarge
    request.max_content_length = body.largest_bytes  # of one that does not say how long it is
    try:
        tree = request.get_json(silent=True)
    except RecursionError as error:  # thousands of brackets
        raise BadRequest from error
    kept = tree
    if isinstance(tree, dict):
        kept = {key: value for key, value in tree.items() if key not in body.unkept}
    if not is_keepable(kept):
        raise BadRequest
    return checked(body, {} if tree is None and not request.data else tree)


def _answer(result: Any) -> Response:
    if isinstance(result, Response):
        return result
    row, status = result if isinstance(result, tuple) else (result, 200)
    return make_response(jsonify(row), status)


def _sentence(error: Refusal) -> str:
    """Most codes have one sentence; where a code has several, the refusal says which is its own."""
    return getattr(error, "said_as", error.code)


def _refused(house: House, error: Refusal) -> Response:
    status = STATUS.get(error.code, CONFLICT)
    body: dict[str, Any] = {
        "code": error.code,
        "message": say(_sentence(error), _language_here(house)),
    }
    if error.details:
        body["details"] = error.details
    response = make_response(jsonify({"error": body}), status)
    if "wait_s" in error.details:
        response.headers["Retry-After"] = str(error.details["wait_s"])
    return response


def _http_error(house: House, error: HTTPException) -> Response:
    """What Flask itself refuses (no such address) or could not do (a bug: no trace is shown)."""
    status = error.code or INTERNAL
    code = {404: "not_found", 405: "not_found", 413: "too_large"}.get(status, "internal")
    language: Language = "ja" if status >= INTERNAL else _language_here(house)
    return make_response(jsonify({"error": {"code": code, "message": say(code, language)}}), status)


def _language_here(house: House) -> Language:
    return _language(sessions.find_asker(house, request.cookies.get(sessions.cookie_name(house))))


def _language(asker: Asker | None) -> Language:
    """The one that the page is shown in, which it names alone; else the operator's own, else the
    browser's."""
    named = request.headers.get("Accept-Language", "")
    kept = asker.operator.language if asker is not None else None
    wanted = (named, kept, request.accept_languages.best_match(LANGUAGES))
    return next((one for word in wanted for one in LANGUAGES if one == word), "ja")
