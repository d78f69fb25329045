"""Tells staff that somebody waits: follows the journal, pushes to browsers, writes to LINE.

The cursor moves in the transaction that writes down what is to be sent, so a crash neither loses a
notice nor repeats one; one worker at a time holds an account's cursor. What happened while nobody
followed is only listed.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.accounts import Accounts
from bot.egress import Egress
from bot.flow_source import FlowSource
from bot.line_client import LineClient, LineUnreachable
from bot.looping import loop
from bot.means import Waiter
from bot.notice_letters import line_text, push_payload
from bot.web_push import Signer, push
from storage import account_facts, bell, notices, operator_friends, pushes, vapid
from storage.letters import letter_of
from storage.models.notices import Notice
from storage.models.work import JournalEntry
from storage.notice_rules import KINDS, Decision, decide, is_quiet, occasion_of
from storage.notices import Reader
from storage.operator_friends import Letter
from storage.operators import AT_FIRST, Lasting
from storage.pushes import News, Push
from storage.quota import is_above_reserve
from storage.unit import Store

log = logging.getLogger(__name__)

GATHER_S = 0.1  # entries that come close together are looked at in one unit
KEEP_EVERY = timedelta(seconds=20)
ASK_LINE_EVERY = timedelta(minutes=1)
FAR_BEHIND = 1000  # entries that concern nobody, after which the cursor is moved all the same


@dataclass(frozen=True, slots=True)
class NoticeMeans:
    """What it works with. public_url: where the console is reached. zone: the workspace's."""

    store: Store
    key: bytes
    accounts: Accounts
    flows: FlowSource
    client: LineClient
    egress: Egress
    spawn: Callable[[Callable[[], None]], object]
    public_url: str
    zone: str
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    waiter: Callable[[], Waiter] = Event
    sessions_last: Lasting = AT_FIRST


