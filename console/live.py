"""The live feed: journal entries and presence over Socket.IO. A hint; the truth is the journal.

A browser says where it stands (`resume`), joins its accounts' rooms first and reads then, so that
nothing falls between. An entry that is lost on the way is asked for again. Every event checks the
session anew: who was signed out or locked out is gone within two seconds. Who is at a talk is read
from the table that all processes share, and told where it is not what was told last.
"""

import logging
from collections.abc import Callable, Mapping
from threading import Event, Lock
from typing import Any

from flask import request
from flask_socketio import SocketIO, disconnect, join_room
from sqlmodel import Session

from console.api import sessions
from console.door import Asker, House
from console.entries import Wall, entry_row, is_for_everybody, within
from console.rates import Buckets
from console.whereabouts import Waiter, Whereabouts, room_of
from storage import bell, failpoints, journal, measures, presence
from storage.accounts import list_accounts
from storage.conversations import get_conversation
from storage.keepable import is_keepable
from storage.models.work import JournalEntry
from storage.paces import Limit
from storage.refusals import NotFound

log = logging.getLogger(__name__)

HEAD_EVERY_S = 15.0
CHECK_EVERY_S = 1.0
PRESENCE_EVERY_S = 1.0
LONGEST_SLEEP_S = 0.5
RESTART_WITHIN_MS = 4000  # browsers come back over this time, not all at once
GOODBYE_S = 1.0  # for browsers to hear it and hang up
GATHER_S = 0.02  # under load, entries are read and sent on in groups
MAX_EVENT_BYTES = 64 * 1024
EVENTS = Limit(60, 10)  # of one socket; who was let go comes back and asks for what they missed
DOINGS: tuple[presence.Doing, ...] = ("viewing", "composing", "away")


