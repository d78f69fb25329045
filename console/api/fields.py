"""What staff write into the fields of a card, held to the types that the managers gave them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flows.language.grammar.house_files import Field
from flows.language.typed import count_graphemes, read_typed


def read_field(field: Field | None, value: Any, now: datetime, zone: str) -> Any:
    """The value as flows keep it; None clears. Raises ValueError with what is wanted.

    A field that no file names is kept as it comes: `fields.yaml` may be absent.
    """
    if value in ("", [], None):
        return None
    if field is None:
        return value
    if field.type == "list":
        return value if isinstance(value, list) else [str(value)]
    if field.type == "number" and isinstance(value, int | float):
        return value
    text = value if isinstance(value, str) else str(value)
    found = None if isinstance(value, list) else _read(field, text, now.astimezone(ZoneInfo(zone)))
    if found is None:
        raise ValueError(f"fields.{field.key}: not a value of the type {field.type}")
    return found


def _read(field: Field, text: str, now: datetime) -> Any:
    match field.type:
        case "choice":
            return text if text in field.options else None
        case "text":
            return text if count_graphemes(text) <= field.max_length else None
        case kind:
            return read_typed(kind, text, now)
