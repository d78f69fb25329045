"""Bubbles as LINE's own JSON: texts with quick replies, pickers, buttons."""

from collections.abc import Sequence
from typing import Any, assert_never

from flows.language.words import Bubble, Option, Picker
from flows.line.limits import (
    ALT_TEXT_UNITS,
    BUTTONS,
    BUTTONS_TEXT_GRAPHEMES,
    LABEL_GRAPHEMES,
    QUICK_REPLIES,
    count_graphemes,
    cut_graphemes,
    split_text,
)

Message = dict[str, Any]


def render_bubbles(bubbles: Sequence[Bubble]) -> list[Message]:
    """LINE's messages, in order. LINE shows only the last message's quick replies."""
    return [message for bubble in bubbles for message in render_bubble(bubble)]


def render_bubble(bubble: Bubble) -> list[Message]:
    """One bubble; more than one message only when its text is longer than LINE takes."""
    if bubble.look == "buttons" and _fits_buttons(bubble):
        return [_buttons(bubble)]
    messages = [_image(bubble.text)] if bubble.is_image else _texts(bubble.text)
    items = _quick_replies(bubble)
    if items and messages:
        messages[-1]["quickReply"] = {"items": items}
    return messages


def text_of(message: Message) -> str | None:
    """The words of a message, for lists and search."""
    text = message.get("text") or message.get("altText")
    return text if isinstance(text, str) else None


def _texts(text: str) -> list[Message]:
    return [{"type": "text", "text": piece} for piece in split_text(text)]


def _image(address: str) -> Message:
    return {"type": "image", "originalContentUrl": address, "previewImageUrl": address}


def _fits_buttons(bubble: Bubble) -> bool:
    if bubble.is_image:
        return False
    is_short = count_graphemes(bubble.text) <= BUTTONS_TEXT_GRAPHEMES
    return is_short and 0 < len(bubble.options) <= BUTTONS and bubble.picker is None


def _buttons(bubble: Bubble) -> Message:
    return {
        "type": "template",
        "altText": bubble.text[:ALT_TEXT_UNITS],
        "template": {
            "type": "buttons",
            "text": bubble.text,
            "actions": [_postback(option) for option in bubble.options],
        },
    }


def _quick_replies(bubble: Bubble) -> list[Message]:
    actions = [_postback(option) for option in bubble.options]
    if bubble.picker is not None:
        actions.append(_pick(bubble.picker))
    return [{"type": "action", "action": action} for action in actions[:QUICK_REPLIES]]


def _postback(option: Option) -> Message:
    return {
        "type": "postback",
        "label": cut_graphemes(option.label, LABEL_GRAPHEMES),
        "data": option.data,
        "displayText": option.label,
    }


def _pick(picker: Picker) -> Message:
    match picker.kind:
        case "image":
            return {"type": "cameraRoll", "label": picker.label}
        case "location":
            return {"type": "location", "label": picker.label}
        case "date" | "time" | "datetime":
            bounds = {"initial": picker.initial, "min": picker.min, "max": picker.max}
            return {
                "type": "datetimepicker",
                "label": picker.label,
                "data": picker.data,
                "mode": picker.kind,
                **{key: value for key, value in bounds.items() if value},
            }
        case _:
            assert_never(picker.kind)
