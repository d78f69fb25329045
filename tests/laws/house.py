"""A house in which every verb can be done, and what a client of its journal keeps."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, SQLModel, select

from storage import (
    absence,
    assignment,
    customers,
    desk,
    drafts,
    jobs,
    journal,
    lateness,
    notes,
    operator_friends,
    outbox,
    post,
    presence,
    quota,
    rows,
    runs,
    scheduled,
    taking_back,
    undoing,
    whispering,
)
from storage.customers import FieldChange
from storage.desk_rules import Rule, Rules, get_rules, put_rules
from storage.drafts import Settling, Written, shared_row
from storage.editing import Edit, edit
from storage.flow_versions import publish
from storage.incoming import Incoming, receive, unsend
from storage.jobs import Stored
from storage.models.drafting import AccountQuota, Draft, Scheduled
from storage.models.operators import Operator
from storage.models.people import Account, Customer, Friend
from storage.models.talks import Conversation, Handoff, Message, Note
from storage.models.work import Delivery
from storage.outbox import InvalidReplyToken, Limited, NoAnswer, Refused, Sent
from storage.quota import Told, quota_row
from storage.quotes import Accepted
from storage.refusals import Refusal
from storage.rows import Row
from storage.runs import RunState
from storage.scheduled import Change, Plan
from storage.scheduled_rows import scheduled_row
from storage.talks import lock
from storage.unit import Store
from tests import given as g

Verb = Callable[["House", Session, Conversation], object]
Snapshot = dict[str, dict[str, Row]]
TABLES: dict[str, type[SQLModel]] = {
    "conversation": Conversation,
    "message": Message,
    "note": Note,
    "handoff": Handoff,
    "customer": Customer,
    "run": runs.Run,
}
TARGETS = Rule(first_minutes=10, next_minutes=20, assign=("owner", "round_robin"))
OF_COMPOSING = ("draft", "scheduled", "quota")
EVERYWHERE = {"customer"}  # a person is told in each account's stream


def snapshot(db: Session) -> Snapshot:
    """Everything that clients keep, as the API shows it."""
    taken: Snapshot = {}
    for kind, table in TABLES.items():
        things = list(db.exec(select(table)).all())
        shown = rows.render(db, things)
        taken[kind] = {shown[id(thing)]["id"]: shown[id(thing)] for thing in things}
    drafted = [shared_row(db, draft) for draft in db.exec(select(Draft)).all() if draft.shared_at]
    planned = [scheduled_row(db, one) for one in db.exec(select(Scheduled)).all()]
    quotas = [quota_row(one) for one in db.exec(select(AccountQuota)).all()]
    for kind, shown_rows in zip(OF_COMPOSING, (drafted, planned, quotas), strict=True):
        taken[kind] = {row["id"]: row for row in shown_rows}
    return taken


def applied(before: Snapshot, entries: list[journal.JournalEntry]) -> Snapshot:
    """What a client has after it upserted each row of each entry."""
    after = {kind: dict(shown) for kind, shown in before.items()}
    for entry in entries:
        for kind in (TABLES.keys() | set(OF_COMPOSING)) & entry.payload.keys():
            row = entry.payload[kind]
            known = after[kind].get(row["id"])
            if known is None or row.get("version", 0) >= known.get("version", 0):
                after[kind][row["id"]] = row
                if kind == "draft" and not row["shared"]:
                    del after[kind][row["id"]]
    return after


class House:
    """Two accounts of one provider, one person with a talk in each, two operators."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.store, self.now, self.number = store, now, 0
        self.talks: list[str] = []
        self.operators: list[Operator] = []
        store.write(self._furnish)

    def _furnish(self, db: Session) -> None:
        publish(db, [g.a_version()], None, self.now)
        put_rules(db, Rules(0, TARGETS, {}), "見本", self.now)
        for account_id, mode in (("main", "economy"), ("second", "strict")):
            account = g.an_account(db, self.now, account_id, mode=mode)
            account.return_after_s = 600
            self.talks.append(g.a_talk(db, account, self.now).id)
        self.operators = [
            g.an_operator(db, self.now, name) for name in ("見本スタッフA", "見本スタッフB")
        ]

    def lead(self, verb: Verb, talk: int = 0) -> None:
        """One verb in one unit, a second later; a refusal changes nothing."""
        self.now += timedelta(seconds=1)
        self.number += 1
        with suppress(Refusal):
            self.store.write(lambda db: verb(self, db, lock(db, self.talks[talk])))

    def do(self, verb: Verb, talk: int = 0) -> None:
        """The same, and the law is looked at."""
        before = self.store.read(snapshot)
        heads = self.store.read(lambda db: journal.heads(db, ["main", "second"]))
        self.lead(verb, talk)
        entries = self.since(heads)
        assert applied(before, entries) == self.store.read(snapshot)

    def since(self, heads: dict[str, int]) -> list[journal.JournalEntry]:
        entries: list[journal.JournalEntry] = []
        for account_id, head in heads.items():
            tail = self.store.read(lambda db, a=account_id, h=head: journal.tail(db, a, h))
            assert [e.id for e in tail.entries] == list(range(head + 1, tail.head + 1))
            entries += tail.entries
        return entries


