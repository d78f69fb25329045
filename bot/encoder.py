"""What turns texts into vectors whose nearness is that of their meaning."""

import sys
import zlib
from array import array
from collections import Counter
from collections.abc import Sequence
from math import sqrt
from typing import Literal, Protocol

from flows.language.faq.tokens import tokens

Kind = Literal["question", "entry"]
LENGTH = 512


class EncoderFailed(Exception):
    """The encoder gave no vectors. The message says why, and nothing of the texts."""


class Encoder(Protocol):
    """Vectors for texts. id: whatever makes other vectors of the same text has another one."""

    @property
    def id(self) -> str: ...

    def encode(self, texts: Sequence[str], kind: Kind, timeout_s: float) -> list[bytes]:
        """One vector for each text, as little-endian float32. Raises EncoderFailed."""
        ...


class GramEncoder:
    """Hashed runs of letters: the same text has the same vector on every machine, with no server.

    It knows no meaning. It shows what an encoder does without one, and what a model must beat.
    """

    id = f"grams-{LENGTH}"

    def encode(self, texts: Sequence[str], kind: Kind, timeout_s: float) -> list[bytes]:  # noqa: ARG002 # neither matters here
        return [self._vector(text) for text in texts]

    @staticmethod
    def _vector(text: str) -> bytes:
        vector = array("f", bytes(4 * LENGTH))
        for token, count in Counter(tokens(text)).items():
            number = zlib.crc32(token.encode())
            sign = 1.0 if number & 1 else -1.0  # so that what falls together cancels out
            vector[(number >> 1) % LENGTH] += sign * sqrt(count)
        return little_endian(vector)


def little_endian(vector: "array[float]") -> bytes:
    """The bytes of a vector of float32, alike on every machine."""
    if sys.byteorder == "big":
        vector.byteswap()
    return vector.tobytes()
