"""Texts of saved replies: which placeholders they may have, and what is put into them.

They are written and filled as the texts of flows are, with the same filters. What is missing for a
customer stays in the text as a hole with its title, for the writer to fill: `{{お誕生日}}`.
Places are in UTF-16 units, as a browser counts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from console.words import WORDS
from flows.language.grammar.house_files import Field
from flows.language.sayings.catalogue import say
from flows.language.sayings.saying import Language
from flows.language.templates import (
    Lookup,
    Slot,
    Template,
    TemplateError,
    parse_template,
    render,
)
from flows.language.words import Value
from flows.line.limits import count_units

FIELD = "field."
_CLOSED = re.compile(r"\{\{.*?\}\}", re.DOTALL)
PLAIN: Mapping[str, tuple[str, str]] = {
    "name": ("お客様の名前", "Customer's name"),
    "operator": ("担当者の名前", "Operator's name"),
    "account": ("アカウントの名前", "Account's name"),
}
_SAMPLES: Mapping[str, Value] = {
    "number": 3,
    "date": "2026-12-01",
    "time": "10:00",
    "datetime": "2026-12-01T10:00",
    "phone": "09000000000",
    "email": "mihon@example.com",
    "postcode": "1000001",
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """A placeholder that nothing can be put into. line and column are counted from 1."""

    start: int
    end: int
    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class Hole:
    """Where something is missing in a filled text, and what."""

    start: int
    end: int
    name: str


def find_mistakes(text: str, fields: Mapping[str, Field], language: Language) -> list[Mistake]:
    """Every placeholder that is none; of a text that cannot be read, the first."""
    try:
        template = parse_template(text)
    except TemplateError as error:
        return [_mistake(text, _span(text, error.number), say(error.about, language))]
    unknown = [n for n, slot in enumerate(template.slots()) if not _is_known(slot, fields)]
    words = WORDS["unknown_placeholder"][language == "en"]
    return [
        _mistake(text, _span(text, number), words.format(name=template.slots()[number].path))
        for number in unknown
    ]


def fill(
    text: str, lookup: Lookup, fields: Mapping[str, Field], language: Language
) -> tuple[str, list[Hole]]:
    """The text for one customer, and the holes that are left in it."""
    filled, holes = "", []
    for part in parse_template(text).parts:
        piece = render(Template((part,)), lookup)
        if isinstance(part, Slot) and not piece.strip():
            name = title_of(part.path, fields, language)
            piece = "{{" + name + "}}"
            start = count_units(filled)
            holes.append(Hole(start, start + count_units(piece), name))
        filled += piece
    return filled, holes


def title_of(path: str, fields: Mapping[str, Field], language: Language) -> str:
    """What a placeholder is called where people read it; without signs that would end it."""
    if path in PLAIN:
        return PLAIN[path][language == "en"]
    field = fields.get(path.removeprefix(FIELD))
    return (field.title if field is not None else path).replace("{", "(").replace("}", ")")


def sample_of(path: str, fields: Mapping[str, Field]) -> Value:
    """What a preview puts into a placeholder for a field of the card."""
    field = fields.get(path.removeprefix(FIELD))
    if field is None:
        return None
    if field.options:
        return field.options[0]
    return _SAMPLES.get(field.type, f"({field.title})")


def _is_known(slot: Slot, fields: Mapping[str, Field]) -> bool:
    return slot.path in PLAIN or (
        slot.path.startswith(FIELD) and slot.path.removeprefix(FIELD) in fields
    )


def _span(text: str, number: int | None) -> tuple[int, int]:
    """Where the hole of a number stands; None: the braces that close none."""
    if number is None:
        at = _CLOSED.sub(lambda hole: " " * len(hole[0]), text).index("}}")
        return at, at + len("}}")
    start = -1
    for _ in range(number + 1):
        start = text.index("{{", start + 1 if start < 0 else start + len("{{"))
    closed = text.find("}}", start)
    return start, closed + len("}}") if closed >= 0 else len(text)


def _mistake(text: str, span: tuple[int, int], message: str) -> Mistake:
    before = text[: span[0]]
    column = count_units(before.rpartition("\n")[2]) + 1
    start, end = count_units(before), count_units(text[: span[1]])
    return Mistake(start, end, before.count("\n") + 1, column, message)
