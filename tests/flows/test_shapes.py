"""Every shape that a file must not have, and where it is told: each in the file's own words."""

import pytest

from flows.language.checker import check
from flows.language.loader import load_files
from tests.flows.mistakes import COUNT, DAY, END, HEAD, WAIT

ASKING = "  - ask: 何ですか?\n    id: a\n"
TALK = "test: f\ncases:\n  - name: a\n"

# what is wrong, its code and place (line:column), the step
STEPS = [
    pytest.param("F001", "5:5", "  - こんにちは\n", id="a step that is only words"),
    pytest.param("F001", "5:5", "  - id: a\n    only_if: {tag: x}\n",
                 id="a step that names nothing"),
    pytest.param("F002", "6:5", "  - id: a\n    sya: こんにちは\n",
                 id="a step with a word that is no verb"),
    pytest.param("F009", "6:17", "  - say: a\n    max_visits: {times: 2}\n",
                 id="visits without a way"),
    pytest.param("F003", "6:17", "  - say: a\n    max_visits: 2\n", id="visits that are a number"),
    pytest.param("F002", "5:12", "  - say: [{text: a}]\n", id="a say of tables"),
    pytest.param("F003", "5:10", "  - end: [a, b]\n", id="an end of a list"),
    pytest.param("F003", "5:11", "  - call: {x: y}\n    id: c\n", id="a call of a table"),
    pytest.param("F003", "5:10", "  - ask: [a, b]\n    id: a\n", id="an ask of a list"),
    pytest.param("F003", "6:10", "  - say: a\n    set: 新規\n", id="a set of words"),
    pytest.param("F021", "6:11", "  - say: a\n    set: {answer.a: x}\n",
                 id="a set of what is no field"),
    pytest.param("F003", "7:15", ASKING + "    choices: [[a, b]]\n" + WAIT, id="choices of lists"),
    pytest.param("F003", "7:15", ASKING + "    choices: [{a: {tag: x}, b: {tag: y}}]\n" + WAIT,
                 id="a choice with two labels"),
    pytest.param("F003", "7:19", ASKING + "    choices: [{a: x}, b]\n" + WAIT,
                 id="a choice whose way is words"),
    pytest.param("F009", "5:5", ASKING + "    type: choice\n" + WAIT,
                 id="choices that are missing"),
    pytest.param("F002", "8:5", ASKING + "    type: date\n    range: [1, 2]\n" + WAIT,
                 id="a key of another type"),
    pytest.param("F003", "9:5", ASKING + "    choices: [a]\n    other: {say: x}\n    any_answer: {say: y}\n" + WAIT,
                 id="other beside any_answer"),
    pytest.param("F003", "8:12", COUNT + "    range: [1]\n" + WAIT, id="a range of one"),
    pytest.param("F003", "8:13", COUNT + "    range: [少し, 2]\n" + WAIT, id="a range of words"),
    pytest.param("F003", "8:15", DAY + "    between: [{a: b}, today]\n" + WAIT,
                 id="a between of tables"),
    pytest.param("F003", "9:14", ASKING + "    choices: [a]\n    retry: 1\n    give_up: やめる\n" + WAIT,
                 id="a give_up of words"),
    pytest.param("F003", "9:14", ASKING + "    choices: [a]\n    retry: 1\n    give_up: {skip: yes, handoff: 受付}\n" + WAIT,
                 id="a give_up of two ways"),
    pytest.param("F003", "7:17", ASKING + "    max_length: 長い\n" + WAIT,
                 id="a length that is no number"),
    pytest.param("F003", "7:17", ASKING + "    max_length: 9999\n" + WAIT,
                 id="a length out of bounds"),
    pytest.param("F003", "7:14", ASKING + "    pattern: '(['\n" + WAIT,
                 id="a pattern that cannot be read"),
    pytest.param("F003", "8:14", ASKING + "    type: number\n    integer: たぶん\n" + WAIT,
                 id="yes or no of other words"),
    pytest.param("F003", "7:12", ASKING + "    input: 大きく\n    choices: [a]\n" + WAIT,
                 id="one of a few"),
    pytest.param("F003", "7:14", ASKING + "    timeout: 一時間\n", id="a timeout of words"),
    pytest.param("F009", "7:14", ASKING + "    timeout: {say: a}\n",
                 id="a timeout without a length"),
    pytest.param("F003", "7:22", ASKING + "    timeout: {after: 一時間}\n",
                 id="a timeout of a strange length"),
    pytest.param("F003", "7:13", ASKING + "    remind: あとで\n" + WAIT, id="reminders of words"),
    pytest.param("F009", "7:14", ASKING + "    remind: [{after: 10m}]\n" + WAIT,
                 id="a reminder without words"),
    pytest.param("F003", "5:13", "  - switch: a\n", id="a switch of words"),
    pytest.param("F003", "5:13", "  - switch: []\n", id="a switch of no cases"),
    pytest.param("F003", "5:14", "  - switch: [a]\n", id="a case of words"),
    pytest.param("F003", "5:14", "  - switch: [{say: a}]\n", id="a case without a condition"),
    pytest.param("F003", "5:14", "  - switch: [{when: {tag: a}, words: [b]}]\n",
                 id="a case of two conditions"),
    pytest.param("F003", "5:15", "  - switch: [{else: {say: a}}, {when: {tag: x}, say: b}]\n",
                 id="an else that is not the last"),
    pytest.param("F003", "5:31", "  - switch: [{when: {tag: x}, else: {say: a}}]\n",
                 id="an else beside a condition"),
    pytest.param("F009", "5:5", "  - if: {tag: x}\n", id="an if without a way"),
    pytest.param("F003", "5:9", "  - if: 新規\n    then: {say: a}\n", id="an if of words"),
    pytest.param("F009", "5:5", "  - faq: message\n    id: q\n" + WAIT, id="a faq without unknown"),
    pytest.param("F003", "5:10", "  - faq: name\n    id: q\n    unknown: {handoff: 受付}\n" + WAIT,
                 id="a faq of other than a text"),
    pytest.param("F003", "7:14", "  - faq: message\n    id: q\n    unknown: 受付\n" + WAIT,
                 id="an unknown of words"),
    pytest.param("F003", "7:11", "  - handoff: a\n    id: h\n    back: いつか\n" + WAIT,
                 id="a handoff that comes back oddly"),
    pytest.param("F003", "5:14", "  - handoff: [a, b]\n    id: h\n" + WAIT,
                 id="a handoff of a list"),
    pytest.param("F003", "5:9", "  - if: {}\n    then: {say: a}\n", id="a condition of nothing"),
    pytest.param("F002", "5:10", "  - if: {tga: x}\n    then: {say: a}\n",
                 id="a condition of an unknown key"),
    pytest.param("F003", "5:15", "  - if: {not: x}\n    then: {say: a}\n", id="a not of words"),
    pytest.param("F003", "6:10", "  - say: a\n    tag: {x: y}\n", id="a tag of a table"),
    pytest.param("F003", "5:11", "  - goto: [a, b]\n", id="a goto of a list"),
    pytest.param("F003", "6:9", "  - say: a\n    id: [x]\n", id="an id of a list"),
    pytest.param("F003", "6:14", "  - say: a\n    notify: [{x: y}]\n", id="a notify without words"),
]  # fmt: skip

