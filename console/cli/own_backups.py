"""Backups that a serving process makes by itself, into the folder that its settings name.

Each is the command `madoguchi backup` in a process of its own, at low priority, so that nobody at
the counter waits for it. Once a week the newest is put back somewhere else (`restore-test`). Of
several processes that share the folder one does all of this.
"""

import fcntl
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from bot.looping import loop
from bot.means import Waiter
from console.settings import Settings
from console.upkeep import read_upkeep

EVERY, TESTED_EVERY = timedelta(hours=1), timedelta(days=7)
NEWEST, DAYS = 24, 14  # so many of the last ones stay, and the last of each day
LOOK_EVERY, AFTER_A_FAILURE = timedelta(minutes=1), timedelta(minutes=10)
LEFTOVER_AFTER = timedelta(days=1)  # what a killed process was writing
LEAST_FREE_BYTES = 500_000_000
LOW_PRIORITY = 10
FORM = "madoguchi-%Y%m%dT%H%M%SZ.tar"
_OURS = re.compile(r"madoguchi-\d{8}T\d{6}Z\.tar")
_UNFINISHED = (".madoguchi-backup-*", ".madoguchi-*.tar.*")

log = logging.getLogger(__name__)


class OwnBackups:
    """The loop that looks, now and then, whether a backup or its test is due."""

    def __init__(
        self, settings: Settings, folder: Path, clock: Callable[[], datetime], waiter: Waiter
    ) -> None:
        self._settings, self._folder, self._clock, self._waiter = settings, folder, clock, waiter
        self._look_at = clock()
        self._test_at = clock()
        self._is_over = False
        self._child: subprocess.Popen[str] | None = None

    def loops(self) -> list[Callable[[], None]]:
        """The one loop."""
        return [partial(loop, self.keep_once, self._waiter, lambda: self._is_over)]

    def stop(self) -> None:
        """A backup that is not finished leaves nothing behind that looks like one."""
        self._is_over = True
        self._waiter.set()
        if self._child is not None:
            self._child.terminate()

    def keep_once(self) -> bool:
        """Make what is due; whether anything was made."""
        now = self._clock()
        if now < self._look_at:
            return False
        self._look_at = now + LOOK_EVERY
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _alone(self._folder) as is_alone:
            return is_alone and self._keep(now)

    def _keep(self, now: datetime) -> bool:
        newest = max(_backups(self._folder), default=None, key=lambda file: file.name)
        if newest is None or now - made_at(newest) >= EVERY:
            newest = self._back_up(now, newest)
            return newest is not None
        return self._is_test_due(now) and self._test(newest, now)

    def _back_up(self, now: datetime, last: Path | None) -> Path | None:
        _remove_unfinished(self._folder, now)
        target = self._folder / now.strftime(FORM)
        wanted = LEAST_FREE_BYTES + (2 * last.stat().st_size if last is not None else 0)
        if shutil.disk_usage(self._folder).free < wanted:
            log.error("no backup was made: %s has no room for another", self._folder)
        elif self._run("backup", target):
            for file in superfluous(_backups(self._folder), now):
                file.unlink(missing_ok=True)
            return target
        self._look_at = now + AFTER_A_FAILURE
        return None

    def _is_test_due(self, now: datetime) -> bool:
        tested_at = read_upkeep(self._settings.data_dir).get("restore_test")
        return now >= self._test_at and (tested_at is None or now - tested_at >= TESTED_EVERY)

    def _test(self, newest: Path, now: datetime) -> bool:
        self._test_at = now + EVERY
        return self._run("restore-test", newest)

    def _run(self, command: str, file: Path) -> bool:
        """One command of ours, on this data; what it says of a failure goes into the log."""
        self._child = subprocess.Popen(  # noqa: S603 # our own command, no shell
            [sys.executable, "-m", "console", command, str(file)],
            env={**os.environ, **_places(self._settings)},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        if self._is_over:  # it was told so while this began
            self._child.terminate()
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._child.pid, LOW_PRIORITY)
        said, _ = self._child.communicate()
        status, self._child = self._child.returncode, None
        if status != 0 and not self._is_over:
            log.error("%s of %s failed (%d): %s", command, file, status, said.strip()[-500:])
        return status == 0


def superfluous(files: Iterable[Path], now: datetime) -> list[Path]:
    """Which of our backups may go: not the newest, nor the last of one of the last days (UTC)."""
    ordered = sorted(files, key=lambda file: file.name)
    last_of_day = {made_at(file).date(): file for file in ordered}
    first = (now - timedelta(days=DAYS)).date()
    kept = {*ordered[-NEWEST:], *(file for day, file in last_of_day.items() if day > first)}
    return [file for file in ordered if file not in kept]


def made_at(file: Path) -> datetime:
    """When one of our backups was made, as its name says."""
    return datetime.strptime(file.name, FORM).replace(tzinfo=UTC)


def _backups(folder: Path) -> list[Path]:
    return [file for file in folder.iterdir() if _OURS.fullmatch(file.name)]


def _places(settings: Settings) -> dict[str, str]:
    return {
        "MADOGUCHI_DATA_DIR": str(settings.data_dir),
        "MADOGUCHI_DATABASE_URL": settings.database_url,
    }


def _remove_unfinished(folder: Path, now: datetime) -> None:
    for pattern in _UNFINISHED:
        for left in folder.glob(pattern):
            with suppress(OSError):
                changed_at = datetime.fromtimestamp(left.stat().st_mtime, UTC)
                if now - changed_at > LEFTOVER_AFTER:
                    shutil.rmtree(left) if left.is_dir() else left.unlink()


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether nobody else looks after this folder at the moment."""
    with (folder / ".madoguchi.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
