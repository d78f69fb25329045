"""For each sentence about a mistake that `mistakes.py` does not bring about, a folder that does."""

from tests.flows.card_mistakes import card
from tests.flows.mistakes import COUNT, DAY, END, ENTRY, HEAD, SIZE, TEST, WAIT

TALK = {"f.yaml": HEAD + END}
CALENDAR = "weekly: {mon-sun: closed}\n"
QUEUES = "queues: [受付]\n"


def flow(keys: str, steps: str = "") -> dict[str, str]:
    """A flow with more keys of its own."""
    return {"f.yaml": HEAD.replace("steps", f"{keys}\nsteps") + steps + END}


def talk(line: str) -> dict[str, str]:
    """A test of one line."""
    return {**TALK, "tests/t.yaml": f"test: f\ncases:\n  - name: t\n    talk:\n      - {line}\n"}


def calendar(keys: str) -> dict[str, str]:
    """A calendar."""
    return {**TALK, "calendars/main.yaml": keys}


# key of the sentence, the steps or files that bring it about
SENTENCES: list[tuple[str, str | dict[str, str] | dict[str, bytes]]] = [
    ("file_too_large", {"f.yaml": b"#" * 300_000}),
    ("file_not_utf8", {"f.yaml": "flow: 題".encode("cp932")}),
    ("file_empty", {"f.yaml": ""}),
    ("key_not_text", "  - say: {[a]: b}\n"),
    ("yaml.tag_named", "  - say: !!str a\n"),
    ("yaml.second_document", {"f.yaml": HEAD + END + "---\na: b\n"}),
    ("not_of_type", SIZE.replace("time", "integer: yes\n    time")),
    ("not_on_a_page", flow("form: yes", "  - wait: 1h\n    id: w\n")),
    ("no_unknown", "  - faq: message\n    id: q\n" + WAIT),
    ("no_choices", "  - ask: a\n    id: a\n    type: choice\n" + WAIT),
    ("no_cases", "  - switch: message\n"),
    ("no_then", "  - if: {tag: 新規}\n"),
    ("stay_and_goto", SIZE.replace("1h}", "1h, stay: yes, goto: size}")),
    ("other_and_any_answer", SIZE + "    other: {}\n    any_answer: {}\n"),
    ("else_not_last", "  - switch:\n      - else: {}\n      - when: {tag: 新規}\n"),
    ("bad_name", {**TALK, "links.yaml": "links: {クーポン: https://example.com}\n"}),
    ("flow_twice", {"f.yaml": HEAD + END, "h.yaml": HEAD.replace("始め", "次") + END}),
    ("not_table", "  - if: {tag: 新規}\n    then: おわり\n"),
    ("not_named_table", {**TALK, "fields.yaml": "fields: [a]\n"}),
    ("not_list", {"f.yaml": HEAD.replace("steps:\n", "steps: a\n")}),
    ("not_text", "  - ask: [a]\n    id: a\n" + WAIT),
    ("not_number", COUNT + "    range: [一, 二]\n" + WAIT),
    ("not_duration", "  - wait: 半日\n    id: w\n"),
    ("not_moment", {**TALK, "tests/t.yaml": TEST.format("") + "    given: {now: 昨日}\n"}),
    ("not_pattern", COUNT.replace("number", "text") + "    pattern: '(a'\n" + WAIT),
    ("not_pair", COUNT + "    range: 1\n" + WAIT),
    ("hole_not_closed", "  - say: 'a {{name'\n"),
    ("hole_not_opened", "  - say: 'a }} b'\n"),
    ("hole_empty", "  - say: 'a {{ }}'\n"),
    ("not_a_choice", SIZE.replace("大,", "[大],")),
    ("give_up_ways", COUNT + "    give_up: {say: a}\n" + WAIT),
    ("not_a_switch", "  - switch: 文\n"),
    ("empty_switch", "  - switch: []\n"),
    ("not_a_case", "  - switch:\n      - {say: a}\n"),
    ("not_a_repeat", flow("repeat: たまに")),
    ("not_vars", flow("vars: [a]")),
    ("not_var_value", flow("vars: {a: [b]}")),
    ("not_set", "  - set: a\n"),
    ("not_add", "  - add: a\n"),
    ("many_rounds", "  - repeat: {over: [" + "a, " * 21 + "a], steps: [{say: a}]}\n"),
    ("not_a_source", "  - faq: 文\n    id: q\n    unknown: {handoff: 受付}\n" + WAIT),
    ("not_a_trigger", {"f.yaml": HEAD.replace("始め", "始め, postback: a") + END}),
    ("not_migrate", flow("migrate: a")),
    ("not_a_comparison", "  - if: {field.on: within 昨日}\n    then: {say: a}\n"),
    ("not_a_condition", "  - if: 新規\n    then: {say: a}\n"),
    ("not_a_tag_condition", "  - if: {tag: {any: [新規]}}\n    then: {say: a}\n"),
    ("not_open_closed", "  - if: {business_hours: 昼}\n    then: {say: a}\n"),
    ("not_a_time_bound", DAY.replace("date", "time") + "    between: [朝, 18:00]\n" + WAIT),
    ("not_a_moment_bound", DAY.replace("date", "datetime") + "    between: [朝, now]\n" + WAIT),
    ("no_zone", calendar("timezone: 東京\n" + CALENDAR)),
    ("not_weekly", calendar("weekly: closed\n")),
    ("day_twice", calendar("weekly: {mon-tue: closed, tue: closed}\n")),
    ("not_a_day", calendar("weekly: {月: closed}\n")),
    ("not_hours", calendar("weekly: {mon: 朝から}\n")),
    ("not_exceptions", calendar(CALENDAR + "exceptions: closed\n")),
    ("not_a_date", calendar(CALENDAR + "exceptions: {大晦日: closed}\n")),
    ("not_values", {**TALK, "tests/t.yaml": TEST.format("") + "    given: {fields: a}\n"}),
    ("empty_answer", {**TALK, "faq/q.yaml": ENTRY.replace("内線9", '""')}),
    ("not_a_line", talk("a")),
    ("not_expect", talk("expect: a")),
    ("not_texts", talk("expect: {say: {a: b}}")),
    ("not_sendable", talk("send: 手紙")),
    ("not_set_fields", talk("set: {memo: a}")),
    ("not_operator", talk("operator: 来る")),
    ("event_without_name", talk("event: {item: a}")),
    ("no_link", "  - say: '{{link.coupon}}'\n"),
    ("not_among_queues", {**TALK, "queues.yaml": QUEUES + "default: 店長\n"}),
    ("segments_in_circle", {
        **TALK, "segments/s.yaml": "segment: s\ntitle: 題\nwhen: {segment: t}\n",
        "segments/t.yaml": "segment: t\ntitle: 題\nwhen: {segment: s}\n",
    }),
    ("in.say", "  - say: [{video: a}]\n"),
    ("in.way", "  - if: {tag: 新規}\n    then: {答える: a}\n"),
    ("in.saving_way", SIZE + "    other: {答える: a}\n"),
    ("in.choice", SIZE.replace("大,", "大: {答える: a},")),
    ("in.multi_choice", SIZE.replace("大,", "大: {答える: a},") + "    type: multi\n"),
    ("in.case", "  - switch:\n      - {when: {tag: 新規}, 答える: a}\n"),
    ("in.draw", "  - random:\n      - {答える: a}\n      - {say: b}\n"),
    ("in.condition", "  - if: {性別: 女性}\n    then: {say: a}\n"),
    ("in.step", "  - 答える: a\n"),
    ("in.this_step", "  - tag: 新規\n    答える: a\n"),
    ("in.calendar", calendar("週: a\n" + CALENDAR)),
    ("in.segment", {**TALK, "segments/s.yaml": "segment: s\ntitle: 題\nwhen: {tag: a}\n色: 赤\n"}),
    ("in.faq", {**TALK, "faq/q.yaml": ENTRY + "色: 赤\n"}),
    ("in.faq_entry", {**TALK, "faq/q.yaml": ENTRY + "    色: 赤\n"}),
    ("in.tag", {**TALK, "tags.yaml": "tags: [新規: {色: 赤}]\n"}),
    ("in.queue", {**TALK, "queues.yaml": "queues: [受付: {色: 赤}]\n"}),
    ("in.field", {**TALK, "fields.yaml": "fields: {size: {title: 大きさ, 色: 赤}}\n"}),
    ("in.link", {**TALK, "links.yaml": "links: {a: {url: https://example.com, 色: 赤}}\n"}),
    ("in.talk_test", {**TALK, "tests/t.yaml": TEST.format("") + "色: 赤\n"}),
    ("in.talk_case", {**TALK, "tests/t.yaml": TEST.format("") + "    色: 赤\n"}),
    ("a.calendar", flow("calendar: main")),
    ("a.faq", "  - faq: message\n    id: q\n    in: 別\n    unknown: {say: a}\n" + WAIT),
    ("a.queue", {
        "f.yaml": HEAD + "  - handoff: a\n    id: h\n    to: 店長\n" + WAIT + END,
        "queues.yaml": QUEUES,
    }),
    ("a.notice", {"f.yaml": HEAD + "  - notify: 社長\n" + END, "queues.yaml": QUEUES}),
    ("path.answer", "  - say: '{{answers.size}}'\n"),
    ("not_ratio", card('"aspectRatio": "広い"', kind="image")),
    ("not_degrees", {
        "flex/card.yaml": "flex: card\nalt: a\ncontents:\n  type: bubble\n  body:\n    type: box\n"
        "    layout: vertical\n    contents: []\n    background: {type: linearGradient, angle: 横}\n"
    }),
    ("path.field", "  - say: '{{犬}}'\n"),
]  # fmt: skip
