"""The managers' folder as a whole: every file read by itself, every problem kept.

A file with a problem of severity E is left out and named; the others work. A name that only a
broken file would define is still known, so that it causes no second problem.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flows.language.calendars import Calendar
from flows.language.folder_files import FLEX, flows_folder_of, read_contents
from flows.language.grammar.calendar_files import read_calendar
from flows.language.grammar.flex_files import read_flex
from flows.language.grammar.flow_files import read_flow
from flows.language.grammar.house_files import (
    FaqFile,
    Field,
    Link,
    Queues,
    Segment,
    Tag,
    read_faq,
    read_fields,
    read_links,
    read_queues,
    read_segment,
    read_tags,
)
from flows.language.grammar.parts import FlexFile
from flows.language.grammar.primitives import Reading
from flows.language.grammar.shapes import Flow
from flows.language.grammar.talk_files import TalkTest, read_talk_test
from flows.language.keyboard import check_typing
from flows.language.nodes import Node, Table, compose, decode
from flows.language.problems import Place, Problem, Problems

DEFAULT_QUEUES = Queues(("受付",), "受付")
MOST_KEPT = 512  # trees of files, by name


@dataclass(slots=True)
class Folder:
    """What was read. Trees are kept for publishing; sources for showing problems."""

    flows: dict[str, Flow] = field(default_factory=dict)
    unsound_flows: list[Flow] = field(default_factory=list)  # left out, but looked at all the same
    flex: dict[str, FlexFile | None] = field(default_factory=dict)  # None: its file is broken
    faqs: dict[str, FaqFile] = field(default_factory=dict)
    calendars: dict[str, Calendar] = field(default_factory=dict)
    segments: dict[str, Segment] = field(default_factory=dict)
    tests: dict[str, TalkTest] = field(default_factory=dict)  # by file
    tags: tuple[Tag, ...] | None = None
    fields: dict[str, Field] | None = None
    links: dict[str, Link] = field(default_factory=dict)
    queues: Queues | None = None
    known_flows: set[str] = field(default_factory=set)  # also those of broken files
    known_faqs: set[str] = field(default_factory=set)
    known_calendars: set[str] = field(default_factory=set)
    known_segments: set[str] = field(default_factory=set)
    has_broken_links: bool = False
    trees: dict[str, Node] = field(default_factory=dict)  # by file
    sources: dict[str, str] = field(default_factory=dict)  # by file
    problems: Problems = field(default_factory=Problems)
    root: Path | None = None  # where it was read from; None: from memory

    def loading_problems(self) -> tuple[Problem, ...]:
        """What was wrong with the files taken one by one."""
        return self.problems.sorted()

    @property
    def known_links(self) -> set[str] | None:
        """The names of links; None when their file cannot be read."""
        return None if self.has_broken_links else set(self.links)

    @property
    def queue_names(self) -> Queues:
        """The queues, also without a file."""
        return self.queues or DEFAULT_QUEUES


Loader = Callable[[str, Node, Folder], None]
_Parsed = tuple[Node | None, tuple[Problem, ...]]  # and what keeps it from being a tree
_kept: dict[str, tuple[bytes, _Parsed]] = {}


def load_folder(path: Path) -> Folder:
    """Read a folder, or the folder that a file lies in. Never raises for a manager's mistake."""
    root = flows_folder_of(path)
    folder = load_files(read_contents(root))
    folder.root = root
    return folder


def load_files(contents: Mapping[str, bytes]) -> Folder:
    """The same from memory: relative name → bytes. Cards come first: flows say them by name."""
    folder = Folder()
    for file in sorted(contents, key=lambda name: (not name.startswith(FLEX), name)):
        folder.sources[file] = contents[file].decode("utf-8", errors="replace")
        _load(file, contents[file], folder)
    return folder


def _load(file: str, content: bytes, folder: Folder) -> None:
    tree, found = _parse(file, content)
    for problem in found:
        folder.problems.keep(problem)
    if tree is None:
        _remember_broken(file, folder)
        return
    folder.trees[file] = tree
    _reader_of(file)(file, tree, folder)


def _parse(file: str, content: bytes) -> _Parsed:
    """As it was, while a file is what it was: who writes one file has all others read each time."""
    kept = _kept.get(file)
    if kept is None or kept[0] != content:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        kept = _kept[file] = (content, _parse_anew(file, content))
    return kept[1]


def _parse_anew(file: str, content: bytes) -> _Parsed:
    problems = Problems()
    text = decode(content, file, problems)
    if text is not None:
        check_typing(text, file, problems)
    is_plain = text is not None and not problems.has_errors(file)
    tree = compose(text, file, problems) if text is not None and is_plain else None
    if tree is None and not problems.has_errors(file):
        problems.add("F006", Place(file), "file_empty")
    return tree, problems.sorted()


