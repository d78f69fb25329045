"""Small folders and what is said in them: each talk shows one promise of the language."""

HOUSE = {
    "tags.yaml": "tags: [常連, 大, 小, 困った, 質問した]\n",
    "fields.yaml": "fields:\n  memo: {title: メモ, type: text}\n  on: {title: 日, type: date}\n"
    "  at: {title: 時, type: datetime}\n",
    "queues.yaml": "queues: [受付]\ndefault: 受付\nnotify: [店長]\n",
    "calendars/main.yaml": "timezone: Asia/Tokyo\nweekly: {mon-sun: 10:00-19:00}\n"
    "exceptions: {2026-12-31: closed}\n",
    "faq/q.yaml": """\
faq: q
title: 質問
entries:
  - id: hours
    ask: [営業時間は何時からですか, 何時まで営業していますか, 開店時間と閉店時間を教えて]
    answer: 10時からです。
    tag: 質問した
  - id: parking
    ask: [駐車場はありますか, 車を停められますか, 駐車場は何台分ありますか]
    answer: 3台あります。
  - id: price
    ask: [カットの料金はいくらですか, カットは何円ですか, カットの値段を教えてください]
    answer: 4,400円です。
""",
}


def flow(steps: str, head: str = "start: [{keyword: 始め}]\n") -> dict[str, str]:
    """A folder of one flow."""
    return {**HOUSE, "f.yaml": f"flow: f\ntitle: 題\n{head}steps:\n{steps}"}


def other(id_: str, steps: str, head: str = "start: []\n") -> dict[str, str]:
    """A second flow of the folder."""
    return {f"{id_}.yaml": f"flow: {id_}\ntitle: {id_}\n{head}steps:\n{steps}"}


WAIT = "    timeout: {after: 1h, goto: fin}\n"
FIN = "  - end: done\n    id: fin\n"
COLOURS = "  - ask: 色は?\n    id: c\n    type: multi\n    choices: [赤, 青, 白]\n    done: 決定\n"
FAQ = "  - faq: message\n    id: q\n    unknown: {handoff: 受付}\n" + WAIT
HUMAN = "  - handoff: 担当者がお答えします。\n    id: h\n    to: 受付\n"
CHILD = "  - ask: 子の質問?\n    id: k\n    timeout: {after: 30m}\n  - end: done\n"

