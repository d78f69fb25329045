"""The product with one place armed, or one protection taken out.

Run as a process it has everything imported, and is forked for each life of the product: what is
killed is a process of its own that starts as `madoguchi serve` does, without a second and a half
of imports. It is told a life in a line of JSON, and answers with its number.
"""

from gevent import monkey

monkey.patch_all()

import ctypes  # noqa: E402 # all of them after the patch
import errno  # noqa: E402
import os  # noqa: E402
import signal  # noqa: E402
import sqlite3  # noqa: E402
from collections import Counter  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402

import alembic.command  # noqa: E402, F401
import psycopg  # noqa: E402, F401

import console.cli.process  # noqa: E402, F401
import storage.migrate  # noqa: E402, F401
from console.cli.main import main  # noqa: E402
from tests.chaos.haunt import Haunt, Life  # noqa: E402
from tests.chaos.lost_name import lose_while  # noqa: E402

PR_SET_PDEATHSIG = 1  # prctl(2): no life outlasts the harness

ANSWER_LEAVES_S = 0.05  # a 200 that was made before the turn began is on the wire by then


class Armed:
    """What stands in the place of `failpoints.reach`."""

    def __init__(self, haunt: Haunt) -> None:
        self._haunt = haunt
        self._hits = Counter[str]()

    def __call__(self, point: str) -> None:
        haunt = self._haunt
        if haunt.point not in {point, "*"}:
            return
        self._hits[point] += 1
        if not 0 <= self._hits[point] - haunt.hit < haunt.times:
            return
        if point == "arrival claimed":
            _let_answers_leave()
        if haunt.note is not None:
            _write_down(Path(haunt.note), f"{point} {haunt.act}\n")
        ACTS[haunt.act](point)


def _let_answers_leave() -> None:
    import gevent

    gevent.sleep(ANSWER_LEAVES_S)


def _write_down(file: Path, line: str) -> None:
    with file.open("a") as opened:
        opened.write(line)


def _kill(_point: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _stop(_point: str) -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def _fail(point: str) -> None:
    raise RuntimeError(f"failpoint: {point}")


def _refuse(told: str) -> Callable[[str], None]:
    """As SQLite refuses, through SQLAlchemy."""

    def refuse(_point: str) -> None:
        from sqlalchemy.exc import OperationalError

        raise OperationalError("failpoint", None, sqlite3.OperationalError(told))

    return refuse


def _fill_disk(point: str) -> None:
    if point == "file fetched":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    _refuse("database or disk is full")(point)


ACTS: dict[str, Callable[[str], None]] = {
    "kill": _kill,
    "stop": _stop,
    "error": _fail,
    "busy": _refuse("database is locked"),
    "full": _fill_disk,
    "readonly": _refuse("attempt to write a readonly database"),
}


def possess(haunt: Haunt) -> None:
    """Put everything in before the product begins."""
    from storage import failpoints

    failpoints.reach = Armed(haunt)
    if haunt.lease_s is not None:
        import bot.worker

        bot.worker.LEASE_S = haunt.lease_s
    lose_while(Path(haunt.lost) if haunt.lost is not None else None)
    if haunt.clock is not None:
        from tests.chaos import shifted_clock

        shifted_clock.follow(Path(haunt.clock))
    if haunt.census is not None:
        from tests.chaos import census

        census.count_on_signal(Path(haunt.census))
    if haunt.window_s is not None:
        import storage.arrivals

        storage.arrivals.REPLY_WINDOW_S = haunt.window_s
    if haunt.without is not None:
        from tests.chaos.protections import PROTECTIONS

        PROTECTIONS[haunt.without].take_out()


def bear(life: Life) -> int:
    """Fork a life; the number of its process."""
    child = os.fork()
    if child:
        return child
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(life.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.environ.update(life.environment)
    possess(life.haunt)
    main(list(life.arguments))
    os._exit(0)


def serve_lives() -> None:
    """Until whoever asks for lives is gone. Blocking calls alone: a fork takes no hub along."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead here
    asked, answered = os.dup(0), os.dup(1)
    rest = b""
    while more := os.read(asked, 65536):
        *lines, rest = (rest + more).split(b"\n")
        for line in lines:
            os.write(answered, b"%d\n" % bear(Life.read(line)))


if __name__ == "__main__":
    serve_lives()
