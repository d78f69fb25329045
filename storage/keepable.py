"""What JSON may say and yet no database can keep.

PostgreSQL keeps no NUL in a text, neither keeps half of a surrogate pair, and JSON itself has no
number that is infinite or none.
"""

import math
import re
from typing import Any

_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
REPLACEMENT = "\ufffd"


def is_keepable(tree: Any) -> bool:
    """Whether every text and number of a JSON tree can be kept as it is."""
    match tree:
        case str():
            return _UNKEEPABLE.search(tree) is None
        case float():
            return math.isfinite(tree)
        case dict():
            return all(is_keepable(part) for pair in tree.items() for part in pair)
        case list():
            return all(is_keepable(part) for part in tree)
    return True


def make_keepable(tree: Any) -> Any:
    """The same tree with U+FFFD in the place of every sign that cannot be kept."""
    match tree:
        case str():
            return _UNKEEPABLE.sub(REPLACEMENT, tree)
        case dict():
            return {make_keepable(key): make_keepable(value) for key, value in tree.items()}
        case list():
            return [make_keepable(part) for part in tree]
    return tree
