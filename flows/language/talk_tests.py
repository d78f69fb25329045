"""Conversations as tests: each case is a talk with a new friend, under a virtual clock.

A case stops at its first failing `expect`; all failing keys of that one are told.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from flows.language.book import Book, book_of
from flows.language.cannot import CannotDo, why_of
from flows.language.covered import Coverage, coverage_of
from flows.language.durations import parse_duration
from flows.language.events import (
    CameBy,
    Clicked,
    Followed,
    Happened,
    Said,
    Scheduled,
    Sent,
    StartedByHand,
    Tagged,
    Tapped,
)
from flows.language.grammar.talk_files import Case, Line
from flows.language.loader import Folder
from flows.language.nodes import Node, Scalar, Table
from flows.language.problems import Problem
from flows.language.sayings.saying import Saying, saying
from flows.language.talk_checks import check_expect
from flows.language.talk_results import Failure, Report, Result
from flows.language.talk_seen import Seen
from flows.language.talk_world import PaperFriend
from flows.language.turning import Move


def run_tests(
    folder: Folder, problems: Sequence[Problem], only: frozenset[str] | None = None
) -> Report:
    """Run the test files of a folder (or of `only`), with what its checker found."""
    errors = [problem for problem in problems if problem.severity == "E"]
    broken = {problem.file for problem in errors}
    book = book_of(folder)
    results: list[Result] = []
    moves: set[Move] = set()
    for file, test in sorted(folder.tests.items()):
        if only is not None and file not in only:
            continue
        flow = folder.flows.get(test.flow.text)
        is_broken = file in broken or flow is None or flow.place.file in broken
        for case in test.cases:
            failures = () if is_broken else run_case(book, test.flow.text, case, moves)
            results.append(
                Result(
                    file,
                    test.flow.text,
                    case.name,
                    case.place.line,
                    not failures and not is_broken,
                    failures,
                )
            )
    return Report(tuple(results), tuple(errors), _covered(folder, moves, results, only))


def _covered(
    folder: Folder, moves: set[Move], results: list[Result], only: frozenset[str] | None
) -> tuple[Coverage, ...]:
    """Of every flow; where only some files are run, of the flows that they test."""
    tested = {result.test for result in results}
    found = coverage_of(folder, moves)
    return tuple(each for each in found if only is None or each.flow in tested)


def run_case(book: Book, flow_id: str, case: Case, moves: set[Move]) -> tuple[Failure, ...]:
    """One talk; the failures of its first failing `expect`. What it took goes into `moves`."""
    friend = PaperFriend(book, case.given)
    try:
        return _run_lines(friend, flow_id, case)
    finally:
        moves.update(friend.moves)


def _run_lines(friend: PaperFriend, flow_id: str, case: Case) -> tuple[Failure, ...]:
    for line in case.talk:
        if line.kind == "expect":
            failures = _expect(friend, flow_id, line)
            if failures:
                return failures
            continue
        try:
            do_line(friend, line.kind, line.value)
        except (CannotDo, RecursionError) as error:
            return (_failure(line, why_of(error)),)
    return ()


def do_line(friend: PaperFriend, kind: str, value: Node) -> None:
    """Do one line of a talk that is not an `expect`. Raises CannotDo."""
    friend.seen = Seen()
    _TALK[kind](friend, value)


def _expect(friend: PaperFriend, flow_id: str, line: Line) -> tuple[Failure, ...]:
    found = []
    if isinstance(line.value, Table):
        of = line.value.get("flow")
        about = of.text if isinstance(of, Scalar) else flow_id
        for entry in line.value.entries:
            wrong = check_expect(friend, about, entry.key.text, entry.value)
            if wrong is not None:
                expected, actual = wrong
                key, place = entry.key.text, entry.key.place
                told = saying("expected", key=key, expected=expected, actual=actual)
                found.append(Failure(place.line, place.column, key, expected, actual, told))
    return tuple(found)


def _failure(line: Line, about: Saying) -> Failure:
    return Failure(line.place.line, line.place.column, line.kind, "", "", about)


def _text(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else ""


def _user(friend: PaperFriend, node: Node) -> None:
    friend.happens(Said(_text(node)))


def _tap(friend: PaperFriend, node: Node) -> None:
    label = _text(node)
    offered = {option.label: option.data for option in friend.offered()}
    if label not in offered:
        raise CannotDo("not_offered", label=label, offered=tuple(offered))
    friend.happens(Tapped(offered[label]))


def _tap_old(friend: PaperFriend, node: Node) -> None:
    step, label = (_text(_get(node, key)) for key in ("step", "label"))
    data = friend.old_button(step, label)
    if not data:
        raise CannotDo("not_offered_then", step=step, label=label)
    friend.happens(Tapped(data))


def _pick(friend: PaperFriend, node: Node) -> None:
    picker = friend.picker()
    if picker is None or not isinstance(node, Table):
        raise CannotDo("no_picker")
    picked = {entry.key.text: _text(entry.value).replace(" ", "T") for entry in node.entries}
    if picker.kind not in picked:
        raise CannotDo("other_picker", kind=picker.kind)
    friend.happens(Tapped(picker.data, picked))


def _send(friend: PaperFriend, node: Node) -> None:
    friend.happens(Sent(_text(node), f"sample-{_text(node)}"))


def _event(friend: PaperFriend, node: Node) -> None:
    if isinstance(node, Table):
        data = {e.key.text: _text(e.value) for e in node.entries if e.key.text != "name"}
        friend.happens(Happened(_text(_get(node, "name")), data))
    elif _text(node) == "follow":
        friend.happens(Followed())
    else:
        friend.happens(Happened(_text(node)))


def _postback(friend: PaperFriend, node: Node) -> None:
    friend.happens(Tapped(_text(node)))


def _tag(friend: PaperFriend, node: Node) -> None:
    is_new = _text(node) not in friend.tags
    friend.tags.add(_text(node))
    if is_new:
        friend.happens(Tagged(_text(node)))


def _untag(friend: PaperFriend, node: Node) -> None:
    friend.tags.discard(_text(node))


def _set(friend: PaperFriend, node: Node) -> None:
    if isinstance(node, Table):
        for entry in node.entries:
            friend.fields[entry.key.text.removeprefix("field.")] = _text(entry.value)


def _start(friend: PaperFriend, node: Node) -> None:
    friend.happens(StartedByHand(_text(node)))


def _click(friend: PaperFriend, node: Node) -> None:
    friend.happens(Clicked(_text(node)))


def _qr(friend: PaperFriend, node: Node) -> None:
    friend.happens(CameBy(_text(node)))


def _schedule(friend: PaperFriend, node: Node) -> None:
    version = friend.book.head(_text(node))
    kinds = [trigger.kind for trigger in version.flow.triggers] if version is not None else []
    if "schedule" not in kinds:
        raise CannotDo("not_scheduled", flow=_text(node))
    friend.happens(Scheduled(_text(node)))


def _operator(friend: PaperFriend, node: Node) -> None:
    if isinstance(node, Table):
        friend.person_writes()
    elif _text(node) == "take":
        friend.person_takes()
    elif _text(node) == "return":
        friend.person_returns()
    else:
        friend.person_is_done()


def _wait(friend: PaperFriend, node: Node) -> None:
    if isinstance(node, Table):
        friend.wait_until(friend.moment(_text(_get(node, "until"))))
    else:
        friend.wait_until(friend.now + (parse_duration(_text(node)) or timedelta()))


def _get(node: Node, key: str) -> Node:
    found = node.get(key) if isinstance(node, Table) else None
    if found is None:
        raise CannotDo("lacks", key=key)
    return found


_TALK: Mapping[str, Callable[[PaperFriend, Node], None]] = {
    "user": _user,
    "tap": _tap,
    "tap_old": _tap_old,
    "pick": _pick,
    "send": _send,
    "event": _event,
    "postback": _postback,
    "tag": _tag,
    "untag": _untag,
    "set": _set,
    "start": _start,
    "operator": _operator,
    "wait": _wait,
    "click": _click,
    "qr": _qr,
    "schedule": _schedule,
}
