"""What exploring says of a folder: problems at their lines, and which transitions were taken."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from flows.language.book import book_of
from flows.language.covered import Coverage, coverage_of
from flows.language.exploring.search import Explored, Node, Place, Trouble, explore_flow
from flows.language.grammar.shapes import Flow
from flows.language.loader import Folder
from flows.language.problems import Place as FilePlace
from flows.language.problems import Problem, Problems
from flows.language.sayings.saying import Language, Saying, saying
from flows.language.sound import sound_part
from flows.language.turning import Move
from flows.language.walk import TOO_MANY_STEPS

CRASHED = "explore"  # the code under which a talk that came to grief stands
LONGEST_TRAIL = 8


@dataclass(frozen=True, slots=True)
class Report:
    """What exploring found. count: of all flows, those too that were not explored."""

    flows: tuple[Coverage, ...]
    problems: tuple[Problem, ...]
    count: int
    failed: int
    cut: tuple[str, ...] = ()  # flows too large to be walked to their ends

    def to_json(self, language: Language = "ja") -> dict[str, Any]:
        """The shape that scripts read."""
        return {
            "flows": [flow.to_json() for flow in self.flows],
            "problems": [problem.to_json(language) for problem in self.problems],
            "summary": {"flows": self.count, "failed": self.failed},
        }


def explore(
    folder: Folder, problems: Sequence[Problem], only: frozenset[str] | None = None
) -> Report:
    """Explore every flow without a problem of severity E (or those of the files `only`)."""
    errors = [problem for problem in problems if problem.severity == "E"]
    broken = {problem.file for problem in errors}
    wanted = [flow for _, flow in sorted(folder.flows.items()) if _is_of(flow, only)]
    part = sound_part(folder, problems)
    sound = [flow for flow in wanted if flow.id.text in part.flows]
    explored = _explore_all(part, sound)
    found = Problems()
    for problem in errors:
        if only is None or problem.file in only:
            found.keep(problem)
    for flow in sound:
        _judge(flow, explored[flow.id.text], found)
    listed = found.sorted()
    files = {flow.place.file for flow in wanted} | (broken & _flow_files(folder, only))
    return Report(
        flows=_covered(folder, sound, explored),
        problems=listed,
        count=len(files),
        failed=len(files & {problem.file for problem in listed}),
        cut=tuple(id_ for id_, one in explored.items() if not one.is_whole),
    )


def together(reports: Sequence[Report]) -> Report:
    """The reports of several folders as one."""
    return Report(
        flows=tuple(flow for report in reports for flow in report.flows),
        problems=tuple(problem for report in reports for problem in report.problems),
        count=sum(report.count for report in reports),
        failed=sum(report.failed for report in reports),
        cut=tuple(flow_id for report in reports for flow_id in report.cut),
    )


def _explore_all(folder: Folder, flows: Iterable[Flow]) -> dict[str, Explored]:
    book = book_of(folder)
    return {flow.id.text: explore_flow(folder, book, flow) for flow in flows}


def _covered(
    folder: Folder, flows: Sequence[Flow], explored: Mapping[str, Explored]
) -> tuple[Coverage, ...]:
    """A called flow is walked with its caller too: what was taken anywhere counts."""
    moves: set[Move] = set().union(*(one.moves for one in explored.values()))
    names = {flow.id.text for flow in flows}
    return tuple(each for each in coverage_of(folder, moves) if each.flow in names)


def _judge(flow: Flow, explored: Explored, problems: Problems) -> None:
    for trouble in explored.troubles:
        _note_trouble(flow, trouble, problems)
    stuck = _stuck(explored.nodes)
    if stuck is not None:
        states = list(dict.fromkeys(node.state for node in stuck))
        problems.add(
            "F032",
            _place_of(flow, states[0]),
            "explored_endless",
            trail=_trail(stuck[0].trail),
            states=tuple(saying("quoted", text=state) for state in states),
        )


def _note_trouble(flow: Flow, trouble: Trouble, problems: Problems) -> None:
    is_loop = trouble.about.key == TOO_MANY_STEPS
    problems.add(
        "F040" if is_loop else CRASHED,
        _place_of(flow, trouble.state),
        "explored_loop" if is_loop else "explored_stop",
        trouble=trouble.about,
        trail=_trail(trouble.trail),
    )


def _stuck(nodes: Mapping[Place, Node]) -> list[Node] | None:
    """The places of the smallest set that no talk leaves and where none ends; None when none is."""
    ends = _ending(nodes)
    shut = [place for place in nodes if place not in ends]
    sets = [_reached(nodes, place) for place in shut]
    if not sets:
        return None
    return [nodes[place] for place in nodes if place in min(sets, key=len)]


def _ending(nodes: Mapping[Place, Node]) -> set[Place]:
    """Places from where an end is reached, or may be: the budget came first."""
    before: dict[Place, set[Place]] = {}
    ends = set()
    for place, node in nodes.items():
        if not node.is_walked or None in node.leads_to:
            ends.add(place)
        for after in node.leads_to:
            before.setdefault(after, set()).add(place)
    waiting = list(ends)
    while waiting:
        for place in before.get(waiting.pop(), ()):
            if place not in ends:
                ends.add(place)
                waiting.append(place)
    return ends


def _reached(nodes: Mapping[Place, Node], place: Place) -> set[Place]:
    seen: set[Place] = {place}
    waiting = [place]
    while waiting:
        for after in nodes[waiting.pop()].leads_to:
            if after is not None and after not in seen:
                seen.add(after)
                waiting.append(after)
    return seen


def _trail(trail: Sequence[Saying]) -> Saying:
    is_short = len(trail) <= LONGEST_TRAIL
    shown = trail if is_short else (saying("as_is", text="…"), *trail[-LONGEST_TRAIL:])
    return reduce(lambda before, after: saying("then", before=before, after=after), shown)


def _place_of(flow: Flow, state: str) -> FilePlace:
    return next((step.place for step in flow.steps if step.name == state), flow.place)


def _is_of(flow: Flow, only: frozenset[str] | None) -> bool:
    return only is None or flow.place.file in only


def _flow_files(folder: Folder, only: frozenset[str] | None) -> set[str]:
    known = {"tags.yaml", "fields.yaml", "links.yaml", "queues.yaml"}
    files = {file for file in folder.sources if "/" not in file and file not in known}
    return files if only is None else files & only
