"""Names that are written and never used: an answer that goes nowhere, a tag that nobody meets."""

from collections.abc import Iterator

from flows.language.checks.paths import uses_in_condition, uses_in_words
from flows.language.checks.walk_flow import (
    all_conditions,
    all_effects,
    all_triggers,
    all_words,
    sources_of,
)
from flows.language.grammar.parts import Effects
from flows.language.grammar.shapes import Ask, Faq, Flow, Handoff
from flows.language.loader import Folder
from flows.language.problems import Problems


def check_flow(flow: Flow, problems: Problems) -> None:
    """W211 of vars and answers. A handoff shows every answer to staff: there none is unused."""
    _unused_vars(flow, problems)
    if _asks_person(flow):
        return
    used = _read_paths(flow, "answer.")
    for step in flow.steps:
        if isinstance(step.body, Ask) and step.name not in used and not _acts(step.body):
            problems.add(
                "W211",
                step.place,
                "unused_answer",
                name=step.name,
            )


def check_folder(folder: Folder, problems: Problems) -> None:
    """W211 of tags. A tag with a note is one that people put on by hand."""
    is_broken = any(problem.severity == "E" for problem in folder.loading_problems())
    if folder.tags is None or is_broken:  # a file that cannot be read may use any of them
        return
    used = set(_used_tags(folder))
    for tag in folder.tags:
        if tag.name.text not in used and not tag.has_note:
            problems.add(
                "W211",
                tag.name.place,
                "unused_tag",
                name=tag.name.text,
            )


def _asks_person(flow: Flow) -> bool:
    for step in flow.steps:
        match step.body:
            case Handoff():
                return True
            case Ask() if step.body.give_up is not None and step.body.give_up.handoff is not None:
                return True
            case Faq() if step.body.unknown_queue is not None:
                return True
    return False


def _unused_vars(flow: Flow, problems: Problems) -> None:
    used = _read_paths(flow, "var.")
    for var in flow.vars:
        if var.name.text not in used:
            problems.add(
                "W211",
                var.name.place,
                "unused_var",
                name=var.name.text,
            )


def _read_paths(flow: Flow, kind: str) -> set[str]:
    """What texts, conditions and look-ups read, of one kind, without its first word."""
    paths = [path for words in all_words(flow) for path, _ in uses_in_words(words)]
    paths += [path for when in all_conditions(flow) for path, _ in uses_in_condition(when)]
    paths += [source.text for step in flow.steps for source in sources_of(step)]
    return {path.removeprefix(kind) for path in paths if path.startswith(kind)}


def _acts(ask: Ask) -> bool:
    """Whether an answer is kept, or does something by itself."""
    ways = [choice.way for choice in ask.choices]
    ways += [way for way in (ask.other, ask.any_answer) if way is not None]
    ways += [ask.skip.way] if ask.skip is not None else []
    is_led = any(way.goto or way.call or way.say or way.save for way in ways)
    return ask.save is not None or is_led or any(way.effects != Effects() for way in ways)


def _used_tags(folder: Folder) -> Iterator[str]:
    for flow in folder.flows.values():
        for effects in all_effects(flow):
            yield from (tag.text for tag in (*effects.tag, *effects.untag))
        for when in all_conditions(flow):
            yield from (tag.text for tag in when.tags)
        for trigger in all_triggers(flow):
            yield from (tag.text for tag in trigger.texts if trigger.kind == "tag_added")
    for segment in folder.segments.values():
        yield from (tag.text for tag in segment.when.tags)
    for faq in folder.faqs.values():
        yield from (entry.tag.text for entry in faq.entries if entry.tag is not None)
