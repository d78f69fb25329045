"""Every mistake that the checker knows, small, and beside each what comes close and is none."""

HEAD = "flow: f\ntitle: 題\nstart: [{keyword: 始め}]\nsteps:\n"
END = "  - end: done\n"

# code, line, the flow with the mistake, the flow without it
MISTAKES = [
    ("F001", 5, HEAD + "  - id: a\n" + END, HEAD + "  - say: a\n" + END),
    ("F001", 5, HEAD + "  - say: a\n    ask: b\n" + END, HEAD + "  - say: a\n" + END),
    ("F002", 7, HEAD + "  - ask: a\n    id: a\n    choises: [x]\n    timeout: {after: 1h}\n" + END,
     HEAD + "  - ask: a\n    id: a\n    choices: [x]\n    timeout: {after: 1h}\n" + END),
    ("F002", 5, HEAD + "  - wait: 1d\n" + END, HEAD + "  - say: a\n" + END),
    ("F003", 4, HEAD.replace("始め}]", "始め}]\npriority: 多い") + END, HEAD + END),
    ("F004", 3, "flow: f\ntitle: a\ntitle: b\nsteps:\n" + END, HEAD + END),
    ("F005", 2, "flow: f\ntitle：題\nsteps:\n" + END, HEAD + END),
    ("F005", 5, HEAD + "\t- say: a\n" + END, HEAD + END),
    ("F006", 5, HEAD + "  - say: {{name}}さん\n" + END, HEAD + '  - say: "{{name}}さん"\n' + END),
    ("F006", 5, HEAD + "  - say: 次の営業: 10時\n" + END, HEAD + '  - say: "次の営業: 10時"\n' + END),
    ("F007", 5, HEAD + "  - say: &x a\n" + END, HEAD + "  - say: a\n" + END),
    ("F009", 1, "flow: f\nsteps:\n" + END, HEAD + END),
    ("F010", 5, HEAD + "  - ask: a\n    timeout: {after: 1h}\n" + END,
     HEAD + "  - ask: a\n    id: a\n    timeout: {after: 1h}\n" + END),
    ("F011", 8, HEAD + "  - say: a\n    id: x\n  - say: b\n    id: x\n" + END,
     HEAD + "  - say: a\n    id: x\n  - say: b\n    id: y\n" + END),
    ("F012", 6, HEAD + "  - say: a\n    id: 最初\n" + END, HEAD + "  - say: a\n    id: x\n" + END),
    ("F020", 6, HEAD + "  - say: a\n    goto: nowhere\n" + END,
     HEAD + "  - say: a\n    goto: fin\n" + END.replace("done\n", "done\n    id: fin\n")),
    ("F021", 5, HEAD + '  - say: "{{answer.size}}"\n' + END, HEAD + '  - say: "{{message}}"\n' + END),
    ("F021", 5, HEAD + "  - add: {var.n: 1}\n" + END,
     HEAD.replace("steps", "vars: {n: 0}\nsteps") + '  - say: "{{var.n}}"\n  - count: n\n' + END),
    ("F021", 5, HEAD + "  - add: {name: 1}\n" + END, HEAD + "  - add: {field.n: 1}\n" + END),
    ("F012", 4, HEAD.replace("steps", "vars: {点: 0}\nsteps") + END, HEAD + END),
    ("W211", 4, HEAD.replace("steps", "vars: {n: 0}\nsteps") + "  - count: n\n" + END, HEAD + END),
    ("F022", 5, HEAD + '  - say: "{{name | shout}}"\n' + END, HEAD + '  - say: "{{name | san}}"\n' + END),
    ("F030", 5, HEAD + "  - say: a\n", HEAD + "  - say: a\n" + END),
    ("F031", 6, HEAD + END + "  - say: a\n" + END, HEAD + END),
    ("F040", 5, HEAD + "  - say: a\n    id: a\n  - if: {tag: x}\n    then: {goto: a}\n" + END,
     HEAD + "  - say: a\n    id: a\n" + END),
    ("F020", 4, HEAD.replace("steps", "migrate: {any: {old: nowhere}}\nsteps") + END,
     HEAD.replace("steps", "migrate: {any: {old: restart, older: fin}}\nsteps")
     + END.replace("done\n", "done\n    id: fin\n")),
    ("F003", 4, HEAD.replace("steps", "migrate: {昨日: {old: stop}}\nsteps") + END,
     HEAD.replace("steps", "migrate: {ab12: {old: stop}}\nsteps") + END),
    ("F003", 4, HEAD.replace("steps", "migrate: {any: stop}\nsteps") + END,
     HEAD.replace("steps", "migrate: {any: {old: stop}}\nsteps") + END),
    ("F031", 7, HEAD.replace("steps", "migrate: {any: {old: stop}}\nsteps") + END
     + "  - say: a\n    id: moved\n" + END,
     HEAD.replace("steps", "migrate: {any: {old: moved}}\nsteps") + END
     + "  - say: a\n    id: moved\n" + END),
    ("L101", 7, HEAD + "  - ask: a\n    id: a\n    choices: [a,b,c,d,e,f,g,h,i,j,k,l,m,n]\n"
     "    timeout: {after: 1h}\n" + END,
     HEAD + "  - ask: a\n    id: a\n    choices: [a,b]\n    timeout: {after: 1h}\n" + END),
    ("L102", 7, HEAD + "  - ask: a\n    id: a\n    choices: [あいうえおかきくけこさしすせそたちつてとな]\n"
     "    timeout: {after: 1h}\n" + END, HEAD + END),
    ("L103", 7, HEAD + "  - ask: a\n    id: a\n    choices: [はい, はい。]\n    timeout: {after: 1h}\n"
     + END, HEAD + END),
    ("L106", 5, HEAD + "  - say: [a,b,c,d,e,f]\n" + END, HEAD + "  - say: [a,b,c,d,e]\n" + END),
    ("W201", 5, HEAD + "  - ask: a\n    id: a\n" + END,
     HEAD + "  - ask: a\n    id: a\n    timeout: {after: 1h}\n" + END),
    ("I301", 5, HEAD + "  - ask: a\n    id: a\n    type: date\n    timeout: {after: 1h}\n" + END,
     HEAD + "  - ask: a\n    id: a\n    type: date\n    skip: いいえ\n    timeout: {after: 1h}\n" + END),
]  # fmt: skip


