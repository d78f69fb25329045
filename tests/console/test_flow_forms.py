"""The door for forms: rows of a text as it is being written, and the text changed by parts."""

import re
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import jsonschema
import pytest

from console.api.schemas import SCHEMAS
from tests.console.conftest import Browser, SignIn

SAMPLE = Path(__file__).parent.parent.parent / "flows"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "flows"
    copytree(SAMPLE, path, ignore=ignore_patterns("*.py", "__pycache__", "language", "line"))
    return path


def call(browser: Browser, what: str, schema: str, **body: Any) -> dict[str, Any]:
    """One call, its answer held against the document."""
    answer = browser.post(f"/flows/forms/{what}", **body)
    assert answer.status_code == 200, answer.json
    row: dict[str, Any] = answer.get_json()
    whole = {"$ref": f"#/components/schemas/{schema}", "components": {"schemas": SCHEMAS}}
    jsonschema.validate(row, whole)
    return row


def read(browser: Browser, file: str, text: str) -> dict[str, Any]:
    return call(browser, "read", "house_form", file=file, text=text)


def write(browser: Browser, file: str, text: str, *change: dict[str, Any]) -> dict[str, Any]:
    return call(browser, "write", "house_form_written", file=file, text=text, change=list(change))


@pytest.mark.parametrize(
    "file",
    [
        "tags.yaml",
        "fields.yaml",
        "links.yaml",
        "queues.yaml",
        "faq/salon.yaml",
        "calendars/main.yaml",
    ],
)
def test_each_file_of_the_house_has_rows_and_no_change_is_no_change(
    manager: Browser, folder: Path, file: str
) -> None:
    text = (folder / file).read_text()

    form = read(manager, file, text)

    assert form["why"] is None
    assert form["sheet"]["rows"]
    assert form["sheet"]["problems"] == []
    written = write(manager, file, text)
    assert written["text"] == text
    assert written["sheet"] == form["sheet"]


def test_a_row_tells_where_it_is_used_and_how_many_customers_carry_it(
    manager: Browser, folder: Path, talk: str
) -> None:
    detail = manager.get(f"/conversations/{talk}").get_json()
    customer = detail["customer"]["id"]
    manager.call("PUT", f"/customers/{customer}/tags/新規", {})
    (folder / "broken.yaml").write_text("flow: [\n")

    form = read(manager, "tags.yaml", (folder / "tags.yaml").read_text())

    tag = form["sheet"]["rows"][0]
    assert (tag["name"], tag["people"]) == ("新規", 1)
    assert {"file": "welcome.yaml", "count": 2} in tag["uses"]
    assert form["unread"] == ["broken.yaml"]
    assert form["sheet"]["rows"][1]["people"] == 0


def test_problems_stand_at_their_row_and_other_files_have_no_form(manager: Browser) -> None:
    text = (
        "faq: x\nentries:\n  - id: a\n    ask: [駐車場はありますか]\n    answer: はい\n"
        "  - id: b\n    ask: []\n    answer: ''\n"
    )

    one, two = read(manager, "faq/x.yaml", text)["sheet"]["rows"]

    assert [problem["code"] for problem in one["problems"]] == []  # with errors, no W215 yet
    assert [problem["code"] for problem in two["problems"]] == ["F009", "F003"]
    lone = read(manager, "faq/x.yaml", text.partition("  - id: b")[0])["sheet"]["rows"][0]
    assert [problem["code"] for problem in lone["problems"]] == ["W215"]
    assert read(manager, "welcome.yaml", "flow: x\n")["kind"] is None
    assert read(manager, "segments/x.yaml", "segment: x\n")["sheet"] is None


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("tags.yaml", "tags: [a\n", 1), ("tags.yaml", "# x\ntags: [*a]\n", 2),
        ("fields.yaml", "fields: [a]\n", 1), ("calendars/x.yaml", "weekly:\n  宿: closed\n", 2),
        ("faq/x.yaml", "", 1),
    ],
)  # fmt: skip
def test_a_text_that_no_form_shows_says_why_and_is_not_changed(
    manager: Browser, file: str, text: str, line: int
) -> None:
    form = read(manager, file, text)

    assert form["sheet"] is None
    assert form["why"]["line"] == line
    change = [{"do": "put", "at": ["gone", "x"], "value": "y"}]
    refused = manager.post("/flows/forms/write", file=file, text=text, change=change)
    assert refused.status_code == 409
    assert refused.get_json()["error"]["code"] == "not_by_form"
    assert "テキスト" in refused.get_json()["error"]["message"]


