"""What a turn decided, done through storage's verbs: the only place where the two meet."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.answered import answers_of
from flows.language import values
from flows.language.book import Book
from flows.language.effects import (
    AskPerson,
    Effect,
    LeaveToPeople,
    LookedUp,
    Notify,
    PutTag,
    Reason,
    Say,
    SetField,
    ShowKeptBack,
    ShowTrouble,
    StartLater,
    TakeTag,
)
from flows.language.masking import Mask
from flows.language.routing import Turn
from flows.language.run import Run
from flows.language.words import Context, Meaning
from flows.line.render import render_bubbles, text_of
from storage import (
    customers,
    desk,
    faq_questions,
    flow_versions,
    journal,
    post,
    run_steps,
    runs,
    timers,
)
from storage.desk import HandoffRequest
from storage.lookups import version_of
from storage.models.talks import Conversation
from storage.models.work import Arrival
from storage.run_answers import keep_answers


@dataclass(frozen=True, slots=True)
class Talk:
    """The talk in which a turn happens. source: names the turn in retry keys.

    sought: what the encoder was asked for this turn, and what it said; None: there is none.
    """

    db: Session
    conversation: Conversation
    arrival: Arrival
    book: Book
    now: datetime
    source: str = ""
    sought: Mapping[str, Meaning | None] | None = None


def apply(talk: Talk, turn: Turn, context: Context) -> None:
    """Save the runs, say what is said, do the rest in its order, log what each run did.

    What one run says in a turn goes out together, because the free reply serves one call. What it
    says on a form's page is only written down.
    """
    for run in turn.runs:
        _save(talk, run)
    _note_stays(talk, turn)
    keep_answers(talk.db, talk.conversation, answers_of(turn, talk.book), talk.now)
    says = [effect for effect in turn.effects if isinstance(effect, Say)]
    hashes = {run.id: run.hash for run in turn.runs}
    places = dict.fromkeys((say.run_id, say.is_on_page) for say in says)
    for number, place in enumerate(places):
        mine = [say for say in says if (say.run_id, say.is_on_page) == place]
        _say(talk, mine, number, hashes)
    for effect in turn.effects:
        if not isinstance(effect, Say):
            _do(talk, effect)
    _log(talk, turn, context)


def _say(talk: Talk, says: Sequence[Say], number: int, hashes: Mapping[str, str]) -> None:
    rendered = [
        (m, _origin(talk, say, hashes)) for say in says for m in render_bubbles(say.bubbles)
    ]
    said = post.Said(
        messages=[message for message, _ in rendered],
        texts=[text_of(message) for message, _ in rendered],
        source=f"{talk.arrival.event_id}:{talk.source}:{number}",
        run_id=says[0].run_id,
        origins=[origin for _, origin in rendered],
    )
    if says[0].is_on_page:
        post.show(talk.db, talk.conversation, said, talk.now)
    else:
        post.say(talk.db, talk.conversation, said, talk.now)


def _do(talk: Talk, effect: Effect) -> None:
    db, conversation, now = talk.db, talk.conversation, talk.now
    match effect:
        case PutTag():
            reason = _reason(talk, effect.reason)
            customers.put_tag(db, conversation.customer_id, effect.tag, reason, journal.BOT, now)
        case TakeTag():
            customers.take_tag(db, conversation.customer_id, effect.tag, journal.BOT, now)
        case SetField():
            change = customers.FieldChange(effect.key, effect.value, _reason(talk, effect.reason))
            customers.set_fields(db, conversation.customer_id, [change], journal.BOT, now)
        case AskPerson():
            desk.hand_off(db, conversation, _request(talk, effect), now)
        case LeaveToPeople():
            desk.leave_to_people(db, conversation, effect.queue, now)
        case _:
            _tell(talk, effect)


def _tell(talk: Talk, effect: Effect) -> None:
    db, conversation, now = talk.db, talk.conversation, talk.now
    match effect:
        case Notify():
            _notify(talk, effect)
        case StartLater():
            event = effect.event
            data = {"name": event.name, "data": dict(event.data), "flow": effect.flow}
            key = f"{effect.flow}:{talk.arrival.id}"
            timers.set_timer(db, conversation.id, "delay", key, effect.at, data)
        case LookedUp():
            _keep_question(talk, effect)
        case ShowTrouble():
            queue = talk.book.house.queues.default
            desk.show_trouble(db, conversation, effect.text, queue, now)
        case ShowKeptBack():
            desk.show_kept_back(db, conversation, effect.title, now)
        case _:
            raise AssertionError(f"{effect!r} is done elsewhere")


def _notify(talk: Talk, effect: Notify) -> None:
    conversation = talk.conversation
    notice = {"to": effect.to, "text": effect.text, "conversation_id": conversation.id}
    entry = journal.Entry(
        conversation.account_id,
        "notice",
        {"notice": notice},
        journal.BOT,
        talk.now,
        conversation_id=conversation.id,
        customer_id=conversation.customer_id,
    )
    journal.record(talk.db, entry)


def _keep_question(talk: Talk, effect: LookedUp) -> None:
    if effect.outcome in {"picked", "declined"}:
        faq_questions.settle_offer(talk.db, effect.run_id, effect.outcome, effect.entry)
        return
    names = (customers.customer_facts(talk.db, talk.conversation.customer_id).name,)
    question = faq_questions.NewQuestion(
        run_id=effect.run_id,
        text=Mask(names).text(effect.text),
        outcome=effect.outcome,
        entry_id=effect.entry,
        line_message_id=talk.arrival.raw.get("message", {}).get("id"),
    )
    faq_questions.keep(talk.db, talk.conversation, question, talk.now)


def _request(talk: Talk, effect: AskPerson) -> HandoffRequest:
    flow = talk.book.head(effect.flow)
    return HandoffRequest(
        queue=effect.queue,
        reason={
            "kind": effect.reason,
            "flow": effect.flow,
            "title": flow.flow.title.text if flow is not None else effect.flow,
            "step": effect.step,
            **_faq_tried(talk, effect.run_id),
        },
        note=effect.note or None,
        answers=tuple(asdict(answer) for answer in effect.answers),
        open_question=effect.open_question,
        run_id=effect.run_id,
        notify_at=effect.notify_at,
    )


def _faq_tried(talk: Talk, run_id: str) -> dict[str, Any]:
    """What the FAQ has tried already, by the house's own words for it."""
    tried = []
    for outcome, entry_id in faq_questions.tried_in(talk.db, run_id):
        entry = talk.book.house.faq_entry(entry_id) if entry_id is not None else None
        asked = entry.ask[0].text if entry is not None else None
        tried.append({"outcome": outcome, "entry": asked})
    return {"faq": tried} if tried else {}


