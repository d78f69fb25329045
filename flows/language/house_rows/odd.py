"""The shapes that a form expects; what is written otherwise is shown as text."""

from flows.language.rewriting.writing import Value


class Odd(Exception):
    """It is written in a way that no form shows."""


def as_map(value: Value) -> dict[str, Value]:
    """A map; nothing is an empty one. Raises Odd."""
    if value == "":
        return {}
    if not isinstance(value, dict):
        raise Odd
    return value


def as_list(value: Value) -> list[Value]:
    """A list, or one alone; nothing is an empty one. Raises Odd."""
    if isinstance(value, dict):
        raise Odd
    return value if isinstance(value, list) else [value] if value else []


def as_text(value: Value) -> str:
    """A text. Raises Odd."""
    if not isinstance(value, str):
        raise Odd
    return value


def as_texts(value: Value) -> list[str]:
    """A list of texts, or one alone. Raises Odd."""
    return [as_text(item) for item in as_list(value)]
