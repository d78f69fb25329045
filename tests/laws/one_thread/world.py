"""The whole product, LINE and everybody around it on one thread, as steps that a test may take.

A step is one unit of one actor: LINE delivers an event, a worker does a turn, a call reaches LINE,
its answer comes back, an operator presses something, a socket falls silent, time passes. Each step
of the product may die at one of its writes (`dies_at`). What a world tells is its history.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from bot.accounts import Accounts
from bot.fetching import FETCHES
from bot.line_client import LineClient
from bot.means import Means
from bot.media_folder import MediaFolder
from bot.worker import Worker
from storage import journal
from storage.models.operators import OperatorSession
from storage.models.people import Friend
from storage.models.talks import Conversation, Message
from storage.models.work import Delivery
from tests import given
from tests.laws.killing import Killed
from tests.laws.one_thread.counter import Browser, Sending
from tests.laws.one_thread.ground import Ground
from tests.laws.one_thread.line import Letter, Line
from tests.laws.one_thread.processes import Eyes, Flight, Flights, Process
from tests.laws.one_thread.shop import MODES, OPERATORS

LONGEST_CALL = timedelta(minutes=20)  # whoever stands still for longer is started anew
FETCHED = {one.__name__: one for one in FETCHES}
WORKS = ("turns", "fire", "assign", "recover", "send", "prune", *FETCHED)


class World:
    """is_one_process: web, workers and console die together, as on SQLite; else each alone."""

    def __init__(self, url: str, ground: Ground, *, is_one_process: bool) -> None:
        self.ground, self.drawn, self.failpoint = ground, ground.drawn, ground.failpoint
        self.is_one_process, self.counter = is_one_process, ground.counter
        self.history: list[str] = []
        self.is_changed = True  # since somebody looked
        self.flights = Flights()
        self.store = Eyes(url, self.failpoint, ground.engines)
        ground.eyes.process = self
        ground.flows.book()
        self.sendings: list[Sending] = []
        self.workers: dict[str, Worker] = {}
        self._seat_processes(url)
        self.line = Line(self.drawn, self.flights, dict.fromkeys(MODES, self._webhook_is_called))
        self.friends = [
            self.line.befriend(account, f"見本{n}")
            for n, account in enumerate(("main", "main", "second"))
        ]
        self.browsers = [Browser(n, self.store.read) for n in range(len(OPERATORS))]
        for process in self.processes:
            process.start()

    def _seat_processes(self, url: str) -> None:
        names = ["all"] if self.is_one_process else ["web", "console", "worker 1", "worker 2"]
        self.processes = [Process(n, url, self.failpoint, self.ground.engines) for n in names]
        self.web = self.processes[0]
        self.console = self.processes[0] if self.is_one_process else self.processes[1]
        self.worker_processes = self.processes[:1] if self.is_one_process else self.processes[2:]
        self.ground.web.process = self.web
        self.counter.sit_in(self.console)
        for process in self.worker_processes:
            process.begin.append(lambda process=process: self._begin_worker(process))

    def _begin_worker(self, process: Process) -> None:
        client = LineClient("http://line", "http://line")
        client._pool = self.line  # type: ignore[assignment] # LINE without a socket
        means = Means(
            process.store, Accounts(process.store, given.KEY), self.ground.flows, client,
            MediaFolder(self.ground.folder),
            spawn=lambda work: self.flights.board(process, "call", work), room=lambda: 256,
            beside=lambda work: self.flights.board(process, "beside", work),
            clock=lambda: self.drawn.now, has_room=lambda: self.has_room,
        )  # fmt: skip
        worker = self.workers[process.name] = Worker(means)
        worker.recover(is_alone=self.is_one_process)

    # What LINE and its friends do.

    def says(self, friend: int, text: str) -> None:
        self._tell("says", friend, text)
        self.line.says(self.friends[friend], text)

    def deliver(self, letter: Letter, dies_at: int | None = None, *, is_copy: bool = False) -> None:
        """LINE calls the webhook; the process may die in it."""
        self._dies_at = dies_at
        status = self.line.deliver(letter, is_copy=is_copy)
        self._tell("webhook", letter.event["message"]["text"], status)

    has_room = True  # for a turn's own calls; without it they wait to be claimed
    _dies_at: int | None = None

    def _webhook_is_called(self, path: str, body: bytes, headers: Any) -> int | None:
        if not self.web.is_alive:
            return None
        dies_at, self._dies_at = self._dies_at, None
        try:
            with self.web.at_work(dies_at):
                answer = self.ground.door.test_client().post(path, data=body, headers=headers)
                return answer.status_code
        except Killed:
            self.crash(self.web)
            return None

    # What workers do.

    def work(self, process: Process, what: str, dies_at: int | None = None) -> bool:
        """One round of one of a worker's loops; whether there was anything to do."""
        if not process.is_alive or self.flights.is_busy(process, what):
            return False
        found: list[bool] = []
        once = self._once(self.workers[process.name], what)
        flight = self.flights.board(process, what, lambda: found.append(once()))
        self.go_on(flight, dies_at)
        self.is_changed |= what == "recover"  # it never says so
        was_busy = bool(found and found[0]) or flight.where != "over"
        if was_busy:
            self._tell(process.name, what)
        return was_busy

    def _once(self, worker: Worker, what: str) -> Callable[[], bool]:
        if what in FETCHED:
            return lambda: FETCHED[what](worker.means) > 0
        once: Callable[[], bool] = getattr(worker, f"{what}_once")
        return once

    def go_on(self, flight: Flight, dies_at: int | None = None, fault: str | None = None) -> None:
        """What is under way goes on to where it waits for LINE the next time."""
        flight.fault = fault
        was = flight.where
        try:
            self.flights.go_on(flight, dies_at)
        except Killed:
            self.crash(flight.process)
        if flight.name == "call" or was != "start":
            self._tell(flight.process.name, flight.name, was, flight.where, fault)

    def crash(self, process: Process) -> None:
        """It is gone, with all that it had under way."""
        self._tell("crash", process.name, self.failpoint.reached[-1:])
        self.flights.lose(process)
        process.end()
        if process is self.console:
            for browser in self.browsers:
                browser.lose()

    def restart(self, process: Process) -> None:
        if process.is_alive:
            self.crash(process)
        self._tell("start", process.name)
        process.start()

    def passes(self, length: timedelta) -> None:
        """Time passes. Calls do not wait for so long: their processes are started anew."""
        self.drawn.now += length
        self._tell("passes", length)
        if length < LONGEST_CALL:
            return
        for process in self.processes:
            if process.is_alive and any(f.process is process for f in self.flights.under_way):
                self.restart(process)
        self.store.write(self._sign_in_again)

    def _sign_in_again(self, db: Session) -> None:
        for session in db.scalars(select(OperatorSession)):
            session.created_at = session.used_at = session.proved_at = self.drawn.now
            db.add(session)

    # What operators do.

    def talks(self) -> list[Conversation]:
        """In the order of the friends; of who has written something that was heard."""
        order = [friend.user_id for friend in self.friends]

        def read(db: Session) -> list[Conversation]:
            found = {talk.friend_id: talk for talk in db.scalars(select(Conversation))}
            users = self._users(db)
            return sorted(found.values(), key=lambda talk: order.index(users[talk.friend_id]))

        return self.store.read(read)

    def _users(self, db: Session) -> dict[str, str]:
        rows = db.execute(select(col(Friend.id), col(Friend.line_user_id)))
        return {row.id: row.line_user_id for row in rows}

    def press(
        self, operator: int, path: str, body: dict[str, Any], dies_at: int | None = None
    ) -> tuple[int, Any] | None:
        """A request to the console; None when there was no answer. A bug is no refusal."""
        if not self.console.is_alive:
            return None
        answer: tuple[int, Any] | None = None
        try:
            with self.console.at_work(dies_at):
                answer = self.counter.call(operator, path, body)
        except Killed:
            self.crash(self.console)
        self._tell("press", operator, path, body, answer and answer[0])
        assert answer is None or answer[0] < 500, (path, answer)
        return answer

    def send(self, operator: int, talk: Conversation, undo_s: int, dies_at: int | None) -> None:
        """An operator writes; the browser may send it once more, and more often."""
        name = f"c{len(self.sendings)}"
        body = {
            "client_msg_id": name, "text": f"返事 {name}", "seen_seq": talk.last_seq,
            "force": True, "undo_s": undo_s,
        }  # fmt: skip
        self.sendings.append(Sending(operator, f"/conversations/{talk.id}/messages", body))
        self.send_again(self.sendings[-1], dies_at)

    def send_again(self, sending: Sending, dies_at: int | None = None) -> None:
        self.press(sending.operator, sending.path, sending.body, dies_at)

    def move(self, operator: int, talk: Conversation, what: str, dies_at: int | None) -> None:
        """take, resolve, return, snooze, see: by what the operator has in front of them."""
        until = (self.drawn.now + timedelta(minutes=5)).isoformat()
        path, body = {
            "take": ("take", {"epoch": talk.epoch}),
            "resolve": ("resolve", {}),
            "return": ("return", {}),
            "snooze": ("snooze", {"until": until}),
            "see": ("seen", {"seq": talk.last_seq}),
        }[what]
        self.press(operator, f"/conversations/{talk.id}/{path}", body, dies_at)

    def sent(self) -> Sequence[Message]:
        """What the staff have sent, most of which has left."""
        sent = select(Message).where(col(Message.sender) == "operator").order_by(col(Message.id))
        return self.store.read(lambda db: db.scalars(sent).all())

    def take_back(self, operator: int, message: Message, dies_at: int | None) -> None:
        self.press(operator, f"/messages/{message.id}/cancel", {}, dies_at)

    def not_plainly_sent(self) -> Sequence[Delivery]:
        """What waits, and what an operator may see to."""
        open_ = ("pending", "maybe_sent", "unknown", "rejected")
        query = select(Delivery).where(col(Delivery.state).in_(open_)).order_by(col(Delivery.id))
        return self.store.read(lambda db: db.scalars(query).all())

    def see_to(self, operator: int, one: Delivery, verb: str, dies_at: int | None) -> None:
        """Send it anyway, or give it up."""
        self.press(operator, f"/deliveries/{one.id}/{verb}", {}, dies_at)

    # What browsers do.

    def emit(self) -> None:
        """The console's process looks at the journal."""
        if self.console.is_alive:
            with self.console.at_work():
                self.counter.emit()

    def catch_up(self, browser: Browser) -> None:
        """It comes back, hears of all, and shows what is."""
        if not self.console.is_alive:
            return
        with self.console.at_work():
            if browser.socket is None or browser.hear():
                browser.resume(self.counter)
            while self.counter.emit():
                pass
            if browser.hear():
                browser.resume(self.counter)
        self._tell("browser", browser.operator, dict(browser.at))
        assert browser.at == self.store.read(journal.all_heads), "the browser is behind"
        assert browser.is_true(), "the browser shows something else than there is"

    def drop(self, browser: Browser) -> None:
        """Its socket falls silent."""
        if browser.socket is not None:
            with self.console.at_work():
                browser.drop()
        self._tell("socket", browser.operator, "dropped")

    # How it ends, and what is to be seen.

    def close(self) -> None:
        """The world is over."""
        for process in self.processes:
            self.flights.lose(process)
            if process.is_alive:
                process.end()
        self.store.close()

    def _tell(self, *what: object) -> None:
        self.is_changed = True
        self.history.append(f"{self.drawn.now.isoformat()} {' '.join(map(str, what))}")