def _reader_of(file: str) -> Loader:
    parent, _, _ = file.partition("/")
    if "/" in file:
        return _BY_FOLDER[parent]
    return _BY_NAME.get(file, _load_flow)


def _load_flow(file: str, tree: Node, folder: Folder) -> None:
    flow = read_flow(tree, Reading(folder.problems, file, flex=folder.flex))
    id_ = tree.get("flow") if isinstance(tree, Table) else None
    known = getattr(id_, "text", Path(file).stem)
    if flow is not None and known in folder.known_flows:
        folder.problems.add(
            "F011",
            flow.id.place,
            "flow_twice",
            id=known,
        )
    folder.known_flows.add(known)
    if flow is not None and folder.problems.has_errors(file):
        folder.unsound_flows.append(flow)
    elif flow is not None:
        folder.flows[known] = flow


def _load_flex(file: str, tree: Node, folder: Folder) -> None:
    card = read_flex(tree, Reading(folder.problems, file))
    id_ = tree.get("flex") if isinstance(tree, Table) else None
    known = getattr(id_, "text", Path(file).stem)
    if card is not None and known in folder.flex:
        folder.problems.add(
            "F011",
            card.id.place,
            "card_twice",
            id=known,
        )
    is_sound = card is not None and not folder.problems.has_errors(file)
    folder.flex.setdefault(known, card if is_sound else None)


def _load_faq(file: str, tree: Node, folder: Folder) -> None:
    faq = read_faq(tree, Reading(folder.problems, file))
    id_ = tree.get("faq") if isinstance(tree, Table) else None
    folder.known_faqs.add(getattr(id_, "text", Path(file).stem))
    if faq is not None and faq.id.text in folder.faqs:
        folder.problems.add(
            "F011",
            faq.id.place,
            "faq_twice",
            id=faq.id.text,
        )
    if faq is not None and not folder.problems.has_errors(file):
        folder.faqs[faq.id.text] = faq


def _load_calendar(file: str, tree: Node, folder: Folder) -> None:
    calendar = read_calendar(tree, Reading(folder.problems, file))
    folder.known_calendars.add(Path(file).stem)
    if calendar is not None and not folder.problems.has_errors(file):
        folder.calendars[Path(file).stem] = calendar


def _load_segment(file: str, tree: Node, folder: Folder) -> None:
    segment = read_segment(tree, Reading(folder.problems, file))
    id_ = tree.get("segment") if isinstance(tree, Table) else None
    folder.known_segments.add(getattr(id_, "text", Path(file).stem))
    if segment is not None and not folder.problems.has_errors(file):
        folder.segments[segment.id.text] = segment


def _load_test(file: str, tree: Node, folder: Folder) -> None:
    test = read_talk_test(tree, Reading(folder.problems, file))
    if test is not None:
        folder.tests[file] = test


def _load_tags(file: str, tree: Node, folder: Folder) -> None:
    tags = read_tags(tree, Reading(folder.problems, file))
    folder.tags = None if folder.problems.has_errors(file) else tags


def _load_fields(file: str, tree: Node, folder: Folder) -> None:
    fields = read_fields(tree, Reading(folder.problems, file))
    folder.fields = None if folder.problems.has_errors(file) else fields


def _load_links(file: str, tree: Node, folder: Folder) -> None:
    folder.links = read_links(tree, Reading(folder.problems, file)) or {}
    folder.has_broken_links = folder.problems.has_errors(file)


def _load_queues(file: str, tree: Node, folder: Folder) -> None:
    queues = read_queues(tree, Reading(folder.problems, file))
    folder.queues = None if folder.problems.has_errors(file) else queues


def _load_menu(_file: str, _tree: Node, _folder: Folder) -> None:
    """Menus are only read as YAML."""


def _remember_broken(file: str, folder: Folder) -> None:
    """What a file that cannot be read would have defined."""
    if file.startswith(FLEX):
        folder.flex.setdefault(Path(file).stem, None)
    elif file.startswith("faq/"):
        folder.known_faqs.add(Path(file).stem)
    elif file.startswith("segments/"):
        folder.known_segments.add(Path(file).stem)
    elif file.startswith("calendars/"):
        folder.known_calendars.add(Path(file).stem)
    elif file == "links.yaml":
        folder.has_broken_links = True
    elif "/" not in file:
        named = {
            line.partition(":")[2].split("#")[0].strip()
            for line in folder.sources[file].splitlines()
            if line.startswith("flow:")
        }
        folder.known_flows |= named or {Path(file).stem}


_BY_FOLDER: Mapping[str, Loader] = {
    "flex": _load_flex,
    "faq": _load_faq,
    "calendars": _load_calendar,
    "segments": _load_segment,
    "tests": _load_test,
    "menus": _load_menu,
}
_BY_NAME: Mapping[str, Loader] = {
    "tags.yaml": _load_tags,
    "fields.yaml": _load_fields,
    "links.yaml": _load_links,
    "queues.yaml": _load_queues,
}
