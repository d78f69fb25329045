"""One HTTP connection: gevent's own handler with a reader of headers that costs a tenth, and
answers that leave in one piece.

gevent reads headers by the standard library's parser of mails, which took more of the processor
than a webhook's signature and its JSON together. Ours takes less: what HTTP/1.1 forbids or only
tolerates (a folded line, a space before the colon, two lengths, a length beside chunks, two hosts,
an encoding that is not exactly `chunked`) is 400, because two readers that take such a request
differently are how one is smuggled past the other.
"""

import re
from typing import Any

from gevent.pywsgi import WSGIHandler

MOST_HEADERS = 100
MOST_OF_A_LINE = 65_536
JOINED_BYTES = 65_536  # up to so many, copying costs less than a second call of the system
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_LENGTH = re.compile(r"[0-9]+")
_ONCE = {"content-length", "transfer-encoding", "host"}
_BAD_IN_VALUE = re.compile(r"[\x00\r\n]")


class Head:
    """The headers of one request, as gevent asks for them. status: why they are none."""

    def __init__(self, lines: list[str], status: str = "") -> None:
        self.headers = lines
        self.status = status
        self._values: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(":")
            self._values.setdefault(name.lower(), value.strip(" \t"))

    def get(self, name: str, default: str | None = None) -> str | None:
        """The first value of a name."""
        return self._values.get(name.lower(), default)

    getheader = get

    def __delitem__(self, name: str) -> None:
        del self._values[name.lower()]

    @property
    def typeheader(self) -> str | None:
        """The body's type."""
        return self._values.get("content-type")


def read_head(file: Any) -> Head:
    """All lines until the empty one."""
    lines: list[str] = []
    while True:
        raw: bytes = file.readline(MOST_OF_A_LINE + 1)
        if raw in {b"\r\n", b"\n", b""}:
            return Head(lines, _find_wrong(lines))
        if len(raw) > MOST_OF_A_LINE or len(lines) == MOST_HEADERS:
            return Head([], "too long")
        line = raw.decode("latin-1").rstrip("\r\n")
        name, colon, value = line.partition(":")
        if not colon or _NAME.fullmatch(name) is None or _BAD_IN_VALUE.search(value):
            return Head([], "not a header")
        lines.append(line)


def _find_wrong(lines: list[str]) -> str:
    """What of the body's length, or of whom it is for, could be read in two ways."""
    found: dict[str, list[str]] = {}
    for line in lines:
        name, _, value = line.partition(":")
        if name.lower() in _ONCE:
            found.setdefault(name.lower(), []).append(value.strip(" \t"))
    lengths, encodings = found.get("content-length", []), found.get("transfer-encoding", [])
    if len(lengths) + len(encodings) > 1:
        return "two lengths"
    if any(_LENGTH.fullmatch(one) is None for one in lengths):
        return "not a length"
    if any(one.lower() != "chunked" for one in encodings):
        return "not an encoding that is read here"
    return "two hosts" if len(found.get("host", [])) > 1 else ""


class Handler(WSGIHandler):  # type: ignore[misc] # gevent ships no types
    """One connection, which knows whether it rests between two requests."""

    def MessageClass(self, file: Any, *_more: Any) -> Head:  # noqa: N802 # gevent's name
        return read_head(file)

    def read_requestline(self) -> str:
        self.server.resting.add(self)
        try:
            line: str = super().read_requestline()
            return line
        finally:
            self.server.resting.discard(self)

    def finalize_headers(self) -> None:
        if self.server.is_leaving and not self._connection_upgrade_requested():
            self.close_connection = True
            self.response_headers.append((b"Connection", b"close"))
        super().finalize_headers()

    def _write_with_headers(self, data: bytes) -> None:
        self.headers_sent = True
        self.finalize_headers()
        lines = [b"%b: %b\r\n" % header for header in self.response_headers]
        head = b"HTTP/1.1 %b\r\n%b\r\n" % (self.status, b"".join(lines))
        if self.response_use_chunked or len(data) > JOINED_BYTES:
            self._sendall(head)
            self._write(data)
        else:
            self._sendall(head + data)

    @property
    def is_socket(self) -> bool:
        """Whether this is a WebSocket, which lasts as long as its browser."""
        headers = getattr(self, "headers", None)
        return headers is not None and self._connection_upgrade_requested()
