"""Stored bundles of an older grammar, brought to today's: a chain of changes on the stored tree.

Bundles are immutable, so the chain is walked each time that one is read, never written back. When
the grammar changes so that an older tree would be read otherwise, its number rises, and the change
that leads from the number before is added here.
"""

from collections.abc import Callable, Mapping
from typing import Any

GRAMMAR = 1

Tree = Mapping[str, Any]
Change = Callable[[Tree], Tree]

CHANGES: Mapping[int, Change] = {}  # from a number to the next


class UnknownGrammar(ValueError):
    """The bundle was written by a version that this one does not know."""


def up_to_date(tree: Tree, changes: Mapping[int, Change] = CHANGES, current: int = GRAMMAR) -> Tree:
    """The tree in today's grammar. Raises UnknownGrammar."""
    number = tree.get("grammar")
    while number != current:
        change = changes.get(number) if isinstance(number, int) else None
        if change is None or not isinstance(number, int):
            raise UnknownGrammar(f"文法の番号 {number} は読めません(この版の番号は {current})。")
        number += 1
        tree = {**change(tree), "grammar": number}
    return tree
