"""Everything that the bot may say, ready to run: published flows by hash, and the house.

A flow's bundle is its resolved tree, and the cards that it says, as canonical JSON under its
SHA-256; a run pins it. The house
(tags, fields, links, queues, calendars, FAQ) is looked up live, so its newest version counts.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flows.language import nodes
from flows.language.calendars import ALWAYS_OPEN, Calendar
from flows.language.compiler import Compiled, compile_flow
from flows.language.conditions import Condition
from flows.language.faq.index import Question
from flows.language.faq.matcher import Matcher
from flows.language.grammar.calendar_files import read_calendar
from flows.language.grammar.flex_files import read_flex
from flows.language.grammar.flow_files import read_flow
from flows.language.grammar.house_files import (
    FaqEntry,
    FaqFile,
    Field,
    Queues,
    read_faq,
    read_fields,
    read_links,
    read_queues,
    read_segment,
    read_tags,
)
from flows.language.grammar.primitives import Reading, yes_no
from flows.language.grammar_changes import GRAMMAR, up_to_date
from flows.language.loader import DEFAULT_QUEUES, Folder
from flows.language.problems import Problems
from flows.language.shape import shape_of

HOUSE = "_folder"
HOUSE_FILES = ("tags.yaml", "fields.yaml", "links.yaml", "queues.yaml")
HOUSE_FOLDERS = ("faq/", "calendars/", "segments/")


@dataclass(frozen=True, slots=True)
class Bundle:
    """One thing to be published: a flow, or the house."""

    flow_id: str
    hash: str
    title: str
    tree: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Published:
    """A folder as it is published."""

    flows: tuple[Bundle, ...]
    house: Bundle


def build(folder: Folder) -> Published:
    """The bundles of a folder without problems of severity E."""
    flows = tuple(_flow_bundle(folder, flow_id) for flow_id in sorted(folder.flows))
    files = {
        file: nodes.to_json(tree)
        for file, tree in sorted(folder.trees.items())
        if file in HOUSE_FILES or file.startswith(HOUSE_FOLDERS)
    }
    return Published(flows, _bundle(HOUSE, HOUSE, {"grammar": GRAMMAR, "files": files}))


@dataclass(frozen=True, slots=True)
class House:
    """What all flows share."""

    tags: tuple[str, ...] = ()
    fields: Mapping[str, Field] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    queues: Queues = DEFAULT_QUEUES
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    faqs: Mapping[str, FaqFile] = field(default_factory=dict)
    segments: Mapping[str, Condition] = field(default_factory=dict)
    matchers: dict[tuple[str, ...], Matcher] = field(default_factory=dict)

    def scope(self, faq_ids: tuple[str, ...]) -> tuple[str, ...]:
        """The FAQ files that a step looks into: those that it names, else all."""
        return faq_ids or tuple(sorted(self.faqs))

    def matcher(self, faq_ids: tuple[str, ...]) -> Matcher:
        """The matcher over these FAQ files (all when none is named), calibrated once."""
        wanted = self.scope(faq_ids)
        if wanted not in self.matchers:
            self.matchers[wanted] = Matcher.build(self.questions(wanted))
        return self.matchers[wanted]

    def questions(self, faq_ids: tuple[str, ...]) -> list[Question]:
        """What the entries of these FAQ files are asked."""
        files = [self.faqs[faq_id] for faq_id in faq_ids if faq_id in self.faqs]
        return [_question(entry) for file in files for entry in file.entries]

    def faq_entry(self, entry_id: str) -> FaqEntry | None:
        """An entry by its id, which is unique in the folder."""
        entries = (e for faq in self.faqs.values() for e in faq.entries)
        return next((entry for entry in entries if entry.id.text == entry_id), None)

    def hours_of(self, queue: str) -> Calendar | None:
        """The calendar of a queue; None for one that is open at all times."""
        name = self.queues.hours.get(queue)
        return self.calendar(name.text) if name is not None else None

    def calendar(self, name: str | None) -> Calendar:
        """A calendar by its name; `main` by default, and always open where there is none."""
        return self.calendars.get(name or "main", ALWAYS_OPEN)


Fetch = Callable[[str], Mapping[str, Any]]


class DoesNotLoad(Exception):
    """A published flow cannot be read any more. Who walks through it waits for a person."""


class Book:
    """The flows that runs walk through, compiled once for each hash."""

    def __init__(self, house: House, heads: Mapping[str, str], fetch: Fetch) -> None:
        self.house = house
        self.heads = heads
        self._fetch = fetch
        self._compiled: dict[str, Compiled | DoesNotLoad] = {}
        self._shapes: dict[str, str] = {}

    def head(self, flow_id: str) -> Compiled | None:
        """The version of a flow that new runs take; None also for one that does not load."""
        hash_ = self.heads.get(flow_id)
        return self.find(hash_) if hash_ is not None else None

    def version(self, hash_: str) -> Compiled:
        """A version by its hash, fetched and compiled on first sight. Raises DoesNotLoad."""
        found = self._look(hash_)
        if isinstance(found, DoesNotLoad):
            raise found
        return found

    def find(self, hash_: str) -> Compiled | None:
        """A version by its hash; None for one that does not load."""
        found = self._look(hash_)
        return None if isinstance(found, DoesNotLoad) else found

    def shape(self, hash_: str) -> str:
        """The shape of a version that loads."""
        if hash_ not in self._shapes:
            self._shapes[hash_] = shape_of(self.version(hash_).flow)
        return self._shapes[hash_]

    def flows(self) -> list[Compiled]:
        """Every head that loads, by flow id."""
        found = [self.find(self.heads[flow_id]) for flow_id in sorted(self.heads)]
        return [version for version in found if version is not None]

    def broken_heads(self) -> dict[str, str]:
        """The flows that nobody can start, because their version does not load: id → why."""
        looked = {flow_id: self._look(hash_) for flow_id, hash_ in sorted(self.heads.items())}
        return {id_: str(found) for id_, found in looked.items() if isinstance(found, DoesNotLoad)}

    def _look(self, hash_: str) -> Compiled | DoesNotLoad:
        found = self._compiled.get(hash_)
        if found is None:
            try:
                found = compile_bundle(self._fetch(hash_), hash_)
            except DoesNotLoad as broken:
                found = broken
            self._compiled[hash_] = found
        return found

    def with_heads(self, house: House, heads: Mapping[str, str]) -> "Book":
        """The same versions under other heads, after a publish."""
        book = Book(house, heads, self._fetch)
        book._compiled = dict(self._compiled)
        return book


def book_of(folder: Folder) -> Book:
    """A book straight from a folder, for tests of conversations."""
    published = build(folder)
    bundles = {bundle.hash: bundle.tree for bundle in published.flows}
    heads = {bundle.flow_id: bundle.hash for bundle in published.flows}
    return Book(house_from(published.house.tree), heads, bundles.__getitem__)


def compile_bundle(tree: Mapping[str, Any], hash_: str) -> Compiled:
    """A published flow, ready to run. Raises DoesNotLoad: nothing in it may be left unread."""
    problems = Problems()
    try:
        content = up_to_date(tree)
        cards = {id_: nodes.from_json(card) for id_, card in content.get("flex", {}).items()}
        flex = {id_: read_flex(card, Reading(problems, "")) for id_, card in cards.items()}
        flow = read_flow(nodes.from_json(content["flow"]), Reading(problems, "", flex=flex))
        errors = [problem.message for problem in problems.sorted() if problem.severity == "E"]
        if flow is None or errors:
            raise DoesNotLoad(" ".join(errors))
        return compile_flow(flow, hash_)
    except (KeyError, ValueError) as error:
        raise DoesNotLoad(str(error)) from error


def is_form(tree: Mapping[str, Any]) -> bool:
    """Whether a published flow may be opened as a web page; read without the rest of it."""
    said = tree["flow"].get("form", "no") if "flow" in tree else "no"
    return bool(yes_no(nodes.from_json(said), Reading(Problems(), "")))


def house_from(tree: Mapping[str, Any]) -> House:
    """The house from its bundle; an empty one from none."""
    files: Mapping[str, Any] = up_to_date(tree)["files"] if tree else {}
    reading = Reading(Problems(), "")
    trees = {name: nodes.from_json(content) for name, content in files.items()}
    tags = read_tags(trees["tags.yaml"], reading) if "tags.yaml" in trees else None
    fields = read_fields(trees["fields.yaml"], reading) if "fields.yaml" in trees else None
    links = read_links(trees["links.yaml"], reading) if "links.yaml" in trees else None
    queues = read_queues(trees["queues.yaml"], reading) if "queues.yaml" in trees else None
    return House(
        tags=tuple(tag.name.text for tag in tags or ()),
        fields=fields or {},
        links={key: link.url for key, link in (links or {}).items()},
        queues=queues or DEFAULT_QUEUES,
        calendars=_calendars(trees, reading),
        faqs=_faqs(trees, reading),
        segments=_segments(trees, reading),
    )


def _calendars(trees: Mapping[str, nodes.Node], reading: Reading) -> dict[str, Calendar]:
    found = {}
    for name, tree in trees.items():
        if name.startswith("calendars/"):
            calendar = read_calendar(tree, reading)
            if calendar is not None:
                found[name.removeprefix("calendars/").rpartition(".")[0]] = calendar
    return found


def _faqs(trees: Mapping[str, nodes.Node], reading: Reading) -> dict[str, FaqFile]:
    read = [read_faq(tree, reading) for name, tree in trees.items() if name.startswith("faq/")]
    return {file.id.text: file for file in read if file is not None}


def _segments(trees: Mapping[str, nodes.Node], reading: Reading) -> dict[str, Condition]:
    named = (tree for name, tree in trees.items() if name.startswith("segments/"))
    read = (read_segment(tree, reading) for tree in named)
    return {segment.id.text: segment.when.condition for segment in read if segment is not None}


def _question(entry: FaqEntry) -> Question:
    answer = "".join(part for part in entry.answer.template.parts if isinstance(part, str))
    return Question(entry.id.text, tuple(ask.text for ask in entry.ask), answer)


def _flow_bundle(folder: Folder, flow_id: str) -> Bundle:
    flow = folder.flows[flow_id]
    content = {"grammar": GRAMMAR, "flow": nodes.to_json(folder.trees[flow.place.file])}
    said = set(_said_cards(content["flow"]))
    cards = {id_: card for id_, card in folder.flex.items() if card is not None and id_ in said}
    if cards:
        trees = {id_: folder.trees[card.id.place.file] for id_, card in cards.items()}
        content["flex"] = {id_: nodes.to_json(tree) for id_, tree in trees.items()}
    return _bundle(flow_id, flow.title.text, content)


def _said_cards(tree: Any) -> Iterator[str]:
    """Whatever stands after a key `flex`; a name too many does no harm."""
    if isinstance(tree, dict):
        if isinstance(tree.get("flex"), str):
            yield tree["flex"]
        for value in tree.values():
            yield from _said_cards(value)
    elif isinstance(tree, list):
        for item in tree:
            yield from _said_cards(item)


def _bundle(flow_id: str, title: str, tree: dict[str, Any]) -> Bundle:
    canonical = json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return Bundle(flow_id, hashlib.sha256(canonical.encode()).hexdigest(), title, tree)
