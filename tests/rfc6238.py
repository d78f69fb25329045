"""What an authenticator app shows, worked out by other means than the product's."""

import hmac
import struct
from base64 import b32decode
from datetime import datetime


def code_at(secret: str, at: datetime) -> str:
    """Six digits. RFC 6238 over RFC 4226, with SHA-1 and steps of 30 seconds."""
    step = struct.pack(">Q", int(at.timestamp()) // 30)
    mac = hmac.digest(b32decode(secret.replace(" ", "")), step, "sha1")
    place = mac[-1] & 15
    number: int = struct.unpack(">I", mac[place : place + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
