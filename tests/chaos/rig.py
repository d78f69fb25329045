"""Everything that a storm needs: LINE in a process, the product in one or several that may be
killed, the line between them, and an encoder.
"""

import json
import random
import signal
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from console.passwords import hash_password
from storage.accounts import NewAccount, add_account
from storage.migrate import upgrade
from storage.operators import NewOperator, add_operator
from storage.seal import load_key
from storage.unit import open_store
from tests.bot.embeddings import Embeddings
from tests.bot.embeddings import serving as embedding
from tests.chaos.evidence import MODES, Outage
from tests.chaos.front import Front
from tests.chaos.haunt import Haunt, Life
from tests.chaos.lives import PATIENCE_S, Alive, Mother
from tests.chaos.lost_name import NAME
from tests.chaos.wire import Wire

FLOWS = Path(__file__).parent / "flows"
LOOK_S = 0.05
EMAIL, PASSWORD = "colleague@example.com", "drei stumme Laternen am Kai"
PORTS = range(20_000, 30_000)  # below those that the system gives to whoever calls
WHOLE: tuple[str, ...] = ()
SHARED = "--share-port"  # said among the roles of a process
RUNS = "Madoguchi: "  # what a process says when it takes requests


@dataclass
class Process:
    """One process of the product. only: its roles; none: all of them. is_shared: its port. mother:
    of its lives, when it is not the one of all others.
    """

    name: str
    port: int
    only: tuple[str, ...] = WHOLE
    is_shared: bool = False
    mother: Mother | None = None
    running: Alive | None = None
    lives: int = 0  # that came so far as to take requests, before the one that runs

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def is_alive(self) -> bool:
        return self.running is not None and not self.running.is_over()


@dataclass
class Rig:
    """notes: the file in which haunted processes write what happens to them. front: a proxy before
    the product, if there is one.
    """

    folder: Path
    database_url: str
    line_port: int
    wire: Wire
    embeddings: Embeddings
    processes: Mapping[str, Process]
    mother: Mother
    front: Front | None = None
    outages: list[Outage] = field(default_factory=list)

    @property
    def notes(self) -> Path:
        return self.folder / "notes"

    @property
    def lost(self) -> Path:
        """While this file is there, LINE's name leads nowhere."""
        return self.folder / "lost"

    def noted(self) -> list[str]:
        return self.notes.read_text().splitlines() if self.notes.exists() else []

    def launch(self, name: str, haunt: Haunt | None = None) -> None:
        """Start a process, without waiting for it."""
        one, given = self.processes[name], haunt or Haunt()
        roles = [word for role in one.only for word in ("--only", role)]
        roles += [SHARED] if one.is_shared else []
        one.lives = self._lives(name)
        one.running = (one.mother or self.mother).bear(
            Life(
                ["serve", "--port", str(one.port), *roles], self._environment(),
                str(self.folder / f"{name}.log"), given,
            )
        )  # fmt: skip

    def wait(self, name: str) -> bool:
        """Until it is ready; False when it died before."""
        one, deadline = self.processes[name], time.monotonic() + PATIENCE_S
        while one.is_alive:
            if self._lives(name) > one.lives and answers(f"{one.url}/readyz"):
                for outage in self.outages:
                    if outage.name == name and outage.until is None:
                        outage.until = time.time()
                return True
            assert time.monotonic() < deadline, f"{name} is not ready"
            time.sleep(LOOK_S)
        return False

    def start(self, name: str, haunt: Haunt | None = None) -> None:
        self.launch(name, haunt)
        assert self.wait(name), (self.folder / f"{name}.log").read_text()[-3000:]

    def strike(self, name: str) -> None:
        """kill -9, by whoever is not the one to bury it."""
        running = self.processes[name].running
        if running is not None:
            running.signal(signal.SIGKILL)

    def kill(self, name: str) -> None:
        """kill -9, also of what died by itself."""
        one = self.processes[name]
        if one.running is not None:
            one.running.kill()
        if not any(o.name == name and o.until is None for o in self.outages):
            self.outages.append(Outage(name, time.time()))

    def drain(self, name: str) -> float:
        """SIGTERM, until it has ended by itself; how many seconds that took."""
        running, began = self.processes[name].running, time.monotonic()
        assert running is not None
        running.signal(signal.SIGTERM)
        assert running.is_over(PATIENCE_S), f"{name} does not end"
        return time.monotonic() - began

    def run(self, *words: str) -> None:
        """A command of the product, to its end."""
        log = self.folder / "commands.log"
        once = self.mother.bear(Life(list(words), self._environment(), str(log), Haunt()))
        assert once.is_over(PATIENCE_S), words

    def sim(self, path: str, body: dict[str, Any] | None = None, method: str | None = None) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.line_port}/sim/v1/{path}",
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    @staticmethod
    def account(name: str) -> dict[str, str]:
        """As LINE knows it."""
        return {"id": name, "secret": f"{name}-secret", "token": f"{name}-token"}

    def with_role(self, role: str) -> list[Process]:
        return [one for one in self.processes.values() if not one.only or role in one.only]

    def _lives(self, name: str) -> int:
        log = self.folder / f"{name}.log"
        return log.read_text(errors="replace").count(RUNS) if log.exists() else 0

    def _environment(self) -> dict[str, str]:
        line = f"http://{NAME}:{self.wire.port}"
        public = {"MADOGUCHI_PUBLIC_URL": self.front.url} if self.front else {}
        return {
            **public,
            "MADOGUCHI_DATA_DIR": str(self.folder / "data"),
            "MADOGUCHI_DATABASE_URL": self.database_url,
            "MADOGUCHI_FLOWS_DIR": str(FLOWS),
            "MADOGUCHI_LINE_API_URL": line,
            "MADOGUCHI_LINE_DATA_API_URL": line,
            "MADOGUCHI_ENCODER_URL": self.embeddings.url,
            "MADOGUCHI_ENCODER_MODEL": "sample",
            "MADOGUCHI_ENCODER_TIMEOUT_MS": "1500",
            "MADOGUCHI_PRIVATE_HOSTS": "127.0.0.1",
        }


