"""What friends and colleagues do in a storm, and LINE's part in it: what was not acknowledged is
delivered again.

One friend's events go one after another, as LINE delivers them; many friends are at it at once.
Each kind of friend is there for places in the product: `count` walks a flow that counts, `ask` has
the FAQ asked, `picture` sends files, `desk` is answered by a colleague.
"""

import http.client
import json
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from tests.chaos.checker import BEGIN, Meant
from tests.chaos.evidence import MODES
from tests.chaos.front import Front
from tests.chaos.gathering import arrivals_of, talk_of, waiting
from tests.chaos.rig import EMAIL, PASSWORD, PATIENCE_S, Process, Rig

KINDS = ("count", "ask", "picture", "desk")
SHARES = (6, 2, 1, 1)
AGAIN_S = 0.25
PACE_S = 0.3
TURN_S = 300.0  # a turn may be undone by many deaths
SOON_S = (1.0, 3.0)
OK, MADE, TOO_MANY = 200, 201, 429


@dataclass
class Person:
    """A friend of one account. talk: the id of their talk, once there is one."""

    user: str
    account: str
    kind: str
    said: int = 0
    talk: str | None = None


@dataclass
class Colleague:
    """Signed in once; keeps trying under the same name until the console has answered."""

    consoles: Sequence[Process | Front]
    cookie: str = ""
    csrf: str = ""
    _turns: Any = field(default_factory=count)

    def sign_in(self) -> None:
        status, session = self.call("POST", "/session", {"email": EMAIL, "password": PASSWORD})
        assert status == OK, session
        self.csrf = session["csrf_token"]

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and answer; 0 when nobody answers."""
        console = self.consoles[next(self._turns) % len(self.consoles)]
        line = http.client.HTTPConnection("127.0.0.1", console.port, timeout=10)
        headers = {
            "Content-Type": "application/json",
            "Origin": console.url,
            "Cookie": self.cookie,
            "X-CSRF-Token": self.csrf,
        }
        try:
            line.request(
                method, f"/api/v1{path}", None if body is None else json.dumps(body), headers
            )
            answer = line.getresponse()
            if path == "/session" and method == "POST":
                self.cookie = (answer.getheader("Set-Cookie") or "").split(";")[0]
            return answer.status, json.loads(answer.read() or b"null")
        except (OSError, ValueError, http.client.HTTPException):
            return 0, None
        finally:
            line.close()

    def insist(self, method: str, path: str, body: Callable[[], Any]) -> Any:
        """Until it is done, under the same name each time. body: as it is written at each try."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            status, answer = self.call(method, path, body())
            if status in {OK, MADE}:
                return answer
            assert _is_worth_another_try(status, answer), (status, answer, path)
            assert time.monotonic() < deadline, (status, answer, path)
            time.sleep(1.0 if status == TOO_MANY else AGAIN_S)


def _is_worth_another_try(status: int, answer: Any) -> bool:
    """Nobody was there, or it took so long that the moment it was planned for had passed."""
    is_over = status == 400 and answer["error"]["code"] == "too_far_off"
    return status in {0, TOO_MANY} or status >= 500 or is_over


