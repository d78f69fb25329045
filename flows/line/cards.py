"""Flex messages as LINE's own JSON: a card of the managers', or a question as one.

Messaging API reference, "Flex Message"; checked 2026-11.
"""

import json
from collections.abc import Mapping
from typing import Any

from flows.language.effects import Bubble
from flows.line.actions import picker_action, postback_action
from flows.line.limits import ALT_TEXT_UNITS, CARD_BYTES, cut_units

PICKED_IN_CARDS = frozenset({"date", "time", "datetime"})
"""Camera and place are offered by quick replies alone."""


def flex_message(alt: str, contents: Mapping[str, Any]) -> dict[str, Any]:
    """A card, and what stands for it in lists and notices."""
    return {"type": "flex", "altText": cut_units(alt, ALT_TEXT_UNITS), "contents": contents}


def question_card(bubble: Bubble) -> dict[str, Any]:
    """A question with its options as buttons below it (`input: flex`)."""
    return flex_message(bubble.text, _contents(bubble))


def fits_card(bubble: Bubble) -> bool:
    """Whether everything that one can tap, and the text, may stand on a card."""
    if bubble.is_image or bubble.flex or not (bubble.options or bubble.picker):
        return False
    if bubble.picker is not None and bubble.picker.kind not in PICKED_IN_CARDS:
        return False
    return len(json.dumps(_contents(bubble), ensure_ascii=False).encode()) <= CARD_BYTES


def _contents(bubble: Bubble) -> dict[str, Any]:
    actions = [postback_action(option) for option in bubble.options]
    actions += [picker_action(bubble.picker)] if bubble.picker is not None else []
    text = {"type": "text", "text": bubble.text, "wrap": True}
    return {
        "type": "bubble",
        "body": _column(text),
        "footer": {**_column(*map(_button, actions)), "spacing": "sm"},
    }


def _column(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": "box", "layout": "vertical", "contents": list(parts)}


def _button(action: dict[str, Any]) -> dict[str, Any]:
    return {"type": "button", "style": "secondary", "height": "sm", "action": action}
