"""What can be broken on purpose: the answers of LINE's API, and the way of its webhooks.

A fault of an answer is for the next `times` calls whose path has `path` in it; `terse`: a refusal
does not say which message it is about; `strangers`: ids of a multicast that nobody has are refused
by their places, and not passed over. A fault of the
webhooks is for the next ones: `copies`, `reorder`; or stays until all are cleared: `redeliver`.
"""

import errno
import math
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

OF_ANSWERS = frozenset(
    {
        *("delay", "terse", "strangers", "error", "error_after", "rate", "monthly"),
        *("reset_before", "reset_after"),
    }
)
OF_WEBHOOKS = frozenset({"redeliver", "copies", "reorder"})
KINDS = OF_ANSWERS | OF_WEBHOOKS
LONGEST_DELAY_S = 60.0
MOST_TIMES = 10_000
RATE = {"message": "The API rate limit has been exceeded. Try again later."}
MONTHLY = {"message": "You have reached your monthly limit."}


_TYPES: dict[str, type | tuple[type, ...]] = {
    "kind": str,
    "times": int,
    "path": str,
    "seconds": (int, float),
    "together": bool,
}


class BadFault(Exception):
    """That is not a fault that the simulator can make."""


@dataclass(slots=True)
class Fault:
    """One thing that goes wrong. together: reordered events come in one delivery."""

    kind: str
    times: int = 1
    path: str = ""
    seconds: float = 1.0
    together: bool = False


def parse_fault(given: Mapping[str, Any]) -> Fault:
    """A fault as the control API is given it. Raises BadFault."""
    for key, value in given.items():
        wanted = _TYPES.get(key)
        is_odd_bool = isinstance(value, bool) and wanted is not bool
        if wanted is None or is_odd_bool or not isinstance(value, wanted):
            raise BadFault(f"{key!r} is not known here, or is of another type")
    fault = Fault(**given)
    if fault.kind not in KINDS:
        raise BadFault(f"the faults are {', '.join(sorted(KINDS))}")
    if not 1 <= fault.times <= MOST_TIMES:
        raise BadFault(f"times is between 1 and {MOST_TIMES}")
    if not (math.isfinite(fault.seconds) and 0 <= fault.seconds <= LONGEST_DELAY_S):
        raise BadFault(f"seconds is between 0 and {LONGEST_DELAY_S:g}")
    return fault


def take_fault(faults: list[Fault], path: str) -> Fault | None:
    """The fault that this call meets, used up by one."""
    for fault in faults:
        if fault.kind in OF_ANSWERS and fault.path in path:
            fault.times -= 1
            if fault.times == 0:
                faults.remove(fault)
            return fault
    return None


def find_fault(faults: list[Fault], kind: str) -> Fault | None:
    """The first fault of a kind."""
    return next((fault for fault in faults if fault.kind == kind), None)


def drop_connection(environ: Mapping[str, Any], start: Callable[..., Any]) -> Iterator[bytes]:
    """No answer: the connection ends in the middle, as a broken network ends it.

    Raised while the answer is written. Under gevent that closes the connection; Werkzeug keeps it
    open, so there it is shut down.
    """
    start("200 OK", [])
    connection: socket.socket | None = environ.get("werkzeug.socket")
    if connection is not None:
        connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError(errno.ECONNRESET, "the simulator dropped the connection")
    yield b""
