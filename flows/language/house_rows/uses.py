"""Where the names that the house declares are used: what a rename or a removal would break."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flows.language.checks.walk_flow import (
    all_conditions,
    all_effects,
    all_triggers,
    all_words,
    sources_of,
)
from flows.language.grammar.parts import Words
from flows.language.grammar.shapes import Ask, Faq, Flow, Handoff
from flows.language.grammar.talk_files import TalkTest
from flows.language.loader import Folder
from flows.language.nodes import Items, Node, Scalar, Table

Name = tuple[str, str]  # what it is (tag field link queue notify), and its name
EXPECTED = {
    "tags": "tag", "has_tags": "tag", "not_tags": "tag", "handoff": "queue", "notified": "notify",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Uses:
    """How often each name is used in each file. unread: files that could not be looked into."""

    counts: Mapping[Name, Mapping[str, int]]
    unread: tuple[str, ...]

    def of(self, kind: str, name: str) -> list[dict[str, str | int]]:
        """The files, by name, with how often."""
        found = self.counts.get((kind, name), {})
        return [{"file": file, "count": found[file]} for file in sorted(found)]


def find_uses(folder: Folder) -> Uses:
    """Look through flows, FAQs, segments, cards and tests of talks."""
    counts: dict[Name, Counter[str]] = {}
    for file, name in _all(folder):
        counts.setdefault(name, Counter())[file] += 1
    unread = sorted(set(folder.sources) - set(folder.trees))
    return Uses(counts, tuple(unread))


def _all(folder: Folder) -> Iterator[tuple[str, Name]]:
    for flow in (*folder.flows.values(), *folder.unsound_flows):
        yield from ((flow.place.file, name) for name in _of_flow(flow))
    for faq in folder.faqs.values():
        for entry in faq.entries:
            named = [("tag", entry.tag.text)] if entry.tag is not None else []
            found = [*named, *_of_words(entry.answer)]
            yield from ((faq.place.file, name) for name in found)
    for segment in folder.segments.values():
        tags = [("tag", tag.text) for tag in segment.when.tags]
        paths = [path.text for path in segment.when.paths]
        file = segment.id.place.file
        yield from ((file, name) for name in [*tags, *_of_paths(paths)])
    for card in folder.flex.values():
        said = [card.alt, *card.words()] if card is not None else []
        file = card.id.place.file if card is not None else ""
        yield from ((file, name) for words in said for name in _of_words(words))
    for file, test in folder.tests.items():
        yield from ((file, name) for name in _of_test(test))


def _of_flow(flow: Flow) -> Iterator[Name]:
    for effects in all_effects(flow):
        yield from (("tag", tag.text) for tag in (*effects.tag, *effects.untag))
        yield from (("notify", notice.to.text) for notice in effects.notify)
        written = [setting.path.text for setting in effects.set]
        yield from _of_paths([*written, *(adding.path.text for adding in effects.add)])
    for when in all_conditions(flow):
        yield from (("tag", tag.text) for tag in when.tags)
        yield from _of_paths([path.text for path in when.paths])
    for trigger in all_triggers(flow):
        kind = {"tag_added": "tag", "url_click": "link"}.get(trigger.kind)
        yield from ((kind, text.text) for text in trigger.texts if kind is not None)
    for words in all_words(flow):
        yield from _of_words(words)
    for step in flow.steps:
        yield from _of_paths([source.text for source in sources_of(step)])
        yield from _of_body(step.body)


def _of_body(body: object) -> Iterator[Name]:
    queue = None
    match body:
        case Handoff():
            queue = body.to
        case Faq():
            queue = body.unknown_queue
        case Ask():
            queue = body.give_up.handoff if body.give_up is not None else None
            ways = (way for way in (body.other, body.any_answer) if way is not None)
            saves = [body.save, *(way.save for way in ways)]
            yield from _of_paths([save.text for save in saves if save is not None])
    if queue is not None:
        yield "queue", queue.text


def _of_words(words: Words) -> Iterator[Name]:
    yield from _of_paths([path for path, _ in words.paths()])


def _of_paths(paths: list[str]) -> Iterator[Name]:
    for path in paths:
        kind, _, name = path.partition(".")
        if kind in {"field", "link"} and name:
            yield kind, name


def _of_test(test: TalkTest) -> Iterator[Name]:
    for case in test.cases:
        yield from (("tag", tag) for tag in case.given.tags)
        yield from (("field", name) for name in case.given.fields)
        for line in case.talk:
            yield from _of_line(line.kind, line.value)


def _of_line(kind: str, value: Node) -> Iterator[Name]:
    """What happens by hand in a test, and what it expects."""
    if kind in {"tag", "untag", "click"}:
        yield from (("link" if kind == "click" else "tag", text) for text in _texts(value))
    elif isinstance(value, Table) and kind in {"expect", "set"}:
        for entry in value.entries:
            yield from _of_paths([entry.key.text])
            named = EXPECTED.get(entry.key.text)
            yield from ((named, text) for text in _texts(entry.value) if named is not None)


def _texts(node: Node) -> list[str]:
    if isinstance(node, Scalar):
        return [node.text]
    found = node.items if isinstance(node, Items) else ()
    return [one.text for one in found if isinstance(one, Scalar)]
