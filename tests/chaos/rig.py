"""Everything that a storm needs: LINE in a process, the product in one or several that may be
killed, the line between them, and an encoder.
"""

import atexit
import contextlib
import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
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
from tests.chaos.haunt import Haunt, Life
from tests.chaos.lost_name import NAME
from tests.chaos.wire import Wire

ROOT = Path(__file__).parent.parent.parent
FLOWS = Path(__file__).parent / "flows"
PATIENCE_S = 90.0
LOOK_S = 0.05
EMAIL, PASSWORD = "colleague@example.com", "drei stumme Laternen am Kai"
PORTS = range(20_000, 30_000)  # below those that the system gives to whoever calls
WHOLE: tuple[str, ...] = ()


class Mother:
    """The process that every life is forked from."""

    def __init__(self, log: Path) -> None:
        with log.open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.chaos.haunted"],
                cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
            )  # fmt: skip
        atexit.register(self._end)

    def bear(self, life: Life) -> "Alive":
        """Only one at a time asks."""
        asking, answering = self._process.stdin, self._process.stdout
        assert asking is not None
        assert answering is not None
        asking.write(life.as_line())
        asking.flush()
        return Alive(int(answering.readline()))

    def _end(self) -> None:
        with self._process:
            self._process.kill()

    @staticmethod
    @cache
    def of_all() -> "Mother":
        """One for all rigs; it ends when whoever asks for lives is gone."""
        return Mother(Path(tempfile.mkdtemp(prefix="chaos-mother-")) / "log")


class Alive:
    """A process that is somebody else's child: known by a descriptor, which is never another's."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._handle: int | None = os.pidfd_open(pid)

    def is_over(self, wait_s: float = 0.0) -> bool:
        if self._handle is not None and _is_ready(self._handle, wait_s):
            os.close(self._handle)
            self._handle = None
        return self._handle is None

    def signal(self, number: signal.Signals) -> None:
        if self._handle is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        assert self.is_over(PATIENCE_S)


@dataclass
class Process:
    """One process of the product. only: its roles; none: all of them."""

    name: str
    port: int
    only: tuple[str, ...] = WHOLE
    running: Alive | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def is_alive(self) -> bool:
        return self.running is not None and not self.running.is_over()


@dataclass
class Rig:
    """notes: the file in which haunted processes write what happens to them."""

    folder: Path
    database_url: str
    line_port: int
    wire: Wire
    embeddings: Embeddings
    processes: Mapping[str, Process]
    mother: Mother
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
        one.running = self.mother.bear(
            Life(
                ["serve", "--port", str(one.port), *roles], self._environment(),
                str(self.folder / f"{name}.log"), given,
            )
        )  # fmt: skip

    def wait(self, name: str) -> bool:
        """Until it is ready; False when it died before."""
        one, deadline = self.processes[name], time.monotonic() + PATIENCE_S
        while one.is_alive:
            if answers(f"{one.url}/readyz"):
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

    def sim(self, path: str, body: dict[str, Any] | None = None, method: str | None = None) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.line_port}/sim/v1/{path}",
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def with_role(self, role: str) -> list[Process]:
        return [one for one in self.processes.values() if not one.only or role in one.only]

    def _environment(self) -> dict[str, str]:
        line = f"http://{NAME}:{self.wire.port}"
        return {
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
    folder: Path, database_url: str, only: Mapping[str, Sequence[str]] | None = None
) -> Iterator[Rig]:
    """LINE at work and the product about to be started. only: its processes, by their roles."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = only if only is not None else {"whole": WHOLE}
    line_port, *ports = free_ports(1 + len(parts))
    processes = {
        name: Process(name, port, tuple(roles))
        for (name, roles), port in zip(parts.items(), ports, strict=True)
    }
    _furnish(database_url, folder / "data")
    with ExitStack() as stack:
        wire = Wire(line_port)
        stack.callback(wire.close)
        mother = Mother.of_all()
        rig = Rig(
            folder, database_url, line_port, wire, stack.enter_context(embedding()), processes,
            mother,
        )  # fmt: skip
        stack.enter_context(_line(rig))
        stack.callback(_end_all, rig)
        yield rig


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


def _is_ready(handle: int, wait_s: float) -> bool:
    waiting = select.poll()  # select(2) ends at descriptor 1024
    waiting.register(handle, select.POLLIN)
    return bool(waiting.poll(wait_s * 1000))


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
        doors = rig.with_role("web")
        for number, account in enumerate(MODES):
            door = doors[number % len(doors)]
            rig.sim(
                "accounts",
                {"id": account, "secret": f"{account}-secret", "token": f"{account}-token",
                 "webhook_url": f"{door.url}/line/{account}/webhook"},
            )  # fmt: skip
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
