"""A push service on loopback, and browsers that subscribe to it and read what it was sent."""

import json
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from storage.pushes import Given


def base64(plain: bytes) -> str:
    return urlsafe_b64encode(plain).decode().rstrip("=")


def unbase64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Chrome:
    """One browser's subscription."""

    endpoint: str
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = b"0123456789abcdef"

    @property
    def given(self) -> Given:
        point = self.private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return Given(self.endpoint, base64(point), base64(self.auth))

    def read(self, body: bytes) -> dict[str, Any]:
        """What was encrypted for this browser; it raises for what was for another."""
        plain = http_ece.decrypt(
            body, private_key=self.private, auth_secret=self.auth, version="aes128gcm"
        )
        read: dict[str, Any] = json.loads(plain)
        return read


@dataclass
class PushService:
    """It keeps what it is sent, and answers with `status`."""

    status: int = 201
    sent: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    server: ThreadingHTTPServer | None = None

    def start(self) -> "PushService":
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # http.server's own name
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                service.sent.append((self.path, headers, body))
                self.send_response(service.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_parts: Any) -> None:
                """It is quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    @property
    def origin(self) -> str:
        assert self.server is not None
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def browser(self, name: str = "one") -> Chrome:
        return Chrome(f"{self.origin}/push/{name}")

    def stop(self) -> None:
        assert self.server is not None
        self.server.shutdown()
        self.server.server_close()


def claims(authorization: str, public: str) -> dict[str, Any]:
    """What a signature says, when it is right for the key that the header names."""
    kind, _, rest = authorization.partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert (kind, parts["k"]) == ("vapid", public)
    head, body, signature = parts["t"].split(".")
    assert json.loads(unbase64(head)) == {"typ": "JWT", "alg": "ES256"}
    raw = unbase64(signature)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unbase64(public))
    signed = f"{head}.{body}".encode()
    key.verify(encode_dss_signature(r, s), signed, ec.ECDSA(SHA256()))
    said: dict[str, Any] = json.loads(unbase64(body))
    return said