@contextmanager
def raised(
    folder: Path,
    database_url: str,
    only: Mapping[str, Sequence[str]] | None = None,
    front: Front | None = None,
) -> Iterator[Rig]:
    """LINE at work and the product about to be started. only: its processes, by their roles."""
    folder.mkdir(parents=True, exist_ok=True)
    processes, line_port = _seated(only if only is not None else {"whole": WHOLE})
    _furnish(database_url, folder / "data")
    with ExitStack() as stack:
        wire = Wire(line_port)
        stack.callback(wire.close)
        rig = Rig(
            folder, database_url, line_port, wire, stack.enter_context(embedding()), processes,
            Mother.of_all(), front,
        )  # fmt: skip
        if front is not None:
            front.open({role: [p.port for p in rig.with_role(role)] for role in ("web", "console")})
            stack.callback(front.close)
        stack.enter_context(_line(rig))
        stack.callback(_end_all, rig)
        yield rig


def _seated(parts: Mapping[str, Sequence[str]]) -> tuple[dict[str, Process], int]:
    """Each process with its port, and LINE's; those that share have the first one of them."""
    line_port, shared, *ports = free_ports(2 + len(parts))
    processes = {}
    for (name, roles), port in zip(parts.items(), ports, strict=True):
        is_shared = SHARED in roles
        only = tuple(role for role in roles if role != SHARED)
        processes[name] = Process(name, shared if is_shared else port, only, is_shared)
    return processes, line_port


def free_ports(count: int) -> list[int]:
    found: list[int] = []
    for port in random.SystemRandom().sample(PORTS, len(PORTS)):
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
        if len(found) == count:
            return found
    raise AssertionError("no ports are free")


def answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=10).close()
    except (urllib.error.URLError, OSError):
        return False
    return True


@contextmanager
def _line(rig: Rig) -> Iterator[None]:
    arguments = ["simulator", "--port", str(rig.line_port)]
    line = rig.mother.bear(Life(arguments, {}, str(rig.folder / "line.log"), Haunt()))
    try:
        deadline = time.monotonic() + PATIENCE_S
        while not answers(f"http://127.0.0.1:{rig.line_port}/sim/v1/friends"):
            assert time.monotonic() < deadline, "LINE is not there"
            time.sleep(LOOK_S)
        doors: Sequence[Process | Front] = [rig.front] if rig.front else rig.with_role("web")
        for number, account in enumerate(MODES):
            webhook = f"{doors[number % len(doors)].url}/line/{account}/webhook"
            rig.sim("accounts", {**rig.account(account), "webhook_url": webhook})
        yield
    finally:
        line.kill()


def _furnish(database_url: str, data: Path) -> None:
    """Two accounts, one in each mode, and a colleague."""
    data.mkdir(exist_ok=True)
    upgrade(database_url)
    key, now = load_key(data), datetime.now(UTC)
    with closing(open_store(database_url)) as store:
        for account, mode in MODES.items():
            new = NewAccount(
                account, "見本", f"見本{account}", f"{account}-secret", f"{account}-token", mode
            )
            store.write(lambda db, new=new: add_account(db, key, new, now))  # type: ignore[misc]
        person = NewOperator(EMAIL, "見本スタッフ", "supervisor", hash_password(PASSWORD))
        store.write(lambda db: add_operator(db, person, now))


def _end_all(rig: Rig) -> None:
    for one in rig.processes.values():
        if one.running is not None:
            one.running.kill()
