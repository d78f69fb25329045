"""A flow without its texts: its shape. Versions of one shape differ only in what they say.

Whoever is in the middle of one may go on in the other at the same place: the same states, the same
triggers, the same guards, the same effects, the same clocks.
"""

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import timedelta
from typing import Any

from flows.language.grammar.parts import Setting, Words
from flows.language.grammar.shapes import Flow
from flows.language.nodes import Scalar
from flows.language.problems import Place

NOT_OF_THE_SHAPE = frozenset({"title", "place", "migrate"})  # of a flow


def shape_of(flow: Flow) -> str:
    """The SHA-256 of everything but the texts, the places and the title."""
    canonical = json.dumps(_plain(flow), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(value: Any) -> Any:
    match value:
        case Words() | Place():
            return None
        case Setting():  # what is written on the card is no text of the talk
            return [value.path.text, _plain(value.value.template), value.word]
        case Scalar():
            return value.text
        case timedelta():
            return value.total_seconds()
        case tuple():
            return [_plain(item) for item in value if not isinstance(item, Words)]
    if is_dataclass(value) and not isinstance(value, type):
        left_out = NOT_OF_THE_SHAPE if isinstance(value, Flow) else frozenset[str]()
        named = {f.name: getattr(value, f.name) for f in fields(value) if f.name not in left_out}
        return {name: _plain(item) for name, item in named.items()}
    return value