class NoticeWorker:
    """The loops: the journal, the pushes, and what is done now and then."""

    def __init__(self, means: NoticeMeans) -> None:
        self.means = means
        self._stopping = False
        self._passed: dict[str, int] = {}  # entries that concern nobody, by account
        self._keep_at = means.clock()
        self._ask_at: dict[str, datetime] = {}
        self._news, self._pushes, self._idle = (means.waiter() for _ in range(3))
        self._unsubscribe = means.store.bell.subscribe(self._ring)

    def loops(self) -> list[Callable[[], None]]:
        """What the caller runs, each beside the others, until `stop`."""
        works = (
            (self.follow_once, self._news),
            (self.push_once, self._pushes),
            (self.keep_once, self._idle),
        )
        gather = partial(self._idle.wait, GATHER_S)
        return [partial(loop, work, waiter, self._is_over, gather) for work, waiter in works]

    def stop(self) -> None:
        """The loops end after what they are doing."""
        self._stopping = True
        self._unsubscribe()
        for waiter in (self._news, self._pushes, self._idle):
            waiter.set()

    def follow_once(self) -> bool:
        """Look at what happened since; whether there may be more."""
        store, is_more = self.means.store, False
        for account_id, (last_id, head) in store.read(notices.find_behind).items():
            after = max(last_id, self._passed.get(account_id, 0))
            if after >= head:
                continue
            has_news = partial(notices.has_news, account_id=account_id, after=after)
            if not store.read(has_news) and head - last_id < FAR_BEHIND:
                self._passed[account_id] = head
                continue
            store.write(partial(self._tell, account_id=account_id))
            is_more = True
        if is_more:
            self._pushes.set()
        return is_more

    def push_once(self) -> bool:
        """Send what is due to browsers; whether there was anything."""
        store, now = self.means.store, self.means.clock()
        if not store.read(lambda db: pushes.has_work(db, now)):
            return False
        claimed = store.write(lambda db: pushes.claim(db, self.means.key, now))
        for one in claimed:
            self.means.spawn(partial(self._push, one))
        return bool(claimed)

    def keep_once(self) -> bool:
        """Quiet hours that are over, browsers that are signed out, what LINE says of accounts."""
        now = self.means.clock()
        if now < self._keep_at:
            return False
        self._keep_at = now + KEEP_EVERY
        self.release_once()
        self.means.store.write(lambda db: self._tidy(db, now))
        for account_id in self.means.store.read(lambda db: self._unasked(db, now)):
            self._ask_line(account_id, now)
        return False

    def release_once(self) -> None:
        """Whose quiet hours are over hears once how much there was."""
        self.means.store.write(self._release)

    def _tell(self, db: Session, account_id: str) -> None:
        entries = notices.next_entries(db, account_id)
        concerning = [entry for entry in entries or () if entry.kind in KINDS]
        if not concerning:
            return
        readers = notices.list_readers(db, self._house_queues())
        for entry in concerning:
            for reader in readers:
                self._tell_one(db, entry, reader)

    def _tell_one(self, db: Session, entry: JournalEntry, reader: Reader) -> None:
        row, person, now = _row_of(entry), reader.person, self.means.clock()
        if occasion_of(row, person) is None:
            return
        told = notices.told_of(db, person.id, entry.conversation_id, now)
        decision = decide(row, person, reader.rules, told, now=now, zone=self.means.zone)
        if decision is None:
            return
        line = notices.note(db, person.id, entry, decision, now)
        self._send(db, reader, entry, decision, line)

    def _send(
        self, db: Session, reader: Reader, entry: JournalEntry, decision: Decision, line: Notice
    ) -> None:
        now, person = self.means.clock(), reader.person
        if "desktop" in decision.channels:
            news = News(
                decision.occasion, entry.account_id, entry.conversation_id, entry.id, line.count
            )
            pushes.enqueue(db, person.id, news, now)
        if "line" in decision.channels:
            text = line_text(
                decision.occasion,
                reader.language,
                entry.payload,
                self._address(entry.conversation_id),
                with_text=reader.rules["line_with_text"],
                count=line.count,
            )
            source = letter_of(person.id, entry.account_id, entry.id)
            self._write(db, reader, text, source)

    def _write(self, db: Session, reader: Reader, text: str, source: str) -> None:
        link = operator_friends.find_link(db, reader.person.id)
        if link is None:
            return
        now = self.means.clock()
        letter = Letter(
            messages=[{"type": "text", "text": text}],
            source=source,
            day=now.astimezone(ZoneInfo(self.means.zone)).date().isoformat(),
            cap=reader.rules["line_daily_cap"],
            has_quota=is_above_reserve(db, link.account_id),
        )
        operator_friends.tell(db, reader.person.id, letter, now)

    def _release(self, db: Session) -> None:
        held, now = notices.list_held(db), self.means.clock()
        readers = notices.list_readers(db, self._house_queues()) if held else []
        for reader in readers:
            if reader.person.id not in held or is_quiet(reader.rules, now, self.means.zone):
                continue
            counts = notices.release_held(db, reader.person.id)
            if count := counts.get("desktop"):
                pushes.enqueue(db, reader.person.id, News("after_quiet", count=count), now)
            if count := counts.get("line"):
                address = self._address(None)
                text = line_text(
                    "after_quiet", reader.language, None, address, with_text=False, count=count
                )
                moment = int(now.timestamp())
                self._write(db, reader, text, f"after_quiet:{reader.person.id}:{moment}")

    def _push(self, one: Push) -> None:
        """One browser; what goes wrong here stops nobody else."""
        try:
            signer = self.means.store.read(self._signer)
            payload = self.means.store.read(lambda db: self._payload(db, one))
            fate = push(self.means.egress, signer, one.to, payload, self.means.clock())
        except Exception:
            log.exception("a push could not be made")
            fate = "refused"
        now = self.means.clock()
        self.means.store.write(lambda db: pushes.record(db, one, fate, now))

    def _payload(self, db: Session, one: Push) -> dict[str, str]:
        reader = notices.find_reader(db, one.operator_id)
        entry = None
        if one.entry_id is not None and reader.rules["desktop_with_text"]:
            entry = db.get(JournalEntry, (one.account_id, one.entry_id))
        words = entry.payload if entry is not None else None
        return push_payload(one.occasion, one.language, words, one.conversation_id, count=one.count)

    def _signer(self, db: Session) -> Signer:
        private = vapid.private_key(db, self.means.key)
        if private is None:
            raise LookupError("a browser takes pushes, and the install has no key")
        is_https = self.means.public_url.startswith("https://")
        return Signer.of(
            private, self.means.public_url if is_https else "mailto:madoguchi@example.com"
        )

    def _tidy(self, db: Session, now: datetime) -> None:
        pushes.prune(db, now, self.means.sessions_last)
        operator_friends.forget_tries(db, now)

    def _unasked(self, db: Session, now: datetime) -> list[str]:
        """Accounts whose address nobody knows, or has asked for long ago."""
        wanted = account_facts.list_wanted(db, now)
        return [account for account in wanted if self._ask_at.get(account, now) <= now]

    def _ask_line(self, account_id: str, now: datetime) -> None:
        self._ask_at[account_id] = now + ASK_LINE_EVERY
        known = self.means.accounts.find(account_id)
        if known is None:
            return
        try:
            basic_id = self.means.client.basic_id(known[1].token)
        except LineUnreachable as error:
            log.info("LINE says nothing of account %s: %s", account_id, error)
            return
        self.means.store.write(
            lambda db: account_facts.keep_basic_id(db, account_id, basic_id, now)
        )

    def _house_queues(self) -> frozenset[str]:
        return frozenset(self.means.flows.book().house.queues.names)

    def _address(self, conversation_id: str | None) -> str:
        return (
            f"{self.means.public_url}/talks/{conversation_id}"
            if conversation_id
            else (self.means.public_url)
        )

    def _is_over(self) -> bool:
        return self._stopping

    def _ring(self, rung: frozenset[str]) -> None:
        if bell.JOURNAL in rung:
            self._news.set()


def _row_of(entry: JournalEntry) -> dict[str, object]:
    """The entry as browsers get it, for the rules that both share."""
    return {
        "account": entry.account_id,
        "kind": entry.kind,
        "payload": entry.payload,
        "actor": entry.actor,
        "at": entry.at.isoformat(),
    }
