"""LINE's limits for messages: each at its edge, one inside and one outside."""

from typing import Any

import pytest

from bot.simulator.rules import find_errors

FAMILY = "👨‍👩‍👧"  # one sign, eight UTF-16 units
URL = "https://example.com/a.png"


def text(words: str, **more: Any) -> dict[str, Any]:
    return {"type": "text", "text": words, **more}


def postback(label: str = "はい", **more: Any) -> dict[str, Any]:
    return {"type": "postback", "label": label, "data": "d", **more}


def quick(*actions: Any) -> dict[str, Any]:
    items = [{"type": "action", "action": action} for action in actions]
    return text("あ", quickReply={"items": items})


def template(**fields: Any) -> dict[str, Any]:
    return {"type": "template", "altText": "あ", "template": fields}


def buttons(**more: Any) -> dict[str, Any]:
    return template(**{"type": "buttons", "text": "あ", "actions": [postback()], **more})


def column(**more: Any) -> dict[str, Any]:
    return {"text": "あ", "actions": [postback()], **more}


def carousel(*columns: Any) -> dict[str, Any]:
    return template(type="carousel", columns=list(columns))


def picture(label: str) -> dict[str, Any]:
    action = {"type": "uri", "label": label, "uri": URL}
    return template(type="image_carousel", columns=[{"imageUrl": URL, "action": action}])


def flex(contents: dict[str, Any]) -> dict[str, Any]:
    return {"type": "flex", "altText": "あ", "contents": contents}


