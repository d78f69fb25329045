"""The key by which push services know this install (RFC 8292): made once, sealed like all keys."""

from base64 import urlsafe_b64encode
from datetime import datetime

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from sqlmodel import Session

from storage.dialects import insert_once
from storage.models.notices import VapidKey
from storage.seal import seal, unseal

PLACE = "vapid_key:1"


def ensure_key(db: Session, key: bytes, now: datetime) -> str:
    """The public part as browsers take it; of two who make one at once, the first counts."""
    if db.get(VapidKey, 1) is None:
        private = ec.generate_private_key(ec.SECP256R1())
        sealed = seal(key, _pem(private), PLACE)
        row = {"id": 1, "private_sealed": sealed, "public": public_of(private), "created_at": now}
        insert_once(db, VapidKey, row, ["id"])
    return db.get_one(VapidKey, 1).public


def private_key(db: Session, key: bytes) -> str | None:
    """What requests are signed with, in PEM; None before any browser asked."""
    found = db.get(VapidKey, 1)
    return unseal(key, found.private_sealed, PLACE) if found is not None else None


def public_of(private: ec.EllipticCurvePrivateKey) -> str:
    """The public part in base64url."""
    point = private.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return urlsafe_b64encode(point).decode().rstrip("=")


def _pem(private: ec.EllipticCurvePrivateKey) -> str:
    return private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
