"""An encoder behind HTTP: `POST /v1/embeddings`, which OpenAI began and most servers speak.

Source of the shape: https://platform.openai.com/docs/api-reference/embeddings (2026-11-27); Ollama,
text-embeddings-inference, vLLM, LM Studio and llama.cpp answer alike.
"""

import hashlib
import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

from bot.egress import Egress, EgressFailed, EgressRefused
from bot.encoder import EncoderFailed, Kind, little_endian

OK = 200
DIGITS = 8
# What reading an answer of any shape as vectors can raise.
NO_VECTORS = (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True, slots=True)
class HttpEncoder:
    """question_prefix, entry_prefix: what models of the kind of E5 want before each text."""

    egress: Egress
    url: str
    model: str
    key: str | None = field(default=None, repr=False)
    question_prefix: str = ""
    entry_prefix: str = ""

    @property
    def id(self) -> str:
        """The model, and what else changes its vectors: where it runs, what it is told."""
        told = json.dumps([self.url, self.model, self.question_prefix, self.entry_prefix])
        return f"{self.model}#{hashlib.sha256(told.encode()).hexdigest()[:DIGITS]}"

    def encode(self, texts: Sequence[str], kind: Kind, timeout_s: float) -> list[bytes]:
        """One vector for each text. Raises EncoderFailed."""
        prefix = self.question_prefix if kind == "question" else self.entry_prefix
        body = {"model": self.model, "input": [prefix + text for text in texts]}
        try:
            answer = self.egress.post(
                self.url,
                json.dumps(body, ensure_ascii=False).encode(),
                self._headers(),
                timeout_s,
            )
        except (EgressRefused, EgressFailed) as error:
            raise EncoderFailed(f"{type(error).__name__}: {error}") from error
        if answer.status != OK:
            raise EncoderFailed(f"it answered {answer.status}")
        return _vectors(answer.body, len(texts))

    def _headers(self) -> Mapping[str, str]:
        signed = {"Authorization": f"Bearer {self.key}"} if self.key is not None else {}
        return {"Content-Type": "application/json", **signed}


def _vectors(body: bytes, count: int) -> list[bytes]:
    """The vectors in the order of the texts. Raises EncoderFailed."""
    try:
        rows = json.loads(body)["data"]
        found = {_place(row, number): _vector(row) for number, row in enumerate(rows)}
        vectors = [found[number] for number in range(count)]
    except NO_VECTORS as error:
        raise EncoderFailed("its answer is none of vectors") from error
    if len(rows) != count or len({len(vector) for vector in vectors}) > 1:
        raise EncoderFailed("its vectors are not as many or not as long as they should be")
    return vectors


def _place(row: Mapping[str, Any], number: int) -> int:
    """Where a vector belongs: servers may answer in an order of their own."""
    return int(row.get("index", number))


def _vector(row: Mapping[str, Any]) -> bytes:
    vector = array("f", row["embedding"])
    if not vector or not all(map(isfinite, vector)):
        raise ValueError("not numbers")
    return little_endian(vector)
