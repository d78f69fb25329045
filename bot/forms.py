"""The page on which a customer answers a flow: `/f/<token>`, from an address in their phone.

Looking changes nothing; an answer is an arrival in the customer's own queue, whose turn the page
waits for. The signed token is all that one needs, so it is what protects against forged posts too:
nobody who lacks it can name the page, and nothing here reads a cookie.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from unicodedata import category

from flask import Blueprint, Response, redirect, request
from sqlmodel import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from bot.flow_source import FlowSource
from bot.form_pages import Shown, look, render
from flows.line.limits import TEXT_UNITS, count_units
from storage.arrivals import is_pending
from storage.forms import answer_form
from storage.refusals import NotFound, TooManyAnswers
from storage.seal import FORM, read_signed
from storage.unit import Store

MAX_BYTES = 64 * 1024
MOST_LABELS = 20
STEERING = frozenset({"Cc", "Cs"})  # control signs, halves of signs
NOTICES = ("late", "moved")
PATIENCE_S = 8.0
LOOK_AGAIN_S = 0.02
LOOK = Path(__file__).parent / "pages" / "form.css"
SEE_OTHER, NOT_FOUND, GONE, TOO_LARGE, UNREADABLE, TOO_MANY = 303, 404, 410, 413, 422, 429
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src https:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


@dataclass(frozen=True, slots=True)
class PageMeans:
    """What the pages work with."""

    store: Store
    flows: FlowSource
    key: bytes
    clock: Callable[[], datetime]

    def look(self, form_id: str) -> Shown:
        """The page as it is now."""
        book, now = self.flows.book(), self.clock()
        return self.store.read(lambda db: look(db, book, form_id, now))


@dataclass(frozen=True, slots=True)
class Given:
    """What was sent from the page."""

    entry: int
    text: str
    labels: tuple[str, ...]


def form_pages(
    store: Store, flows: FlowSource, key: bytes, clock: Callable[[], datetime]
) -> Blueprint:
    """`GET` and `POST /f/<token>`, and the pages' look."""
    blueprint = Blueprint("form_pages", __name__)
    means = PageMeans(store, flows, key, clock)

    blueprint.add_url_rule("/f/-/form.css", view_func=_look_of_pages)

    @blueprint.get("/f/<token>")
    def show(token: str) -> Response:
        form_id = read_signed(means.key, FORM, token)
        notice = next((word for word in NOTICES if word in request.args), "")
        return _page(means, form_id, notice)

    @blueprint.post("/f/<token>")
    def answer(token: str) -> AnyResponse:
        form_id = read_signed(means.key, FORM, token)
        if form_id is None:
            return _page(means, None)
        if (request.content_length or 0) > MAX_BYTES or request.content_length is None:
            return _say("large", TOO_LARGE)
        return _answer(means, form_id, token)

    @blueprint.after_request
    def protect(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return blueprint


def _look_of_pages() -> Response:
    response = Response(LOOK.read_bytes(), mimetype="text/css")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def _page(means: PageMeans, form_id: str | None, notice: str = "") -> Response:
    if form_id is None:
        return _say("unknown", NOT_FOUND)
    try:
        shown = means.look(form_id)
    except NotFound:
        return _say("unknown", NOT_FOUND)
    status = GONE if shown.state == "expired" else 200
    return Response(render(shown, notice=notice), status=status, mimetype="text/html")


def _say(state: str, status: int) -> Response:
    return Response(render(Shown(state)), status=status, mimetype="text/html")


def _answer(means: PageMeans, form_id: str, token: str) -> AnyResponse:
    given = read_given(request.form)
    problem = _problem(given)
    try:
        shown = means.look(form_id)
    except NotFound:
        return _say("unknown", NOT_FOUND)
    here = f"/f/{token}"
    if shown.state != "asking":
        return redirect(f"{here}#now", SEE_OTHER)
    if given is None or problem is not None:
        told = replace(shown, problem=problem, typed=given.text if given is not None else "")
        return Response(render(told), status=UNREADABLE, mimetype="text/html")
    if given.entry != (shown.page.question.entry if shown.page.question else 0):
        return redirect(f"{here}?moved#now", SEE_OTHER)
    sent = {"entry": given.entry, "text": given.text, "labels": list(given.labels)}

    def work(db: Session) -> int:
        return answer_form(db, form_id, sent, means.clock())

    try:
        arrival_id = means.store.write(work)
    except NotFound:
        return _say("expired", GONE)
    except TooManyAnswers:
        return _say("often", TOO_MANY)
    is_done = _wait_for(means.store, arrival_id)
    return redirect(f"{here}#now" if is_done else f"{here}?late#now", SEE_OTHER)


def read_given(form: MultiDict[str, Any]) -> Given | None:
    """One answer: a text, else the labels that were chosen; None for what is no answer at all."""
    entry = str(form.get("entry", ""))
    if not entry.isascii() or not entry.isdigit() or len(entry) > len(str(2**31)):
        return None
    typed = _readable(str(form.get("text", "")))
    labels = tuple(_readable(str(label)) for label in form.getlist("choice"))[:MOST_LABELS]
    return Given(int(entry), typed or "、".join(labels), () if typed else labels)


def _readable(text: str) -> str:
    """What a person can type: no sign that only steers machines."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in plain if sign == "\n" or category(sign) not in STEERING).strip()


def _problem(given: Given | None) -> str | None:
    if given is None:
        return "画面を開き直して、もう一度お試しください。"
    if not given.text and given.entry:
        return "お答えを入力するか、選んでください。"
    if count_units(given.text) > TEXT_UNITS:
        return f"{TEXT_UNITS:,}文字までで入力してください。"
    return None


def _wait_for(store: Store, arrival_id: int) -> bool:
    """Until the turn is done, which the worker does at once; False when it takes too long."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if not store.read(lambda db: is_pending(db, arrival_id)):
            return True
        time.sleep(LOOK_AGAIN_S)
    return False
