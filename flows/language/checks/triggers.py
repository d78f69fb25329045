"""What starts flows: no two by the same words, none by what a question already offers."""

from collections.abc import Iterator

from flows.language.checks.walk_flow import all_triggers
from flows.language.grammar.shapes import Ask, Flow
from flows.language.loader import Folder
from flows.language.nodes import Scalar
from flows.language.normalise import normalise
from flows.language.problems import Problems

POSTBACK_UNITS = 300


def check_folder(folder: Folder, problems: Problems) -> None:
    """F050, L105, W204."""
    _equal_triggers(folder, problems)
    for flow in folder.flows.values():
        _long_postbacks(flow, problems)
        _choices_that_are_keywords(flow, folder, problems)


def _equal_triggers(folder: Folder, problems: Problems) -> None:
    seen: dict[tuple[object, ...], str] = {}
    for flow in sorted(folder.flows.values(), key=lambda f: f.place.file):
        for trigger in flow.triggers:
            if trigger.kind not in {"keyword", "postback"}:
                continue
            for word in trigger.texts:
                key: tuple[object, ...] = (trigger.kind, word.text)
                if trigger.kind == "keyword":
                    key = (trigger.kind, normalise(word.text), trigger.match, flow.priority)
                other = seen.setdefault(key, flow.id.text)
                if other != flow.id.text:
                    problems.add(
                        "F050",
                        trigger.place,
                        "same_trigger",
                        word=word.text,
                        other=other,
                    )


def _long_postbacks(flow: Flow, problems: Problems) -> None:
    for trigger in all_triggers(flow):
        for data in trigger.texts if trigger.kind == "postback" else ():
            units = len(data.text.encode("utf-16-le")) // 2
            if units > POSTBACK_UNITS:
                problems.add(
                    "L105",
                    data.place,
                    "long_postback",
                    units=units,
                    most=POSTBACK_UNITS,
                )


def _choices_that_are_keywords(flow: Flow, folder: Folder, problems: Problems) -> None:
    others = _keywords_of_others(flow, folder)
    for word in _offered(flow):
        other = others.get(normalise(word.text))
        if other is not None:
            problems.add(
                "W204",
                word.place,
                "choice_is_keyword",
                word=word.text,
                other=other,
            )


def _keywords_of_others(flow: Flow, folder: Folder) -> dict[str, str]:
    return {
        normalise(word.text): other.id.text
        for other in folder.flows.values()
        for trigger in other.triggers
        for word in trigger.texts
        if trigger.kind == "keyword" and other.id.text != flow.id.text
    }


def _offered(flow: Flow) -> Iterator[Scalar]:
    for step in flow.steps:
        if isinstance(step.body, Ask):
            for choice in step.body.choices:
                yield choice.label
                yield from choice.synonyms
