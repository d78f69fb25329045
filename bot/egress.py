"""The one way out to addresses that somebody configured: what it refuses, it refuses for everyone.

A host is looked up once, every address that it has is checked, and the connection goes to the one
that was checked, so that a name cannot point elsewhere a moment later; TLS still verifies the name.
Redirects are not followed, and the whole answer has one time and one size. Private addresses are
for hosts that are named for it, letter for letter; those where clouds keep their keys for nobody.

    EgressRefused    the address, or what it answered, is not allowed
    EgressFailed     no answer in time, or none at all: try again later
"""

import http.client
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.addresses import find_refusal
from bot.kept_connections import KeptConnections, Target
from bot.timed_socket import TimedSocket

MOST_BYTES = 8_000_000
HTTP_PORT, HTTPS_PORT = 80, 443
REDIRECTS = range(300, 400)
ALWAYS = {"Accept-Encoding": "identity"}  # what is packed small may unpack without end
CHUNK = 65_536

Resolve = Callable[[str, int], Sequence[str]]


class EgressRefused(Exception):
    """The address, or what it answered, is not allowed."""


class EgressFailed(Exception):
    """There was no answer in time, or none at all."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. 4xx and 5xx are answers too."""

    status: int
    body: bytes


def resolve(host: str, port: int) -> Sequence[str]:
    """Every address of a host, in the system's order."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Egress:
    """Calls to the outside. private_hosts: those that may have private addresses, and plain http.

    resolve, tls: the system's own, unless a test says otherwise.
    """

    def __init__(
        self,
        private_hosts: frozenset[str] = frozenset(),
        *,
        resolve: Resolve = resolve,
        tls: ssl.SSLContext | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._private_hosts = private_hosts
        self._resolve = resolve
        self._tls = tls or ssl.create_default_context()
        self._most_bytes = most_bytes
        self._idle = KeptConnections()

    def post(self, url: str, body: bytes, headers: Mapping[str, str], timeout_s: float) -> Answer:
        """Post, and read the whole answer in time. Raises EgressRefused or EgressFailed.

        On a connection that was kept it may be posted twice, when that breaks: it must do no harm.
        """
        deadline = time.monotonic() + timeout_s
        target = self._target(url)
        try:
            kept = self._idle.take(target)
            if kept is not None:
                kept.deadline = deadline
                with suppress(ConnectionError):  # it was closed meanwhile
                    return self._exchange(target, kept, body, headers)
            return self._exchange(target, self._connect(target, deadline), body, headers)
        except (OSError, http.client.HTTPException) as error:
            raise EgressFailed(type(error).__name__) from error

    def close(self) -> None:
        """End the connections that were kept."""
        self._idle.close()

    def _exchange(
        self, target: Target, timed: TimedSocket, body: bytes, headers: Mapping[str, str]
    ) -> Answer:
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.sock = timed  # as much of one as it needs
        is_kept = False
        try:
            told = {**ALWAYS, "Host": _named(target), **headers}
            connection.request("POST", target.path, body, told)
            response = connection.getresponse()
            answer = self._read(response)
            is_kept = not response.will_close
        finally:
            self._idle.keep(target, timed) if is_kept else timed.hang_up()
        return answer

    def _target(self, url: str) -> Target:
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").rstrip("."), parts.port
        except ValueError as error:
            raise EgressRefused("the address cannot be read") from error
        if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
            raise EgressRefused("the address is none of https, or says who signs in")
        if not url.isascii():
            raise EgressRefused("the address has signs that must be written in ASCII")
        is_tls = parts.scheme == "https"
        if not is_tls and host not in self._private_hosts:
            raise EgressRefused("plain http is for private hosts that are named for it")
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return Target(is_tls, host, port or (HTTPS_PORT if is_tls else HTTP_PORT), path)

    def _connect(self, target: Target, deadline: float) -> TimedSocket:
        """To an address that was checked; TLS is for the name."""
        timed = self._reach(self._addresses(target), target.port, deadline)
        if target.is_tls:
            try:
                timed.wrap(self._tls, target.host)
            except OSError:
                timed.hang_up()
                raise
        return timed

    def _addresses(self, target: Target) -> Sequence[str]:
        is_private_host = target.host in self._private_hosts
        try:
            found = self._resolve(target.host, target.port)
        except UnicodeError as error:  # a name that no name can be
            raise EgressRefused("the address cannot be read") from error
        for address in found:
            refusal = find_refusal(address, is_private_host=is_private_host, is_tls=target.is_tls)
            if refusal is not None:
                raise EgressRefused(f"{target.host}: {refusal}")
        return found

    @staticmethod
    def _reach(addresses: Sequence[str], port: int, deadline: float) -> TimedSocket:
        """The first that answers; one that swallows everything leaves time for the next."""
        trouble: OSError = OSError("it has no address")
        for number, address in enumerate(addresses):
            try:
                return TimedSocket.connect(address, port, deadline, 1 / (len(addresses) - number))
            except OSError as error:
                trouble = error
        raise trouble

    def _read(self, response: http.client.HTTPResponse) -> Answer:
        if response.status in REDIRECTS:
            raise EgressRefused("it leads on to another address")
        body = bytearray()
        while chunk := response.read1(CHUNK):
            body += chunk
            if len(body) > self._most_bytes:
                raise EgressRefused(f"its answer is longer than {self._most_bytes} bytes")
        if response.length:  # it ended before what it had announced
            raise EgressFailed("IncompleteRead")
        return Answer(response.status, bytes(body))


def _named(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    usual = HTTPS_PORT if target.is_tls else HTTP_PORT
    return host if target.port == usual else f"{host}:{target.port}"
