"""Numbers that stand in an address."""

from collections.abc import Mapping

DAYS, MOST_DAYS = 30, 366
LONGEST = 18  # digits; the database counts to 2^63


def read_number(text: str) -> int:
    """The number that an address names; 0, which nothing has, for what is none or too large."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= LONGEST
    return int(text) if is_number else 0


def read_days(query: Mapping[str, str]) -> int:
    """How many days somebody wants to look back. Raises ValueError for what is no number."""
    return max(1, min(MOST_DAYS, int(query.get("days", DAYS))))