TALKS: dict[str, tuple[dict[str, str], str]] = {
    "several labels are tapped on and off, and done when enough are chosen": (
        flow(COLOURS + "    min: 2\n    max: 2\n" + WAIT + "  - say: '{{answer.c}}'\n" + FIN),
        """\
- user: 始め
- user: 青
- user: 決定
- expect: {retries: 1, state: c}
- user: 青
- user: 赤
- user: 白
- expect: {said: '選択中: 赤、白'}
- user: 決定
- expect: {said: 赤、白, ended: done}
""",
    ),
    "several labels in one text are the whole answer, unless one is none of them": (
        flow(COLOURS + WAIT + "  - say: '{{answer.c | join:・}}'\n" + FIN),
        """\
- user: 始め
- user: 赤 みどり
- expect: {retries: 1}
- user: 白、赤
- expect: {said: 赤・白}
""",
    ),
    "a quiz counts points in a var, and a field is counted on the card": (
        flow("  - ask: 1+1は?\n    id: q\n    choices: [{2: {add: {var.score: 10}}}, {3: {count: miss}}]\n" + WAIT
             + "  - add: {field.memo: 1, var.score: -3}\n  - set: {var.word: '{{answer.q}}'}\n"
             + "  - if: {var.score: '>= 7', var.word: 2}\n    then: {say: '{{var.score}}点、{{var.miss}}回'}\n" + FIN,
             "start: [{keyword: 始め}]\nvars: {score: 0, miss: 0, word: ''}\n"),
        """\
- user: 始め
- user: 2
- expect: {said: 7点、0回, var.score: 7, var.miss: 0, field.memo: 1}
- user: 始め
- user: 3
- expect: {var.score: -3, var.miss: 1, field.memo: 2, not_said: 点}
""",
    ),
    "a question may be skipped, and the skip is known": (
        flow("  - ask: 年は?\n    id: n\n    type: number\n    skip: {答えない: {tag: 困った}}\n" + WAIT
             + "  - if: {answer.n: skipped}\n    then: {say: わかりました}\n" + FIN),
        "- user: 始め\n- user: 答えない\n- expect: {said: わかりました, tags: [困った]}\n",
    ),
    "any_answer takes what fits nothing, and follows what fits": (
        flow("  - ask: 色は?\n    id: c\n    choices: [赤]\n    any_answer: {tag: 常連, save: field.memo}\n"
             + WAIT + FIN),
        "- user: 始め\n- user: むらさき\n- expect: {ended: done, tags: [常連], field.memo: むらさき}\n",
    ),
    "other calls a flow and goes on after it": (
        {**flow("  - ask: 色は?\n    id: c\n    choices: [赤]\n    other: {call: g}\n" + WAIT + FIN),
         **other("g", CHILD)},
        "- user: 始め\n- user: むらさき\n- expect: {said: 子の質問}\n- user: はい\n- expect: {ended: done}\n",
    ),
    "a choice calls a flow, and so does any_answer": (
        {**flow("  - ask: 色は?\n    id: c\n    choices: [{赤: {call: g}}, 青]\n    any_answer: {call: k}\n"
                + WAIT + FIN), **other("g", CHILD), **other("k", CHILD.replace("子の", "次の"))},
        """\
- user: 始め
- user: 赤
- expect: {said: 子の質問, state: c}
- user: はい
- expect: {ended: done}
- user: 始め
- user: 青
- expect: {said: 次の質問}
""",
    ),
    "who cannot answer is led on by give_up": (
        flow("  - ask: 年は?\n    id: n\n    type: number\n    retry: 1\n    give_up: {goto: fin, tag: 困った}\n"
             + WAIT + "  - say: 次へ\n" + FIN),
        "- user: 始め\n- user: えっと\n- expect: {retries: 1}\n- user: うーん\n"
        "- expect: {ended: done, tags: [困った], not_said: 次へ, answer.n: gave_up}\n",
    ),
    "give_up may skip, or ask for a person in its own words": (
        {**flow("  - ask: 年は?\n    id: n\n    type: number\n    retry: 0\n    give_up: {skip: yes}\n" + WAIT
                + "  - ask: 月は?\n    id: m\n    type: number\n    retry: 0\n"
                "    give_up: {handoff: 受付, say: 代わります}\n" + WAIT + FIN)},
        "- user: 始め\n- user: えっと\n- expect: {answer.n: skipped, state: m}\n- user: うーん\n"
        "- expect: {handoff: 受付, messages: [代わります]}\n",
    ),
    "a picture answers a question for one, and nothing else does": (
        flow("  - ask: 写真を送ってください\n    id: p\n    type: image\n    retry: 3\n" + WAIT + FIN),
        "- user: 始め\n- send: sticker\n- expect: {retries: 1}\n- send: image\n- expect: {ended: done}\n",
    ),
    "a date is picked, and a picker of an old question is not taken": (
        flow("  - ask: いつ?\n    id: d\n    type: date\n    between: [today, today+30d]\n"
             "    check: {answer.d: '!= 2026-04-02'}\n    check_say: その日はお休みです。\n    retry: 5\n" + WAIT
             + "  - say: '{{answer.d | date}}'\n" + FIN),
        """\
- user: 始め
- pick: {date: 2026-04-02}
- expect: {said: お休み, retries: 1}
- pick: {date: 2027-04-03}
- expect: {retries: 2}
- pick: {date: 2026-04-03}
- expect: {said: 4月3日, ended: done}
""",
    ),
    "a time and a moment have bounds of their own": (
        flow("  - ask: 何時?\n    id: t\n    type: time\n    between: ['10:00', '18:00']\n    retry: 5\n" + WAIT
             + "  - ask: いつ?\n    id: m\n    type: datetime\n    between: [now, now+2d]\n    retry: 5\n" + WAIT
             + FIN),
        """\
- user: 始め
- user: 9:00
- expect: {retries: 1}
- user: 10:30
- expect: {state: m}
- pick: {datetime: 2026-04-09T10:00}
- expect: {retries: 1}
- pick: {datetime: 2026-04-02T10:00}
- expect: {ended: done}
""",
    ),
    "a pattern and a whole number are kept": (
        flow("  - ask: 番号は?\n    id: a\n    pattern: '[A-Z]{2}[0-9]{3}'\n    retry: 5\n\n"
             + WAIT + "  - ask: 何名?\n    id: n\n    type: number\n    integer: yes\n    retry: 5\n" + WAIT + FIN),
        "- user: 始め\n- user: AB12\n- expect: {retries: 1}\n- user: AB123\n- user: '1.5'\n"
        "- expect: {retries: 1}\n- user: 2\n- expect: {ended: done}\n",
    ),
    "yes and no have values, also under other labels": (
        flow("  - ask: よい?\n    id: a\n    type: yesno\n" + WAIT
             + "  - ask: 本当に?\n    id: b\n    type: yesno\n    choices: [はい, {いいえ: {goto: fin}}]\n" + WAIT
             + "  - if: {answer.a: 'yes', answer.b: 'yes'}\n    then: {say: 両方}\n" + FIN),
        "- user: 始め\n- user: たぶん\n- expect: {retries: 1}\n- user: はい\n- tap: はい\n- expect: {said: 両方}\n",
    ),
    "the latest text decides by its words, or nothing does": (
        flow("  - ask: ご用は?\n    id: a\n" + WAIT + "  - switch: message\n    cases:\n"
             "      - {words: [予約, よやく], goto: fin}\n      - {words: [質問], say: 質問ですね}\n" + "  - say: 次へ\n" + FIN),
        "- user: 始め\n- user: 質問があります\n- expect: {said: [質問ですね, 次へ]}\n- user: 始め\n- user: ヨヤクしたい\n"
        "- expect: {said: 次へ}\n- user: 始め\n- user: 予約したい\n- expect: {messages: [], ended: done}\n",
    ),
    "a case calls a flow; the last one is else": (
        {**flow("  - switch:\n      - {when: {tag: 常連}, call: g}\n      - {else: {say: はじめまして}}\n    id: s\n" + FIN),
         **other("g", CHILD)},
        "- user: 始め\n- expect: {said: はじめまして}\n- tag: 常連\n- user: 始め\n- expect: {said: 子の質問, state: s}\n",
    ),
    "a way out of an if calls a flow": (
        {**flow("  - if: {tag: 常連}\n    id: i\n    then: {call: g}\n    else: {say: いいえ}\n" + FIN), **other("g", CHILD)},
        "- tag: 常連\n- user: 始め\n- expect: {said: 子の質問}\n- wait: 30m\n- expect: {ended: done}\n",
    ),
    "a step that is visited too often leads elsewhere": (
        flow("  - ask: もう一度?\n    id: a\n    choices: [はい]\n    max_visits: {times: 2, goto: fin}\n" + WAIT
             + "  - goto: a\n" + FIN),
        "- user: 始め\n- user: はい\n- expect: {visits.a: 2, state: a}\n- user: はい\n- expect: {ended: done}\n",
    ),
    "a person may send the run back to its beginning, or end it": (
        {**flow("  - ask: 何?\n    id: a\n" + WAIT + HUMAN + "    back: restart\n" + WAIT + FIN),
         **other("g", HUMAN + "    back: end\n" + WAIT + FIN, "start: [{keyword: 終}]\n")},
        """\
- user: 始め
- user: これ
- operator: take
- operator: done
- expect: {ask: a, ended: none}
- wait: 1h
- user: 終
- operator: take
- operator: done
- expect: {flow: g, ended: done}
""",
    ),
    "a time-out leads on, stays, or ends by itself": (
        flow("  - ask: 一?\n    id: a\n    timeout: {after: 1h, say: では, goto: b}\n"
             + "  - ask: 二?\n    id: b\n    timeout: {after: 1h, say: まだですか, stay: yes}\n"
             + "  - ask: 三?\n    id: c\n    timeout: {after: 1h}\n" + FIN),
        """\
- user: 始め
- wait: 1h
- expect: {messages: [では, 二], state: b, answer.a: no_reply}
- wait: 1h
- expect: {said: まだですか, state: b}
- user: はい
- wait: 1h
- expect: {ended: timed_out}
""",
    ),
    "reminders come at their moments, with the question's buttons on the last": (
        flow("  - ask: 色は?\n    id: c\n    choices: [赤]\n    remind: [{after: 10m, say: [あの, まだ?]}, {after: 20m, say: ねえ}]\n"
             + WAIT + FIN),
        "- user: 始め\n- wait: 10m\n- expect: {messages: [あの, まだ], quick_replies: [赤]}\n- wait: 10m\n"
        "- expect: {messages: [ねえ]}\n",
    ),
    "set writes words, the day, the moment, and nothing": (
        flow("  - say: はい\n    set: {field.on: today, field.at: now, field.memo: '{{name}}さん'}\n"
             "  - ask: 消す?\n    id: a\n    choices: [{はい: {set: {field.memo: empty}}}]\n" + WAIT + FIN),
        "- user: 始め\n- expect: {field.on: 2026-04-01, field.at: 2026-04-01T10:00, field.memo: 花子さん}\n- user: はい\n"
        "- expect: {field.memo: empty}\n",
    ),
    "once is once, and again only after its time": (
        {**flow(FIN, "start: [{keyword: 始め}]\nrepeat: once\n"),
         **other("g", FIN, "start: [{keyword: 次}]\nrepeat: after 2h\n")},
        "- user: 始め\n- expect: {started: f}\n- user: 始め\n- expect: {not_started: f}\n- user: 次\n- expect: {started: g}\n"
        "- wait: 1h\n- user: 次\n- expect: {not_started: g}\n- wait: 1h\n- user: 次\n- expect: {started: g}\n",
    ),
    "what runs already is left alone, begun anew, or goes on beside": (
        {**flow("  - ask: 一?\n    id: a\n" + WAIT + FIN, "start: [postback: x]\n"),
         **other("g", CHILD, "start: [postback: y]\nif_running: restart\n"),
         **other("k", CHILD, "start: [postback: z]\nif_running: parallel\n")},
        """\
- postback: x
- postback: x
- expect: {not_started: f}
- postback: y
- postback: y
- expect: {started: g}
- postback: z
- postback: z
- expect: {started: k}
""",
    ),
    "a called flow that is begun again begins anew in its place": (
        {**flow("  - call: g\n    id: c\n" + FIN), **other("g", CHILD, "start: [postback: y]\nif_running: restart\n")},
        "- user: 始め\n- expect: {said: 子の質問}\n- postback: y\n- expect: {said: 子の質問, state: c}\n- user: はい\n"
        "- expect: {ended: done}\n",
    ),
    "a flow of other accounts does not start here": (
        flow(FIN, "start: [{keyword: 始め}]\naccounts: [osaka]\n"),
        "- user: 始め\n- expect: {not_started: f}\n",
    ),
    "a question is answered word for word, and tagged": (
        flow(FAQ + FIN, "start: [message]\n"),
        "- user: 営業時間は何時からですか\n- expect: {said: 10時から, tags: [質問した], ended: done}\n",
    ),
    "did-you-mean is answered by a label that is typed": (
        flow(FAQ + FIN, "start: [message]\n"),
        "- user: 車で行けますか\n- expect: {said: もしかして}\n- user: 駐車場はありますか\n- expect: {said: 3台, ended: done}\n",
    ),
    "did-you-mean may be answered by asking for staff": (
        flow(FAQ.replace("handoff: 受付", "handoff: 受付, say: お待ちください") + FIN, "start: [message]\n"),
        "- user: 車で行けますか\n- expect: {quick_replies: [駐車場はありますか, 営業時間は何時からですか, 担当者に聞く]}\n- tap: 担当者に聞く\n"
        "- expect: {handoff: 受付, messages: [お待ちください]}\n",
    ),
    "another text is looked up again, at most twice, then a person is asked for": (
        flow(FAQ + FIN, "start: [message]\n"),
        "- user: 車で行けますか\n- send: sticker\n- expect: {said: もしかして}\n- user: 車で行けますか\n- expect: {said: もしかして}\n- user: 車で行けますか\n"
        "- expect: {said: もしかして}\n- user: 車で行けますか\n- expect: {handoff: 受付}\n",
    ),
    "unsure and unknown may be led elsewhere": (
        flow("  - faq: message\n    id: q\n    unsure: {say: たぶん, goto: fin}\n    unknown: {say: さあ, goto: fin}\n" + WAIT + FIN,
             "start: [message]\n"),
        "- user: 車で行けますか\n- expect: {messages: [たぶん]}\n- user: 楽器\n- expect: {messages: [さあ]}\n",
    ),
    "a run that calls too deep stops, and staff see why": (
        {**flow("  - call: a\n    id: x\n" + FIN), **other("a", "  - call: b\n    id: x\n" + FIN),
         **other("b", "  - call: c\n    id: x\n" + FIN), **other("c", "  - call: d\n    id: x\n" + FIN),
         **other("d", "  - call: e\n    id: x\n" + FIN), **other("e", CHILD)},
        "- user: 始め\n- expect: {ended: error, handoff: 受付}\n",
    ),
    "an operator takes over: the question rests, and is asked again when they are done": (
        flow("  - ask: 何?\n    id: a\n" + WAIT + FIN),
        "- user: 始め\n- operator: take\n- user: 見て\n- expect: {messages: []}\n- operator: {says: 見ました}\n"
        "- expect: {messages: []}\n",
    ),
    "a button of an earlier question says so and asks the open one again": (
        flow("  - ask: 一?\n    id: a\n    choices: [はい]\n" + WAIT + "  - ask: 二?\n    id: b\n    choices: [うん]\n" + WAIT + FIN),
        "- user: 始め\n- tap: はい\n- tap_old: {step: a, label: はい}\n- expect: {said: [前のご案内, 二], state: b}\n",
    ),
    "a sticker that nobody waits for is left to people": (
        flow(FIN),
        "- send: sticker\n- expect: {unhandled: yes}\n- postback: どこでもない\n- expect: {unhandled: yes}\n",
    ),
    "after hours the calendar tells when somebody is there": (
        flow("  - say: 'つぎは{{calendar.next_open | datetime}}'\n" + FIN, "start: [off_hours]\ncalendar: main\n"),
        "- wait: {until: 2026-12-30 19:30}\n- user: こんばんは\n- expect: {said: 1月1日}\n",
    ),
    "a delayed event starts later, and only then looks at its condition": (
        flow(FIN, "start: [{event: purchase, delay: 1h}]\nonly_if: {tag: 常連}\n"),
        "- event: {name: purchase, amount: 3}\n- expect: {not_started: f}\n- tag: 常連\n- wait: 1h\n- expect: {started: f}\n",
    ),
    "a time-out that stays is done once, under the question's buttons, after a reminder of its moment": (
        flow("  - ask: 色は?\n    id: c\n    choices: [赤]\n    remind: {after: 1h, say: あの}\n"
             "    timeout: {after: 1h, say: [ねえ, まだ], stay: yes, tag: 困った}\n" + FIN),
        """\
- user: 始め
- wait: 1h
- expect: {messages: [あの, ねえ, まだ], quick_replies: [赤], tags: [困った], timers: []}
- untag: 困った
- user: みどり
- expect: {retries: 1}
- wait: 3h
- expect: {messages: [], tags: []}
- tap: 赤
- expect: {ended: done, quick_replies: []}
""",
    ),
    "choices of a text are only suggestions": (
        flow("  - ask: お名前は?\n    id: n\n    type: text\n    choices: [匿名]\n" + WAIT + "  - say: '{{answer.n}}さん'\n" + FIN),
        "- user: 始め\n- expect: {quick_replies: [匿名]}\n- user: はなこ\n- expect: {said: はなこさん}\n",
    ),
    "of several labels != holds when none is it": (
        flow(COLOURS + WAIT + "  - if: {answer.c: '!= 赤'}\n    then: {say: 赤なし}\n    else: {say: 赤あり}\n" + FIN),
        "- user: 始め\n- user: 赤、青\n- expect: {messages: [赤あり]}\n- user: 始め\n- user: 青、白\n- expect: {messages: [赤なし]}\n",
    ),
    "what is kept by other goes where other says, and nowhere else, before its effects": (
        flow("  - ask: 色は?\n    id: c\n    choices: [赤]\n    save: field.on\n"
             "    other: {save: field.memo, set: {field.memo: '{{field.memo}}ほか'}}\n" + WAIT + FIN),
        "- user: 始め\n- user: 青\n- expect: {field.memo: 青ほか, field.on: empty}\n"
        "- user: 始め\n- user: 赤\n- expect: {field.memo: 青ほか, field.on: 赤}\n",
    ),
    "any_answer keeps every answer where it says, whatever the question says": (
        flow("  - ask: 色は?\n    id: c\n    choices: [赤]\n    save: field.on\n    any_answer: {save: field.memo}\n" + WAIT + FIN),
        "- user: 始め\n- user: 赤\n- expect: {field.memo: 赤, field.on: empty}\n"
        "- user: 始め\n- user: 青\n- expect: {field.memo: 青, field.on: empty}\n",
    ),
    "any_answer calls a flow, and afterwards each choice still leads where it says": (
        {
            **flow("  - ask: 色は?\n    id: c\n    choices: [赤, {青: {goto: b}}]\n    any_answer: {call: g}\n" + WAIT
                   + "  - say: 赤へ\n    goto: fin\n  - say: 青へ\n    id: b\n" + FIN),
            **other("g", CHILD),
        },
        "- user: 始め\n- tap: 青\n- expect: {said: 子の質問, state: c}\n- user: はい\n- expect: {messages: [青へ], ended: done}\n"
        "- user: 始め\n- tap: 赤\n- user: はい\n- expect: {messages: [赤へ], ended: done}\n"
        "- user: 始め\n- user: 黒\n- user: はい\n- expect: {messages: [赤へ], ended: done}\n",
    ),
    "a check holds for choices too, and for several labels": (
        flow("  - ask: 色は?\n    id: c\n    choices: [赤, 青]\n    check: {answer.c: '!= 赤'}\n    check_say: 赤はありません\n" + WAIT
             + COLOURS.replace("id: c", "id: m") + "    check: {not: {answer.m: 白}}\n    check_say: 白はありません\n" + WAIT + FIN),
        """\
- user: 始め
- tap: 赤
- expect: {said: 赤はありません, retries: 1, quick_replies: [赤, 青]}
- tap: 青
- user: 赤　白
- expect: {said: 白はありません, retries: 1}
- user: 白
- user: 決定
- expect: {said: 白はありません, retries: 2}
- user: 青，赤
- expect: {answer.m: [赤], ended: done}
""",
    ),
    "what any_answer saves is saved of choices too, and a pattern reads full-width signs": (
        flow("  - ask: 色は?\n    id: c\n    choices: [赤]\n    any_answer: {save: field.memo}\n" + WAIT
             + "  - ask: 番号は?\n    id: a\n    pattern: '[A-Z]{2}'\n" + WAIT + FIN),
        "- user: 始め\n- tap: 赤\n- expect: {field.memo: 赤}\n- user: ＡＢ\n- expect: {answer.a: = ＡＢ, ended: done}\n",
    ),
    "a time may have bounds that move": (
        flow("  - ask: 何時?\n    id: t\n    type: time\n    between: [now, now+3h]\n" + WAIT + FIN),
        "- user: 始め\n- user: '9:59'\n- expect: {retries: 1}\n- user: 13時\n- expect: {ended: done}\n",
    ),
    "a flow that keeps its question may begin itself anew, and starts nothing else": (
        {**flow("  - ask: 何名?\n    id: n\n    type: number\n" + WAIT + FIN, "start: [{keyword: 始め}]\non_interrupt: keep\nif_running: restart\n"),
         **other("g", FIN, "start: [{keyword: 次}]\n")},
        "- user: 始め\n- user: 次\n- expect: {not_started: g, retries: 1}\n- user: 始め\n- expect: {started: f, ask: n, retries: 0}\n",
    ),
    "a called flow that a keyword begins anew takes the text": (
        {**flow("  - call: g\n    id: c\n" + FIN), **other("g", CHILD.replace("id: k", "id: k\n    type: number"), "start: [{keyword: 次}]\nif_running: restart\n"),
         **other("h", "  - say: ほか\n" + FIN, "start: [message]\n")},
        "- user: 始め\n- user: 次\n- expect: {messages: [子の質問], not_started: [g, h], state: c, unhandled: no}\n",
    ),
    "how a called flow ended may be asked when it is over": (
        {**flow("  - call: g\n    id: c\n  - ask: 何?\n    id: n\n" + WAIT + FIN, "start: [{keyword: 始め}]\ncancel_words: [終わり]\n"),
         **other("g", CHILD.replace("end: done", "end: answered"))},
        """\
- user: 始め
- expect: {flow: g, state: k, ended: none}
- user: はい
- expect: {flow: g, state: none, ended: answered, answer.k: はい}
- expect: {state: n, ended: none, answer.c: answered}
- user: 終わり
- user: 始め
- user: 終わり
- expect: {flow: g, ended: cancelled}
- expect: {ended: cancelled}
""",
    ),
    "a start that is held has not begun, and a question is asked when it is shown": (
        {**flow("  - ask: 何名?\n    id: n\n    type: number\n" + WAIT + FIN), **other("g", "  - say: どうも\n" + FIN, "start: [{event: e}]\n")},
        """\
- user: 始め
- event: e
- expect: {not_started: g, messages: [], ask: none}
- expect: {flow: g, state: none}
- user: あ
- expect: {ask: none, retries: 1, state: n}
- user: 3
- expect: {started: g, said: どうも}
""",
    ),
    "a tag starts a flow, and its taking off does not": (
        flow("  - say: '{{event.tag | default:常連}}'\n" + FIN, "start: [{tag_added: 常連}]\n"),
        "- tag: 常連\n- expect: {started: f, has_tags: [常連]}\n- untag: 常連\n- expect: {not_started: f, not_tags: [常連]}\n",
    ),
    "an operator starts a flow by hand": (
        flow("  - say: 手で\n" + FIN, "start: [manual]\n"),
        "- start: f\n- expect: {said: 手で, name: 花子, state: none}\n",
    ),
}  # fmt: skip