def _hear(house: House, db: Session, talk: Conversation, kind: str = "text") -> Message:
    account = db.get_one(Account, talk.account_id)
    event = g.a_text_event("こんにちは", house.number)
    arrival = g.an_arrival(db, account, event, house.now)
    incoming = Incoming(kind, {"type": kind}, house.now, "こんにちは", str(house.number))
    message = receive(db, talk, incoming, arrival, house.now)
    g.finish(db, arrival, house.now)
    return message


def _unsend_last(house: House, db: Session, talk: Conversation) -> None:
    message = _hear(house, db, talk, "image")
    unsend(db, talk, message.line_message_id or "", house.now)


def _fetch_media(house: House, db: Session, talk: Conversation) -> None:
    _hear(house, db, talk, "image")
    for job in jobs.claim_media(db, house.now, 9):
        jobs.record_media(db, job.media_id, Stored("ab", "image/png", 9), house.now)


def _give_media_up(house: House, db: Session, talk: Conversation) -> None:
    _hear(house, db, talk, "image")
    for job in jobs.claim_media(db, house.now, 9):
        jobs.record_media(db, job.media_id, "failed", house.now)
        jobs.fetch_again(db, job.media_id, house.now)


def _edit(house: House, db: Session, talk: Conversation, line_message_id: str) -> None:
    account = db.get_one(Account, talk.account_id)
    event = g.a_text_event("こんばんは", house.number + 50_000)
    arrival = g.an_arrival(db, account, event, house.now)
    content = {"type": "text", "text": "こんばんは", "quoteToken": f"q{house.number}"}
    edit(db, talk, Edit(line_message_id, content, "こんばんは", house.now), arrival, house.now)
    g.finish(db, arrival, house.now)


def _edit_last(house: House, db: Session, talk: Conversation) -> None:
    _edit(house, db, talk, _hear(house, db, talk).line_message_id or "")


def _quote_sent(house: House, db: Session, talk: Conversation) -> None:
    """A line of ours that LINE has taken is quoted by an operator."""
    post.say(db, talk, g.an_answer(f"q{house.number}"), house.now)
    for number, work in enumerate(outbox.claim_due(db, house.now, 9)):
        taken = Accepted(f"m{house.number}-{number}", f"t{house.number}")
        outbox.record(db, work, Sent("id", (taken,)), house.now)
    reply = g.a_reply(f"quote{house.number}", force=True)
    quoting = [{**message, "quoteToken": f"t{house.number}"} for message in reply.messages]
    post.send(db, talk.id, house.operators[0], replace(reply, messages=quoting), house.now)


