"""One push to one browser: encrypted for it alone (RFC 8291), signed as ours (RFC 8292).

It goes out by the one egress, so that an address that a browser gave leads to no place of our own.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from bot.egress import Egress, EgressFailed, EgressRefused
from storage.pushes import Fate, Given
from storage.vapid import public_of

TTL_S = 600
TIMEOUT_S = 8.0
TOKEN_LIFE = timedelta(hours=12)
GONE = frozenset({404, 410})
TOO_MANY, SERVER_ERROR, OK = 429, 500, range(200, 300)
MOST_BYTES = 3_000  # of a payload; services take 4,096 with everything around it


@dataclass(frozen=True, slots=True)
class Signer:
    """The install's own key, and whom a push service may write to about it."""

    private: ec.EllipticCurvePrivateKey
    public: str
    contact: str

    @staticmethod
    def of(pem: str, contact: str) -> "Signer":
        """From the key as it is kept."""
        private = serialization.load_pem_private_key(pem.encode(), None)
        if not isinstance(private, ec.EllipticCurvePrivateKey):
            raise TypeError("no key of a curve")
        return Signer(private, public_of(private), contact)

    def headers(self, endpoint: str, now: datetime) -> dict[str, str]:
        """What says to the push service who sends."""
        parts = urlsplit(endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int((now + TOKEN_LIFE).timestamp()),
            "sub": self.contact,
        }
        return {"Authorization": f"vapid t={self._token(claims)}, k={self.public}"}

    def _token(self, claims: Mapping[str, Any]) -> str:
        head = {"typ": "JWT", "alg": "ES256"}
        body = ".".join(_base64(json.dumps(part).encode()) for part in (head, claims))
        signature = self.private.sign(body.encode(), ec.ECDSA(SHA256()))
        r, s = decode_dss_signature(signature)
        return f"{body}.{_base64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def push(
    egress: Egress, signer: Signer, to: Given, payload: Mapping[str, Any], now: datetime
) -> Fate:
    """Post it; what became of it. Never raises for what the other side does."""
    try:
        body = _encrypt(to, payload)
        answer = egress.post(to.endpoint, body, _headers(signer, to, payload, now), TIMEOUT_S)
    except (EgressRefused, ValueError):
        return "refused"
    except EgressFailed:
        return "later"
    if answer.status in OK:
        return "sent"
    if answer.status in GONE:
        return "gone"
    is_passing = answer.status == TOO_MANY or answer.status >= SERVER_ERROR
    return "later" if is_passing else "refused"


def _headers(
    signer: Signer, to: Given, payload: Mapping[str, Any], now: datetime
) -> dict[str, str]:
    headers = {
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(TTL_S),
        "Urgency": "high",
        **signer.headers(to.endpoint, now),
    }
    # A later one of the same talk takes the place of one that was not fetched yet.
    topic = str(payload.get("tag", ""))[:32]
    return {**headers, "Topic": topic} if topic.isalnum() else headers


def _encrypt(to: Given, payload: Mapping[str, Any]) -> bytes:
    text = json.dumps(payload, ensure_ascii=False).encode()
    if len(text) > MOST_BYTES:
        raise ValueError("the payload is too long")
    encrypted: bytes = http_ece.encrypt(
        text,
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=_bytes(to.p256dh),
        auth_secret=_bytes(to.auth),
        version="aes128gcm",
    )
    return encrypted


def _base64(plain: bytes) -> str:
    return urlsafe_b64encode(plain).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
