"""Texts as long as they can become: every `{{…}}` filled with the longest that is known of it."""

from collections.abc import Mapping

from flows.language.cards import contents_of, kib_over
from flows.language.checks.walk_flow import all_words
from flows.language.grammar.asks import yesno_choices
from flows.language.grammar.house_files import Field
from flows.language.grammar.shapes import Ask, Call, End, Faq, Flow, Loop, Step
from flows.language.loader import Folder
from flows.language.problems import Problems
from flows.language.questions import MAX_LENGTH
from flows.language.templates import render, show
from flows.language.words import Value

TEXT_UNITS = 5000
ALT_UNITS = 1500
NAME = "あ" * 20  # LINE's longest display name
BY_TYPE: Mapping[str, Value] = {
    "number": "-123456789.5",
    "phone": "09012345678",
    "email": "a" * 64 + "@" + "a" * 60 + ".example.com",
    "postcode": "150-0001",
    "date": "2026-12-31",
    "time": "23:59",
    "datetime": "2026-12-31T23:59",
    "yesno": "yes",
}


def check_flow(flow: Flow, folder: Folder, problems: Problems) -> None:
    """L104."""
    longest = _longest_values(flow, folder)
    for words in all_words(flow):
        units = len(render(words.template, longest.get).encode("utf-16-le")) // 2
        if units > TEXT_UNITS:
            problems.add(
                "L104",
                words.key,
                "long_text",
                units=f"{units:,}",
                most=f"{TEXT_UNITS:,}",
            )


def check_folder(folder: Folder, problems: Problems) -> None:
    """L104 of cards; of an answer in one nothing is known, and LINE cuts what it cannot show."""
    longest = _longest_of_house(folder)
    for card in folder.flex.values():
        if card is None:
            continue
        alt = len(render(card.alt.template, longest.get).encode("utf-16-le")) // 2
        if alt > ALT_UNITS:
            problems.add(
                "L104",
                card.alt.key,
                "long_alt",
                units=f"{alt:,}",
                most=f"{ALT_UNITS:,}",
            )
        most = kib_over(contents_of(card, lambda template: render(template, longest.get)))
        if most is not None:
            problems.add(
                "L104",
                card.place,
                "large_card",
                most=most,
            )


def _longest_values(flow: Flow, folder: Folder) -> dict[str, Value]:
    """What is not known of (what a friend typed, data of an event) is not there."""
    found = _longest_of_house(folder)
    found |= {f"answer.{step.name}": _of_answer(step, folder) for step in flow.steps}
    loops = [step.body for step in flow.steps if isinstance(step.body, Loop)]
    found |= {f"var.{loop.name.text}": _of_loop(loop, found) for loop in loops if loop.name}
    return found


def _longest_of_house(folder: Folder) -> dict[str, Value]:
    found: dict[str, Value] = {"name": NAME, "calendar.next_open": BY_TYPE["datetime"]}
    found |= {f"link.{key}": link.url for key, link in folder.links.items()}
    return found | {f"field.{key}": _of_field(one) for key, one in (folder.fields or {}).items()}


def _of_loop(loop: Loop, known: Mapping[str, Value]) -> Value:
    values: Value = loop.over if loop.source is None else known.get(loop.source.text)
    listed = values if isinstance(values, tuple) else (show(values),)
    return max(listed, key=len, default=None)


def _of_field(field: Field) -> Value:
    if field.type in BY_TYPE:
        return BY_TYPE[field.type]
    if field.type == "choice":
        return max(field.options, key=len, default=None)
    return field.options if field.type == "list" else "あ" * field.max_length


def _of_answer(step: Step, folder: Folder) -> Value:
    match step.body:
        case Ask():
            return _of_question(step.body)
        case Faq():
            files = {file.text for file in step.body.files} or set(folder.faqs)
            entries = [e for id_ in files & set(folder.faqs) for e in folder.faqs[id_].entries]
            return max((entry.id.text for entry in entries), key=len, default=None)
        case Call():
            called = folder.flows.get(step.body.flow.text)
            steps = called.steps if called is not None else ()
            ends = [s.body.name.text for s in steps if isinstance(s.body, End)]
            return max((*ends, "interrupted"), key=len)
        case _:
            return None


def _of_question(ask: Ask) -> Value:
    values = [choice.value for choice in yesno_choices(ask)]
    if ask.type == "multi":
        return tuple(values)
    if ask.type == "text" or ask.other is not None or ask.any_answer is not None:
        # One unit a sign: an answer all of emoji would be twice as long, and nobody writes one.
        values.append("あ" * (ask.bounds.max_length or MAX_LENGTH))
    elif ask.type in BY_TYPE:
        values.append(show(BY_TYPE[ask.type]))
    return max(values, key=len, default=None)
