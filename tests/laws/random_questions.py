"""Questions made at random, of every type that a text can answer: tables whose `<holes>` are drawn."""

TYPES = [
    "choices: [赤, {20代: <way>}, {青: {synonyms: [あお, ブルー], value: blue}}]",
    "choices: [{3: {value: '4', tag: 常連}}, {4: <way>}]",
    "type: multi\nchoices: [赤, {青: {tag: 常連}}, {白: {value: white, count: n}}]\nmax: 2",
    "type: multi\nchoices: [赤, 白]\nmin: 2\ndone: おわり",
    "type: yesno",
    "type: yesno\nchoices: [はい, {いいえ: <way>}]",
    "max_length: 4",
    "type: text\nchoices: [赤, {ＡＢ: <way>}]\nmin_length: 2",
    "pattern: '[0-9a-z]+'",
    "type: number\nrange: [0, 10]\ninteger: yes",
    "type: number\nrange: [0, 100]\nchoices: [3, {12: <way>}, {たくさん: <way>}]",
    "type: phone",
    "type: email",
    "type: postcode",
    "type: date\nbetween: [today, today+60d]",
    "type: time",
    "type: datetime\nbetween: [now, now+30d]",
]
EXTRAS = {
    "save": ["field.memo", "field.memo", "field.on", "var.note"],
    "check": ["{answer.<id>: '!= 3'}\ncheck_say: 確かめて", "{not: {field.memo: not empty}}"],
    "skip": ["スキップ", "{スキップ: <way>}"],
    "retry": ["0", "1"],
    "retry_say": ["もう一度 {{answer.a0}}"],
    "give_up": ["{goto: <goto>}", "{skip: yes, say: 道}", "{handoff: 受付, tag: 停止}"],
    "timeout": [
        "{after: 2h, stay: yes, say: 待っています}", "{after: 3h, goto: <goto>}", "{after: 1d, count: n}", "none",
    ],
    "remind": ["{after: 1h, say: まだ}", "[{after: 30m, say: 一}, {after: 2h, say: 二}]", "none"],
}  # fmt: skip
OTHERS = ["other: <way>", "other: {save: field.memo, goto: <goto>}", "any_answer: <way>",
          "any_answer: {say: '答え {{answer.a0}}', goto: <goto>}"]  # fmt: skip
TEXTS = [
    "赤", "２０代", "20代。", "青😊", "ブルー", "赤、青", "赤 白 青", "赤と青", "赤,黒", "決定", "おわり", "スキップ", "はい", "うん",
    "いいえ", "ＮＯ", "3", "３点", "4", "12", "1,200円", "-5", "3.0", "ab12", "ＡＢ", "文", "とても長い文です", "　赤　",
    "12/1", "明日", "令和8年12月1日", "2026年11月26日", "2026-02-30", "14:30", "午後2時半", "１４時", "11月26日 14:30",
    "明日の午前9時", "2026-11-25T25:00", "０９０ー１２３４ー５６７８", "+81(0)3-1234-5678", "090", "〒150-0001", "1500001",
    "a.@example.com", "a@b", "。", "😊",
]  # fmt: skip
FITTING = {
    "choice": ["赤", "あお", "20代", "3", "4"],
    "multi": ["赤", "白", "赤、白", "決定", "おわり"],
    "yesno": ["はい", "ううん", "OK", "結構です。"],
    "text": ["赤", "ab12", "文", "ａｂ", "赤い花の色", "ＡＢ"],
    "number": ["3", "１２", "5人", "100", "101", "-1"],
    "phone": ["090-1234-5678", "(03) 1234-5678", "+81 90 1234 5678"],
    "email": ["a.@example.com", "ａ＠example.jp"],
    "postcode": ["〒150-0001", "１５０ー０００１", "1500001"],
    "date": [
        "12/1",
        "明日",
        "令和8年12月1日",
        "2026/11/30",
        "20261201",
        "R8.12.1",
        "1月5日",
        "12月1日(火)",
        "2027-03-01",
    ],
    "time": ["14:30", "午後2時半", "14時", "午前0時5分", "25:00"],
    "datetime": [
        "11月26日 14:30",
        "明日の午前9時",
        "2026-12-01T10:00",
        "2026年12月1日14時半",
        "明日",
    ],
}