# what is wrong, its code and place, the file, what is in it
FILES = [
    pytest.param("F003", "3:8", "f.yaml", "flow: f\ntitle: 題\nstart: いつも\nsteps:\n" + END,
                 id="a start of words"),
    pytest.param("F003", "3:9", "f.yaml", "flow: f\ntitle: 題\nstart: [{keyword: 始め, postback: x}]\nsteps:\n" + END,
                 id="a start of two triggers in one"),
    pytest.param("F003", "3:9", "f.yaml", "flow: f\ntitle: 題\nstart: [{}]\nsteps:\n" + END,
                 id="a start of an empty table"),
    pytest.param("F002", "3:23", "f.yaml", "flow: f\ntitle: 題\nstart: [{postback: x, match: starts}]\nsteps:\n" + END,
                 id="a match without its keyword"),
    pytest.param("F002", "3:24", "f.yaml", "flow: f\ntitle: 題\nstart: [{tag_added: x, delay: 1h}]\nsteps:\n" + END,
                 id="a delay without its event"),
    pytest.param("F003", "3:19", "f.yaml", "flow: f\ntitle: 題\nstart: [{keyword: {a: b}}]\nsteps:\n" + END,
                 id="a keyword of a table"),
    pytest.param("F003", "4:9", "f.yaml", "flow: f\ntitle: 題\nstart: [{keyword: 始め}]\nrepeat: 時々\nsteps:\n" + END,
                 id="a repeat of words"),
    pytest.param("F003", "4:9", "f.yaml", "flow: f\ntitle: 題\nstart: [{keyword: 始め}]\nrepeat: after\nsteps:\n" + END,
                 id="a repeat after nothing"),
    pytest.param("F003", "4:9", "f.yaml", "flow: f\ntitle: 題\nstart: [{keyword: 始め}]\nrepeat: [once]\nsteps:\n" + END,
                 id="a repeat of a list"),
    pytest.param("F003", "4:11", "f.yaml", "flow: f\ntitle: 題\nstart: [{keyword: 始め}]\ndefaults: なし\nsteps:\n" + END,
                 id="defaults of words"),
    pytest.param("F003", "5:12", "f.yaml", "flow: f\ntitle: 題\nstart: [{keyword: 始め}]\ncancel_words: [やめる]\non_cancel: やめる\nsteps:\n" + END,
                 id="on_cancel of words"),
    pytest.param("F003", "4:11", "f.yaml", "flow: f\ntitle: 題\nstart: [{keyword: 始め}]\npriority: 101\nsteps:\n" + END,
                 id="a priority that is too high"),
    pytest.param("F003", "4:11", "f.yaml", "flow: f\ntitle: 題\nstart: [{keyword: 始め}]\naccounts: {a: b}\nsteps:\n" + END,
                 id="accounts of a table"),
    pytest.param("F003", "1:1", "f.yaml", "- a\n- b\n", id="a flow that is a list"),
    pytest.param("F003", "5:3", "f.yaml", "flow: f\ntitle: 題\nstart: [{keyword: 始め}]\nsteps:\n  なにもしない\n",
                 id="steps that are words"),
    pytest.param("F002", "4:1", "f.yaml", "flow: f\ntitle: 題\nstart: [{keyword: 始め}]\nsend_window: 09:00-21:00\nsteps:\n" + END,
                 id="a key of a later stage"),
    pytest.param("F003", "3:3", "calendars/s.yaml", "timezone: Asia/Tokyo\nweekly:\n  閏: 10:00-19:00\n",
                 id="a day that is unknown"),
    pytest.param("F003", "1:11", "calendars/s.yaml", "timezone: Asia/Edo\nweekly:\n  mon: 10:00-19:00\n",
                 id="a zone that is unknown"),
    pytest.param("F003", "2:8", "calendars/s.yaml", "weekly:\n  mon: 朝から\n", id="hours of words"),
    pytest.param("F003", "2:8", "calendars/s.yaml", "weekly:\n  mon: {a: b}\n",
                 id="hours of a table"),
    pytest.param("F003", "3:3", "calendars/s.yaml", "weekly:\n  mon-wed: closed\n  tue: 10:00-19:00\n",
                 id="a day twice"),
    pytest.param("F003", "2:8", "calendars/s.yaml", "weekly:\n  mon: like 閏\n",
                 id="a day like an unknown one"),
    pytest.param("F003", "4:3", "calendars/s.yaml", "weekly:\n  mon: closed\nexceptions:\n  いつか: closed\n",
                 id="an exception of no date"),
    pytest.param("F003", "2:11", "calendars/s.yaml", "weekly: {mon: closed}\nholidays: 月\n",
                 id="holidays of words"),
    pytest.param("F003", "1:9", "calendars/s.yaml", "weekly: 毎日\n", id="a week of words"),
    pytest.param("F003", "2:13", "calendars/s.yaml", "weekly: {mon: closed}\nexceptions: なし\n",
                 id="exceptions of words"),
    pytest.param("F003", "1:15", "calendars/s.yaml", "weekly: {mon: 10:00-19:75}\n",
                 id="a minute that is none"),
    pytest.param("F003", "1:29", "calendars/s.yaml", "weekly: {mon: [10:00-12:00, 昼]}\n",
                 id="a span that is half wrong"),
    pytest.param("F003", "2:8", "tests/t.yaml", "test: f\ncases: なし\n", id="a test of nothing"),
    pytest.param("F009", "3:5", "tests/t.yaml", TALK + "", id="a case without a talk"),
    pytest.param("F002", "5:9", "tests/t.yaml", TALK + "    talk:\n      - だれか: a\n",
                 id="a line of nobody"),
    pytest.param("F003", "5:9", "tests/t.yaml", TALK + "    talk:\n      - {user: a, wait: 1h}\n",
                 id="a line of two"),
    pytest.param("F003", "5:15", "tests/t.yaml", TALK + "    talk:\n      - wait: 長く\n",
                 id="a wait of words"),
    pytest.param("F003", "5:19", "tests/t.yaml", TALK + "    talk:\n      - operator: 眠る\n",
                 id="an operator's unknown deed"),
    pytest.param("F002", "5:18", "tests/t.yaml", TALK + "    talk:\n      - expect: {sayd: a}\n",
                 id="an expectation that is misspelt"),
    pytest.param("F003", "4:18", "tests/t.yaml", TALK + "    given: {now: あした}\n    talk: [{user: a}]\n",
                 id="a given moment of words"),
    pytest.param("F003", "1:1", "tags.yaml", "- a\n", id="tags of tables"),
    pytest.param("F003", "1:9", "fields.yaml", "fields: 大\n", id="fields of words"),
    pytest.param("F003", "2:28", "fields.yaml", "fields:\n  size: {title: 大きさ, type: 色}\n",
                 id="a field of an unknown type"),
    pytest.param("F020", "2:10", "queues.yaml", "queues: [受付]\ndefault: 予約\n",
                 id="a default that is no queue"),
    pytest.param("F003", "3:10", "faq/q.yaml", "faq: q\ntitle: 題\nentries: なし\n",
                 id="a faq of words"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "place", "step"), STEPS)
def test_a_step_of_a_wrong_shape_is_told_at_its_place(code: str, place: str, step: str) -> None:
    assert told({"f.yaml": HEAD + step + END})[0] == (code, f"f.yaml:{place}")


@pytest.mark.parametrize(("code", "place", "file", "text"), FILES)
def test_a_file_of_a_wrong_shape_is_told_at_its_place(
    code: str, place: str, file: str, text: str
) -> None:
    assert told({"f.yaml": HEAD + END, file: text})[0] == (code, f"{file}:{place}")


def told(files: dict[str, str]) -> list[tuple[str, str]]:
    """The errors, each with its code and place."""
    found = check(load_files({name: text.encode() for name, text in files.items()}))
    errors = [problem for problem in found if problem.severity == "E"]
    assert all(problem.message for problem in errors)
    return [(p.code, f"{p.file}:{p.line}:{p.column}") for p in errors]
