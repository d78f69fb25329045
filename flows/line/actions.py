"""What one can tap, as LINE's own JSON: postbacks and pickers."""

from typing import Any, assert_never

from flows.language.effects import Option, Picker
from flows.line.limits import LABEL_GRAPHEMES, cut_graphemes

Action = dict[str, Any]


def postback_action(option: Option) -> Action:
    """A tap that comes back as a postback."""
    return {
        "type": "postback",
        "label": cut_graphemes(option.label, LABEL_GRAPHEMES),
        "data": option.data,
        "displayText": option.label,
    }


def picker_action(picker: Picker) -> Action:
    """LINE's own way to choose a moment, a picture or a place."""
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
