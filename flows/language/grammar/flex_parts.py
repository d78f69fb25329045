"""What a card is made of: bubbles, boxes, texts, pictures, buttons, by LINE's tables of keys.

Every value is a text until its key says otherwise, as everywhere in the folder. Texts may have
holes, and so may the address of a button, at its beginning only a link of ours: what a customer
typed never decides where a button leads.

Source: Messaging API reference, "Flex Message"; checked 2026-11.
"""

from collections.abc import Mapping, Sequence

from flows.language.grammar.flex_values import (
    address,
    color,
    degrees,
    label,
    measure,
    postback_data,
    ratio,
)
from flows.language.grammar.parts import Content
from flows.language.grammar.primitives import (
    Reader,
    Reading,
    https,
    integer,
    items,
    literal,
    one_of,
    read_table,
    words,
    wrong,
    yes_no,
)
from flows.language.nodes import Items, Node, Scalar, Table
from flows.language.problems import did_you_mean
from flows.language.sayings.saying import Param, Saying

MOST_BUBBLES = 12
MOST_PARTS = 1_000_000  # of a share, or of lines: LINE sets no bound of its own
_Keys = Mapping[str, Reader]


def read_container(node: Node, reading: Reading) -> Content | None:
    """`contents` of a card: a bubble, or a carousel of bubbles."""
    return _typed(node, reading, {"bubble": BUBBLE, "carousel": CAROUSEL}, "contents")


def _typed(node: Node, reading: Reading, kinds: Mapping[str, _Keys], what: Param) -> Content | None:
    """A map whose `type` says which keys it may have."""
    named = node.get("type") if isinstance(node, Table) else None
    if not isinstance(node, Table) or named is None:
        _without_type(node, reading, kinds, what)
        return None
    kind = named.text if isinstance(named, Scalar) else ""
    if kind not in kinds:
        meant = did_you_mean(kind, kinds)
        wrong(named, reading, "no_kind", meant, kind=kind, what=what, kinds=tuple(kinds))
        return None
    readers = {"type": literal, **kinds[kind]}
    return read_table(node, readers, reading, required=REQUIRED.get(kind, ()), what=kind)


def _without_type(node: Node, reading: Reading, kinds: Mapping[str, _Keys], what: Param) -> None:
    if not isinstance(node, Table):
        wrong(node, reading, "not_table", what=what)
        return
    reading.problems.add("F009", node.place, "no_type", what=what, kind=next(iter(kinds)))


def _part(*kinds: str) -> Reader:
    def read(node: Node, reading: Reading) -> Content | None:
        return _typed(node, reading, {kind: COMPONENTS[kind] for kind in kinds}, Saying("in.card"))

    return read


def _parts(*kinds: str) -> Reader:
    part = _part(*kinds)

    def read(node: Node, reading: Reading) -> Content | None:
        found = [part(item, reading) for item in items(node, reading, "contents")]
        return tuple(part for part in found if part is not None)

    return read


def _bubbles(node: Node, reading: Reading) -> Content | None:
    listed = node.items if isinstance(node, Items) else ()
    if len(listed) > MOST_BUBBLES and reading.key is not None:
        reading.problems.add(
            "L106",
            reading.key,
            "many_cards",
            most=MOST_BUBBLES,
        )
    found = [
        _typed(i, reading, {"bubble": BUBBLE}, "carousel") for i in items(node, reading, "contents")
    ]
    return tuple(bubble for bubble in found if bubble is not None)


def _action(node: Node, reading: Reading) -> Content | None:
    return _typed(node, reading, ACTIONS, "action")


def _alt_uri(node: Node, reading: Reading) -> Content | None:
    return read_table(node, {"desktop": address}, reading, required=("desktop",), what="altUri")


def _background(node: Node, reading: Reading) -> Content | None:
    return _typed(node, reading, {"linearGradient": GRADIENT}, "background")


def _styles(node: Node, reading: Reading) -> Content | None:
    return read_table(node, dict.fromkeys(BLOCKS, _block_style), reading, what="styles")


def _block_style(node: Node, reading: Reading) -> Content | None:
    return read_table(node, BLOCK_STYLE, reading, what="styles")


_STEPS = ("none", "xs", "sm", "md", "lg", "xl", "xxl")
_TEXT_SIZES = ("xxs", "xs", "sm", "md", "lg", "xl", "xxl", "3xl", "4xl", "5xl")
_SPACE = measure(*_STEPS, units=("px",))
_INSET = measure(*_STEPS, units=("px", "%"))
_LENGTH = measure(units=("px", "%"))
_FONT = measure(*_TEXT_SIZES, units=("px",))
_SHARE = integer(0, MOST_PARTS)

