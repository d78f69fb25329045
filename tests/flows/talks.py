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
