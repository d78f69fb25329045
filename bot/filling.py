"""What an answer on a form's page does: one arrival, the same turns as in the talk.

The customer's line and the bot's stand in the talk like all others, so that staff see them live;
what the bot says there is shown on the page and not sent, which spends no quota.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.effects import apply
from bot.seeking import decide
from bot.talk import Spoken, Talk, origin_of
from bot.world import context_of, live, seed_of
from flows.language.events import Event, FormFilled, FormOpened
from flows.language.forms import is_asked
from flows.language.routing import Turn
from flows.language.run import Run
from storage import desk, forms
from storage.incoming import Incoming, receive
from storage.models.forms import Form


def fill(talk: Talk) -> None:
    """Begin the form's run if it has none, then hear the answer.

    An answer to a question that is not open any more changes nothing: a second tab, a second press
    of the button, an address that was used up.
    """
    raw = talk.arrival.raw
    form = forms.get_form(talk.db, raw["form_id"])
    run = run_of_form(form, live(talk.db, talk.conversation))
    if run is None and form.run_id is None:
        begun = _turn(talk, FormOpened(form.flow_id), 0).runs
        run = next((run for run in begun if run.flow == form.flow_id), None)
    if run is None:
        return
    forms.bind(talk.db, form, run.id)
    if is_asked(run, raw["entry"]):
        _hear(talk, run, raw)


def run_of_form(form: Form, runs: list[Run]) -> Run | None:
    """The run that a form shows: its own, or before it has one that which the friend is in."""
    if form.run_id is not None:
        return next((run for run in runs if run.id == form.run_id), None)
    return next((run for run in runs if run.flow == form.flow_id), None)


def _hear(talk: Talk, run: Run, raw: Mapping[str, Any]) -> None:
    db, conversation, now = talk.db, talk.conversation, talk.now
    spoken = Spoken(run.id, run.flow, run.step, run.hash)
    origin = origin_of(talk, spoken, is_on_page=True)
    content = {"type": "text", "text": raw["text"]}
    incoming = Incoming("text", content, now, raw["text"], origin=origin)
    receive(db, conversation, incoming, talk.arrival, now)
    if conversation.status == "done":
        desk.rest(db, conversation, now)
    _turn(talk, FormFilled(run.id, raw["entry"], raw["text"], tuple(raw["labels"])), 1)


def _turn(talk: Talk, event: Event, number: int) -> Turn:
    """One of the events that an answer means; each is a turn with an id of its own."""
    db, conversation = talk.db, talk.conversation
    context = context_of(db, conversation, talk.now, f"{talk.arrival.id:x}-f{number}")
    context = replace(context, seed=seed_of(talk.arrival))
    turn, context = decide(talk, live(db, conversation), event, context)
    apply(replace(talk, source=f"form:{number}"), turn, context)
    return turn