def _save_run(house: House, db: Session, talk: Conversation) -> None:
    for run_id, status in (("run-1", "going"), (f"run-{house.number}", "ended")):
        at_step = RunState(
            f"{talk.id}:{run_id}", "welcome", "h1", status, {"n": house.number}, house.now, "ask"
        )
        runs.save_run(db, talk, at_step, house.now)


def _send_calls(house: House, db: Session, _: Conversation, outcome: Any = None) -> None:
    for work in outbox.claim_due(db, house.now, 9):
        if outcome is not None:
            outbox.record(db, work, outcome, house.now)


def _send_anyway(house: House, db: Session, _: Conversation) -> None:
    outbox.recover(db, house.now + timedelta(hours=1))
    db.flush()
    for delivery in db.exec(select(Delivery).where(Delivery.state == "maybe_sent")).all():
        post.send_anyway(db, delivery.id or 0, house.operators[0], house.now)


def _come_online(house: House, db: Session, talk: Conversation) -> None:
    presence.set_presence(db, "socket", house.operators[0].id, talk.id, "viewing", now=house.now)


def _friend(db: Session, talk: Conversation) -> Friend:
    return db.get_one(Friend, talk.friend_id)


def _ring_clock(house: House, db: Session, talk: Conversation, what: str) -> None:
    due_at = talk.reply_due_at
    told = {"what": what, "due": due_at.isoformat() if due_at is not None else ""}
    lateness.ring(db, talk, told, house.now)


def _change_targets(house: House, db: Session, talk: Conversation) -> None:
    rules = get_rules(db)
    targets = replace(TARGETS, first_minutes=10 + house.number, next_minutes=0)
    put_rules(db, Rules(rules.version, targets, {}), "見本", house.now)
    lateness.ring(db, talk, {"what": "look"}, house.now)


def _redeliver(house: House, db: Session, talk: Conversation) -> None:
    account = db.get_one(Account, talk.account_id)
    moment = int(house.now.timestamp() * 1000)
    event = g.a_text_event("こんにちは", house.number, timestamp=moment)
    for _ in range(2):
        g.keep(db, account, [event], house.now)


def _write_draft(
    house: House, db: Session, talk: Conversation, device: str = "", text: str | None = None
) -> None:
    words = f"書きかけ {house.number}" if text is None else text
    written = Written("reply", words, device or f"page-{house.number}", 0)
    drafts.save(db, talk, house.operators[0], written, house.now)


def _settle_draft(house: House, db: Session, talk: Conversation) -> None:
    _write_draft(house, db, talk, "one")
    _write_draft(house, db, talk, "two")
    settling = Settling("reply", "one", takes=True)
    drafts.settle(db, talk, house.operators[0], settling, house.now)


def _take_draft(house: House, db: Session, talk: Conversation) -> None:
    draft = drafts.own_drafts(db, talk, house.operators[0].id).get("reply")
    drafts.take_over(db, talk, house.operators[1], draft.id if draft else "none", house.now)


def _share_draft(house: House, db: Session, talk: Conversation) -> None:
    _write_draft(house, db, talk, "one")
    drafts.share(db, talk, house.operators[0], "reply", None, house.now)


def _schedule(house: House, db: Session, talk: Conversation) -> Scheduled:
    number, moment = house.number, house.now + timedelta(seconds=2)
    plan = Plan(f"s{number}", [g.HELLO], "こんにちは", moment, stops_on_reply=number % 2 == 0)
    return scheduled.schedule(db, talk.id, house.operators[0], plan, house.now)[0]


def _fire(house: House, db: Session, talk: Conversation) -> None:
    for one in db.exec(select(Scheduled).where(Scheduled.conversation_id == talk.id)).all():
        scheduled.fire(db, talk, one.id, house.now)


def _change_scheduled(house: House, db: Session, talk: Conversation) -> None:
    one = _schedule(house, db, talk)
    to = Change(1, "ほかの文", house.now + timedelta(hours=1), stops_on_reply=False)
    scheduled.change(db, one.id, house.operators[0], to, house.now)


