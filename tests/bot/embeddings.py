"""A server of embeddings on a loopback port, small and honest: hashed runs of letters.

It knows a few words that mean the same, which letters alone cannot know, and it can be made slow,
broken or another model while it runs.
"""

import json
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bot.egress import Egress
from bot.encoder import LENGTH, GramEncoder
from bot.http_encoder import HttpEncoder

SAME = {"チルドレン": "キッズカット", "プライス": "料金"}


@dataclass
class Embeddings:
    """The server, and what it was asked. delay_s, status, length: how it is now.

    of_questions: how much longer the vector of a text is that is asked about alone.
    """

    url: str = ""
    inputs: list[list[str]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    delay_s: float = 0.0
    status: int = 200
    length: int = LENGTH
    of_questions: int = 0
    answer: bytes | None = None

    @property
    def texts(self) -> list[str]:
        return [text for texts in self.inputs for text in texts]

    def vectors(self, texts: list[str]) -> list[list[float]]:
        plain = [_in_plain_words(text) for text in texts]
        found = GramEncoder().encode(plain, "question", 1.0)
        longer = self.of_questions if len(texts) == 1 else 0
        more = [0.0] * (self.length + longer - LENGTH)
        return [[*struct.unpack(f"<{LENGTH}f", vector), *more] for vector in found]


def _in_plain_words(text: str) -> str:
    for word, plain in SAME.items():
        text = text.replace(word, plain)
    return text


@contextmanager
def serving() -> Iterator[Embeddings]:
    """The server for as long as the block lasts."""
    embeddings = Embeddings()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            embeddings.inputs.append(body["input"])
            embeddings.keys.append(self.headers.get("Authorization"))
            time.sleep(embeddings.delay_s)
            told = embeddings.answer
            if told is None:
                told = json.dumps(_shape(embeddings.vectors(body["input"]))).encode()
            self.send_response(embeddings.status)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            with suppress(OSError):  # nobody waits for it any more
                self.wfile.write(told)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign] # who asked may be dead
    loop = {"poll_interval": 0.02}
    threading.Thread(target=server.serve_forever, kwargs=loop, daemon=True).start()
    embeddings.url = f"http://127.0.0.1:{server.server_port}/v1/embeddings"
    try:
        yield embeddings
    finally:
        server.shutdown()
        server.server_close()


def _shape(vectors: list[list[float]]) -> dict[str, Any]:
    """As the API answers, in an order of its own."""
    rows = [{"object": "embedding", "index": i, "embedding": v} for i, v in enumerate(vectors)]
    return {"object": "list", "data": rows[::-1], "model": "sample"}


def an_encoder(embeddings: Embeddings, **more: str) -> HttpEncoder:
    egress = Egress(frozenset({"127.0.0.1"}))
    return HttpEncoder(egress, embeddings.url, **{"model": "sample", **more})
