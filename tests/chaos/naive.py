"""The same deaths for the SDK's sample bot and for us: what reached the phones, side by side.

A friend writes; at every third event nothing happens, else the process dies before LINE has seen
its answer, or after LINE has sent it and before the process knows. LINE delivers again what was not
acknowledged, a few times. Only the phones are looked at: each text is to be answered once.
"""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from tests.chaos.checker import ASKED, bound
from tests.chaos.evidence import MODES
from tests.chaos.gathering import is_open
from tests.chaos.lives import PATIENCE_S, ROOT
from tests.chaos.rig import Rig, answers, raised
from tests.chaos.storm import SENDS, SETTLES_S
from tests.chaos.wire import Break, Request

SAMPLE = ROOT / "tests" / "bench" / "candidates" / "sample_bot.py"
FRIENDS = 4
AGAIN_S, TIMES_AGAIN = 0.2, 5  # LINE gives up some time; when, it does not say
LATEST_S = 1.0
OK = 200
HOWS: tuple[Break | None, ...] = ("swallow", "deafen", None)


@dataclass(frozen=True)
class Tally:
    """What the phones show. lost, twice: answers."""

    name: str
    events: int
    kills: int
    lost: int
    twice: int

    def told(self) -> str:
        is_clean = self.lost + self.twice == 0
        ends = f"  ({bound(self.events)})" if is_clean else ""
        return (
            f"{self.name:28} {self.events} events, {self.kills} kills: "
            f"{self.lost} lost, {self.twice} twice{ends}"
        )


@dataclass
class Candidate:
    """A bot at work. account: whose friends it serves; revive: when it has died."""

    rig: Rig
    accounts: Sequence[str]
    strike: Callable[[], None]
    is_alive: Callable[[], bool]
    revive: Callable[[], None]
    is_busy: Callable[[], bool] = lambda: False


def compare_all(folder: Path, events: int) -> list[Tally]:
    """The sample, the sample with what is commonly added to it, and ours."""
    tallies = []
    for name, more in (("SDK sample", {}), ("with a push when replies fail", {"FALLBACK": "1"})):
        with _sample(folder / name, more) as candidate:
            tallies.append(tally(name, candidate, events))
    with _ours(folder / "ours") as candidate:
        tallies.append(tally("Madoguchi", candidate, events))
    return tallies


def tally(name: str, candidate: Candidate, events: int) -> Tally:
    """Trouble, and what came of it."""
    rig, hows = candidate.rig, cycle(HOWS)
    users = [
        rig.sim("friends", {"account": account, "name": f"見本{n}"})["user_id"]
        for n, account in zip(range(FRIENDS), cycle(candidate.accounts), strict=False)
    ]
    kills = sum(
        _one_event(candidate, users[number % FRIENDS], f"見本の声 {number}", next(hows))
        for number in range(events)
    )
    deadline = time.monotonic() + SETTLES_S
    while candidate.is_busy() and time.monotonic() < deadline:
        time.sleep(AGAIN_S)
    time.sleep(LATEST_S)  # whatever might still come twice has had its time
    missing, more = Counter[str](), Counter[str]()
    for user in users:
        bubbles = rig.sim(f"friends/{user}/screen")
        wanted = Counter(ASKED + _text(one) for one in bubbles if one["from"] == "friend")
        shown = Counter(_text(one) for one in bubbles if one["from"] != "friend")
        missing += wanted - shown
        more += shown - wanted
    return Tally(name, events, kills, missing.total(), more.total())


def _text(bubble: Any) -> str:
    return str(bubble["message"].get("text", ""))


def _one_event(candidate: Candidate, user: str, text: str, how: Break | None) -> int:
    """A friend writes, and LINE does its part; how often the bot died meanwhile."""
    rig = candidate.rig
    left = iter([how] if how is not None else [])

    def choose(request: Request) -> Break | None:
        is_send = any(path in request.path for path in SENDS)
        return next(left, None) if is_send else None

    rig.wire.choose, rig.wire.on_death = choose, candidate.strike
    status = rig.sim(f"friends/{user}/say", {"text": text})["status"]
    deadline = time.monotonic() + PATIENCE_S
    while how is not None and candidate.is_alive() and time.monotonic() < deadline:
        time.sleep(0.02)
    is_dead = not candidate.is_alive()
    if is_dead:
        candidate.revive()
    for _ in range(TIMES_AGAIN):
        if status == OK:
            break
        time.sleep(AGAIN_S)
        status = rig.sim(f"friends/{user}/redeliver", {})["status"]
    return int(is_dead)


@contextmanager
def _ours(folder: Path) -> Iterator[Candidate]:
    with raised(folder, f"sqlite:///{folder}/madoguchi.db") as rig:
        rig.start("whole")

        def revive() -> None:
            rig.kill("whole")
            rig.start("whole")

        yield Candidate(
            rig, list(MODES), lambda: rig.strike("whole"),
            lambda: rig.processes["whole"].is_alive, revive, lambda: bool(is_open(rig)),
        )  # fmt: skip


@contextmanager
def _sample(folder: Path, more: dict[str, str]) -> Iterator[Candidate]:
    """LINE and the line to it are the same; the bot stands where the product would."""
    with raised(folder, f"sqlite:///{folder}/unused.db") as rig, ExitStack() as stack:
        bot = _Bot(rig, folder, more)
        stack.callback(bot.kill)
        bot.start()
        (account, *_) = MODES
        rig.sim("accounts", {**rig.account(account), "webhook_url": f"{bot.url}/callback"})
        yield Candidate(rig, [account], bot.kill, bot.is_alive, bot.start)


class _Bot:
    """The sample's process."""

    def __init__(self, rig: Rig, folder: Path, more: dict[str, str]) -> None:
        self.url = rig.processes["whole"].url
        account = rig.account(next(iter(MODES)))
        self._environment = {
            **os.environ, **more, "PORT": str(rig.processes["whole"].port),
            "LINE_API_URL": f"http://127.0.0.1:{rig.wire.port}", "LINE_TOKEN": account["token"],
            "LINE_SECRET": account["secret"], "DATABASE": str(folder / "bot.db"),
            "ANSWER": f"{ASKED}{{}}",
        }  # fmt: skip
        self._log = folder / "bot.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        run = [sys.executable, str(SAMPLE)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                run, cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + PATIENCE_S
        while not answers(f"{self.url}/readyz"):
            assert time.monotonic() < deadline, self._log.read_text()[-2000:]
            time.sleep(0.05)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None
