"""Every mistake in a card that the checker knows, and beside each what comes close and is none."""

from tests.flows.mistakes import END, HEAD

Files = dict[str, str]


def card(keys: str = "", *, text: str = "見本", kind: str = "text") -> Files:
    """A card with one component; its keys stand in line 6."""
    more = f", {keys}" if keys else ""
    return _card(
        f'  {{"type": "bubble", "body": {{"type": "box", "layout": "vertical", "contents": [\n'
        f'    {{"type": "{kind}", "text": "{text}"{more}}}\n  ]}}}}'
    )


def button(label: str, target: str, kind: str = "uri") -> Files:
    """A card with one button; its action stands in line 6."""
    return _card(
        '  {"type": "bubble", "footer": {"type": "box", "layout": "vertical", "contents": [\n'
        f'    {{"type": "button", "action": {{"type": "{kind}", "label": "{label}", {target}}}}}\n'
        "  ]}}"
    )


def carousel(count: int) -> Files:
    """A card of so many bubbles beside each other."""
    return _card(f'  {{"type": "carousel", "contents": [{", ".join(count * [BUBBLE])}]}}')


def alt(text: str) -> Files:
    """A card that this stands for in lists."""
    return {FILE: card()[FILE].replace("お知らせ", text)}


def said(files: Files) -> Files:
    """The same, and a flow that says it."""
    return {"f.yaml": f"{HEAD}  - say: {{flex: card}}\n{END}", **files}


def _card(contents: str) -> Files:
    return {FILE: f"flex: card\nalt: お知らせ\n# 見本\ncontents:\n{contents}\n"}


FILE = "flex/card.yaml"
BUBBLE = '{"type": "bubble"}'
GOOD = card()
LINK = {"links.yaml": "links: {a: https://example.com}\n"}

# code, place, the files with the mistake, those that come close and have none
CARD_MISTAKES: list[tuple[str, str, str | Files, str | Files]] = [
    (
        "F020",
        "f.yaml:5:17",
        {**said(GOOD), "f.yaml": f"{HEAD}  - say: {{flex: crad}}\n{END}"},
        said(GOOD),
    ),
    (
        "F003",
        "f.yaml:5:10",
        {
            **GOOD,
            "f.yaml": f"{HEAD}  - say: {{image: https://example.com/a.png, flex: card}}\n{END}",
        },
        {
            **GOOD,
            "f.yaml": f"{HEAD}  - say: [{{image: https://example.com/a.png}}, {{flex: card}}]\n{END}",
        },
    ),
    ("F002", "flex/card.yaml:6:36", card('"colour": "#000000"'), card('"color": "#000000"')),
    ("F003", "flex/card.yaml:6:44", card('"size": "middle"'), card('"size": "15px"')),
    ("F003", "flex/card.yaml:6:45", card('"color": "red"'), card('"color": "#ff0000"')),
    ("F003", "flex/card.yaml:6:44", card('"wrap": 2'), card('"wrap": true')),
    ("F003", "flex/card.yaml:6:44", card('"flex": 1.5'), card('"flex": 1')),
    ("F003", "flex/card.yaml:6:14", card(kind="poem"), card()),
    (
        "F009",
        "flex/card.yaml:5:3",
        _card('  {"header": {"type": "box", "layout": "vertical", "contents": []}}'),
        GOOD,
    ),
    (
        "F009",
        "flex/card.yaml:5:32",
        _card('  {"type": "bubble", "header": {"type": "box", "layout": "vertical"}}'),
        GOOD,
    ),
    ("F009", "flex/card.yaml:1:1", {FILE: "flex: card\nalt: お知らせ\n"}, GOOD),
    (
        "F011",
        "flex/two.yaml:1:7",
        {**GOOD, "flex/two.yaml": GOOD[FILE]},
        {**GOOD, "flex/two.yaml": GOOD[FILE].replace("card", "two", 1)},
    ),
    (
        "F020",
        "flex/card.yaml:6:33",
        said(card(text="{{link.a}}")),
        said({**card(text="{{link.a}}"), **LINK}),
    ),
    (
        "F021",
        "flex/card.yaml:6:33",
        said(card(text="{{answer.size}}")),
        said(card(text="{{name}}")),
    ),
    ("F022", "flex/card.yaml:6:31", card(text="{{name"), card(text="{{name}}")),
    (
        "F022",
        "flex/card.yaml:6:60",
        button("{{name}}", '"uri": "https://example.com"'),
        button("予約", '"uri": "https://example.com"'),
    ),
    (
        "L102",
        "flex/card.yaml:6:59",
        button("あ" * 41, '"uri": "https://example.com"'),
        button("あ" * 40, '"uri": "https://example.com"'),
    ),
    ("L104", "flex/card.yaml:2:1", alt("あ" * 1501), alt("あ" * 1500)),
    ("L104", "flex/card.yaml:4:1", card(text="あ" * 10240), card(text="あ" * 10100)),
    (
        "L105",
        "flex/card.yaml:6:78",
        button("予約", f'"data": "{"a" * 301}"', "postback"),
        button("予約", f'"data": "{"a" * 300}"', "postback"),
    ),
    ("L106", "flex/card.yaml:5:24", carousel(13), carousel(12)),
    (
        "L108",
        "flex/card.yaml:6:72",
        button("開く", '"uri": "http://example.com"'),
        button("開く", '"uri": "tel:0300000000"'),
    ),
    (
        "L108",
        "flex/card.yaml:6:72",
        button("開く", '"uri": "{{name}}"'),
        {**button("開く", '"uri": "{{link.a}}"'), **LINK},
    ),
]
