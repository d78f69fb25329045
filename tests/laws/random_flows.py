"""Flows made at random of every verb, and what may happen to whoever walks through them.

They need not be sensible: the laws hold for every flow that can be read, loops and all. What a
step may be stands in tables, whose `<holes>` are drawn.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from flows.language import events
from flows.language.book import Book, book_of
from flows.language.events import Event
from flows.language.loader import Folder, load_files
from tests.laws import random_questions
from tests.laws.random_questions import TEXTS

HOUSE = {
    "tags.yaml": "tags: [常連, 停止]\n",
    "fields.yaml": "fields:\n  on: {title: 日, type: date}\n  memo: {title: メモ, type: text}\n",
    "links.yaml": "links: {shop: https://example.com}\n",
    "calendars/main.yaml": "weekly: {mon-sun: 10:00-19:00}\n",
    "segments/s.yaml": "segment: s\ntitle: 題\nwhen: {tag: 常連}\n",
    "faq/q.yaml": "faq: q\nentries:\n  - id: a\n    ask: [駐車場はありますか, 車で行けますか, 車は何台]\n    answer: 3台です。\n",
}
TRIGGERS = "start: [follow, {keyword: %s}, {event: bought}, {tag_added: 常連}, {url_click: shop}, {schedule: 毎日 10:00, segment: s}]\n"
HEADS = [
    "stop_when: {tag: 停止}", "send_window: 10:00-12:00", "on_interrupt: keep", "on_interrupt: stop", "repeat: after 2h",
    "only_if: {not: {tag: 停止}}", "cancel_words: [やめる]", "cancel_words: [やめる, 3]\non_cancel: {say: またね, goto: a0}",
    "defaults: {timeout: {after: 2h}, remind: {after: 1h, say: まだ}, retry: 1}",
]  # fmt: skip
RUNNING = ["ignore", "restart", "parallel"]
CONDITIONS = [
    "tag: 常連", "not: {tag: 停止}", "var.n: '>= 2'", "answer.a0: [赤, 3]", "answer.a0: '!= 赤'", "answer.a1: skipped",
    "answer.a0: not empty", "answer.a1: no_reply", "field.memo: contains 文", "field.memo: 1..12", "message: starts は",
    "field.on: '<= today+2d'", "business_hours: open", "segment: s", "any: [{tag: 停止}, {var.n: 1}]",
]  # fmt: skip
DEEDS = [
    "goto: <goto>", "goto: <goto>", "say: 道", "tag: 常連", "untag: 常連", "count: n", "add: {field.memo: -2}",
    "set: {field.on: 2026-11-26, var.note: '{{message}}'}", "set: {field.memo: empty}", "set: {field.on: today}",
    "say: '{{var.n}} {{answer.a0}} {{field.memo | default:なし}} {{name | san}}'", "call: <call>",
]  # fmt: skip
TIMEOUTS = [
    "{after: 1h, stay: yes}",
    "{after: 3d, stay: yes, say: 待っています}",
    "{after: 1h, goto: <goto>}",
    "{after: 2h}",
]
BODIES = [
    "say: 文", "say: ['{{message}}', '{{var.x}}', 文]", "end: done", "end: mine\ntag: 常連", "tag: 停止", "goto: <goto>",
    "if: {<condition>}\nthen: <way>\nelse: <way>", "if: {<condition>}\nthen: <way>",
    "switch:\n  - {when: {<condition>}, say: 場合}\n  - else: <way>",
    "switch: message\ncases:\n  - words: [はい, 赤]\n    say: 場合\n  - when: {<condition>}\n    count: n\n  - else: <way>",
    "random:\n  - {weight: 2, say: くじ}\n  - <way>", "wait: 90m", "wait: {day: 1, at: 11:00}",
    "wait: {until: field.on, late: <way>}", "wait: {until: field.on, before: 1d, at: 13:30}",
    "wait_for: {event: paid}\ntimeout: <timeout>", "wait_for: {keyword: 続き}\ntimeout: <timeout>",
    "wait_for: {tag_added: 常連}\ntimeout: <timeout>", "handoff: 人へ\ntimeout: <timeout>", "handoff: 人へ\ndone: <way>",
    "call: <call>", "start: <start>", "faq: message\nunknown: {handoff: 受付}",
]  # fmt: skip
HOLE = re.compile("<([a-z]+)>")


@dataclass(frozen=True, slots=True)
class Around:
    """What the holes of a step may name: step ids within reach, flows after its own.

    is_plain: without the verbs `faq` and `start`.
    """

    ids: tuple[str, ...]
    others: tuple[str, ...]
    is_plain: bool
    id: str = ""

    def is_for(self, line: str) -> bool:
        """Whether what a line names is there."""
        is_other = "<call>" in line or "<start>" in line
        is_plain = not line.startswith(("faq", "start"))
        return (not is_other or bool(self.others)) and (is_plain or not self.is_plain)


@st.composite
def _steps(draw: st.DrawFn, around: Around, pad: str = "", depth: int = 0, above: str = "") -> str:
    """The script of one level; from inside a `repeat` one may go to any step around it.

    above: the id of that `repeat`, with which those of its steps begin, so that none comes twice.
    """
    own = [f"{above}{'abc'[depth]}{n}" for n in range(draw(st.integers(1, 5 - depth)))]
    around = replace(around, ids=(*around.ids, *own))
    return "".join(draw(_step(replace(around, id=id_), pad, depth)) for id_ in own)


@st.composite
def _step(draw: st.DrawFn, around: Around, pad: str, depth: int) -> str:
    if depth < 2 and draw(st.integers(0, 5)) == 0:  # one step in six, two deep
        over = draw(st.sampled_from(["times: 2", "over: [赤, 3]", f"over: answer.{around.ids[0]}"]))
        inner = draw(_steps(around, "", depth + 1, around.id)).rstrip().replace("\n", "\n    ")
        lines = [f"repeat:\n  {over}\n  as: x\n  steps:\n    {inner}"]
    elif draw(st.integers(0, 2)) == 0:
        lines = draw(_question(around))
    else:
        lines = [
            draw(_filled(draw(st.sampled_from([b for b in BODIES if around.is_for(b)])), around))
        ]
    lines.append(f"id: {around.id}")
    if draw(st.integers(0, 5)) == 0:
        extra = draw(
            st.sampled_from(["only_if: {<condition>}", "max_visits: {times: 2, goto: <goto>}"])
        )
        lines.append(draw(_filled(extra, around)))
    script = "\n".join(lines).replace("\n", f"\n{pad}    ")
    return f"{pad}  - {script}\n"


@st.composite
def _question(draw: st.DrawFn, around: Around) -> list[str]:
    keys = draw(st.lists(st.sampled_from(sorted(random_questions.EXTRAS)), max_size=4, unique=True))
    lines = ["ask: 問い {{message}}?", draw(st.sampled_from(random_questions.TYPES))]
    lines += [f"{key}: {draw(st.sampled_from(random_questions.EXTRAS[key]))}" for key in keys]
    lines += draw(st.lists(st.sampled_from(random_questions.OTHERS), max_size=1))
    return [draw(_filled(line, around)) for line in lines]


@st.composite
def _filled(draw: st.DrawFn, line: str, around: Around) -> str:
    """A line with its holes drawn."""
    while hole := HOLE.search(line):
        line = line[: hole.start()] + draw(_hole(hole[1], around)) + line[hole.end() :]
    return line


def _hole(name: str, around: Around) -> st.SearchStrategy[str]:
    deeds = st.sampled_from([deed for deed in DEEDS if around.is_for(deed)])
    one_way = st.lists(deeds, max_size=2, unique_by=lambda deed: deed.split(":")[0])
    holes = {
        "way": one_way.map(lambda deeds: "{" + ", ".join(deeds) + "}"),
        "goto": st.sampled_from(around.ids),
        "call": st.sampled_from(around.others[:1]),
        "start": st.sampled_from(around.others),
        "condition": st.sampled_from(CONDITIONS),
        "timeout": st.sampled_from(TIMEOUTS),
        "id": st.just(around.id),
    }
    return holes[name]


@st.composite
def flow_files(draw: st.DrawFn, *, is_plain: bool = False) -> dict[str, str]:
    """Three flows, of which each may call those after it: by file name."""
    files = {}
    for number, (id_, others) in enumerate({"f": ("g", "h"), "g": ("h",), "h": ()}.items()):
        heads = st.lists(
            st.sampled_from(HEADS), max_size=3, unique_by=lambda line: line.split(":")[0]
        )
        head = "".join(f"{line}\n" for line in draw(heads))
        head += f"if_running: {draw(st.sampled_from(RUNNING))}\npriority: {number}\nvars: {{n: 0, note: なし}}\n"
        body = draw(_steps(Around((), others, is_plain)))
        files[f"{id_}.yaml"] = (
            f"flow: {id_}\ntitle: {id_}\n{TRIGGERS % id_}{head}steps:\n{body}  - end: done\n"
        )
    return files


def loaded(files: Mapping[str, str]) -> Folder:
    """The flows with the house around them. All of them can be read."""
    folder = load_files({name: text.encode() for name, text in {**HOUSE, **files}.items()})
    assert set(folder.flows) == {"f", "g", "h"}, [folder.loading_problems(), files]
    return folder


def folders() -> st.SearchStrategy[Folder]:
    """Flows of every verb, with the house around them."""
    return flow_files().map(loaded)


def books() -> st.SearchStrategy[Book]:
    """The same, ready to run."""
    return folders().map(book_of)


HAPPENINGS: st.SearchStrategy[Event | int] = st.one_of(
    st.builds(events.Said, st.sampled_from(["f", "g", "h", "続き", "やめる", *TEXTS])),
    st.builds(events.Said, st.sampled_from(["f", "はい", "赤", "3", "決定"])),
    st.integers(1, 40),  # hours pass: the timers that fall due are done
    st.integers(1, 40),
    st.builds(events.Tagged, st.sampled_from(["常連", "停止"])),
    st.builds(events.Happened, st.sampled_from(["bought", "paid"])),
    st.just(events.Clicked("shop")),
    st.just(events.Followed()),
    st.builds(events.Scheduled, st.sampled_from(["f", "g"])),
    st.builds(events.StartedByHand, st.sampled_from(["f", "h"])),
    st.just(events.Taken()),
    st.builds(events.Released, st.sampled_from(["resolved", "returned"])),
)  # fmt: skip
