"""In front of Socket.IO: who may open a socket at all, and how many.

Engine.IO opens a socket before anybody has asked who is there, and keeps it for as long as it
answers pings. So the session is looked at here, before the handshake: without one there is no
socket. An address that keeps coming without one is told to wait, and one session has at most
MOST_SOCKETS. An upgraded request lasts as long as its socket does, so a socket is counted until it
is gone; who reads too slowly is let go by `slow_readers`, who floods by `live`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from werkzeug.http import parse_cookie
from werkzeug.middleware.proxy_fix import ProxyFix

from console.api import sessions
from console.door import House
from console.rates import Buckets
from storage.paces import Limit

Environ = dict[str, Any]
Start = Callable[..., Any]
App = Callable[[Environ, Start], Iterable[bytes]]

PATH = "/socket.io/"
MOST_SOCKETS = 30  # of one session
STRANGERS = Limit(30, 0.5)  # handshakes of one address without a session


class SocketDoor:
    """Stands before the whole application: lets other addresses pass, and counts open sockets.

    Behind proxies the address is the one that the nearest trusted one tells.
    """

    def __init__(self, app: App, house: House) -> None:
        self._app, self._house = app, house
        self._strangers = Buckets()
        self._open: Counter[str] = Counter()
        hops = house.settings.proxy_hops
        self._admitting: App = ProxyFix(self._admit, x_for=hops) if hops else self._admit

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Other addresses are not looked at."""
        if not environ.get("PATH_INFO", "").startswith(PATH):
            return self._app(environ, start)
        return self._admitting(environ, start)

    def _admit(self, environ: Environ, start: Start) -> Iterable[bytes]:
        address = environ.get("REMOTE_ADDR", "")
        token = parse_cookie(environ).get(sessions.cookie_name(self._house))
        asker = sessions.find_asker(self._house, token) if token else None
        if asker is None:
            wait_s = self._strangers.take(address, PATH, STRANGERS, self._house.clock())
            return _refuse(start, "429 Too Many Requests", wait_s) if wait_s else _refuse(start)
        if self._open[asker.token] >= MOST_SOCKETS:
            return _refuse(start, "429 Too Many Requests", 60)
        return self._counted(asker.token, environ, start)

    def _counted(self, token: str, environ: Environ, start: Start) -> Iterator[bytes]:
        self._open[token] += 1
        try:
            yield from self._app(environ, start)
        finally:
            self._open[token] -= 1
            self._open += Counter()  # nobody's are forgotten


def _refuse(start: Start, status: str = "401 Unauthorized", wait_s: int = 0) -> Iterable[bytes]:
    headers = [("Content-Type", "text/plain"), ("Content-Length", "0")]
    if wait_s:
        headers.append(("Retry-After", str(wait_s)))
    start(status, headers)
    return [b""]
