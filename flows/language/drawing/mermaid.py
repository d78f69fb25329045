"""A picture as Mermaid text: https://mermaid.js.org/syntax/flowchart.html (checked 2026-11-27)."""

from collections.abc import Iterator, Mapping, Sequence

from flows.language.drawing.picture import Kind, Node, Picture
from flows.language.drawing.texts import shortened

LONGEST = 40
_SHAPES: Mapping[Kind, tuple[str, str]] = {
    "start": ("([", "])"),
    "waits": ("[", "]"),
    "says": ("[", "]"),
    "chooses": ("{{", "}}"),
    "person": ("[/", "/]"),
    "elsewhere": ("[[", "]]"),
    "end": ("([", "])"),
    "aside": (">", "]"),
}
_ENTITIES = {'"': "#quot;", "#": "#35;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "`": "#96;"}


def render_mermaid(pictures: Sequence[Picture]) -> str:
    """One chart: each flow is a part of it, under its title."""
    return "\n".join(["flowchart TD", *(line for one in pictures for line in _lines(one))]) + "\n"


def _lines(picture: Picture) -> Iterator[str]:
    yield f'  subgraph {picture.flow}_["{_escaped(picture.title)}"]'
    yield "    direction TB"
    yield from (f"    {_id(picture, node.id)}{_shape(node)}" for node in picture.nodes)
    for arrow in picture.arrows:
        line = "-.->" if arrow.is_aside else "-->"
        words = f'|"{_escaped(arrow.words)}"|' if arrow.words else ""
        source, dest = _id(picture, arrow.source), _id(picture, arrow.dest)
        yield f"    {source} {line}{words} {dest}"
    yield "  end"


def _id(picture: Picture, name: str) -> str:
    """Of this flow, and never a word that Mermaid reads as its own (`end`)."""
    return f"{picture.flow}__{name}"


def _shape(node: Node) -> str:
    opening, closing = _SHAPES[node.kind]
    note = f"<br/><small>{node.note}</small>" if node.note else ""
    return f'{opening}"{_escaped(shortened(node.text, LONGEST))}{note}"{closing}'


def _escaped(text: str) -> str:
    plain = "".join(_ENTITIES.get(sign, sign) for sign in text)
    return "<br/>".join(plain.splitlines())
