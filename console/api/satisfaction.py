"""How customers answered questions with choices or numbers, and the one that managers go by."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlmodel import Session

from console.api.periods import days_of, read_period, start_of
from console.api.report_columns import name_of
from console.csv_text import Cell
from console.door import Asker, House, Row
from console.watch_bodies import Satisfaction
from flows.language.book import DoesNotLoad, compile_bundle
from flows.language.grammar.asks import yesno_choices
from flows.language.grammar.shapes import Ask
from flows.language.picture import tell_steps
from storage import flow_versions, rows, satisfaction
from storage.audit import Deed, by_operator, note
from storage.refusals import NotFound
from storage.report_figures import Period
from storage.satisfaction import Answers, Question, Stretch

DAYS_OF_DAYS = 31  # a longer trend goes by weeks
WEEK = 7


def list_questions(house: House, asker: Asker, query: dict[str, str]) -> Row:
    """Every question that was answered in a period, the most answered first."""
    period = read_period(query, house.settings.timezone, house.clock())

    def read(db: Session) -> Row:
        stretch = stretch_of(period, house.settings.timezone)
        found = satisfaction.count_answers(db, asker.scope, stretch)
        chosen = satisfaction.chosen_question(db)
        parts = [day.isoformat() for day in _parts(period)]
        return {
            "items": [_question(db, one, parts, chosen) for one in found],
            "next": None,
            "chosen": _chosen(chosen),
        }

    row: Row = house.beside(lambda: house.store.read(read))
    return row


def list_talks(house: House, asker: Asker, query: dict[str, str]) -> Row:
    """The talks with an answer, newest first. `other`: those that are none of the choices."""
    period = read_period(query, house.settings.timezone, house.clock())
    question = (query.get("flow", ""), query.get("step", ""))
    value = satisfaction_value(query)

    def read(db: Session) -> Row:
        stretch = stretch_of(period, house.settings.timezone)
        found, after = satisfaction.behind_answers(
            db, asker.scope, stretch, question, value, query.get("after")
        )
        items = [
            {
                "conversation_id": one.conversation_id,
                "account_id": one.account_id,
                "customer_name": one.customer_name,
                "value": one.value,
                "at": rows.moment(one.at),
            }
            for one in found
        ]
        return {"items": items, "next": after}

    row: Row = house.beside(lambda: house.store.read(read))
    return row


def choose(house: House, asker: Asker, body: Satisfaction) -> Row:
    """This question says how content customers are. Raises NotFound for one without choices."""
    question = (body.flow, body.step)

    def write(db: Session) -> Row:
        hash_ = flow_versions.heads(db).get(body.flow)
        if hash_ is None or not _is_countable(db, hash_, body.step):
            raise NotFound("there is no such question with choices or numbers")
        satisfaction.choose_question(db, question, asker.operator.id, house.clock())
        _note(db, house, asker, question)
        return {"chosen": _chosen(question)}

    return house.store.write(write)


def choose_none(house: House, asker: Asker) -> Row:
    """No question says it."""

    def write(db: Session) -> Row:
        satisfaction.choose_question(db, None, asker.operator.id, house.clock())
        _note(db, house, asker, None)
        return {"chosen": None}

    return house.store.write(write)


def answer_lines(db: Session, house: House, asker: Asker, period: Period) -> list[Sequence[Cell]]:
    """All answers of a period as the lines of a file."""
    language = asker.language
    stretch = stretch_of(period, house.settings.timezone)
    names = ("flow", "question", "value", "count", "average")
    lines: list[Sequence[Cell]] = [[name_of(name, language) for name in names]]
    for one in satisfaction.count_answers(db, asker.scope, stretch):
        title, text, labels = _told(db, one)
        for value in in_order(one.counts, labels):
            label = labels.get(value, value) or name_of("other", language)
            lines.append([title, text, label, one.counts[value], one.average])
    return lines


def satisfaction_value(query: Mapping[str, str]) -> str | None:
    """Which answers are asked for; None: all."""
    return "" if query.get("other") else query.get("value")


def stretch_of(period: Period, zone: str) -> Stretch:
    """A period as moments, cut into days, or weeks."""
    return Stretch(
        since=start_of(period.first, zone),
        until=start_of(period.last + timedelta(days=1), zone),
        cuts=[start_of(day, zone) for day in _parts(period)[1:]],
        account=period.account,
    )


def in_order(counts: Mapping[str, int], labels: Mapping[str, str]) -> list[str]:
    """As the question offers them; numbers by size; what is none of the choices last."""
    offered = {value: number for number, value in enumerate(labels)}
    return sorted(counts, key=lambda value: (value == "", *_rank(value, offered)))


def _rank(value: str, offered: Mapping[str, int]) -> tuple[int, float, str]:
    if value in offered:
        return (0, offered[value], value)
    try:
        return (1, float(value), value)
    except ValueError:
        return (2, 0.0, value)


def _parts(period: Period) -> list[date]:
    days = days_of(period)
    return days if len(days) <= DAYS_OF_DAYS else days[::WEEK]


def _question(db: Session, one: Answers, parts: Sequence[str], chosen: Question | None) -> Row:
    title, text, labels = _told(db, one)
    values = [value for value in labels if value not in one.counts]
    counts = {**one.counts, **dict.fromkeys(values, 0)}
    return {
        "flow": one.flow_id,
        "title": title,
        "step": one.step,
        "text": text,
        "answers": one.answers,
        "average": one.average,
        "values": [
            {"value": value, "label": labels.get(value, value), "count": counts[value]}
            for value in in_order(counts, labels)
        ],
        "trend": [
            {"from": day, "answers": part.answers, "average": part.average}
            for day, part in zip(parts, one.trend, strict=True)
        ],
        "is_chosen": chosen == (one.flow_id, one.step),
    }


def _chosen(question: Question | None) -> Row | None:
    return {"flow": question[0], "step": question[1]} if question is not None else None


def _told(db: Session, one: Answers) -> tuple[str, str, Mapping[str, str]]:
    """The flow's title, what the question says, and the labels of its choices in their order."""
    version = flow_versions.get_version(db, one.hash)
    try:
        flow = compile_bundle(version.bundle, one.hash).flow
    except DoesNotLoad:
        return version.title, one.step, {}
    text = next((told.text for told in tell_steps(flow) if told.step == one.step), one.step)
    ask = next((step.body for step in flow.steps if step.name == one.step), None)
    choices = yesno_choices(ask) if isinstance(ask, Ask) else ()
    return version.title, text or one.step, {c.value: c.label.text for c in choices}


def _is_countable(db: Session, hash_: str, step_name: str) -> bool:
    version = flow_versions.get_version(db, hash_)
    try:
        steps = compile_bundle(version.bundle, hash_).steps
    except DoesNotLoad:
        return False
    step = steps.get(step_name)
    if step is None or not isinstance(step.body, Ask):
        return False
    return step.body.type == "number" or bool(yesno_choices(step.body))


def _note(db: Session, house: House, asker: Asker, question: Question | None) -> None:
    params = {"flow": question[0], "step": question[1]} if question is not None else {}
    deed = Deed(
        "satisfaction_chosen", by_operator(asker.operator), address=asker.address, params=params
    )
    note(db, deed, house.clock())
