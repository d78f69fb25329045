"""Names that must exist, and names that may exist once."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from flows.language.checks.walk_flow import (
    all_conditions,
    all_effects,
    all_triggers,
    all_ways,
    flow_ways,
    ways_of,
)
from flows.language.grammar.flow_files import ID
from flows.language.grammar.house_files import Queues
from flows.language.grammar.shapes import MOVE_WORDS, Ask, Call, Faq, Flow, Handoff, Start
from flows.language.grammar.talk_files import TalkTest
from flows.language.loader import Folder
from flows.language.nodes import Items, Node, Scalar, Table
from flows.language.problems import Problems, did_you_mean
from flows.language.sayings.saying import Saying, saying

FEWEST_VARIANTS = 3


def check_flow(flow: Flow, folder: Folder, problems: Problems) -> None:
    """Ids, gotos, flows, queues, calendars, FAQ files, tags, fields, names to notify."""
    _ids(flow, problems)
    _gotos(flow, problems)
    for called in _calls(flow):
        if called.text == flow.id.text:
            problems.add("F041", called.place, "calls_itself")
    calendars = [flow.calendar] if flow.calendar is not None else []
    _must_exist((*_calls(flow), *_begun(flow)), saying("a.flow"), folder.known_flows, problems)
    _must_exist(_segments(flow), saying("a.segment"), folder.known_segments, problems)
    _must_exist(_links(flow), saying("a.link"), folder.known_links, problems)
    _must_exist(calendars, saying("a.calendar"), folder.known_calendars, problems)
    _must_exist(_faq_files(flow), saying("a.faq"), folder.known_faqs, problems)
    if folder.queues is not None:
        _must_exist(_queues(flow), saying("a.queue"), folder.queues.names, problems)
        _notices(flow, folder.queues, problems)
    if folder.tags is not None:
        _tags(flow, [tag.name.text for tag in folder.tags], problems)


def check_folder(folder: Folder, problems: Problems) -> None:
    """Loops of calls; FAQ variants; tags of FAQ answers and segments; calendars of queues; flows
    that tests name."""
    _call_loops(folder, problems)
    for faq in folder.faqs.values():
        for entry in faq.entries:
            if len(entry.ask) < FEWEST_VARIANTS:
                problems.add(
                    "W215",
                    entry.id.place,
                    "few_ways_to_ask",
                    id=entry.id.text,
                    count=len(entry.ask),
                )
    _faq_ids(folder, problems)
    _segment_names(folder, problems)
    if folder.queues is not None:
        hours = folder.queues.hours.values()
        _must_exist(hours, saying("a.calendar"), folder.known_calendars, problems)
    if folder.tags is not None:
        _house_tags(folder, [tag.name.text for tag in folder.tags], problems)
    for test in folder.tests.values():
        _must_exist(_flows_of_test(test), saying("a.flow"), folder.known_flows, problems)


def _flows_of_test(test: TalkTest) -> Iterator[Scalar]:
    yield test.flow
    for line in (line for case in test.cases for line in case.talk):
        found: list[Node | None] = [line.value] if line.kind in {"start", "schedule"} else []
        if line.kind == "expect" and isinstance(line.value, Table):
            found = [line.value.get(key) for key in ("flow", "started", "not_started")]
        for node in found:
            nodes = node.items if isinstance(node, Items) else (node,)
            yield from (name for name in nodes if isinstance(name, Scalar))


def _ids(flow: Flow, problems: Problems) -> None:
    seen: set[str] = set()
    for name in [flow.id, *(step.id for step in flow.steps if step.id is not None)]:
        if not ID.fullmatch(name.text):
            problems.add(
                "F012",
                name.place,
                "bad_id",
                name=name.text,
            )
    for step in flow.steps:
        if step.id is None:
            continue
        if step.id.text in seen:
            problems.add(
                "F011",
                step.id.place,
                "id_twice",
                id=step.id.text,
            )
        seen.add(step.id.text)


def _gotos(flow: Flow, problems: Problems) -> None:
    """From inside a `repeat` one may leave it; nobody may come into it but by its beginning."""
    own = (way.goto for way in flow_ways(flow))
    _check_gotos(own, (), flow, problems)
    for step in flow.steps:
        found = [way.goto for way in ways_of(step)]
        found += [step.goto, step.max_visits.goto if step.max_visits is not None else None]
        _check_gotos(found, step.within, flow, problems)
    moved = (new for migration in flow.migrate for _, new in migration.moves)
    steps = (new for new in moved if new.text not in MOVE_WORDS)
    _check_gotos(steps, (), flow, problems)


def _check_gotos(
    gotos: Iterable[Scalar | None], within: tuple[str, ...], flow: Flow, problems: Problems
) -> None:
    ids = {step.id.text: step for step in flow.steps if step.id is not None}
    open_ids = {id_ for id_, step in ids.items() if within[: len(step.within)] == step.within}
    for goto in gotos:
        if goto is not None and goto.text in ids and goto.text not in open_ids:
            problems.add(
                "F020",
                goto.place,
                "inside_repeat",
                name=goto.text,
            )
        elif goto is not None and goto.text not in flow.lost_ids | ids.keys():
            _unknown(goto, saying("a.step"), open_ids, problems)


def _calls(flow: Flow) -> list[Scalar]:
    found = [way.call for way in all_ways(flow) if way.call is not None]
    return found + [step.body.flow for step in flow.steps if isinstance(step.body, Call)]


def _begun(flow: Flow) -> list[Scalar]:
    return [step.body.flow for step in flow.steps if isinstance(step.body, Start)]


def _segments(flow: Flow) -> list[Scalar]:
    found = [name for when in all_conditions(flow) for name in when.segments]
    return found + [trigger.segment for trigger in flow.triggers if trigger.segment is not None]


def _links(flow: Flow) -> list[Scalar]:
    clicks = [trigger for trigger in all_triggers(flow) if trigger.kind == "url_click"]
    return [link for trigger in clicks for link in trigger.texts]


def _queues(flow: Flow) -> list[Scalar]:
    found: list[Scalar | None] = []
    for step in flow.steps:
        match step.body:
            case Handoff():
                found.append(step.body.to)
            case Faq():
                found.append(step.body.unknown_queue)
            case Ask():
                give_up = step.body.give_up
                found.append(give_up.handoff if give_up is not None else None)
    return [queue for queue in found if queue is not None]


def _faq_files(flow: Flow) -> list[Scalar]:
    return [f for step in flow.steps if isinstance(step.body, Faq) for f in step.body.files]


def _tags(flow: Flow, known: Sequence[str], problems: Problems) -> None:
    found = [tag for effects in all_effects(flow) for tag in (*effects.tag, *effects.untag)]
    found += [tag for when in all_conditions(flow) for tag in when.tags]
    put_on = [trigger for trigger in all_triggers(flow) if trigger.kind == "tag_added"]
    found += [tag for trigger in put_on for tag in trigger.texts]
    for tag in found:
        _declared(tag, known, saying("a.tag"), "tags.yaml", problems)


def _faq_ids(folder: Folder, problems: Problems) -> None:
    """One name, one answer, in all FAQ files together."""
    seen: set[str] = set()
    for _, faq in sorted(folder.faqs.items(), key=lambda item: item[1].place.file):
        for entry in faq.entries:
            if entry.id.text in seen:
                problems.add(
                    "F011",
                    entry.id.place,
                    "entry_twice",
                    id=entry.id.text,
                )
            seen.add(entry.id.text)


def _house_tags(folder: Folder, known: Sequence[str], problems: Problems) -> None:
    entries = [entry for faq in folder.faqs.values() for entry in faq.entries]
    found = [entry.tag for entry in entries if entry.tag is not None]
    found += [tag for segment in folder.segments.values() for tag in segment.when.tags]
    for tag in found:
        _declared(tag, known, saying("a.tag"), "tags.yaml", problems)


def _notices(flow: Flow, queues: Queues, problems: Problems) -> None:
    for effects in all_effects(flow):
        for notice in effects.notify:
            known = (*queues.notify, *queues.names)
            _declared(notice.to, known, saying("a.notice"), "queues.yaml", problems)


def _segment_names(folder: Folder, problems: Problems) -> None:
    """Segments that segments name: they must exist, and none may come back to itself."""
    named = {id_: segment.when.segments for id_, segment in folder.segments.items()}
    for id_, names in named.items():
        _must_exist(names, saying("a.segment"), folder.known_segments, problems)
        for name in names:
            if _reaches(named, name.text, id_):
                problems.add(
                    "F041",
                    name.place,
                    "segments_in_circle",
                    id=id_,
                )


def _must_exist(
    names: Iterable[Scalar], what: Saying, known: Collection[str] | None, problems: Problems
) -> None:
    for name in names:
        if known is not None and name.text not in known:
            _unknown(name, what, known, problems)


def _declared(
    name: Scalar, known: Iterable[str], what: Saying, file: str, problems: Problems
) -> None:
    if name.text not in set(known):
        problems.add(
            "F060",
            name.place,
            "not_declared",
            did_you_mean(name.text, known),
            what=what,
            name=name.text,
            file=file,
            key="notify" if file == "queues.yaml" else "tags",
        )


def _unknown(name: Scalar, what: Saying, known: Iterable[str], problems: Problems) -> None:
    names = sorted(known)
    problems.add(
        "F020",
        name.place,
        "no_such",
        did_you_mean(name.text, names),
        what=what,
        name=name.text,
        known=tuple(names) or saying("none"),
    )


def _call_loops(folder: Folder, problems: Problems) -> None:
    calls = {id_: _calls(flow) for id_, flow in folder.flows.items()}
    for id_, called in calls.items():
        for call in called:
            if call.text != id_ and _reaches(calls, call.text, id_):
                problems.add(
                    "F041",
                    call.place,
                    "calls_in_circle",
                    one=id_,
                    other=call.text,
                )


def _reaches(calls: Mapping[str, Sequence[Scalar]], start: str, goal: str) -> bool:
    seen, waiting = set(), [start]
    while waiting:
        id_ = waiting.pop()
        if id_ == goal:
            return True
        if id_ not in seen:
            seen.add(id_)
            waiting.extend(call.text for call in calls.get(id_, ()))
    return False
