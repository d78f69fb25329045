"""`migrate`: where those go who stand on a step that a new version does not have any more."""

import re

from flows.language.grammar.primitives import Reading, scalar, wrong
from flows.language.grammar.shapes import ANY, Migration
from flows.language.nodes import Node, Scalar, Table

HASH = re.compile(r"[0-9a-f]{4,64}")


def read_migrate(node: Node, reading: Reading) -> tuple[Migration, ...] | None:
    """`{since: {old_id: new_id | restart | stop}}`."""
    if not isinstance(node, Table):
        wrong(node, reading, "not_migrate")
        return None
    read = [_migration(entry.key, entry.value, reading) for entry in node.entries]
    return tuple(migration for migration in read if migration is not None)


def _migration(since: Scalar, node: Node, reading: Reading) -> Migration | None:
    if since.text != ANY and not HASH.fullmatch(since.text):
        wrong(since, reading, "not_a_version", text=since.text)
        return None
    if not isinstance(node, Table):
        wrong(node, reading, "not_moves")
        return None
    moves = [(entry.key, scalar(entry.value, reading)) for entry in node.entries]
    return Migration(since, tuple((old, new) for old, new in moves if new is not None))
