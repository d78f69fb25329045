"""What one was told of, and by which means one can be: one's own list, browser and LINE."""

from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import segno
from sqlmodel import Session

from console.door import Asker, House, Row
from console.notice_bodies import LineLink, NoticesSeen, NoticeTest, PushGiven
from console.refusals import NotTold
from storage import account_facts, mentions, notices, operator_friends, pushes, quota, rows, vapid
from storage.accounts import list_accounts
from storage.lookups import people_of
from storage.models.notices import Notice
from storage.models.people import Account
from storage.models.talks import Conversation
from storage.models.work import JournalEntry
from storage.operator_friends import LEAD, Letter
from storage.operators import hash_token
from storage.pushes import Given, News
from storage.refusals import NotFound

LINE_TALK = "https://line.me/R/oaMessage/"
WORDS = {
    "ja": "テストのお知らせです。届いています。",
    "en": "This is a test notice. It has arrived.",
}


def list_own(house: House, asker: Asker) -> Row:
    """The list, the newest first."""
    return house.store.read(lambda db: _page(db, asker))


def mark_seen(house: House, asker: Asker, body: NoticesSeen) -> Row:
    """One has looked."""
    now, me = house.clock(), asker.operator.id

    def write(db: Session) -> Row:
        notices.mark_seen(db, me, body.conversation_id, body.up_to, now)
        if body.conversation_id is not None:
            mentions.mark_seen(db, me, body.conversation_id, now)
        db.expire_all()
        return _page(db, asker)

    return house.store.write(write)


def means(house: House, asker: Asker) -> Row:
    """How this browser and one's LINE can be reached."""
    return house.store.write(lambda db: _means(db, house, asker))


def subscribe(house: House, asker: Asker, body: PushGiven) -> Row:
    """This browser takes pushes until its session ends."""
    given = Given(body.endpoint, body.keys.p256dh, body.keys.auth)
    token, me, now = hash_token(asker.token), asker.operator.id, house.clock()
    house.store.write(lambda db: pushes.subscribe(db, house.key, me, token, given, now=now))
    return {}


def unsubscribe(house: House, asker: Asker) -> Row:
    """This browser takes none any more."""
    house.store.write(lambda db: pushes.unsubscribe(db, hash_token(asker.token)))
    return {}


def test(house: House, asker: Asker, body: NoticeTest) -> Row:
    """Really send one; how it fared is asked for afterwards. Raises NotTold."""

    def write(db: Session) -> Row:
        if body.channel == "desktop":
            _test_push(db, house, asker)
        else:
            _test_line(db, house, asker)
        db.flush()
        return _means(db, house, asker)

    return house.store.write(write)


def make_code(house: House, asker: Asker, body: LineLink) -> tuple[Row, int]:
    """A code that links whoever sends it to the account."""
    now = house.clock()

    def write(db: Session) -> Row:
        account = db.get(Account, body.account)
        if account is None or not account.is_active or not asker.scope.allows(account.id):
            raise NotFound
        code = operator_friends.make_code(db, asker.operator.id, account.id, now)
        return _code_row(code, account_facts.find_basic_id(db, account.id), now)

    return house.store.write(write), 201


def unlink(house: House, asker: Asker) -> Row:
    """LINE tells one nothing any more."""
    now, me = house.clock(), asker.operator.id

    def write(db: Session) -> Row:
        operator_friends.drop_code(db, me)
        operator_friends.unlink(db, me, now)
        db.flush()
        return _means(db, house, asker)

    return house.store.write(write)


def _page(db: Session, asker: Asker) -> Row:
    lines = [
        line
        for line in notices.list_notices(db, asker.operator.id)
        if asker.scope.allows(line.account_id)
    ]
    talks = {
        line.conversation_id: db.get(Conversation, line.conversation_id)
        for line in lines
        if line.conversation_id is not None
    }
    there = [talk for talk in talks.values() if talk is not None]
    people = people_of(db, [talk.friend_id for talk in there]) if there else {}
    items = [_row(db, line, talks.get(line.conversation_id or ""), people) for line in lines]
    return {"items": items, "next": None, "unseen": sum(1 for i in items if i["seen_at"] is None)}


