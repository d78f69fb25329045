"""Numbers that stand in an address."""

LONGEST = 18  # digits; the database counts to 2^63


def read_number(text: str) -> int:
    """The number that an address names; 0, which nothing has, for what is none or too large."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= LONGEST
    return int(text) if is_number else 0