class Live:
    """The sockets of this process."""

    def __init__(
        self, socketio: SocketIO, house: House, waiter: Callable[[], Waiter] = Event
    ) -> None:
        self._io = socketio
        self._house = house
        self._waiter = waiter()
        self._whereabouts = Whereabouts(socketio, house, waiter())
        self._lock = Lock()
        self._events = Buckets()
        self._tokens: dict[str, str | None] = {}  # socket → its session's token
        self._walls: dict[str, Wall] = {}  # socket → what it knows of
        self._sent: dict[str, int] = house.store.read(journal.all_heads)
        self._stopping = False
        self._unsubscribe = house.store.bell.subscribe(self._ring)
        socketio.on_event("connect", self._connect)
        socketio.on_event("disconnect", self._disconnect)
        socketio.on_event("resume", self._resume)
        socketio.on_event("presence", self._presence)

    def loops(self) -> list[Callable[[], None]]:
        """What the caller runs beside the server until `stop`."""
        return [self._follow_journal, self._follow_presence, self._keep_house]

    def figures(self) -> dict[str, int]:
        """How many sockets there are."""
        return {"madoguchi_sockets": len(self._tokens)}

    def say_goodbye(self) -> None:
        """Tell every browser to come again, at a moment of its own; until they have hung up."""
        self._io.emit("server_restart", {"within_ms": RESTART_WITHIN_MS})
        waited_s = 0.0
        while self._tokens and waited_s < GOODBYE_S:
            self._io.sleep(GATHER_S)
            waited_s += GATHER_S

    def stop(self) -> None:
        """End the loops."""
        self._stopping = True
        self._unsubscribe()
        self._waiter.set()
        self._whereabouts.news.set()

    def _ring(self, topics: frozenset[str]) -> None:
        if bell.JOURNAL in topics:
            self._waiter.set()
        if bell.PRESENCE in topics:
            self._whereabouts.news.set()

    def _connect(self, _auth: Any = None) -> bool | None:
        token = request.cookies.get(sessions.cookie_name(self._house))
        asker = sessions.find_asker(self._house, token)
        if asker is None or asker.must_enrol:
            return False
        socket_id, now = _socket_id(), self._house.clock()
        with self._lock:
            self._tokens[socket_id] = token
        self._house.store.write(
            lambda db: presence.set_presence(
                db, socket_id, asker.operator.id, None, "viewing", now=now
            )
        )
        return None

    def _disconnect(self, *_reason: Any) -> None:
        socket_id = _socket_id()
        with self._lock:
            self._tokens.pop(socket_id, None)
            self._walls.pop(socket_id, None)
        if self._house.store.write(lambda db: presence.clear_presence(db, socket_id)) is not None:
            self._whereabouts.tell()

    def _resume(self, given: Any = None) -> dict[str, Any]:
        asker = self._asker()
        if asker is None:
            return {"streams": {}}
        wanted = given.get("streams", {}) if isinstance(given, Mapping) else {}
        wall = self._wall_of(asker)
        for account in wall.accounts:  # join first, then read: nothing falls between
            join_room(room_of(account))
        with self._lock:
            self._walls[_socket_id()] = wall
        self._whereabouts.tell_newcomer(_socket_id(), wall.accounts)
        return {
            "streams": {
                account: self._stream(account, wanted[account], wall)
                for account in wall.accounts
                if isinstance(wanted, Mapping) and isinstance(wanted.get(account), int)
            }
        }

    def _wall_of(self, asker: Asker) -> Wall:
        accounts = self._house.store.read(list_accounts)
        return Wall(frozenset(a.id for a in accounts if asker.scope.allows(a.id)), asker.role)

    def _stream(self, account: str, after: int, wall: Wall) -> dict[str, Any]:
        tail = self._house.store.read(lambda db: journal.tail(db, account, after))
        found = "reset" if tail.reset else "gap" if tail.entries else "none"
        measures.RESUMES.labels(found).inc()
        return {
            "entries": [within(entry_row(entry), wall) for entry in tail.entries],
            "head": tail.head,
            "more": tail.more,
            "reset": tail.reset,
        }

    def _presence(self, given: Any = None) -> None:
        asker = self._asker()
        if asker is None or not isinstance(given, Mapping) or not is_keepable(given):
            return
        talk_id = given.get("conversation_id")
        doing = next((doing for doing in DOINGS if doing == given.get("doing")), None)
        if doing is None:
            return
        socket_id, now = _socket_id(), self._house.clock()

        def write(db: Session) -> None:
            at = talk_id if isinstance(talk_id, str) else None
            if at is not None:
                get_conversation(db, asker.scope, at)
            presence.set_presence(db, socket_id, asker.operator.id, at, doing, now=now)

        try:
            self._house.store.write(write)
        except NotFound:
            return
        self._whereabouts.tell(talk_id)

    def _asker(self) -> Asker | None:
        """Who is behind this socket now; one that is signed out, or floods us, is let go."""
        socket_id = _socket_id()
        if self._events.take(socket_id, "event", EVENTS, self._house.clock()):
            disconnect()
            return None
        asker = sessions.find_asker(self._house, self._tokens.get(socket_id))
        if asker is None or asker.must_enrol:
            disconnect()
            return None
        return asker

    def _follow_journal(self) -> None:
        while not self._stopping:
            self._waiter.clear()
            try:
                was_news = self._emit_news()
            except Exception:
                log.exception("the journal could not be followed")
                was_news = False
            if was_news:
                self._io.sleep(GATHER_S)
            else:
                self._waiter.wait(LONGEST_SLEEP_S)

    def _follow_presence(self) -> None:
        while not self._stopping:
            self._whereabouts.news.clear()
            if self._tokens:
                self._whereabouts.follow()
            self._io.sleep(GATHER_S)
            self._whereabouts.news.wait(PRESENCE_EVERY_S)

    def _emit_news(self) -> bool:
        heads = self._house.store.read(journal.all_heads)
        if not self._tokens:  # nobody listens: who comes reads for themselves
            was_news = heads != self._sent
            self._sent.update(heads)
            return was_news
        was_news = False
        for account, head in heads.items():
            sent = self._sent.setdefault(account, 0)  # an account that was added meanwhile
            if head <= sent:
                continue
            tail = self._house.store.read(
                lambda db, account=account, sent=sent: journal.tail(db, account, sent)  # type: ignore[misc] # bound now
            )
            for entry in tail.entries:
                self._emit_entry(entry)
                failpoints.reach("entry emitted")
                self._sent[account] = entry.id
                was_news = True
            self._io.sleep(0)  # the sockets take theirs before the next account's comes on top
        return was_news

    def _emit_entry(self, entry: JournalEntry) -> None:
        """To the account's room; what not everybody there may see, to each by their own wall."""
        row = entry_row(entry)
        if is_for_everybody(row):
            self._io.emit("entry", row, to=room_of(entry.account_id))
            return
        with self._lock:
            walls = {s: wall for s, wall in self._walls.items() if row["account"] in wall.accounts}
        for socket_id, wall in walls.items():
            self._io.emit("entry", within(row, wall), to=socket_id)

    def _keep_house(self) -> None:
        """Every second: let go of who may not be here; every 15: say where the streams are."""
        passed_s = 0.0
        while not self._stopping:
            self._io.sleep(CHECK_EVERY_S)
            passed_s += CHECK_EVERY_S
            try:
                self._let_go_and_expire()
                if passed_s >= HEAD_EVERY_S:
                    passed_s = 0.0
                    for account, head in self._house.store.read(journal.all_heads).items():
                        self._io.emit("head", {account: head}, to=room_of(account))
            except Exception:
                log.exception("the sockets could not be looked after")

    def _let_go_and_expire(self) -> None:
        with self._lock:
            tokens = dict(self._tokens)
        askers = {token: sessions.find_asker(self._house, token) for token in set(tokens.values())}
        for socket_id, token in tokens.items():
            asker = askers[token]
            if asker is None or asker.must_enrol:
                self._io.server.disconnect(socket_id)
            else:
                self._move_walls(socket_id, self._wall_of(asker))
        now = self._house.clock()
        if self._house.store.write(lambda db: presence.expire(db, now, tokens)):
            self._whereabouts.tell()

    def _move_walls(self, socket_id: str, wall: Wall) -> None:
        """Accounts were added, or given to somebody, or taken away, or they are something else by
        now: their browser begins anew."""
        with self._lock:
            known = self._walls.get(socket_id)
            if known is None or known == wall:
                return
            self._walls[socket_id] = wall
        for account in known.accounts - wall.accounts:
            self._io.server.leave_room(socket_id, room_of(account), namespace="/")
        self._io.emit("house", {"accounts": sorted(wall.accounts)}, to=socket_id)


def _socket_id() -> str:
    socket_id: str = request.sid  # type: ignore[attr-defined] # Flask-SocketIO puts it there
    return socket_id