def _send_scheduled(house: House, db: Session, talk: Conversation) -> None:
    scheduled.send_now(db, _schedule(house, db, talk).id, house.operators[1], Change(1), house.now)


def _delete_scheduled(house: House, db: Session, talk: Conversation) -> None:
    scheduled.remove(db, _schedule(house, db, talk).id, house.operators[1], 1, house.now)


def _undo(house: House, db: Session, talk: Conversation) -> None:
    reply = replace(g.a_reply(f"c{house.number}", force=True), undo_s=10)
    lines, _ = post.send(db, talk.id, house.operators[0], reply, house.now)
    taking_back.take_back(db, lines[0], house.operators[0], house.now)


def _read_quota(house: House, db: Session, talk: Conversation) -> None:
    quota.claim(db, talk.account_id, house.now)
    quota.record(db, talk.account_id, Told(1000, house.number), house.now)


BOT = journal.BOT


def _last_note(db: Session, talk: Conversation) -> Note | None:
    found = db.exec(select(Note)).all()
    own = [n for n in found if n.conversation_id == talk.id and n.deleted_at is None]
    return max(own, key=lambda n: (n.at, n.id), default=None)


def _reword(h: House, db: Session, talk: Conversation) -> None:
    note = _last_note(db, talk)
    if note is not None:
        to = notes.Rewording(note.version, f"メモ{h.number}", [h.operators[1].id])
        notes.edit_note(db, note.id, h.operators[0], to, h.now)


def _delete_note(h: House, db: Session, talk: Conversation) -> None:
    note = _last_note(db, talk)
    if note is not None:
        notes.delete_note(db, note.id, h.operators[1], note.version, h.now)


