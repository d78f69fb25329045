"""Bodies that are too large, or no JSON of the kind that an address takes: each address refuses."""

import json
from io import BytesIO
from typing import Any

import pytest

from console.api.routes import OPEN_ROUTES, ROUTES, Route
from tests.console.conftest import ORIGIN, Browser, SignIn
from tests.console.test_doors import filled

WITH_BODIES = [route for route in (*ROUTES, *OPEN_ROUTES) if route.body is not None]


def sent_raw(browser: Browser, route: Route, talk: str, body: bytes, **environ: Any) -> int:
    answer = browser.client.open(
        f"/api/v1{filled(route.path, talk)}",
        method=route.method,
        input_stream=BytesIO(body),
        content_type="application/json",
        headers={"Origin": ORIGIN, "X-CSRF-Token": browser.session["csrf_token"]},
        environ_overrides=environ,
    )
    return int(answer.status_code)


def test_a_body_over_its_size_is_refused_also_when_it_does_not_say_how_long_it_is(
    sign_in: SignIn, talk: str
) -> None:
    browser = sign_in("manager")
    for route in WITH_BODIES:
        assert route.body is not None
        body = b'{"x": "' + b"x" * route.body.largest_bytes + b'"}'
        told = sent_raw(browser, route, talk, body, CONTENT_LENGTH=str(len(body)))
        chunked = sent_raw(browser, route, talk, body, **{"wsgi.input_terminated": True})
        assert (told, chunked) == (413, 413), route


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 40_000,
        b"{",
        b"\xff\xfe",
        b'"text"',
        b"[]",
        b"null",
        json.dumps({"x" * 1000: 1}).encode(),
    ],
    ids=["brackets", "braces", "half", "no-text", "text", "list", "null", "key"],
)
def test_what_is_no_object_of_this_kind_is_refused_everywhere(
    sign_in: SignIn, talk: str, body: bytes
) -> None:
    browser = sign_in("manager")
    for route in WITH_BODIES:
        told = sent_raw(browser, route, talk, body, CONTENT_LENGTH=str(len(body)))
        assert told in {400, 413}, route