LATER_TALKS: dict[str, tuple[dict[str, str], str]] = {
    "a wait passes by itself, and texts meanwhile are free for other flows": (
        {
            **flow("  - wait: 2d\n    id: w\n  - say: '{{message}}から二日'\n" + FIN),
            **other("g", "  - say: ほかの話\n  - end: done\n", "start: [{keyword: 別}]\n"),
        },
        """\
- user: 始め
- expect: {state: w, timers: [2026-04-03 10:00], messages: []}
- user: 別
- expect: {said: ほかの話}
- wait: 2d
- expect: {said: 始めから二日, ended: done}
""",
    ),
    "days count from the date on which the run began": (
        flow(
            "  - wait: {day: 1, at: 09:30}\n    id: a\n  - say: 一日目\n  - wait: {day: 3, at: 09:00}\n    id: b\n  - say: 三日目\n"
            "  - wait: {day: 0, at: 09:00, late: {say: 遅い}}\n    id: c\n" + FIN
        ),
        """\
- user: 始め
- expect: {timers: [2026-04-02 09:30]}
- wait: 1d
- expect: {said: 一日目, state: b, timers: [2026-04-04 09:00]}
- wait: 2d
- expect: {said: [三日目, 遅い], ended: done}
""",
    ),
    "a wait counts back from a date on the card, and is left at once where there is none": (
        flow(
            "  - set: {field.on: 2026-04-10}\n  - wait: {until: field.on, before: 1d, at: 18:00}\n    id: a\n  - say: 明日です\n"
            "  - set: {field.on: empty, field.at: 2026-04-20 15:00}\n  - wait: {until: field.on}\n    id: b\n"
            "  - wait: {until: field.at, before: 2h}\n    id: c\n  - say: 二時間前\n" + FIN
        ),
        """\
- user: 始め
- expect: {timers: [2026-04-09 18:00]}
- wait: {until: 2026-04-09 18:00}
- expect: {said: 明日です, state: c, timers: [2026-04-20 13:00]}
- wait: 30d
- expect: {said: 二時間前, ended: done}
""",
    ),
    "a run waits for an event, whose data it then has": (
        flow(
            "  - wait_for: {event: paid}\n    id: w\n    timeout: {after: 3d, say: まだです, goto: fin}\n"
            "  - say: '{{event.item}}をありがとう'\n" + FIN
        ),
        """\
- event: {name: paid, item: 前の品}
- user: 始め
- expect: {state: w, timers: [2026-04-04 10:00]}
- event: {name: paid, item: 本}
- expect: {said: 本をありがとう, ended: done}
- user: 始め
- wait: 3d
- expect: {said: まだです, ended: done, not_said: ありがとう}
""",
    ),
    "what a run waits for may come with a delay": (
        flow(
            "  - wait_for: {event: paid, delay: 1h}\n    id: w\n    timeout: {after: 3d}\n  - say: どうも\n"
            + FIN
        ),
        "- user: 始め\n- event: paid\n- expect: {messages: [], timers: [2026-04-01 11:00, 2026-04-04 10:00]}\n"
        "- wait: 1h\n- expect: {said: どうも}\n",
    ),
    "without what it waits for a run ends timed_out": (
        flow(
            "  - wait_for: {tag_added: 常連}\n    id: w\n    timeout: {after: 1d}\n  - say: 常連さま\n"
            + FIN
        ),
        "- user: 始め\n- tag: 常連\n- expect: {said: 常連さま}\n- untag: 常連\n- user: 始め\n- wait: 1d\n- expect: {ended: timed_out}\n",
    ),
    "runs that wait are asked before flows are started, and any text is the last": (
        {
            **flow(
                "  - wait_for: {keyword: 続き}\n    id: w\n    timeout: {after: 3d}\n  - say: 一\n"
                "  - wait_for: message\n    id: v\n    timeout: {after: 3d}\n  - say: '{{message}}?'\n"
                "  - wait_for: {postback: go}\n    id: u\n    timeout: {after: 3d}\n"
                "  - wait_for: off_hours\n    id: t\n    timeout: {after: 3d}\n  - say: 夜\n" + FIN
            ),
            **other("g", "  - say: 別\n  - end: done\n", "start: [{keyword: 続き}, message]\n"),
        },
        """\
- user: 始め
- user: 続き
- expect: {messages: [一], not_started: g}
- user: 続き
- expect: {messages: [別]}
- user: こんにちは
- expect: {messages: [こんにちは?]}
- postback: go
- expect: {state: t}
- user: 昼です
- expect: {said: 別, state: t}
- wait: 12h
- user: 夜です
- expect: {messages: [夜], ended: done}
""",
    ),
    "a keyword that a run waits for comes between, as a flow does": (
        {
            **flow(
                "  - wait_for: {keyword: 続き}\n    id: w\n    timeout: {after: 3d}\n  - say: 一\n"
                + FIN
            ),
            **other(
                "g",
                "  - ask: 色は?\n    id: c\n    choices: [赤]\n    timeout: {after: 1h}\n  - end: done\n",
                "start: [{keyword: 別}]\n",
            ),
            **other(
                "k",
                "  - ask: 形は?\n    id: c\n    choices: [丸]\n    timeout: {after: 1h}\n  - end: done\n",
                "start: [{keyword: 形}]\non_interrupt: keep\n",
            ),
        },
        """\
- user: 始め
- user: 形
- user: 続き
- expect: {state: w, said: 選んで}
- user: 丸
- user: 別
- user: 続き
- expect: {said: [一, 色は?], quick_replies: [赤], ended: done}
""",
    ),
    "a link, a code and a tag start flows and move runs": (
        {
            **flow(
                "  - wait_for: {url_click: shop}\n    id: w\n    timeout: {after: 3d}\n  - say: 開いた\n"
                "  - wait_for: {qr: 店頭}\n    id: v\n    timeout: {after: 3d}\n  - say: 来た\n"
                + FIN
            ),
            "links.yaml": "links: {shop: https://example.com}\n",
            **other("g", "  - say: リンク\n  - end: done\n", "start: [{url_click: shop}]\n"),
            **other("h", "  - say: 札\n  - end: done\n", "start: [{qr: 店頭}]\n"),
        },
        "- user: 始め\n- click: shop\n- expect: {messages: [開いた, リンク]}\n- qr: 店頭\n- expect: {messages: [来た, 札]}\n",
    ),
    "a flow is begun beside this one, after the turn": (
        {
            **flow("  - start: g\n  - say: 先\n" + FIN),
            **other("g", "  - say: 後\n  - end: done\n", "start: []\nrepeat: once\n"),
        },
        "- user: 始め\n- expect: {messages: [先, 後], started: [f, g]}\n- user: 始め\n- expect: {messages: [先]}\n",
    ),
    "the body of a repeat is done for each value that was chosen": (
        flow(
            COLOURS + WAIT + "  - repeat:\n      over: answer.c\n      as: x\n      steps:\n"
            "        - ask: '{{var.x}}は何個?'\n          id: n\n          type: number\n          timeout: {after: 1h, goto: fin}\n"
            "        - say: '{{var.x}}{{answer.n}}個'\n  - say: 以上\n" + FIN
        ),
        """\
- user: 始め
- user: 赤
- user: 白
- user: 決定
- expect: {said: 赤は何個?, state: n, var.x: 赤}
- user: 2
- expect: {said: [赤2個, 白は何個?]}
- user: 3
- expect: {said: [白3個, 以上], answer.n: 3, ended: done}
""",
    ),
    "a repeat counts, nests, is left by goto, and is passed over when there is nothing": (
        flow(
            "  - repeat:\n      times: 3\n      as: i\n      steps:\n        - repeat:\n            over: [あ, い]\n            as: k\n"
            "            steps:\n              - say: '{{var.i}}{{var.k}}'\n"
            "        - if: {var.i: 2}\n          then: {goto: out}\n"
            "  - say: 最後まで\n    id: out\n  - ask: 色?\n    id: none\n    skip: ない\n"
            + WAIT
            + "  - repeat: {over: answer.none, steps: [{say: なし}]}\n    tag: 大\n    goto: out\n"
            + FIN
        ),
        "- user: 始め\n- expect: {messages: [1あ, 1い, 2あ, 2い, 最後まで, 色?]}\n"
        "- user: ない\n- expect: {messages: [], tags: [], ended: done}\n",
    ),
    "a flow sends by itself only in its window, and answers at any time": (
        flow(
            "  - wait: 12h\n    id: w\n  - ask: どう?\n    id: q\n    remind: {after: 1h, say: もしもし}\n"
            + WAIT
            + FIN,
            "start: [{keyword: 始め}, {event: bought}]\nsend_window: 09:00-20:00\n",
        ),
        """\
- user: 始め
- expect: {timers: [2026-04-02 09:00]}
- wait: 1d
- expect: {said: [どう?, もしもし], ended: done}
- wait: {until: 2026-04-02 21:00}
- event: bought
- expect: {state: none, timers: [2026-04-03 09:00]}
- wait: {until: 2026-04-03 09:30}
- expect: {state: w, timers: [2026-04-03 21:30]}
""".replace("2026-04-03 21:30", "2026-04-04 09:00"),
    ),
    "a window may go over midnight": (
        flow(
            "  - wait: 1h\n    id: w\n  - say: 夜\n" + FIN,
            "start: [{keyword: 始め}]\nsend_window: 22:00-02:00\n",
        ),
        "- user: 始め\n- expect: {timers: [2026-04-01 22:00]}\n- wait: 12h\n- expect: {said: 夜}\n- wait: 3h\n- user: 始め\n"
        "- expect: {timers: [2026-04-02 22:00]}\n",
    ),
    "a flow stops where it must, saying nothing, whoever puts the tag on": (
        flow(
            "  - wait: 1d\n    id: w\n  - say: まだ\n" + FIN,
            "start: [{keyword: 始め}]\nstop_when: {tag: [困った]}\n",
        ),
        """\
- user: 始め
- tag: 困った
- expect: {ended: stopped, messages: []}
- user: 始め
- expect: {unhandled: yes, state: none}
""",
    ),
    "a called flow that must stop gives way to its caller": (
        {
            **flow("  - call: g\n    id: k\n  - say: '{{answer.k}}'\n" + FIN),
            **other(
                "g",
                "  - ask: 色は?\n    id: c\n    choices: [{赤: {tag: 困った}}, 青]\n    timeout: {after: 1h}\n  - say: 続く\n  - end: done\n",
                "start: []\nstop_when: {tag: 困った}\n",
            ),
        },
        """\
- user: 始め
- tag: 困った
- expect: {said: stopped, ended: done}
- user: 始め
- expect: {messages: [stopped]}
""",
    ),
    "what comes in the background is held until no question is open": (
        {
            **flow("  - wait: 1h\n    id: w\n  - say: 一時間\n" + FIN),
            **other(
                "g",
                "  - ask: 色は?\n    id: c\n    choices: [赤]\n    timeout: {after: 9h}\n  - end: done\n",
                "start: [{keyword: 別}]\n",
            ),
        },
        """\
- user: 始め
- user: 別
- wait: 2h
- expect: {messages: [], state: w, timers: []}
- user: 赤
- expect: {messages: [一時間], ended: done}
""",
    ),
    "while people have the talk the background is quiet": (
        {
            **flow("  - wait: 1h\n    id: w\n  - say: 一時間\n" + FIN),
            **other(
                "g",
                HUMAN + "    timeout: {after: 30m, say: 混んでいます, stay: yes}\n  - end: done\n",
                "start: [{keyword: 人}]\n",
            ),
        },
        """\
- user: 始め
- user: 人
- wait: 30m
- expect: {said: 混んでいます}
- wait: 40m
- expect: {messages: []}
- operator: take
- wait: 40m
- operator: done
- expect: {messages: [一時間], ended: done}
""",
    ),
    "the clock starts a flow for whoever is in its segment": (
        {
            **flow("  - say: 朝です\n" + FIN, "start: [{schedule: 毎日 10:00, segment: good}]\n"),
            "segments/good.yaml": "segment: good\ntitle: よい\nwhen: {tag: 常連}\n",
            "segments/best.yaml": "segment: best\ntitle: もっと\nwhen: {segment: good, tag: 大}\n",
            **other(
                "g",
                "  - if: {segment: best}\n    then: {say: 最高}\n  - end: done\n",
                "start: [{keyword: 別}]\n",
            ),
        },
        "- schedule: f\n- expect: {messages: []}\n- tag: 常連\n- schedule: f\n- expect: {said: 朝です}\n"
        "- user: 別\n- expect: {messages: []}\n- tag: 大\n- user: 別\n- expect: {said: 最高}\n",
    ),
}

