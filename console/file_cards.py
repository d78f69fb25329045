"""What is sent in the place of a file, as LINE has no message for one: a card that leads to it.

It tells the file's name, how large it is, and until which day it can be opened.
"""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flows.line.limits import cut_units

MOST_SHOWN = 200
KB, MB = 1000, 1_000_000
_WORDS = {
    "ja": ("ファイル: {name}({size})", "{day:%Y年%-m月%-d日}まで開けます", "ファイルを開く"),
    "en": ("File: {name} ({size})", "Can be opened until {day:%-d %B %Y}", "Open the file"),
}  # fmt: skip
OUTSIDE = "?openExternalBrowser=1"  # LINE's own browser saves no files; the phone's does


def file_card(
    name: str, size_bytes: int, until: datetime, zone: ZoneInfo, address: str, *, language: str
) -> dict[str, Any]:
    """The flex message; `until` is the first moment at which the file is not there any more, so the
    day before is the last whole one.
    """
    alt, day, label = _WORDS["en" if language == "en" else "ja"]
    shown, size = cut_units(name, MOST_SHOWN), size_words(size_bytes)
    lines = [
        {"type": "text", "text": shown, "weight": "bold", "wrap": True},
        {"type": "text", "text": size, "size": "xs", "color": "#5b6068"},
        {
            "type": "text",
            "text": day.format(day=(until - timedelta(days=1)).astimezone(zone)),
            "size": "xs",
            "color": "#5b6068",
            "wrap": True,
        },
    ]
    action = {"type": "uri", "label": label, "uri": f"{address}{OUTSIDE}"}
    button = {"type": "button", "style": "secondary", "height": "sm", "action": action}
    return {
        "type": "flex",
        "altText": alt.format(name=shown, size=size),
        "contents": {
            "type": "bubble",
            "size": "kilo",
            "body": {"type": "box", "layout": "vertical", "spacing": "sm", "contents": lines},
            "footer": {"type": "box", "layout": "vertical", "contents": [button]},
        },
    }


def size_words(size_bytes: int) -> str:
    """Bytes as people read them."""
    if size_bytes < KB:
        return f"{size_bytes} B"
    return f"{round(size_bytes / KB)} KB" if size_bytes < MB else f"{size_bytes / MB:.1f} MB"