def bubble(label: str = "はい", words: str = "あ") -> dict[str, Any]:
    button = {"type": "button", "action": postback(label)}
    body = {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": words}, button]}  # fmt: skip
    return {"type": "bubble", "body": body}


def image(url: str) -> dict[str, Any]:
    return {"type": "image", "originalContentUrl": url, "previewImageUrl": URL}


# What LINE takes, what it does not, and the property that it names.
EDGES: list[tuple[Any, Any, str]] = [
    ([text("あ")] * 5, [text("あ")] * 6, "messages"),
    ([text("あ")], [], "messages"),
    ([text("あ")], None, "messages"),
    (text("あ"), {"type": "letter"}, "messages[0].type"),
    (text("あ"), "あ", "messages[0].type"),
    (text("あ"), text(""), "messages[0].text"),
    (text("あ"), text(7), "messages[0].text"),  # type: ignore[arg-type] # a bot's mistake
    (text("あ" * 5000), text("あ" * 5001), "messages[0].text"),
    (text("😀" * 2500), text("😀" * 2500 + "あ"), "messages[0].text"),
    ({"type": "textV2", "text": "あ" * 5000}, {"type": "textV2", "text": "あ" * 5001}, "messages[0].text"),
    (quick(*[postback()] * 13), quick(*[postback()] * 14), "messages[0].quickReply.items"),
    (quick(postback()), quick(), "messages[0].quickReply.items"),
    (quick(postback()), text("あ", quickReply="あ"), "messages[0].quickReply.items"),
    (quick(postback("あ" * 20)), quick(postback("あ" * 21)), "messages[0].quickReply.items[0].action.label"),
    (quick(postback(FAMILY * 20)), quick(postback(FAMILY * 21)), "messages[0].quickReply.items[0].action.label"),
    (quick(postback()), quick(postback("")), "messages[0].quickReply.items[0].action.label"),
    (quick(postback(data="d" * 300)), quick(postback(data="d" * 301)), "messages[0].quickReply.items[0].action.data"),
    (quick(postback(data="😀" * 150)), quick(postback(data="😀" * 151)), "messages[0].quickReply.items[0].action.data"),
    (quick(postback()), quick(postback(data="")), "messages[0].quickReply.items[0].action.data"),
    (quick(postback(displayText=FAMILY * 300)), quick(postback(displayText="あ" * 301)), "messages[0].quickReply.items[0].action.displayText"),
    (quick(postback(fillInText="あ" * 300)), quick(postback(fillInText="あ" * 301)), "messages[0].quickReply.items[0].action.fillInText"),
    (quick(postback()), quick("tap"), "messages[0].quickReply.items[0].action"),
    (quick({"type": "camera", "label": "あ"}), buttons(actions=[{"type": "camera", "label": "あ"}]), "messages[0].template.actions[0].type"),
    (quick(postback()), quick({"type": "dance", "label": "あ"}), "messages[0].quickReply.items[0].action.type"),
    (quick({"type": "message", "label": "あ", "text": FAMILY * 300}), quick({"type": "message", "label": "あ", "text": "あ" * 301}), "messages[0].quickReply.items[0].action.text"),
    (quick({"type": "uri", "label": "あ", "uri": "tel:0312345678"}), quick({"type": "uri", "label": "あ", "uri": "javascript:x"}), "messages[0].quickReply.items[0].action.uri"),
    (quick({"type": "uri", "label": "あ", "uri": URL.ljust(1000, "a")}), quick({"type": "uri", "label": "あ", "uri": URL.ljust(1001, "a")}), "messages[0].quickReply.items[0].action.uri"),
    (quick({"type": "datetimepicker", "label": "あ", "data": "d", "mode": "date"}), quick({"type": "datetimepicker", "label": "あ", "data": "d", "mode": "year"}), "messages[0].quickReply.items[0].action.mode"),
    (quick({"type": "clipboard", "label": "あ", "clipboardText": "あ" * 1000}), quick({"type": "clipboard", "label": "あ", "clipboardText": "あ" * 1001}), "messages[0].quickReply.items[0].action.clipboardText"),
    (buttons(actions=[postback()] * 4), buttons(actions=[postback()] * 5), "messages[0].template.actions"),
    (buttons(actions=[postback("あ" * 20)]), buttons(actions=[postback("あ" * 21)]), "messages[0].template.actions[0].label"),
    (buttons(text=FAMILY * 160), buttons(text="あ" * 161), "messages[0].template.text"),
    (buttons(text="あ" * 60, title="題"), buttons(text="あ" * 61, title="題"), "messages[0].template.text"),
    (buttons(text="あ" * 60, thumbnailImageUrl=URL), buttons(text="あ" * 61, thumbnailImageUrl=URL), "messages[0].template.text"),
    (buttons(title=FAMILY * 40), buttons(title="あ" * 41), "messages[0].template.title"),
    (buttons(), template(type="poster"), "messages[0].template.type"),
    (buttons() | {"altText": "あ" * 1500}, buttons() | {"altText": "あ" * 1501}, "messages[0].altText"),
    (template(type="confirm", text="あ" * 240, actions=[postback()] * 2), template(type="confirm", text="あ" * 241, actions=[postback()] * 2), "messages[0].template.text"),
    (template(type="confirm", text="あ", actions=[postback()] * 2), template(type="confirm", text="あ", actions=[postback()]), "messages[0].template.actions"),
    (carousel(*[column()] * 10), carousel(*[column()] * 11), "messages[0].template.columns"),
    (carousel(column(text="あ" * 120)), carousel(column(text="あ" * 121)), "messages[0].template.columns[0].text"),
    (carousel(column(actions=[postback()] * 3)), carousel(column(actions=[postback()] * 4)), "messages[0].template.columns[0].actions"),
    (carousel(column(), column()), carousel(column(), column(actions=[postback()] * 2)), "messages[0].template.columns"),
    (carousel(column(title="題"), column(title="題")), carousel(column(title="題"), column()), "messages[0].template.columns"),
    (carousel(column()), carousel("あ"), "messages[0].template.columns[0]"),
    (picture("あ" * 12), picture("あ" * 13), "messages[0].template.columns[0].action.label"),
    (flex(bubble("あ" * 40)), flex(bubble("あ" * 41)), "messages[0].contents.body.contents[1].action.label"),
    (flex(bubble(words="a" * 30_000)), flex(bubble(words="a" * 31_000)), "messages[0].contents"),
    (flex({"type": "carousel", "contents": [bubble()] * 12}), flex({"type": "carousel", "contents": [bubble()] * 13}), "messages[0].contents.contents"),
    (flex(bubble()), flex({"type": "box"}), "messages[0].contents.type"),
    (image(URL), image("http://example.com/a.png"), "messages[0].originalContentUrl"),
    (image(URL.ljust(2000, "a")), image(URL.ljust(2001, "a")), "messages[0].originalContentUrl"),
    (text("あ", sender={"name": "あ" * 20}), text("あ", sender={"name": "あ" * 21}), "messages[0].sender.name"),
    (text("あ", sender={"name": "あ"}), text("あ", sender="あ"), "messages[0].sender"),
    (text("😀$", emojis=[{"index": 2, "productId": "p", "emojiId": "1"}]), text("😀$", emojis=[{"index": 1, "productId": "p", "emojiId": "1"}]), "messages[0].emojis[0].index"),
    (text("$", emojis=[{"index": 0}]), text("$", emojis=[]), "messages[0].emojis"),
    ({"type": "location", "title": "あ" * 100, "address": "住", "latitude": 35.0, "longitude": 139.0}, {"type": "location", "title": "あ" * 101, "address": "住", "latitude": 35.0, "longitude": 139.0}, "messages[0].title"),
    ({"type": "coupon", "couponId": "c"}, {"type": "coupon"}, "messages[0].couponId"),
    ({"type": "sticker", "packageId": "446", "stickerId": "1988"}, {"type": "sticker", "packageId": "446"}, "messages[0].stickerId"),
    ({"type": "imagemap", "baseUrl": URL, "altText": "あ", "baseSize": {}, "actions": [{}] * 50}, {"type": "imagemap", "baseUrl": URL, "altText": "あ", "baseSize": {}, "actions": [{}] * 51}, "messages[0].actions"),
]  # fmt: skip


def listed(given: Any) -> Any:
    return given if isinstance(given, list) or given is None else [given]


@pytest.mark.parametrize(("inside", "outside", "place"), EDGES)
def test_a_limit_holds_at_its_edge(inside: Any, outside: Any, place: str) -> None:
    assert find_errors(listed(inside)) == []
    found = find_errors(listed(outside))
    assert [detail["property"] for detail in found] == [place]
    assert all(detail["message"] for detail in found)


def test_one_bad_message_is_named_and_nothing_is_sent(line: Any) -> None:
    user = line.friend()

    answer = line.push(user, messages=[text("あ"), text("あ" * 5001), text("")])

    assert answer.status_code == 400
    assert answer.json == {
        "message": "The request body has 2 error(s)",
        "details": [
            {"message": "Length must be between 0 and 5000", "property": "messages[1].text"},
            {"message": "May not be empty", "property": "messages[2].text"},
        ],
    }
    assert line.shown(user) == 0
