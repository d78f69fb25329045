"""The encoder that the settings name, for the product and for the command that judges it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.egress import Egress
from bot.encoder import Encoder
from bot.http_encoder import HttpEncoder
from console.cli.secret_files import read_secret
from console.settings import BadSetting, Settings
from storage.unit import Store

if TYPE_CHECKING:
    from bot.encoding import Encoding  # only there is numpy needed


def find_encoder(settings: Settings) -> Encoder | None:
    """None where the settings name none. Raises BadSetting."""
    given = settings.encoder
    if given is None:
        return None
    return HttpEncoder(
        egress=Egress(settings.private_hosts),
        url=given.url,
        model=given.model,
        key=_read_key(given.key_file) if given.key_file is not None else None,
        question_prefix=given.question_prefix,
        entry_prefix=given.entry_prefix,
    )


def build_encoding(settings: Settings, store: Store, beside: Any) -> "Encoding | None":
    """What a worker asks. beside: runs heavy sums on a native thread."""
    encoder = find_encoder(settings)
    if encoder is None or settings.encoder is None:
        return None
    import gevent
    from gevent.event import Event

    from bot.encoding import Encoding
    from bot.question_vectors import QuestionVectors

    def clock() -> datetime:
        return datetime.now(UTC)

    timeout_s = settings.encoder.timeout_ms / 1000
    questions = QuestionVectors(encoder, timeout_s, gevent.spawn, Event, clock)
    return Encoding(encoder, store, questions, clock, beside)


def figures_of(encoding: "Encoding | None") -> Mapping[str, int]:
    """How often the encoder was of use, as metrics."""
    figures = encoding.questions.figures() if encoding is not None else {}
    return {f'madoguchi_encoder_questions_total{{outcome="{k}"}}': n for k, n in figures.items()}


def _read_key(file: Path) -> str:
    key = read_secret(file)
    if not key.isascii() or not key.isprintable():
        raise BadSetting(f"MADOGUCHI_ENCODER_KEY_FILE: {file} holds more than a key")
    return key
