"""Cards: `flex/*.yaml`, LINE's flex messages under an id.

`contents` is LINE's own JSON, as its Flex Message Simulator writes it; YAML reads it as it stands.
"""

from collections.abc import Mapping

from flows.language.grammar.flex_parts import read_container
from flows.language.grammar.parts import FlexFile
from flows.language.grammar.primitives import Reader, Reading, literal, read_table, words
from flows.language.nodes import Node, Table
from flows.language.sayings.saying import Saying


def read_flex(node: Node, reading: Reading) -> FlexFile | None:
    """`flex: id`, `alt`, `contents`."""
    values = read_table(node, FLEX, reading, required=tuple(FLEX), what=Saying("in.flex"))
    if not isinstance(node, Table) or values is None or len(values) < len(FLEX):
        return None
    place = node.key_place("contents")
    return FlexFile(values["flex"], values["alt"], values["contents"], place)


FLEX: Mapping[str, Reader] = {"flex": literal, "alt": words, "contents": read_container}