SHOP = {"links.yaml": "links: {shop: https://example.com}\n"}
ASKING = "  - ask: 色は?\n    id: c\n    choices: [赤]\n    timeout: {after: 9h}\n  - end: done\n"
ANOTHER = other("g", ASKING, "start: [{keyword: 別}]\n")
BACKGROUND_TALKS: dict[str, tuple[dict[str, str], str]] = {
    "a tag that the run itself put on is not what it then waits for": (
        flow(
            "  - tag: 常連\n  - wait_for: {tag_added: 常連}\n    id: w\n    timeout: {after: 1d}\n" + FIN
        ),
        "- user: 始め\n- expect: {state: w, has_tags: [常連]}\n- untag: 常連\n- tag: 常連\n- expect: {ended: done}\n",
    ),
    "a called flow that begins anew does so in its place, and its caller goes on": (
        {
            **flow("  - call: g\n    id: k\n  - say: 親の続き\n" + FIN),
            **other("g", ASKING, "start: [{keyword: 別}, {event: again}]\nif_running: restart\n"),
        },
        """\
- user: 始め
- user: 紫
- expect: {flow: g, retries: 1}
- user: 別
- expect: {messages: [色は?], flow: g, retries: 0}
- event: again
- expect: {messages: [色は?], not_started: g}
- user: 赤
- expect: {messages: [親の続き], ended: done}
""",
    ),
    "a called flow begins anew only once no other question is open": (
        {
            **flow("  - call: h\n    id: k\n  - say: 親の続き\n" + FIN),
            **other(
                "h",
                "  - say: 子\n  - wait: 3h\n    id: w\n  - end: done\n",
                "start: [{event: again}]\nif_running: restart\n",
            ),
            **ANOTHER,
        },
        """\
- user: 始め
- user: 別
- event: again
- expect: {messages: []}
- user: 赤
- expect: {messages: [子], flow: h, timers: [2026-04-01 13:00]}
""",
    ),
    "what follows a called flow that must stop waits until no question is open": (
        {
            **flow("  - call: h\n    id: k\n  - ask: 次は?\n    id: n\n" + WAIT + FIN),
            **other(
                "h",
                "  - wait: 1h\n    id: w\n  - end: done\n",
                "start: []\nstop_when: {tag: 困った}\n",
            ),
            **ANOTHER,
        },
        """\
- user: 始め
- user: 別
- tag: 困った
- expect: {messages: [], quick_replies: [赤], timers: []}
- wait: 2h
- expect: {messages: []}
- user: 赤
- expect: {messages: [次は?], answer.k: stopped, state: n}
""",
    ),
    "what follows a called flow that staff stopped waits for the send window": (
        {
            **flow(
                "  - call: h\n    id: k\n  - say: 続き\n" + FIN,
                "start: [{keyword: 始め}]\nsend_window: 11:00-20:00\n",
            ),
            **other(
                "h",
                "  - wait: 1d\n    id: w\n  - end: done\n",
                "start: []\nstop_when: {tag: 困った}\n",
            ),
        },
        "- user: 始め\n- tag: 困った\n- expect: {messages: [], timers: [2026-04-01 11:00]}\n"
        "- wait: 1h\n- expect: {messages: [続き], ended: done}\n",
    ),
    "no send window holds what the friend does, nor what an operator starts": (
        {
            **flow(
                "  - say: どうも\n  - wait_for: {url_click: shop}\n    id: w\n    timeout: {after: 3d}\n  - say: 開いた\n"
                + FIN,
                "start: [{url_click: shop}, {tag_added: 常連}]\nsend_window: 11:00-20:00\n",
            ),
            **SHOP,
        },
        """\
- click: shop
- expect: {messages: [どうも], state: w}
- click: shop
- expect: {messages: [開いた], ended: done}
- start: f
- expect: {messages: [どうも], state: w}
- click: shop
- tag: 常連
- expect: {messages: [], state: none, timers: [2026-04-01 11:00]}
- wait: 1h
- expect: {messages: [どうも]}
""",
    ),
    "what is waited for and comes at night is done at the opening, before the time-out": (
        flow(
            "  - wait_for: {event: paid}\n    id: w\n    timeout: {after: 13h, say: まだです, goto: fin}\n  - say: '{{event.item}}'\n"
            + FIN,
            "start: [{keyword: 始め}]\nsend_window: 09:00-20:00\n",
        ),
        """\
- user: 始め
- expect: {timers: [2026-04-02 09:00]}
- wait: 12h
- event: {name: paid, item: 本}
- event: {name: paid, item: 靴}
- expect: {messages: [], timers: [2026-04-02 09:00]}
- wait: 12h
- expect: {messages: [本], ended: done}
""",
    ),
    "a wait that stays after its time-out still ends": (
        flow(
            "  - wait_for: {event: paid}\n    id: w\n    timeout: {after: 1d, say: まだです, stay: yes}\n"
            + FIN
        ),
        "- user: 始め\n- wait: 1d\n- expect: {said: まだです, state: w, timers: []}\n- wait: 30d\n- expect: {messages: [], ended: timed_out}\n",
    ),
    "flows that start each other without end are stopped, and staff see why": (
        {
            **flow("  - start: g\n" + FIN),
            **other("g", "  - start: f\n  - end: done\n"),
        },
        "- user: 始め\n- expect: {messages: [], handoff: 受付}\n",
    ),
    "what a step starts is held while another question is open": (
        {
            **flow("  - wait: 1h\n    id: w\n  - start: h\n" + FIN),
            **other("h", "  - say: 後から\n  - end: done\n"),
            **other("i", "  - start: h\n  - ask: 先に?\n    id: q\n    timeout: {after: 9h}\n  - end: done\n", "start: [{keyword: 先}]\n"),
        },
        "- user: 先\n- expect: {messages: [先に?], not_started: h}\n- user: はい\n- expect: {messages: [後から], started: h}\n"
        "- user: 始め\n- wait: 1h\n- expect: {messages: [後から], started: h}\n",
    ),
    "the body of a repeat calls, times out, and is begun anew by going to its step": (
        {
            **flow(
                "  - repeat:\n      over: [赤, 青]\n      as: x\n      steps:\n"
                "        - call: h\n          id: k\n"
                "        - ask: '{{var.x}}でよいですか?'\n          id: ok\n          type: yesno\n"
                "          choices: [はい, {いいえ: {goto: r}}]\n          timeout: {after: 1h, goto: out}\n"
                "    id: r\n  - say: 最後まで\n  - end: done\n    id: fin\n  - say: 時間切れ\n    id: out\n  - end: timed_out\n"
            ),
            **other("h", "  - say: 呼ばれた\n  - end: done\n"),
        },
        """\
- user: 始め
- expect: {messages: [呼ばれた, 赤でよいですか?], var.x: 赤}
- user: はい
- expect: {messages: [呼ばれた, 青でよいですか?]}
- user: いいえ
- expect: {messages: [呼ばれた, 赤でよいですか?], visits.r: 2, visits.k: 3}
- user: はい
- user: はい
- expect: {messages: [最後まで], ended: done}
- user: 始め
- wait: 1h
- expect: {messages: [時間切れ], ended: timed_out}
""",
    ),
    "a way out of a lot, or of a wait that is too late, may call a flow": (
        {
            **flow(
                "  - random: [{weight: 1, call: h}, {weight: 1, call: h}]\n    id: r\n"
                "  - wait: {day: 0, at: 09:00, late: {tag: 小, call: h, goto: fin}}\n    id: w\n  - say: 通らない\n" + FIN
            ),
            **other("h", "  - say: 呼ばれた\n  - end: mine\n"),
        },
        "- user: 始め\n- expect: {messages: [呼ばれた, 呼ばれた], answer.r: mine, answer.w: mine, tags: [小], ended: done}\n",
    ),
    "a picture is a bubble, and keeps the question open when it is the last": (
        flow(
            "  - say: [{image: https://example.com/a.png}, 文]\n  - ask: 色は?\n    id: c\n    choices: [赤]\n"
            "    remind: {after: 1h, say: [まだですか, {image: https://example.com/b.png}]}\n    timeout: {after: 2h}\n" + FIN
        ),
        "- user: 始め\n- expect: {messages: ['https://example.com/a.png', 文, 色は?]}\n- wait: 1h\n"
        "- expect: {messages: [まだ, b.png], quick_replies: [赤]}\n- tap: 赤\n- expect: {ended: done}\n",
    ),
    "a card is a bubble with everything on it, and an empty text on it is left out": (
        {
            **flow(
                "  - ask: 色は?\n    id: c\n    choices: [赤, 青]\n    input: flex\n"
                "    remind: {after: 1h, say: {flex: card}}\n    timeout: {after: 2h}\n  - say: [{flex: card}, 文]\n" + FIN
            ),
            "flex/card.yaml": "flex: card\nalt: '{{name}}へ'\ncontents: {type: bubble, body: {type: box, layout: vertical, contents: [\n"
            "  {type: text, text: '色: {{answer.c}}'}, {type: text, text: '{{field.memo}}'},\n"
            "  {type: button, action: {type: message, label: 押す, text: 次}}]}}\n",
        },
        "- user: 始め\n- expect: {ask: c, quick_replies: [赤, 青]}\n- wait: 1h\n"
        "- expect: {messages: [花子へ], said: '色: ', quick_replies: [赤, 青]}\n- tap: 赤\n"
        "- expect: {messages: [花子へ, 文], said: ['色: 赤', 文], not_said: 次, ended: done}\n",
    ),
    "a called flow that must stop as it asks for a person is over, and its caller goes on": (
        {
            **flow("  - call: g\n    id: c\n  - say: 続き\n" + FIN),
            **other("g", "  - ask: 色は?\n    id: a\n    choices: [赤]\n    retry: 0\n    give_up: {handoff: 受付, tag: 困った}\n" + WAIT + FIN, "start: []\nstop_when: {tag: 困った}\n"),
        },
        "- user: 始め\n- user: 緑\n- expect: {handoff: 受付, said: 続き, answer.c: stopped, ended: done}\n",
    ),
    "what is no day is neither before nor after one": (
        flow(
            "  - ask: いつ?\n    id: a\n    save: field.memo\n" + WAIT + "  - switch:\n      - when: {field.memo: '<= today+2d'}\n        say: 近い\n"
            "      - when: {field.memo: '> today+2d'}\n        say: 遠い\n      - else: {say: どちらでもない}\n" + FIN
        ),
        "- user: 始め\n- user: 2026-04-02T25:00\n- expect: {messages: [どちらでもない]}\n- user: 始め\n- user: 2026-04-02T23:00\n"
        "- expect: {messages: [近い]}\n- user: 始め\n- user: 2026-04-31\n- expect: {messages: [どちらでもない]}\n",
    ),
    "a parked run whose flow must stop is not asked again": (
        {
            **flow("  - ask: 何?\n    id: a\n" + WAIT + FIN, "start: [{keyword: 始め}]\nstop_when: {field.memo: 止}\n"),
            **other("g", "  - set: {field.memo: 止}\n  - end: done\n", "start: [{event: bought}]\n"),
            **other("h", "  - set: {field.memo: 止}\n  - ask: 色は?\n    id: c\n    timeout: {after: 1h}\n  - end: done\n", "start: [manual]\n"),
        },
        "- user: 始め\n- start: h\n- expect: {messages: [色は?], ended: stopped}\n- user: 赤\n- expect: {messages: []}\n",
    ),
    "staff start no flow whose stop_when holds": (
        {
            **flow("  - say: お知らせ\n" + FIN, "start: [manual]\nstop_when: {tag: 困った}\n"),
        },
        "- start: f\n- expect: {messages: [お知らせ]}\n- tag: 困った\n- start: f\n- expect: {messages: [], not_started: f}\n",
    ),
    "what has come while another question was open is not lost to the time-out": (
        {
            **flow(
                "  - wait_for: {event: paid}\n    id: w\n    timeout: {after: 1h, say: まだです, goto: fin}\n  - say: ありがとう\n" + FIN
            ),
            **ANOTHER,
        },
        "- user: 始め\n- user: 別\n- event: paid\n- expect: {messages: [], timers: []}\n- wait: 2h\n"
        "- expect: {messages: [], state: w}\n- user: 赤\n- expect: {messages: [ありがとう], ended: done}\n",
    ),
    "days of a run that was held count from what started it": (
        {
            **flow("  - wait: {day: 1, at: 12:00}\n    id: w\n  - say: 翌日\n" + FIN, "start: [{event: bought}]\n"),
            **other("g", "  - ask: 色は?\n    id: c\n    timeout: {after: 5d}\n  - end: done\n", "start: [{keyword: 別}]\n"),
        },
        "- user: 別\n- event: bought\n- expect: {state: none, not_started: f}\n- wait: 1d\n- user: 赤\n"
        "- expect: {state: w, started: f, timers: [2026-04-02 12:00]}\n",
    ),
    "a person may give the talk back to the bot, which goes on after the handoff": (
        flow(HUMAN + "    timeout: {after: 1h, stay: yes}\n  - say: 続けます\n" + FIN),
        "- user: 始め\n- operator: take\n- operator: return\n- expect: {said: 続けます, ended: done, handoff: none}\n",
    ),
    "what has come in time is not undone by a clock while it waits for the window": (
        flow(
            "  - wait_for: {event: paid}\n    id: w\n    timeout: {after: 1h, stay: yes}\n  - say: ありがとう\n" + FIN,
            "start: [{keyword: 始め}]\nsend_window: 09:00-11:00\n",
        ),
        "- wait: 2h\n- user: 始め\n- wait: {until: 2026-05-01 12:00}\n- expect: {state: w}\n- event: paid\n"
        "- expect: {messages: [], timers: [2026-05-02 09:00]}\n- wait: 1d\n- expect: {messages: [ありがとう], ended: done}\n",
    ),
    "what only the built-in 30 days end in a called flow lets its caller speak within the window": (
        {
            **flow("  - call: g\n    id: c\n  - say: '{{answer.c}}でした'\n" + FIN, "start: [{keyword: 始め}]\nsend_window: 10:00-12:00\n"),
            **other("g", "  - ask: 色は?\n    id: k\n  - end: done\n"),
        },
        "- wait: 3h\n- user: 始め\n- expect: {timers: []}\n- wait: 30d\n- expect: {messages: [], state: c}\n"
        "- wait: 21h\n- expect: {messages: [timed_outでした], ended: done}\n",
    ),
}  # fmt: skip
TALKS |= LATER_TALKS | BACKGROUND_TALKS