def _row(db: Session, line: Notice, talk: Conversation | None, people: Any) -> Row:
    entry = db.get(JournalEntry, (line.account_id, line.entry_id))
    notice = entry.payload.get("notice") if entry is not None else None
    actor = entry.actor if entry is not None else {}
    return {
        "id": line.id,
        "account": line.account_id,
        "conversation_id": line.conversation_id,
        "occasion": line.occasion,
        "customer_name": people[talk.friend_id][0] if talk is not None else None,
        "queue": talk.queue if talk is not None else None,
        "text": notice["text"] if notice is not None else None,
        "by": actor.get("name") if actor.get("kind") == "operator" else None,
        "count": line.count,
        "at": rows.moment(line.at),
        "seen_at": rows.moment(line.seen_at),
        "is_quiet": line.is_quiet,
    }


def _means(db: Session, house: House, asker: Asker) -> Row:
    address = pushes.find_address(db, hash_token(asker.token))
    return {
        "push": {
            "public_key": vapid.ensure_key(db, house.key, house.clock()),
            "is_on": address is not None,
            "fate": address.fate if address is not None else None,
            "fate_at": rows.moment(address.fate_at) if address is not None else None,
        },
        "line": _link_row(db, house, asker),
        "accounts": [_account_row(db, account) for account in _accounts(db, asker)],
    }


def _accounts(db: Session, asker: Asker) -> list[Account]:
    return [a for a in list_accounts(db) if a.is_active and asker.scope.allows(a.id)]


def _account_row(db: Session, account: Account) -> Row:
    (month,) = quota.quota_rows(db, [account.id])
    return {
        "id": account.id,
        "name": account.name,
        "basic_id": account_facts.find_basic_id(db, account.id),
        "left": month["left"],
        "is_spare": quota.is_above_reserve(db, account.id),
    }


def _link_row(db: Session, house: House, asker: Asker) -> Row | None:
    link = operator_friends.find_link(db, asker.operator.id)
    if link is None:
        return None
    return {
        "account": link.account_id,
        "name": link.name,
        "is_blocked": link.is_blocked,
        "since": rows.moment(link.since),
        "told_today": link.told_count if link.told_on == _day(house) else 0,
        "held_back": link.held_back,
        "delivery": link.delivery,
        "delivery_reason": link.delivery_reason,
    }


def _test_push(db: Session, house: House, asker: Asker) -> None:
    token = hash_token(asker.token)
    address = pushes.find_address(db, token)
    if address is None:
        raise NotTold
    address.fate, address.fate_at = None, None
    db.add(address)
    pushes.enqueue(db, asker.operator.id, News("test"), house.clock(), token)


def _test_line(db: Session, house: House, asker: Asker) -> None:
    link = operator_friends.find_link(db, asker.operator.id)
    if link is None:
        raise NotTold
    now, rules = house.clock(), notices.find_reader(db, asker.operator.id).rules
    letter = Letter(
        messages=[{"type": "text", "text": WORDS[asker.language]}],
        source=f"notice_test:{asker.operator.id}:{now.isoformat()}",
        day=_day(house),
        cap=rules["line_daily_cap"],
        has_quota=quota.is_above_reserve(db, link.account_id),
    )
    operator_friends.tell(db, asker.operator.id, letter, now)


def _day(house: House) -> str:
    zone = ZoneInfo(house.settings.timezone)
    return house.clock().astimezone(zone).date().isoformat()


def _code_row(code: str, basic_id: str | None, now: datetime) -> Row:
    """LINE's address opens the account's talk with the text in it; it opens on phones alone."""
    text = f"{LEAD} {code}"
    address = f"{LINE_TALK}{quote(basic_id, safe='')}/?{quote(text)}" if basic_id else None
    return {
        "code": code,
        "text": text,
        "address": address,
        "qr": _picture(address) if address else None,
        "expires_at": rows.moment(now + operator_friends.LIFE),
    }


def _picture(address: str) -> str:
    return segno.make(address, error="m").svg_data_uri(scale=4, border=4, light="white")