VERBS: dict[str, Verb] = {
    "hear": _hear,
    "unsend": _unsend_last,
    "unsend unknown": lambda h, db, c: unsend(db, c, f"x{h.number}", h.now),
    "edit": _edit_last,
    "edit unknown": lambda h, db, c: _edit(h, db, c, f"y{h.number}"),
    "media": _fetch_media,
    "media again": _give_media_up,
    "quote": _quote_sent,
    "redeliver": _redeliver,
    "say": lambda h, db, c: post.say(db, c, g.an_answer(f"t{h.number}"), h.now),
    "run": _save_run,
    "send": lambda h, db, c: post.send(db, c.id, h.operators[0], g.a_reply(f"c{h.number}"), h.now),
    "send by force": lambda h, db, c: post.send(
        db, c.id, h.operators[1], g.a_reply(f"c{h.number}", force=True), h.now
    ),
    "hand off": lambda h, db, c: desk.hand_off(db, c, g.ASKED, h.now),
    "leave": lambda h, db, c: desk.leave_to_people(db, c, "受付", h.now),
    "trouble": lambda h, db, c: desk.show_trouble(db, c, "壊れた", "受付", h.now),
    "reopen": lambda h, db, c: desk.reopen(db, c, h.now),
    "rest": lambda h, db, c: desk.rest(db, c, h.now),
    "take": lambda h, db, c: desk.take(db, c.id, h.operators[0], c.epoch, h.now),
    "assign": lambda h, db, c: desk.assign(
        db, c.id, h.operators[0], desk.Assignment(h.operators[1], "予約", c.epoch), h.now
    ),
    "put back": lambda h, db, c: desk.assign(
        db, c.id, h.operators[0], desk.Assignment(None, None, c.epoch), h.now
    ),
    "resolve": lambda h, db, c: desk.resolve(db, c.id, h.operators[0], h.now),
    "return": lambda h, db, c: desk.return_to_bot(db, c.id, h.operators[0], h.now),
    "return by itself": lambda h, db, c: desk.return_to_bot(db, c.id, None, h.now),
    "snooze": lambda h, db, c: desk.snooze(
        db, c.id, h.operators[0], h.now + timedelta(hours=1), h.now
    ),
    "wake": lambda h, db, c: desk.wake(db, c, h.now),
    "see": lambda h, db, c: desk.mark_seen(db, c.id, h.operators[0], c.last_seq, h.now),
    "whisper": lambda h, db, c: whispering.whisper(
        db, c.id, h.operators[1], f"w-{h.number}", "ささやき", now=h.now
    ),
    "unsee": lambda h, db, c: undoing.mark_unseen(db, c.id, h.operators[0], h.now),
    "reopen by hand": lambda h, db, c: undoing.reopen_by_hand(db, c.id, h.operators[0], h.now),
    "wake by hand": lambda h, db, c: undoing.wake_by_hand(db, c.id, h.operators[0], h.now),
    "link": lambda h, db, c: operator_friends.link(db, c, h.operators[0], h.now),
    "unlink": lambda h, db, _c: operator_friends.unlink(db, h.operators[0].id, h.now),
    "note": lambda h, db, c: notes.add_note(
        db, c.id, h.operators[0], f"n{h.number}", "メモ", now=h.now
    ),
    "edit note": _reword,
    "delete note": _delete_note,
    "tag": lambda h, db, c: customers.put_tag(db, c.customer_id, "VIP", {}, BOT, h.now),
    "untag": lambda h, db, c: customers.take_tag(db, c.customer_id, "VIP", BOT, h.now),
    "field": lambda h, db, c: customers.set_fields(
        db, c.customer_id, [FieldChange("size", f"{h.number}", {})], BOT, h.now
    ),
    "rename": lambda h, db, c: customers.rename(db, c.customer_id, "見本 花子", BOT, h.now),
    "owner": lambda h, db, c: customers.set_owner(db, c.customer_id, h.operators[0].id, BOT, h.now),
    "profile": lambda h, db, c: customers.set_profile(
        db, _friend(db, c), {"displayName": f"はなこ{h.number}"}, h.now
    ),
    "block": lambda h, db, c: customers.blocked(db, _friend(db, c), h.now, h.now),
    "follow": lambda h, db, c: customers.followed(db, _friend(db, c), h.now),
    "online": _come_online,
    "claim": _send_calls,
    "sent": lambda h, db, c: _send_calls(h, db, c, Sent("id")),
    "token": lambda h, db, c: _send_calls(h, db, c, InvalidReplyToken()),
    "refused": lambda h, db, c: _send_calls(h, db, c, Refused("400")),
    "limited": lambda h, db, c: _send_calls(h, db, c, Limited()),
    "no answer": lambda h, db, c: _send_calls(h, db, c, NoAnswer("time-out")),
    "recover": lambda h, db, c: outbox.recover(db, h.now) or c,
    "send anyway": _send_anyway,
    "assign by rule": lambda h, db, _c: assignment.assign_next(db, h.now),
    "go out": lambda h, db, _c: absence.go_out(
        db, h.operators[0], h.operators[1], h.now + timedelta(minutes=1), h.now
    ),
    "come back": lambda h, db, _c: absence.come_back(db, h.operators[0]),
    "at risk": lambda h, db, c: _ring_clock(h, db, c, "at_risk"),
    "breached": lambda h, db, c: _ring_clock(h, db, c, "breached"),
    "other targets": _change_targets,
    "undo": _undo,
    "draft": _write_draft,
    "share": _share_draft,
    "clear draft": lambda h, db, c: _write_draft(h, db, c, "one", ""),
    "settle draft": _settle_draft,
    "take draft": _take_draft,
    "unshare": lambda h, db, c: drafts.unshare(db, c, h.operators[0], "reply", h.now),
    "schedule": _schedule,
    "fire": _fire,
    "change scheduled": _change_scheduled,
    "send scheduled": _send_scheduled,
    "delete scheduled": _delete_scheduled,
    "quota": _read_quota,
}
