"""The talk in which a turn happens, and where its lines come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from flows.language.book import Book
from flows.language.words import Meaning
from storage.beforehand import Beforehand
from storage.lookups import version_of
from storage.models.talks import Conversation
from storage.models.work import Arrival


@dataclass(frozen=True, slots=True)
class Talk:
    """The talk in which a turn happens. source: names the turn in retry keys.

    sought: what the encoder was asked for this turn, and what it said; None: there is none.
    look: what there was before this turn, the first of its unit; None: ask.
    """

    db: Session
    conversation: Conversation
    arrival: Arrival
    book: Book
    now: datetime
    source: str = ""
    sought: Mapping[str, Meaning | None] | None = None
    look: Beforehand | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """Where in the flows something was said. hash: of the version that the run walks through."""

    run_id: str | None
    flow: str
    step: str | None
    hash: str | None


def origin_of(talk: Talk, spoken: Spoken, *, is_on_page: bool) -> dict[str, Any]:
    """Where a line of the talk comes from; `form`: it stands on a form's page."""
    head = talk.book.head(spoken.flow)
    title = head.flow.title.text if head is not None else spoken.flow
    step = spoken.step
    origin = {
        "run_id": spoken.run_id,
        "flow": spoken.flow,
        "title": title,
        "version": None if spoken.hash is None else version_of(talk.db, spoken.hash)[1],
        "step": None if step is None or step.startswith("_") else step,  # no one named it
    }
    return {**origin, "form": True} if is_on_page else origin