WAIT = "    timeout: {after: 1h}\n"
SIZE = "  - ask: 大きさは?\n    id: size\n    choices: [大, 小]\n    timeout: {after: 1h}\n"
COUNT = "  - ask: 何名様ですか?\n    id: n\n    type: number\n"
DAY = "  - ask: ご希望の日は?\n    id: day\n    type: date\n"
FAQ = (
    "  - faq: message\n    id: look\n    answered: {goto: fin}\n    unknown: {handoff: 受付}\n"
    + WAIT
    + "  - say: 終わりです。\n"
)
LAST = (
    "  - ask: よろしいですか?\n    id: ok\n    choices: [{はい: {goto: size}}, {いいえ: {goto: size}}]\n"
    + WAIT
)
RETRY = "flow: f\ntitle: 題\nstart: [follow]\ndefaults: {timeout: {after: 2h}, retry_say: '{{answer.size}}'}\nsteps:\n"
ENTRY = "faq: q\nentries:\n  - id: a\n    ask: [あ, い, う]\n    answer: 内線9\n"
FIELDS = """fields:
  size: {title: 大きさ, type: choice, options: [大, 小]}
  visits: {title: 来店回数, type: number}
  born: {title: 誕生日, type: date}
  tel: {title: 電話番号, type: phone, personal: yes}
  memo: {title: メモ, type: text}
"""
OTHER = "flow: g\ntitle: 題\nstart: [{keyword: 予約}]\nsteps:\n  - end: done\n"
TAGS = "tags: [新規, 常連]\n"


