"""A picture as SVG: no script, no outside address; light and dark by what the reader prefers."""

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from flows.language.drawing.picture import Picture
from flows.language.drawing.placing import (
    LINE_HEIGHT,
    NODE_WIDTH,
    PADDING,
    Box,
    Curve,
    Drawing,
    place,
)
from flows.language.drawing.texts import width_of

MARGIN, TITLE = 28.0, 40.0
WORD_HEIGHT = 16.0
CORNER, ROUND = 8, 18
BASELINE = 13.0
WORD_SIGN = 5.7  # a Latin sign at 11.5px
STYLE = (
    "svg{--ground:#f4f3f0;--surface:#fff;--line:#c9c5bd;--ink:#1f2328;--ink-2:#5b6068;"
    "--accent:#1f5f8b;--soft:#e6eff6;--wait:#b4471f;--note:#fdf6d8;--ok:#2b7a4b;font-size:13px;"
    'font-family:"Hiragino Sans","Noto Sans JP","Noto Sans CJK JP","Yu Gothic UI",sans-serif}'
    "@media (prefers-color-scheme:dark){svg{--ground:#16171a;--surface:#1e2024;--line:#4a4e55;"
    "--ink:#eceae6;--ink-2:#a9adb5;--accent:#7db8e0;--soft:#1f3140;--wait:#f0a37e;--note:#353018;"
    "--ok:#84cfa0}}"
    ".ground{fill:var(--ground)}.title{font-size:17px;font-weight:600}text{fill:var(--ink)}"
    ".note{font-size:11px;fill:var(--ink-2)}.box{fill:var(--surface);stroke:var(--line)}"
    ".waits .box{stroke:var(--accent);fill:var(--soft)}"
    ".chooses .box{stroke-dasharray:5 3;stroke:var(--ink-2)}"
    ".person .box{stroke:var(--wait)}.elsewhere .box{fill:var(--note)}"
    ".start .box,.end .box{stroke:var(--ok)}.aside .box{stroke-dasharray:2 3}"
    ".way{fill:none;stroke:var(--ink-2);stroke-width:1.2}.way.aside{stroke-dasharray:4 4}"
    ".word{font-size:11.5px;fill:var(--ink-2)}.under{fill:var(--ground)}.head{fill:var(--ink-2)}"
)


def render_svg(pictures: Sequence[Picture]) -> str:
    """One picture; several flows stand one below the other."""
    drawings = [place(picture) for picture in pictures]
    width = max((drawing.width for drawing in drawings), default=0) + 2 * MARGIN
    width = max(width, *(width_of(p.title) * 9 + 2 * MARGIN for p in pictures), 240)
    height = MARGIN + sum(drawing.height + TITLE + MARGIN for drawing in drawings)
    titles = "、".join(picture.title for picture in pictures)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label={quoteattr(titles)} '
        f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}">',
        f"<style>{STYLE}</style>",
        '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path class="head" d="M0 0l8 4-8 4z"/></marker></defs>',
        '<rect class="ground" width="100%" height="100%"/>',
        *_stacked(drawings, width),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _stacked(drawings: Sequence[Drawing], width: float) -> Iterator[str]:
    y = MARGIN
    for drawing in drawings:
        left = (width - drawing.width) / 2
        name = escape(f"{drawing.picture.title}({drawing.picture.flow})")
        yield f'<text class="title" x="{MARGIN:.0f}" y="{y + 14:.0f}">{name}</text>'
        at = f"translate({left:.1f} {y + TITLE:.1f})"
        yield f'<g transform="{at}" data-flow="{drawing.picture.flow}">'
        yield from (_way(curve) for curve in drawing.curves)
        yield from (line for curve in drawing.curves if curve.word for line in _word(curve))
        yield from (line for box in drawing.boxes for line in _box(box))
        yield "</g>"
        y += drawing.height + TITLE + MARGIN


def _way(curve: Curve) -> str:
    (x, y), *rest = curve.points
    path = [f"M{x:.1f} {y:.1f}"]
    for next_x, next_y in rest:
        middle = (y + next_y) / 2
        path.append(f"C{x:.1f} {middle:.1f} {next_x:.1f} {middle:.1f} {next_x:.1f} {next_y:.1f}")
        x, y = next_x, next_y
    kind = "way aside" if curve.is_aside else "way"
    return f'<path class="{kind}" marker-end="url(#head)" d="{"".join(path)}"/>'


def _word(curve: Curve) -> Iterator[str]:
    x, y = curve.word_at
    width = width_of(curve.word) * WORD_SIGN + 6
    left, top = x - width / 2, y - WORD_HEIGHT / 2
    yield f'<rect class="under" {_rect(left, top, width, WORD_HEIGHT)}/>'
    yield _text("word", x, y + 4, curve.word)


def _box(box: Box) -> Iterator[str]:
    node, left = box.node, box.x - NODE_WIDTH / 2
    corner = ROUND if node.kind in {"start", "end", "aside"} else CORNER
    full = f"{node.text}({node.note})" if node.note else node.text
    yield f'<g class="{node.kind}" data-step="{node.id}" data-line="{node.line}">'
    yield f"<title>{escape(full)}</title>"
    yield f'<rect class="box" rx="{corner}" {_rect(left, box.y, NODE_WIDTH, box.height)}/>'
    for number, line in enumerate(box.lines):
        yield _text("", box.x, box.y + PADDING + BASELINE + number * LINE_HEIGHT, line)
    if node.note:
        yield _text("note", box.x, box.y + box.height - PADDING + 1, node.note)
    yield "</g>"


def _rect(left: float, top: float, width: float, height: float) -> str:
    return f'x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"'


def _text(kind: str, x: float, y: float, text: str) -> str:
    of = f' class="{kind}"' if kind else ""
    return f'<text{of} text-anchor="middle" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'
