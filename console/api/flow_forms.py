"""Calendars, tags, fields, links, queues and FAQs as forms: rows of a text, and the text changed.

Nothing is saved here. A form is a view of the text that is being written; what it changes comes
back as text, and is saved like any other text of the folder.
"""

from collections.abc import Mapping

from console import bodies, flow_folder, form_bodies
from console.api.problem_rows import problem_rows
from console.door import Asker, House, Row
from console.flow_review import Review, review
from console.refusals import BrokenFlows, NotByForm
from flows.language.house_rows.asking import ask_faqs
from flows.language.house_rows.hours import month_rows
from flows.language.house_rows.odd import Odd
from flows.language.house_rows.rows import kind_of, read_rows
from flows.language.house_rows.uses import Uses, find_uses
from flows.language.rewriting.changes import rewrite
from flows.language.rewriting.spots import NotRewritable
from storage import card_counts

Counts = Mapping[str, Mapping[str, int]]
CHECKED_AT_ONCE = 40_000  # letters; what is longer is written now, and checked by the next read
_UNWRITABLE = frozenset({"F004", "F005", "F006", "F007", "F008"})  # of the text, not of its values


def read(house: House, asker: Asker, body: bodies.FlowText) -> Row:
    """The rows of a file as it is being written, or why it can only be shown as text."""
    people = _people(house)
    row: Row = house.beside(lambda: _told(_form(house, body.file, body.text, people), asker))
    return row


def write(house: House, asker: Asker, body: form_bodies.FormChange) -> Row:
    """The text with a change in it, and its rows; refused when it is laid out too oddly.

    is_checked: whether the rows have all their problems; of a long text they come with `read`.
    """
    people = _people(house)

    def work() -> Row:
        try:
            text = rewrite(body.text, [part.as_change() for part in body.change])
        except NotRewritable as error:
            raise NotByForm from error
        is_checked = len(text) <= CHECKED_AT_ONCE
        return {
            **_told(_form(house, body.file, text, people, is_checked=is_checked), asker),
            "text": text,
            "is_checked": is_checked,
        }

    row: Row = house.beside(work)
    return row


def month(house: House, asker: Asker, body: form_bodies.FormMonth) -> Row:
    """Which days of a month are open, by the calendar that the bot itself asks."""
    now = house.clock()

    def work() -> Row:
        looked_at = _look(house, body)
        name = body.file.rpartition("/")[2].rpartition(".")[0]
        calendar = looked_at.folder.calendars.get(name)
        if calendar is None:
            raise BrokenFlows(problems=problem_rows(looked_at.of_file(body.file), asker.language))
        today = calendar.local(now).date()
        year, number = map(int, (body.month or today.isoformat()[:7]).split("-"))
        return {
            "month": f"{year}-{number:02}",
            "today": today.isoformat(),
            "days": month_rows(calendar, year, number),
        }

    row: Row = house.beside(work)
    return row


def ask(house: House, asker: Asker, body: form_bodies.FormQuestion) -> Row:
    """What the FAQ would say to a question, with this text in it.

    By its letters alone: an encoder that the bot has beside them knows no text that is not
    published. has_encoder says so.
    """
    has_encoder = house.settings.encoder is not None

    def work() -> Row:
        looked_at = _look(house, body)
        errors = [p for p in looked_at.of_file(body.file) if p.severity == "E"]
        if errors:
            raise BrokenFlows(problems=problem_rows(errors, asker.language))
        return {**ask_faqs(looked_at.folder, body.question), "has_encoder": has_encoder}

    row: Row = house.beside(work)
    return row


def _look(house: House, body: bodies.FlowText) -> Review:
    return review(flow_folder.load_draft(house.settings.flows_dir, body.file, body.text))


def _people(house: House) -> Counts:
    return {
        "tags": house.store.read(card_counts.people_by_tag),
        "fields": house.store.read(card_counts.people_by_field),
    }


def _form(
    house: House,
    file: str,
    text: str,
    people: Counts,
    *,
    is_checked: bool = True,
) -> Row:
    folder = flow_folder.load_draft(house.settings.flows_dir, file, text)
    looked_at = review(folder) if is_checked else Review(folder, folder.loading_problems())
    uses = find_uses(looked_at.folder)
    row: Row = {"kind": kind_of(file), "sheet": None, "why": None, "unread": list(uses.unread)}
    try:
        row["sheet"] = _sheet(looked_at, file, uses, people)
    except Odd:
        errors = [problem for problem in looked_at.of_file(file) if problem.severity == "E"]
        row["why"] = errors[0] if errors else None
    return row


def _told(form: Row, asker: Asker) -> Row:
    """The form with its problems in the words of whoever asks."""
    sheet, why = form["sheet"], form["why"]
    if why is not None:
        (why,) = problem_rows([why], asker.language)
    if sheet is not None:
        rows = (*sheet["rows"], *sheet.get("week", ()), *sheet.get("notify_rows", ()), sheet)
        for row in rows:
            row["problems"] = problem_rows(row["problems"], asker.language)
    return {**form, "why": why}


def _sheet(looked_at: Review, file: str, uses: Uses, people: Counts) -> Row:
    problems, tree = looked_at.of_file(file), looked_at.folder.trees.get(file)
    if tree is None or any(problem.code in _UNWRITABLE for problem in problems):
        raise Odd
    sheet = read_rows(file, tree, problems, uses)
    counts = people.get(kind_of(file) or "", {})
    for row in sheet["rows"]:
        row["people"] = counts.get(str(row.get("name", row.get("key"))), 0)
    if kind_of(file) == "queues":
        sheet["calendars"] = sorted(looked_at.folder.known_calendars)
    return sheet
