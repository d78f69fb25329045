"""Cards as definitions: LINE's components by their type, from the reader's own tables."""

from collections.abc import Mapping

from flows.language.grammar.flex_parts import (
    ACTIONS,
    BLOCK_STYLE,
    BLOCKS,
    BUBBLE,
    CAROUSEL,
    COMPONENTS,
    GRADIENT,
    IN_BOX,
    MOST_BUBBLES,
    REQUIRED,
)
from flows.language.grammar.flex_values import address, label, postback_data
from flows.language.grammar.primitives import Reader
from flows.language.schema.values import Schema, ref, value_of

_BY_READER: Mapping[Reader, Schema] = {
    label: ref("literal"),
    postback_data: ref("literal"),
    address: ref("words"),
}
_BY_KEY: Mapping[str, Schema] = {
    "header": ref("flex_box"),
    "body": ref("flex_box"),
    "footer": ref("flex_box"),
    "hero": {"anyOf": [ref(f"flex_{kind}") for kind in ("box", "image", "video")]},
    "altContent": {"anyOf": [ref(f"flex_{kind}") for kind in ("box", "image")]},
    "action": {"anyOf": [ref(f"flex_{kind}") for kind in ACTIONS]},
    "background": ref("flex_linearGradient"),
    "styles": ref("flex_styles"),
    "altUri": ref("flex_desktop"),
}


def card_parts() -> dict[str, Schema]:
    """Every definition that cards use."""
    bubbles = {"type": "array", "items": ref("flex_bubble"), "maxItems": MOST_BUBBLES}
    spans = {"type": "array", "items": ref("flex_span")}
    in_box = {"type": "array", "items": {"anyOf": [ref(f"flex_{kind}") for kind in IN_BOX]}}
    listed: Mapping[str, Schema] = {"text": spans, "box": in_box, "carousel": bubbles}
    kinds = {**COMPONENTS, **ACTIONS, "bubble": BUBBLE, "carousel": CAROUSEL}
    kinds["linearGradient"] = GRADIENT
    block = _object({key: _value(key, reader) for key, reader in BLOCK_STYLE.items()})
    return {
        "container": {"anyOf": [ref("flex_bubble"), ref("flex_carousel")]},
        "flex_styles": _object(dict.fromkeys(BLOCKS, block)),
        "flex_desktop": {**_object({"desktop": ref("words")}), "required": ["desktop"]},
        **{f"flex_{kind}": _kind(kind, keys, listed.get(kind)) for kind, keys in kinds.items()},
    }


def _kind(kind: str, keys: Mapping[str, Reader], listed: Schema | None) -> Schema:
    own = {"contents": listed} if listed is not None else {}
    properties = {key: own.get(key) or _value(key, reader) for key, reader in keys.items()}
    whole = _object({"type": {"enum": [kind]}, **properties})
    return {**whole, "required": ["type", *REQUIRED.get(kind, ())]}


def _value(key: str, reader: Reader) -> Schema:
    found = _BY_KEY.get(key) or _BY_READER.get(reader) or value_of(reader)
    if found is None:
        raise KeyError(f"the schema does not know what {key} accepts")
    return found


def _object(properties: Mapping[str, Schema]) -> Schema:
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}