def with_fields(steps: str) -> dict[str, str]:
    return {"f.yaml": HEAD + steps + END, "fields.yaml": FIELDS}


# code, place, the steps or files with the mistake, those that come close and have none
PLACED: list[tuple[str, str, str | dict[str, str], str | dict[str, str]]] = [
    ("F003", "f.yaml:8:14", DAY + "    between: [きのう, today]\n" + WAIT,
     DAY + "    between: [2026-01-01, today]\n" + WAIT),
    ("F003", "f.yaml:8:14", DAY + "    between: [きのう, today]\n    check: {answer.day: '> today'}\n" + WAIT,
     DAY + "    between: [today, today+3d]\n    check: {answer.day: '> today'}\n" + WAIT),
    ("F003", "f.yaml:8:14", DAY + "    between: [20261201, today]\n" + WAIT, DAY + "    between: [2026-12-01, today]\n" + WAIT),
    ("F021", "f.yaml:5:10", "  - say: '{{answer.size}}でよろしいですか?'\n" + SIZE,
     SIZE + "  - say: '{{answer.size}}でよろしいですか?'\n"),
    ("F021", "f.yaml:9:16", SIZE + "  - if: {not: {answer.colour: 赤}}\n    then: {say: 青}\n",
     SIZE + "  - if: {not: {answer.size: 大}}\n    then: {say: 小}\n"),
    ("F007", "f.yaml:5:5", "  - <<: {say: a}\n", "  - say: '<<'\n"),
    ("F011", "faq/r.yaml:3:9", {"faq/q.yaml": ENTRY, "faq/r.yaml": ENTRY.replace("faq: q", "faq: r")},
     {"faq/q.yaml": ENTRY, "faq/r.yaml": ENTRY.replace("faq: q", "faq: r").replace("id: a", "id: b")}),
    ("F011", "faq/r.yaml:1:6", {"faq/q.yaml": ENTRY, "faq/r.yaml": ENTRY}, {"faq/q.yaml": ENTRY}),
    ("F030", "f.yaml:9:5", {"f.yaml": HEAD + SIZE + LAST + "    skip: なし\n"}, {"f.yaml": HEAD + SIZE + LAST}),
    ("F040", "f.yaml:5:5", FAQ.replace("fin", "look") + "    id: fin\n", FAQ + "    id: fin\n"),
    ("F060", "segments/s.yaml:3:13", {"segments/s.yaml": "segment: s\ntitle: 題\nwhen: {tag: 猫}\n", "tags.yaml": TAGS},
     {"segments/s.yaml": "segment: s\ntitle: 題\nwhen: {tag: 新規}\n", "tags.yaml": TAGS}),
    ("F003", "f.yaml:8:11", SIZE.replace("time", "save: size\n    time"), SIZE.replace("time", "save: field.size\n    time")),
    ("F021", "f.yaml:5:10", "  - faq: answer.size\n    id: look\n    unknown: {goto: size}\n" + WAIT + SIZE,
     SIZE + "  - faq: answer.size\n    id: look\n    unknown: {goto: size}\n" + WAIT),
    ("F021", "f.yaml:5:10", "  - if: {answer.size: 大}\n    then: {tag: 大}\n" + SIZE, SIZE),
    ("F021", "f.yaml:5:9", {"f.yaml": "flow: f\ntitle: 題\nstart: [follow]\nonly_if:\n  not: {answer.size: 大}\nsteps:\n" + SIZE + END},
     {"f.yaml": "flow: f\ntitle: 題\nstart: [follow]\nonly_if:\n  not: {tag: 大}\nsteps:\n" + SIZE + END}),
    ("F021", "f.yaml:5:10", "  - say: '{{colour}}'\n", "  - say: '{{message}}'\n"),
    ("F032", "f.yaml:5:5", SIZE.replace("1h}", "1h, stay: yes}") + "    any_answer: {goto: size}\n",
     SIZE.replace("1h}", "1h, stay: yes}") + "    any_answer: {tag: 大}\n"),
    ("F041", "f.yaml:5:11", "  - call: f\n    id: a\n", {"f.yaml": HEAD + "  - call: g\n    id: a\n" + END, "g.yaml": OTHER}),
    ("F041", "f.yaml:5:11", {"f.yaml": HEAD + "  - call: g\n    id: a\n" + END, "g.yaml": OTHER.replace("- end", "- call: f\n    id: b\n  - end")},
     {"f.yaml": HEAD + "  - call: g\n    id: a\n" + END, "h.yaml": OTHER.replace("g", "h").replace("予約", "別"),
      "g.yaml": OTHER.replace("- end", "- call: h\n    id: b\n  - call: h\n    id: c\n  - end")}),
    ("F060", "f.yaml:9:11", with_fields(SIZE + "    save: field.sise\n"), with_fields(SIZE + "    save: field.size\n")),
    ("L104", "f.yaml:9:5", SIZE.replace("大,", "大きいサイズ,") + "  - say: \"" + "あ" * 4995 + "{{answer.size}}\"\n",
     SIZE.replace("大,", "大きいサイズ,") + "  - say: \"" + "あ" * 4994 + "{{answer.size}}\"\n"),
    ("L104", "f.yaml:7:7", {"f.yaml": HEAD + "  - say: はい\n" + "    set:\n      field.memo: '" + "{{field.memo}}" * 51 + "'\n" + END,
      "fields.yaml": FIELDS}, with_fields("  - say: '" + "{{field.memo}}" * 50 + "'\n")),
    ("L105", "f.yaml:3:20", {"f.yaml": HEAD.replace("keyword: 始め", f"postback: {'a' * 301}") + END},
     {"f.yaml": HEAD.replace("keyword: 始め", f"postback: {'a' * 300}") + END}),
    ("L106", "f.yaml:5:5", "  - say:\n      - a\n      - b\n      - c\n      - d\n      - e\n      - f\n",
     "  - say:\n      - a\n      - b\n      - c\n"),
    ("L107", "f.yaml:8:14", DAY + "    between: [2027-01-01, 2026-01-01]\n" + WAIT,
     DAY + "    between: [2026-01-01, 2027-01-01]\n" + WAIT),
    ("L107", "f.yaml:8:14", DAY + "    between: [today+60d, today]\n" + WAIT,
     DAY + "    between: [today, today+60d]\n" + WAIT),
    ("L107", "f.yaml:8:14", DAY + "    between: [today, 2020-01-01]\n" + WAIT,
     DAY + "    between: [2027-01-01, today]\n" + WAIT),  # one day it will be
    ("L107", "f.yaml:8:14", DAY + "    between: [1899-12-31, today]\n" + WAIT,
     DAY + "    between: [1900-01-01, 2100-12-31]\n" + WAIT),
    ("L107", "f.yaml:8:14", DAY.replace("date", "time") + "    between: [18:00, 10:00]\n" + WAIT,
     DAY.replace("date", "time") + "    between: [10:00, 18:00]\n" + WAIT),
    ("W201", "f.yaml:5:5", FAQ.replace("timeout", "remind").replace("1h}", "1h, say: まだですか?}") + "    id: fin\n", FAQ + "    id: fin\n"),
    ("W202", "f.yaml:5:5", COUNT.replace("number", "text") + "    pattern: '[A-Z]+'\n" + WAIT,
     COUNT.replace("number", "text") + "    pattern: '[A-Z]+'\n    skip: なし\n" + WAIT),
    ("W203", "f.yaml:7:15", SIZE.replace("大,", "★,"), SIZE.replace("大,", "★,") + "    input: buttons\n"),
    ("W203", "f.yaml:7:15", SIZE.replace("大,", "いちばん大きいサイズのもの,"),
     SIZE.replace("大,", "いちばん大きいサイズの,")),
    ("W203", "f.yaml:7:15", SIZE.replace("大,", "大→特大,"), SIZE.replace("大,", "①大😊,")),
    ("W203", "f.yaml:7:15", SIZE.replace("大,", "★,"), SIZE.replace("大,", "★: {synonyms: 大},")),
    ("W204", "f.yaml:7:15", {"f.yaml": HEAD + SIZE.replace("大,", "予約。,") + END, "g.yaml": OTHER},
     {"f.yaml": HEAD.replace("始め", "大") + SIZE.replace("小", "予約する") + END, "g.yaml": OTHER}),
    ("W205", "f.yaml:7:11", with_fields("  - ask: お名前は?\n    id: a\n    save: field.born\n" + WAIT),
     with_fields("  - ask: お名前は?\n    id: a\n    save: field.memo\n" + WAIT)),
    ("W205", "f.yaml:9:11", with_fields(SIZE.replace("小", "中") + "    save: field.size\n"),
     with_fields(SIZE + "    save: field.size\n")),
    ("W205", "f.yaml:8:11", with_fields(COUNT.replace("number", "yesno") + "    save: field.visits\n" + WAIT),
     with_fields(COUNT.replace("number", "yesno") + "    save: field.memo\n" + WAIT)),
    ("W205", "f.yaml:9:11", with_fields(SIZE + "    save: field.visits\n"),
     with_fields(SIZE.replace("大, 小", "1, 2") + "    save: field.visits\n")),
    ("W205", "f.yaml:9:19", with_fields(SIZE + "    other: {save: field.visits}\n"),
     with_fields(SIZE + "    save: field.size\n    other: {save: field.memo}\n")),
    ("W206", "f.yaml:9:9", SIZE + "  - if: {answer.size: 犬}\n    then: {say: 犬}\n",
     SIZE + "  - if: {answer.size: 大。}\n    then: {say: 犬}\n"),
    ("W206", "f.yaml:9:9", SIZE + "  - if: {answer.size: skipped}\n    then: {say: 犬}\n",
     SIZE + "    skip: なし\n  - if: {answer.size: skipped}\n    then: {say: 犬}\n"),
    ("W206", "f.yaml:9:9", SIZE + "  - if: {any: [{answer.size: [大, 小]}, {answer.size: empty}]}\n    then: {say: 犬}\n",
     SIZE + "  - if: {answer.size: [大, 小]}\n    then: {say: 犬}\n"),
    ("W206", "f.yaml:5:14", "  - only_if: {all: [{tag: 犬}, {not: {tag: 犬}}]}\n    say: a\n",
     "  - only_if: {all: [{tag: 犬}, {not: {tag: 猫}}]}\n    say: a\n"),
    ("W206", "f.yaml:5:14", with_fields("  - only_if: {all: [{field.visits: '>= 5'}, {field.visits: '< 3'}]}\n    say: a\n"),
     with_fields("  - only_if: {all: [{field.visits: '>= 3'}, {field.visits: '< 5'}]}\n    say: a\n")),
    ("W206", "f.yaml:7:15", with_fields("  - switch:\n      - when: {field.visits: '>= 3'}\n      - when: {field.visits: '>= 5'}\n        say: a\n"),
     with_fields("  - switch:\n      - when: {field.visits: '>= 5'}\n      - when: {field.visits: '>= 3'}\n        say: a\n")),
    ("W206", "f.yaml:8:15", with_fields("  - switch:\n      - when: {field.visits: '>= 3'}\n      - when: {field.visits: '< 3'}\n      - when: {field.visits: not empty}\n        say: a\n"),
     with_fields("  - switch:\n      - when: {field.visits: '>= 3'}\n      - when: {field.visits: '< 3'}\n      - when: {field.visits: empty}\n        say: a\n")),
    ("W206", "f.yaml:7:15", with_fields("  - switch:\n      - when: {tag: [a, b, c, d, e, f, g, h, i]}\n      - when: {tag: b}\n      - when: {tag: [j, k, l, m, n]}\n        say: a\n"),
     with_fields("  - switch:\n      - when: {tag: b}\n      - when: {tag: [a, b, c, d, e, f, g, h, i]}\n      - when: {tag: [j, k, l, m, n]}\n        say: a\n")),
    ("W206", "f.yaml:6:15", with_fields("  - switch:\n      - when: {field.size: 中}\n      - when: {field.size: 大}\n        say: a\n"),
     with_fields("  - switch:\n      - when: {field.size: 小}\n      - when: {field.size: 大}\n        say: a\n")),
    ("W206", "f.yaml:8:17", "  - switch: message\n    cases:\n      - words: [予約, 車]\n      - words: [予約変更]\n        say: a\n",
     "  - switch: message\n    cases:\n      - words: [予約変更, 車]\n      - words: [予約]\n        say: a\n"),
    ("W206", "segments/s.yaml:3:7", {"segments/s.yaml": "segment: s\ntitle: 題\nwhen: {field.size: 中}\n", "fields.yaml": FIELDS},
     {"segments/s.yaml": "segment: s\ntitle: 題\nwhen: {field.size: 大}\n", "fields.yaml": FIELDS}),
    ("W207", "f.yaml:8:12", COUNT + "    range: [10, 1]\n" + WAIT, COUNT + "    range: [1, 1]\n" + WAIT),
    ("W207", "f.yaml:8:12", COUNT + "    range: [0.2, 0.8]\n    integer: yes\n" + WAIT,
     COUNT + "    range: [0.2, 1]\n    integer: yes\n" + WAIT),
    ("W207", "f.yaml:9:12", COUNT + "    range: [1, 10]\n    check: {answer.n: '> 10'}\n" + WAIT,
     COUNT + "    range: [1, 10]\n    check: {answer.n: '>= 10'}\n" + WAIT),
    ("W207", "f.yaml:9:12", DAY + "    between: [today, today+7d]\n    check: {answer.day: '> today+7d'}\n" + WAIT,
     DAY + "    between: [today, today+7d]\n    check: {answer.day: '> today+6d'}\n" + WAIT),
    ("W207", "f.yaml:9:17", COUNT.replace("number", "text") + "    min_length: 9\n    max_length: 8\n" + WAIT,
     COUNT.replace("number", "text") + "    min_length: 8\n    max_length: 8\n" + WAIT),
    ("W207", "f.yaml:10:10", SIZE + "    min: 2\n    max: 1\n    type: multi\n", SIZE + "    min: 1\n    max: 1\n    type: multi\n"),
    ("W207", "f.yaml:8:12", COUNT.replace("number", "yesno") + "    check: {answer.n: はい}\n" + WAIT,
     COUNT.replace("number", "yesno") + "    check: {answer.n: yes}\n" + WAIT),
    ("W208", "f.yaml:9:13", SIZE + "    remind: {after: 1h, say: まだですか?}\n", SIZE + "    remind: {after: 59m, say: まだですか?}\n"),
    ("W207", "f.yaml:9:10", SIZE + "    min: 3\n    type: multi\n", SIZE + "    min: 2\n    type: multi\n"),
    ("W210", "f.yaml:8:11", with_fields(COUNT.replace("number", "phone") + "    save: field.tel\n" + WAIT),
     with_fields(COUNT.replace("number", "phone").replace("?", "?ご予約のご連絡に使います。") + "    save: field.tel\n" + WAIT)),
    ("W211", "f.yaml:5:5", SIZE, SIZE + "    save: field.memo\n"),
    ("W211", "f.yaml:5:5", SIZE, SIZE + "  - handoff: 担当者がお答えします。\n    id: h\n" + WAIT),
    ("W211", "tags.yaml:1:12", {"f.yaml": HEAD + "  - tag: 新規\n" + END, "tags.yaml": TAGS},
     {"f.yaml": HEAD + "  - tag: 新規\n" + END, "tags.yaml": "tags: [新規, 常連: {note: 月に2回}]\n"}),
    ("W214", "f.yaml:10:10", SIZE.replace("    id", "    only_if: {tag: 新規}\n    id") + "  - say: '{{answer.size}}ですね'\n",
     SIZE + "  - say: '{{answer.size}}ですね'\n"),
    ("W214", "f.yaml:10:10", SIZE.replace("    id", "    only_if: {tag: 新規}\n    id") + "  - say: '{{answer.size}}ですね'\n",
     SIZE.replace("    id", "    only_if: {tag: 新規}\n    id") + "  - say: '{{answer.size | default:未定}}ですね'\n"),
    ("W214", "f.yaml:11:10", "  - if: {tag: 新規}\n    then: {goto: fin}\n" + SIZE + "  - say: '{{answer.size}}ですね'\n    id: fin\n",
     "  - if: {tag: 新規}\n    then: {goto: fin}\n" + SIZE + "  - say: '{{answer.size}}ですね'\n  - say: どうぞ\n    id: fin\n"),
    ("W214", "f.yaml:4:59", {"f.yaml": RETRY.replace("retry_say: '{{answer.size}}'", "remind: {after: 9m, say: '{{answer.size}}'}") + SIZE.replace("size", "first") + SIZE + END},
     {"f.yaml": RETRY.replace("retry_say: '{{answer.size}}'", "remind: {after: 9m, say: '{{answer.size | default:未定}}'}") + SIZE + END}),
    ("W214", "f.yaml:4:45", {"f.yaml": RETRY + SIZE.replace("size", "first") + SIZE + END},
     {"f.yaml": RETRY.replace("size", "first") + SIZE.replace("size", "first") + SIZE + END}),
    ("W214", "f.yaml:16:26", SIZE.replace("    id", "    only_if: {tag: 新規}\n    id") + SIZE.replace("size", "next") + "    remind:\n      - {after: 3m, say: a}\n      - {after: 9m, say: '{{answer.size}}'}\n",
     SIZE + SIZE.replace("size", "next") + "    remind:\n      - {after: 3m, say: a}\n      - {after: 9m, say: '{{answer.size}}'}\n"),
    ("W215", "faq/q.yaml:3:9", {"faq/q.yaml": ENTRY.replace(", う", "")}, {"faq/q.yaml": ENTRY}),
    ("W216", "f.yaml:5:10", "  - say: 今だけ10%OFF #キャンペーン\n", "  - say: \"今だけ10%OFF #キャンペーン\"\n"),
    ("W216", "f.yaml:5:10", "  - say: 番号は\n      1番 # です\n", "  - say: 番号は#1です\n    tag: 新規 # 覚え書き\n"),
    ("W216", "faq/q.yaml:5:13", {"faq/q.yaml": "faq: q\nentries:\n  - id: a\n    ask: [a, b, c]\n    answer: 内線 #9\n"},
     {"faq/q.yaml": "faq: q\nentries:\n  - id: a\n    ask: [a, b, c] # 3通り\n    answer: 内線9\n"}),
    ("I302", "f.yaml:45:5", "".join(SIZE.replace("size", f"s{n}") for n in range(11)),
     "".join(SIZE.replace("size", f"s{n}") for n in range(10))),
    ("I303", "f.yaml:7:5", "  - say: [a, b]\n  - tag: 新規\n  - say: [c, d]\n", "  - say: [a, b]\n  - say: c\n"),
    ("I303", "f.yaml:8:5", "  - say: [a, b]\n  - if: {tag: 新規}\n    then: {say: c}\n" + SIZE,
     "  - say: [a, b]\n" + SIZE + "  - say: [c, d]\n"),
]  # fmt: skip
