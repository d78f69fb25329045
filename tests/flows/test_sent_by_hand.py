"""Which of LINE's messages a person may send, and what is refused before LINE has to."""

from typing import Any

import pytest

from flows.line.messages import find_wrong_part

PICTURE = "https://example.com/見本.png"
GOOD: list[dict[str, Any]] = [
    {"type": "text", "text": "a" * 5000},
    {"type": "sticker", "packageId": "446", "stickerId": "1988"},
    {"type": "image", "originalContentUrl": PICTURE, "previewImageUrl": PICTURE},
    {"type": "video", "originalContentUrl": PICTURE, "previewImageUrl": PICTURE},
    {"type": "audio", "originalContentUrl": PICTURE, "duration": 1000},
    {"type": "location", "title": "見本", "address": "東京", "latitude": 35.6, "longitude": 139},
    {"type": "flex", "altText": "見本", "contents": {"type": "bubble"}},
]
BAD: list[tuple[dict[str, Any], str]] = [
    ({}, "type"),
    ({"type": "template", "altText": "見本", "template": {}}, "type"),
    ({"type": "text", "text": " \n"}, "text"),
    ({"type": "text", "text": "😀" * 2501}, "text"),
    ({"type": "text", "text": "あ", "quickReply": {"items": []}}, "quickReply"),
    ({"type": "sticker", "packageId": "446"}, "stickerId"),
    ({"type": "sticker", "packageId": "446", "stickerId": 5}, "stickerId"),
    (GOOD[2] | {"previewImageUrl": "http://example.com/a.png"}, "previewImageUrl"),
    (GOOD[4] | {"duration": True}, "duration"),
    (GOOD[5] | {"latitude": 91}, "latitude"),
    (GOOD[6] | {"contents": {"type": "box"}}, "contents"),
]


@pytest.mark.parametrize("message", GOOD, ids=lambda message: message["type"])
def test_what_line_takes_may_be_sent(message: dict[str, Any]) -> None:
    assert find_wrong_part(message) is None


@pytest.mark.parametrize(("message", "part"), BAD)
def test_what_line_would_refuse_is_refused_with_its_part(
    message: dict[str, Any], part: str
) -> None:
    assert find_wrong_part(message) == part