def test_a_change_comes_back_as_text_and_nothing_is_saved(manager: Browser, folder: Path) -> None:
    file, path = "calendars/main.yaml", folder / "calendars" / "main.yaml"
    text = path.read_text()

    written = write(
        manager, file, text,
        {"do": "day", "day": "wed", "hours": "closed"},
        {"do": "put", "at": ["exceptions", "2026-11-23"], "value": ["10:00-12:00", "18:00-26:00"]},
    )  # fmt: skip

    assert "tue: 10:00-19:00, wed: closed, thu-fri: 10:00-19:00" in written["text"]
    day = next(row for row in written["sheet"]["week"] if row["day"] == "wed")
    assert day["hours"]["kind"] == "closed"
    assert written["sheet"]["rows"][1]["hours"]["spans"][1] == {"start": "18:00", "end": "26:00"}
    assert path.read_text() == text
    assert manager.post(
        "/flows/forms/write", file=file, text=text, change=[{"do": "day", "day": "x", "hours": ""}]
    ).status_code == 400  # fmt: skip


def test_ways_to_ask_that_are_mixed_up_are_told_at_their_entry(manager: Browser) -> None:
    asks = "駐車場はありますか, 車で行けますか, 駐車場は何台ですか"
    text = (
        f"faq: x\nentries:\n  - {{id: a, ask: [{asks}], answer: はい}}\n"
        f"  - {{id: b, ask: [{asks}, 営業時間は], answer: いいえ}}\n"
    )

    one, two = read(manager, "faq/x.yaml", text)["sheet"]["rows"]

    codes = [[problem["code"] for problem in row["problems"]] for row in (one, two)]
    assert "W217" in codes[1]
    assert codes[0].count("W217") + codes[1].count("W217") == 3


ROWS = {
    "TagRow": "tag_row", "FieldRow": "field_row", "LinkRow": "link_row", "QueueRow": "queue_row",
    "NotifyRow": "notify_row", "FaqRow": "faq_row", "DayRow": "day_row", "Hours": "hours",
    "ExceptionRow": "exception_row", "QueuesSheet": "queues_sheet", "FaqSheet": "faq_sheet",
    "CalendarSheet": "calendar_sheet", "MonthDay": "month_day", "Month": "house_month",
    "FaqTry": "faq_try", "NameUse": "name_use",
}  # fmt: skip


def keys_of(text: str, name: str) -> set[str]:
    """The keys of a row of the screen, those that it takes over included."""
    found = re.search(
        rf"^(?:export )?interface {name}(?:<R>)?(?: extends (\w+)(?:<\w+>)?)? {{$(.*?)^}}$",
        text,
        re.MULTILINE | re.DOTALL,
    )
    assert found is not None, name
    own = set(re.findall(r"^  (\w+):", found[2], re.MULTILINE))
    return own | (keys_of(text, found[1]) if found[1] else set())


@pytest.mark.parametrize("row", sorted(ROWS))
def test_the_rows_of_the_screen_are_those_of_the_document(row: str) -> None:
    web = SAMPLE.parent / "console" / "web" / "src" / "flows" / "house" / "rows.ts"

    assert keys_of(web.read_text(), row) == set(SCHEMAS[ROWS[row]]["properties"])