def _reason(talk: Talk, reason: Reason) -> dict[str, Any]:
    version = flow_versions.get_version(talk.db, reason.version)
    return {
        "flow": reason.flow,
        "title": version.title,
        "version": version.number,
        "step": reason.step,
        "answer": reason.answer,
    }


def _origin(talk: Talk, say: Say, hashes: Mapping[str, str]) -> dict[str, Any] | None:
    if say.flow is None:
        return None
    hash_ = hashes.get(say.run_id or "") or talk.book.heads.get(say.flow)
    spoken = Spoken(say.run_id, say.flow, say.step, hash_)
    return origin_of(talk, spoken, is_on_page=say.is_on_page)


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


def _save(talk: Talk, run: Run) -> None:
    state = runs.RunState(
        id=run.id,
        flow_id=run.flow,
        hash=run.hash,
        status=run.status,
        state=run.to_json(),
        started_at=run.started_at,
        step=run.step,
        end=run.end,
    )
    runs.save_run(talk.db, talk.conversation, state, talk.now)
    due = [
        timers.RunTimer(f"{t.name}:{t.entry}", t.at, {"timer": t.name, "entry": t.entry})
        for t in run.timers
    ]
    timers.set_run_timers(talk.db, talk.conversation.id, run.id, due)


def _note_stays(talk: Talk, turn: Turn) -> None:
    """Before anything is said, so that the talk's last line is what the friend did."""
    began = {run.id: run.started_at for run in (*turn.before.values(), *turn.runs)}
    stays = [
        run_steps.Stay(
            run_id=stay.run_id,
            flow_id=stay.flow,
            hash=stay.hash,
            step=stay.step,
            started_at=began[stay.run_id],
            is_called=stay.is_called,
            fate=stay.fate,
            end=stay.end,
            wrong=stay.wrong,
            met=frozenset(stay.met),
            is_moved=stay.is_moved,
        )
        for stay in turn.stays
    ]
    run_steps.note(talk.db, talk.conversation, stays, talk.now)


def _log(talk: Talk, turn: Turn, context: Context) -> None:
    world = values.to_json(replace(context, picks=turn.draws))  # so that it can be done again
    for entry in turn.log():
        done = runs.Turn(
            run_id=entry.run_id,
            kind=entry.kind,
            payload=entry.payload,
            hash=entry.hash,
            state_before=entry.state_before,
            state_after=entry.state_after,
            effects=entry.effects,
            context=world,
        )
        runs.log_turn(talk.db, done, talk.now)