class Traffic:
    """All friends and one colleague. events: what they did and had acknowledged."""

    def __init__(self, rig: Rig, seed: int, users: int, kinds: Sequence[str] = KINDS) -> None:
        self.rig = rig
        self.draw = random.Random(seed)
        self.events = 0
        self.unacknowledged = 0
        self.failed: list[BaseException] = []
        self.meant = Meant({}, {}, {})
        self.people = [self._befriend(number, kinds) for number in range(users)]
        self.colleague = Colleague([rig.front] if rig.front else rig.with_role("console"))
        self.goes_on = threading.Event()  # nobody begins anything while it is not set
        self.goes_on.set()
        self._counting = threading.Lock()
        self._is_over, self._is_enough = threading.Event(), threading.Event()
        self._threads: list[threading.Thread] = []

    def begin(self, events: int, at_once: int, pause_s: float = 0.0) -> None:
        """At least so many, and then on until `finish`; each thread has friends of its own."""
        left = iter(range(events))

        def work(people: Sequence[Person], draw: random.Random) -> None:
            try:
                while not self._is_over.is_set():
                    self.goes_on.wait()
                    with self._counting:
                        if next(left, None) is None and self._is_enough.is_set():
                            return
                    self.one_event(draw.choice(people), draw)
                    self._is_over.wait(draw.random() * pause_s)
            except BaseException as error:  # told by `finish`
                self.failed.append(error)
                self._is_over.set()

        for number in range(at_once):
            own = self.people[number::at_once]
            draw = random.Random(self.draw.random())
            self._threads.append(threading.Thread(target=work, args=(own, draw), daemon=True))
        for thread in self._threads:
            thread.start()
        threading.Thread(target=self._keep_pace, args=(at_once,), daemon=True).start()

    def _keep_pace(self, at_once: int) -> None:
        """On a slow machine friends wait until the product has caught up: who is killed while ever
        more piles up gets nothing done, and shows nothing.
        """
        while any(thread.is_alive() for thread in self._threads):
            count = waiting(self.rig)
            if count > 2 * at_once:
                self.goes_on.clear()
            elif count <= at_once:
                self.goes_on.set()
            time.sleep(PACE_S)

    def finish(self) -> None:
        """What is still to come of the events, and no more. Raises what a thread raised."""
        self._is_enough.set()
        for thread in self._threads:
            thread.join()
        if self.failed:
            raise self.failed[0]

    def one_event(self, person: Person, draw: random.Random) -> None:
        """What a friend of this kind does next."""
        person.said += 1
        DEEDS[person.kind](self, person, draw)
        with self._counting:
            self.events += 1

    def deliver(self, person: Person, deed: str, **given: Any) -> None:
        """Until it is acknowledged."""
        status = self.rig.sim(f"friends/{person.user}/{deed}", given)["status"]
        deadline = time.monotonic() + PATIENCE_S
        while status != OK:
            with self._counting:
                self.unacknowledged += 1
            assert time.monotonic() < deadline, (person, status)
            time.sleep(AGAIN_S)
            status = self.rig.sim(f"friends/{person.user}/redeliver", {})["status"]

    def _befriend(self, number: int, kinds: Sequence[str]) -> Person:
        account = list(MODES)[number % len(MODES)]
        shares = [SHARES[KINDS.index(kind)] for kind in kinds]
        turn = number // len(MODES)  # one of each kind first, then by their shares
        kind = kinds[turn] if turn < len(kinds) else self.draw.choices(kinds, shares)[0]
        named = {"account": account, "name": f"見本{number}"}
        user = str(self.rig.sim("friends", named)["user_id"])
        self.meant.kinds[user] = kind  # type: ignore[index] # made here
        return Person(user, account, kind)

    def _count(self, person: Person, _draw: random.Random) -> None:
        text = BEGIN if person.said == 1 else f"見本の声 {person.said}"
        self.deliver(person, "say", text=text)

    def _ask(self, person: Person, _draw: random.Random) -> None:
        self.deliver(person, "say", text=f"駐車場のことを知りたい その{person.said}")

    def _send_picture(self, person: Person, _draw: random.Random) -> None:
        self.deliver(person, "send", message={"type": "image"})

    def _go_to_desk(self, person: Person, draw: random.Random) -> None:
        if person.said == 1:
            self.deliver(person, "say", text="見本の相談")
            return
        talk = self._talk_of(person)
        if draw.random() < 0.25:
            self._plan(person, talk, draw)
            return
        text = f"見本の返事 {person.said}"
        self.meant.typed.setdefault(person.user, []).append(text)  # type: ignore[attr-defined]
        named = {"client_msg_id": f"reply-{person.user}-{person.said}", "text": text}
        body = {**named, "seen_seq": 0, "force": True}
        self.colleague.insist("POST", f"/conversations/{talk}/messages", lambda: body)

    def _plan(self, person: Person, talk: str, draw: random.Random) -> None:
        text = f"見本の予定 {person.said}"
        self.meant.planned.setdefault(person.user, []).append(text)  # type: ignore[attr-defined]
        named = {"client_msg_id": f"plan-{person.user}-{person.said}", "text": text}

        def body() -> dict[str, Any]:
            at = datetime.now(UTC) + timedelta(seconds=draw.uniform(*SOON_S))
            return {**named, "send_at": at.isoformat(), "stops_on_reply": False}

        self.colleague.insist("POST", f"/conversations/{talk}/scheduled", body)

    def _talk_of(self, person: Person) -> str:
        """The talk of a friend whose first words were acknowledged."""
        deadline = time.monotonic() + TURN_S
        while person.talk is None:
            person.talk = self.find_talk(person.user)
            assert time.monotonic() < deadline, (person, arrivals_of(self.rig, person.user))
        return person.talk

    def find_talk(self, user: str) -> str | None:
        found = talk_of(self.rig, user)
        if found is None:
            time.sleep(AGAIN_S)
        return found


DEEDS: dict[str, Callable[[Traffic, Person, random.Random], None]] = {
    "count": Traffic._count,
    "ask": Traffic._ask,
    "picture": Traffic._send_picture,
    "desk": Traffic._go_to_desk,
}