_PLACED: _Keys = {
    "margin": _SPACE,
    "position": one_of("relative", "absolute"),
    **dict.fromkeys(("offsetTop", "offsetBottom", "offsetStart", "offsetEnd"), _INSET),
}
_ALIGNED: _Keys = {
    "align": one_of("start", "end", "center"),
    "gravity": one_of("top", "bottom", "center"),
}
_LETTERS: _Keys = {
    "text": words,
    "size": _FONT,
    "color": color,
    "weight": one_of("regular", "bold"),
    "style": one_of("normal", "italic"),
    "decoration": one_of("none", "underline", "line-through"),
}
IN_BOX = ("box", "button", "image", "video", "icon", "text", "separator", "filler")
BLOCKS = ("header", "hero", "body", "footer")

GRADIENT: _Keys = {
    "angle": degrees,
    "startColor": color,
    "endColor": color,
    "centerColor": color,
    "centerPosition": measure(units=("%",)),
}
BLOCK_STYLE: _Keys = {"backgroundColor": color, "separator": yes_no, "separatorColor": color}
ACTIONS: Mapping[str, _Keys] = {
    "uri": {"label": label, "uri": address, "altUri": _alt_uri},
    "message": {"label": label, "text": literal},
    "postback": {
        "label": label,
        "data": postback_data,
        "displayText": literal,
        "inputOption": one_of("closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"),
        "fillInText": literal,
    },
    "clipboard": {"label": label, "clipboardText": literal},
}
COMPONENTS: dict[str, _Keys] = {
    "text": {
        **_LETTERS, **_PLACED, **_ALIGNED,
        "flex": _SHARE, "wrap": yes_no, "lineSpacing": measure(units=("px",)),
        "maxLines": _SHARE, "contents": _parts("span"), "adjustMode": one_of("shrink-to-fit"),
        "scaling": yes_no, "action": _action,
    },
    "span": _LETTERS,
    "button": {
        **_PLACED, "flex": _SHARE, "action": _action, "color": color,
        "style": one_of("primary", "secondary", "link"), "height": one_of("md", "sm"),
        "gravity": one_of("top", "bottom", "center"), "adjustMode": one_of("shrink-to-fit"),
        "scaling": yes_no,
    },
    "image": {
        **_PLACED, **_ALIGNED, "url": https, "flex": _SHARE,
        "size": measure(*_TEXT_SIZES, "full", units=("px", "%")), "aspectRatio": ratio,
        "aspectMode": one_of("fit", "cover"), "backgroundColor": color, "action": _action,
        "animated": yes_no,
    },
    "video": {
        "url": https, "previewUrl": https, "altContent": _part("box", "image"),
        "aspectRatio": ratio, "action": _action,
    },
    "icon": {**_PLACED, "url": https, "size": _FONT, "aspectRatio": ratio, "scaling": yes_no},
    "separator": {"margin": _SPACE, "color": color},
    "filler": {"flex": _SHARE},
}  # fmt: skip
COMPONENTS["box"] = {
    **_PLACED,
    "layout": one_of("horizontal", "vertical", "baseline"),
    "contents": _parts(*IN_BOX),
    "flex": _SHARE,
    "spacing": _SPACE,
    "backgroundColor": color,
    "borderColor": color,
    "borderWidth": measure("none", "light", "normal", "semi-bold", "medium", "bold", units=("px",)),
    "cornerRadius": _SPACE,
    **dict.fromkeys(("width", "maxWidth", "height", "maxHeight"), _LENGTH),
    **dict.fromkeys(
        ("paddingAll", "paddingTop", "paddingBottom", "paddingStart", "paddingEnd"), _INSET
    ),
    "action": _action,
    "justifyContent": one_of(
        "center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"
    ),
    "alignItems": one_of("center", "flex-start", "flex-end"),
    "background": _background,
}
BUBBLE: _Keys = {
    "size": one_of("nano", "micro", "deca", "hecto", "kilo", "mega", "giga"),
    "direction": one_of("ltr", "rtl"),
    "header": _part("box"),
    "hero": _part("box", "image", "video"),
    "body": _part("box"),
    "footer": _part("box"),
    "styles": _styles,
    "action": _action,
}
CAROUSEL: _Keys = {"contents": _bubbles}
REQUIRED: Mapping[str, Sequence[str]] = {
    "box": ("layout", "contents"),
    "button": ("action",),
    "image": ("url",),
    "video": ("url", "previewUrl", "altContent"),
    "icon": ("url",),
    "carousel": ("contents",),
    "linearGradient": ("angle", "startColor", "endColor"),
    "uri": ("uri",),
    "message": ("text",),
    "postback": ("data",),
    "clipboard": ("clipboardText",),
}
