"""A form's page: what the memory holds of it, and its HTML. Every value is escaped by Jinja."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from sqlmodel import Session

from bot.filling import run_of_form
from bot.world import context_of, live
from flows.language import values
from flows.language.book import Book, DoesNotLoad
from flows.language.effects import Bubble, Say
from flows.language.form_pages import FormPage, page_before, page_of
from flows.language.run import Run, run_from_json
from storage import runs
from storage.forms import get_form
from storage.models.flows import Run as RunRow
from storage.models.forms import Form
from storage.models.people import Account
from storage.models.talks import Conversation
from storage.objects import find_one

NOTHING = FormPage("gone")
SET_ASIDE = FormPage("set_aside")
_LINK = re.compile(r"https?://[^\s<>\"'、。」)]+")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows. state: that of its FormPage, or why there is none to see.

    problem: what was wrong with what was typed, before any turn. until: in the shop's time.
    """

    state: str
    page: FormPage = NOTHING
    account: str = ""
    until: datetime | None = None
    problem: str | None = None
    typed: str = ""


def look(db: Session, book: Book, form_id: str, now: datetime) -> Shown:
    """Read a form's page; nothing is changed, also where its run has not begun. Raises NotFound."""
    form = get_form(db, form_id)
    if form.expires_at <= now:
        return Shown("expired")
    conversation = find_one(db, Conversation, form.conversation_id)
    account = find_one(db, Account, conversation.account_id)
    page = _page(db, book, form, conversation, now)
    until = book.house.calendar(None).local(form.expires_at)
    return Shown(page.state, page, account.name, until)


def render(shown: Shown, *, notice: str = "") -> str:
    """The page as HTML. notice: `late` (the turn is to come) or `moved` (another was first)."""
    question = shown.page.question
    problem, typed = shown.problem, shown.typed
    if question is not None and problem is None:
        problem, typed = question.problem, question.typed
    return _TEMPLATE.render(
        shown=shown,
        page=shown.page,
        question=question,
        problem=problem,
        typed=typed,
        notice=notice,
    )


def _page(
    db: Session, book: Book, form: Form, conversation: Conversation, now: datetime
) -> FormPage:
    context = context_of(db, conversation, now, f"page-{form.id}")
    going = live(db, conversation)
    run = run_of_form(form, going)
    if run is None and form.run_id is None:
        return page_before(book, going, form.flow_id, context)
    if run is None:
        run = run_from_json(find_one(db, RunRow, form.run_id).state)
    try:
        return page_of(book, run, _last_said(db, run), context)
    except DoesNotLoad:
        return SET_ASIDE


def _last_said(db: Session, run: Run) -> Sequence[Bubble]:
    effects = [values.from_json(tree) for tree in runs.last_effects(db, run.id)]
    return [b for effect in effects if isinstance(effect, Say) for b in effect.bubbles]


def _linked(text: str) -> Markup:
    """Addresses in a text can be opened; everything else is only text."""
    parts, end = [], 0
    for match in _LINK.finditer(text):
        address = escape(match[0])
        parts.append(escape(text[end : match.start()]))
        parts.append(Markup('<a href="{0}" rel="noopener noreferrer">{0}</a>').format(address))
        end = match.end()
    return Markup("").join([*parts, escape(text[end:])])


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["linked"] = _linked
    return made


_TEMPLATE = _environment().get_template("form.html")
