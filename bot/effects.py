"""What a turn decided, done through storage's verbs, effect by effect."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bot.kept_runs import log_runs, save_runs
from bot.talk import Spoken, Talk, origin_of
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
from flows.language.words import Context
from flows.line.render import render_bubbles, text_of
from storage import (
    customers,
    desk,
    faq_questions,
    flow_versions,
    journal,
    post,
    timers,
)
from storage.desk import HandoffRequest


def apply(talk: Talk, turn: Turn, context: Context) -> None:
    """Save the runs, say what is said, do the rest in its order, log what each run did.

    What one run says in a turn goes out together, because the free reply serves one call. What it
    says on a form's page is only written down.
    """
    save_runs(talk, turn)
    says = [effect for effect in turn.effects if isinstance(effect, Say)]
    hashes = {run.id: run.hash for run in turn.runs}
    places = dict.fromkeys((say.run_id, say.is_on_page) for say in says)
    for number, place in enumerate(places):
        mine = [say for say in says if (say.run_id, say.is_on_page) == place]
        _say(talk, mine, number, hashes)
    for effect in turn.effects:
        if not isinstance(effect, Say):
            _do(talk, effect)
    log_runs(talk, turn, context)


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
