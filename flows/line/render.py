"""Bubbles as LINE's own JSON: texts with quick replies, pickers, buttons."""

import json
from collections.abc import Sequence
from typing import Any

from flows.language.effects import Bubble
from flows.line.actions import picker_action, postback_action
from flows.line.cards import fits_card, flex_message, question_card
from flows.line.limits import (
    ALT_TEXT_UNITS,
    BUTTONS,
    BUTTONS_TEXT_GRAPHEMES,
    QUICK_REPLIES,
    count_graphemes,
    cut_units,
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
    if bubble.look == "flex" and fits_card(bubble):
        return [question_card(bubble)]
    messages = _plain(bubble)
    items = _quick_replies(bubble)
    if items and messages:
        messages[-1]["quickReply"] = {"items": items}
    return messages


def text_of(message: Message) -> str | None:
    """The words of a message, for lists and search."""
    text = message.get("text") or message.get("altText")
    return text if isinstance(text, str) else None


def _plain(bubble: Bubble) -> list[Message]:
    if bubble.flex:
        return [flex_message(bubble.text, json.loads(bubble.flex))]
    return [_image(bubble.text)] if bubble.is_image else _texts(bubble.text)


def _texts(text: str) -> list[Message]:
    return [{"type": "text", "text": piece} for piece in split_text(text)]


def _image(address: str) -> Message:
    return {"type": "image", "originalContentUrl": address, "previewImageUrl": address}


def _fits_buttons(bubble: Bubble) -> bool:
    if bubble.is_image or bubble.flex:
        return False
    is_short = count_graphemes(bubble.text) <= BUTTONS_TEXT_GRAPHEMES
    return is_short and 0 < len(bubble.options) <= BUTTONS and bubble.picker is None


def _buttons(bubble: Bubble) -> Message:
    return {
        "type": "template",
        "altText": cut_units(bubble.text, ALT_TEXT_UNITS),
        "template": {
            "type": "buttons",
            "text": bubble.text,
            "actions": [postback_action(option) for option in bubble.options],
        },
    }


def _quick_replies(bubble: Bubble) -> list[Message]:
    actions = [postback_action(option) for option in bubble.options]
    if bubble.picker is not None:
        actions.append(picker_action(bubble.picker))
    return [{"type": "action", "action": action} for action in actions[:QUICK_REPLIES]]
