"""A process whose clock is put forward or back while it runs, as a bad time server does it."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import bot.means
import console.cli.encoders
import console.cli.process
import console.door

_READERS = (bot.means, console.cli.encoders, console.cli.process, console.door)
_offset = timedelta()


class _Shifted(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        return datetime.now(tz or UTC) + _offset


def prepare() -> None:
    """From now on every clock of the process can be shifted."""
    for module in _READERS:
        module.datetime = _Shifted  # type: ignore[attr-defined]


def shift(seconds: int) -> None:
    global _offset  # noqa: PLW0603 # one process has one clock
    _offset = timedelta(seconds=seconds)