def test_a_long_text_is_changed_at_once_and_checked_by_the_next_read(manager: Browser) -> None:
    entries = "".join(
        f"  - {{id: q{n}, ask: [質問{n}ですか, 一つ{n}ですか], answer: {'答え' * 100}}}\n"
        for n in range(200)
    )
    change = {"do": "put", "at": ["entries", 0, "tag"], "value": "ない"}

    short = write(
        manager, "faq/x.yaml", f"faq: x\nentries:\n{entries[:300].splitlines()[0]}\n", change
    )
    long = write(manager, "faq/x.yaml", f"faq: x\nentries:\n{entries}", change)

    assert (short["is_checked"], long["is_checked"]) == (True, False)
    codes = [problem["code"] for problem in short["sheet"]["rows"][0]["problems"]]
    assert codes == ["W215", "F060"]
    assert long["sheet"]["rows"][0]["problems"] == []
    again = read(manager, "faq/x.yaml", long["text"])["sheet"]["rows"][0]["problems"]
    assert [problem["code"] for problem in again] == codes


def test_a_month_is_the_bots_own_calendar(manager: Browser, folder: Path) -> None:
    file = "calendars/main.yaml"
    text = (folder / file).read_text()

    month = call(manager, "month", "house_month", file=file, text=text, month="2026-11")

    days = {day["date"]: day for day in month["days"]}
    assert len(days) == 30
    assert days["2026-11-02"]["hours"] == []
    assert days["2026-11-03"] == {
        "date": "2026-11-03", "hours": ["09:00-18:00"], "why": "holiday", "holiday": "文化の日",
    }  # fmt: skip
    turn = call(manager, "month", "house_month", file=file, text=text, month="2027-01")
    assert [day["why"] for day in turn["days"][:4]] == ["exception"] * 3 + ["week"]
    assert call(manager, "month", "house_month", file=file, text=text)["month"]
    broken = manager.post("/flows/forms/month", file=file, text="weekly: {mon: x}\n")
    assert broken.get_json()["error"]["code"] == "broken_flows"


def test_a_question_is_put_to_the_draft_not_to_the_file(manager: Browser, folder: Path) -> None:
    file = "faq/salon.yaml"
    text = (folder / file).read_text()
    asked = {"file": file, "question": "無線LANは使えますか"}
    entry = {
        "id": "wifi",
        "ask": ["無線LANは使えますか", "Wi-Fiはありますか", "ネットにつなぎたい"],
    }

    before = call(manager, "ask", "faq_try", text=text, **asked)
    grown = write(
        manager, file, text,
        {"do": "insert", "at": ["entries", 24], "value": {**entry, "answer": "はい、{{name}}様"}},
    )  # fmt: skip
    after = call(manager, "ask", "faq_try", text=grown["text"], **asked)

    assert before["decision"] != "answered"
    assert before["has_encoder"] is False
    assert after["decision"] == "answered"
    assert after["entries"][0]["answer"] == "はい、{{name}}様"
    unsure = call(manager, "ask", "faq_try", file=file, text=text, question="駐車場ある?")
    assert (unsure["decision"], len(unsure["entries"])) == ("unsure", 2)
    lost = call(manager, "ask", "faq_try", file=file, text=text, question="明日の天気")
    assert (lost["decision"], lost["entries"]) == ("unknown", [])
    broken = manager.post("/flows/forms/ask", file=file, text="faq: [\n", question="あ")
    assert broken.get_json()["error"]["code"] == "broken_flows"


def test_a_leader_reads_forms_and_a_manager_alone_writes_them(sign_in: SignIn) -> None:
    leader = sign_in("supervisor")
    text = "tags: [a]\n"

    assert read(leader, "tags.yaml", text)["sheet"]["rows"][0]["name"] == "a"
    change = [{"do": "insert", "at": ["tags", 1], "value": "b"}]
    refused = leader.post("/flows/forms/write", file="tags.yaml", text=text, change=change)
    assert refused.status_code == 403
    assert sign_in("operator").post(
        "/flows/forms/read", file="tags.yaml", text=text
    ).status_code == 403  # fmt: skip
    grown = write(sign_in("manager"), "tags.yaml", text, *change)
    assert grown["text"] == "tags: [a, b]\n"
