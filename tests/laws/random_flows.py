"""Flows made at random of every verb, and what may happen to whoever walks through them.

They need not be sensible: the laws hold for every flow that can be read, loops and all.
"""

from hypothesis import strategies as st

from flows.language import words
from flows.language.book import Book, book_of
from flows.language.loader import Folder, load_files
from flows.language.words import Event

HOUSE = {
    "tags.yaml": "tags: [常連, 停止]\n",
    "fields.yaml": "fields:\n  on: {title: 日, type: date}\n  memo: {title: メモ, type: text}\n",
    "links.yaml": "links: {shop: https://example.com}\n",
    "calendars/main.yaml": "weekly: {mon-sun: 10:00-19:00}\n",
    "segments/s.yaml": "segment: s\ntitle: 題\nwhen: {tag: 常連}\n",
    "faq/q.yaml": "faq: q\nentries:\n  - id: a\n    ask: [駐車場はありますか, 車で行けますか, 車は何台]\n    answer: 3台です。\n",
}
TRIGGERS = "start: [follow, {keyword: %s}, {event: bought}, {tag_added: 常連}, {url_click: shop}, {schedule: 毎日 10:00, segment: s}]\n"
HEADS = st.lists(
    st.sampled_from(
        ["stop_when: {tag: 停止}", "send_window: 10:00-12:00", "on_interrupt: keep", "repeat: after 2h",
         "cancel_words: [やめる]", "defaults: {timeout: {after: 2h}, remind: {after: 1h, say: まだ}}"]
    ),
    max_size=3, unique=True,
)  # fmt: skip
RUNNING = st.sampled_from(["ignore", "restart", "parallel"])


@st.composite
def steps(
    draw: st.DrawFn, ids: list[str], others: list[str], pad: str, depth: int = 0, above: str = ""
) -> str:
    """The script of one level; from inside a `repeat` one may go to any step around it.

    above: the id of that `repeat`, with which those of its steps begin, so that none comes twice.
    """
    own = [f"{above}{'abc'[depth]}{n}" for n in range(draw(st.integers(1, 5 - depth)))]
    seen = [*ids, *own]
    made = [draw(_step(id_, seen, others, pad, depth)) for id_ in own]
    return "".join(made)


@st.composite
def _step(
    draw: st.DrawFn, id_: str, ids: list[str], others: list[str], pad: str, depth: int
) -> str:
    goto = st.sampled_from(ids).map(lambda target: f"goto: {target}")
    ways = [goto, st.just("say: 道"), st.just("tag: 常連"), st.just("untag: 常連"),
            st.just("count: n"), st.just("set: {field.on: 2026-11-26}")]  # fmt: skip
    if others:
        ways.append(st.sampled_from(others).map(lambda flow: f"call: {flow}"))
    way = st.lists(st.one_of(ways), max_size=2, unique_by=lambda one: one.split(":")[0])
    first, second = ("{" + ", ".join(draw(way)) + "}" for _ in range(2))
    timeout = f"    timeout: {{after: {draw(st.sampled_from(['1h', '3d']))}, stay: yes}}\n"
    bodies = [
        "say: 文", "end: done", "tag: 停止", f"goto: {draw(st.sampled_from(ids))}",
        f"ask: 問?\n    choices: [はい: {first}, いいえ: {second}]",
        f"ask: 問?\n    type: number\n    retry: 0\n    give_up: {{handoff: 受付}}\n{timeout.rstrip()}",
        f"if: {{tag: 常連}}\n    then: {first}\n    else: {second}",
        f"switch: message\n    cases:\n      - words: [はい]\n        say: 場合\n      - else: {first}",
        f"random: [{first.replace('{', '{weight: 2, ', 1).replace(', }', '}')}, {second}]",
        "wait: 90m", "wait: {day: 1, at: 11:00}", f"wait: {{until: field.on, late: {first}}}",
        f"wait_for: {{event: paid}}\n{timeout.rstrip()}",
        f"wait_for: {{keyword: 続き}}\n{timeout.rstrip()}",
        f"wait_for: {{tag_added: 常連}}\n{timeout.rstrip()}",
        f"handoff: 人へ\n{timeout.rstrip()}",
        "faq: message\n    unknown: {handoff: 受付}",
    ]  # fmt: skip
    if others:
        bodies += [f"call: {others[0]}", f"start: {others[-1]}"]
    body = draw(st.sampled_from(bodies))
    if depth < 2 and draw(st.integers(0, 5)) == 0:  # one step in six, two deep
        inner = draw(steps(ids, others, pad + "    ", depth + 1, id_))
        body = f"repeat:\n      times: 2\n      as: x\n      steps:\n{inner.rstrip()}"
    lines = f"  - {body}\n    id: {id_}\n".splitlines()
    return "".join(f"{pad}{line}\n" for line in lines)


@st.composite
def folders(draw: st.DrawFn) -> Folder:
    """Three flows, of which each may call those after it."""
    files = dict(HOUSE)
    for number, (id_, others) in enumerate({"f": ["g", "h"], "g": ["h"], "h": []}.items()):
        head = "".join(f"{line}\n" for line in draw(HEADS))
        head += f"if_running: {draw(RUNNING)}\npriority: {number}\nvars: {{n: 0}}\n"
        body = draw(steps([], others, ""))
        files[f"{id_}.yaml"] = (
            f"flow: {id_}\ntitle: {id_}\n{TRIGGERS % id_}{head}steps:\n{body}  - end: done\n"
        )
    folder = load_files({name: text.encode() for name, text in files.items()})
    assert set(folder.flows) == {"f", "g", "h"}, [folder.loading_problems(), files]
    return folder


def books() -> st.SearchStrategy[Book]:
    """The same, ready to run."""
    return folders().map(book_of)


HAPPENINGS: st.SearchStrategy[Event | int] = st.one_of(
    st.builds(words.Said, st.sampled_from(["f", "g", "h", "はい", "いいえ", "3", "続き", "やめる", "文"])),
    st.integers(1, 40),  # hours pass: the timers that fall due are done
    st.integers(1, 40),
    st.builds(words.Tagged, st.sampled_from(["常連", "停止"])),
    st.builds(words.Happened, st.sampled_from(["bought", "paid"])),
    st.just(words.Clicked("shop")),
    st.just(words.Followed()),
    st.builds(words.Scheduled, st.sampled_from(["f", "g"])),
    st.builds(words.StartedByHand, st.sampled_from(["f", "h"])),
    st.just(words.Taken()),
    st.builds(words.Released, st.sampled_from(["resolved", "returned"])),
)  # fmt: skip
