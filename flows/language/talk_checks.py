"""What a test may expect of a talk, key by key."""

from collections.abc import Callable, Mapping, Sequence

from flows.language.cards import words_on
from flows.language.conditions import Missing, passes
from flows.language.effects import Bubble
from flows.language.grammar.conditions import parse_comparison
from flows.language.nodes import Items, Node, Scalar
from flows.language.run import Frame, Run
from flows.language.sayings.saying import Param, Saying, saying
from flows.language.talk_world import PaperFriend
from flows.language.templates import show
from flows.language.words import Value

NONE = "none"
Wrong = tuple[Param, Param] | None  # expected and actual, for people
MOMENT = "%Y-%m-%d %H:%M"


def check_expect(friend: PaperFriend, flow_id: str, key: str, node: Node) -> Wrong:
    """None when the key holds."""
    kind, _, name = key.partition(".")
    if kind in {"answer", "field", "var", "visits"}:
        return _value(friend, flow_id, kind, name, node)
    check = _CHECKS.get(key)
    if check is not None:
        return check(friend, node)
    return _CHECKS_OF_RUN[key](friend, flow_id, node) if key in _CHECKS_OF_RUN else None


def texts(node: Node) -> list[str]:
    """One text, or a list of them."""
    items = node.items if isinstance(node, Items) else (node,)
    return [item.text for item in items if isinstance(item, Scalar)]


def words_of(bubble: Bubble) -> str:
    """Everything that can be read in a bubble: of a card also the texts and buttons on it."""
    return "\n".join([bubble.text, *words_on(bubble.flex)]) if bubble.flex else bubble.text


def _said(friend: PaperFriend, node: Node) -> Wrong:
    bubbles = [words_of(bubble) for bubble in friend.seen.bubbles]
    start = 0
    for part in texts(node):
        found = next((n for n in range(start, len(bubbles)) if part in bubbles[n]), None)
        if found is None:
            return part, _listed(bubbles)
        start = found
    return None


def _messages(friend: PaperFriend, node: Node) -> Wrong:
    bubbles, parts = [words_of(bubble) for bubble in friend.seen.bubbles], texts(node)
    is_same = len(bubbles) == len(parts) and all(
        part in bubble for part, bubble in zip(parts, bubbles, strict=True)
    )
    return None if is_same else (_listed(parts), _listed(bubbles))


def _not_said(friend: PaperFriend, node: Node) -> Wrong:
    for part in texts(node):
        said = (words_of(bubble) for bubble in friend.seen.bubbles)
        bubble = next((words for words in said if part in words), None)
        if bubble is not None:
            return saying("not_saying", text=part), bubble
    return None


def _sent_count(friend: PaperFriend, node: Node) -> Wrong:
    return _same(texts(node)[0], str(len(friend.seen.bubbles)))


def _quick_replies(friend: PaperFriend, node: Node) -> Wrong:
    return _same(_listed(texts(node)), _listed([option.label for option in friend.offered()]))


def _tags(friend: PaperFriend, node: Node) -> Wrong:
    return _same(_listed(sorted(texts(node))), _listed(sorted(friend.tags)))


def _has_tags(friend: PaperFriend, node: Node) -> Wrong:
    lacking = [tag for tag in texts(node) if tag not in friend.tags]
    return (_listed(lacking), _listed(sorted(friend.tags))) if lacking else None


def _not_tags(friend: PaperFriend, node: Node) -> Wrong:
    found = [tag for tag in texts(node) if tag in friend.tags]
    return (
        (saying("without_tags", tags=_listed(found)), _listed(sorted(friend.tags)))
        if found
        else None
    )


def _name(friend: PaperFriend, node: Node) -> Wrong:
    return _compare(friend, texts(node), friend.name)


def _handoff(friend: PaperFriend, node: Node) -> Wrong:
    is_with_people = friend.people != "free"
    return _same(texts(node)[0], (friend.queue or NONE) if is_with_people else NONE)


def _note(friend: PaperFriend, node: Node) -> Wrong:
    part = texts(node)[0]
    return None if part in friend.note else (part, friend.note)


def _notified(friend: PaperFriend, node: Node) -> Wrong:
    lacking = [name for name in texts(node) if name not in friend.seen.notified]
    return (_listed(lacking), _listed(friend.seen.notified)) if lacking else None


def _started(friend: PaperFriend, node: Node) -> Wrong:
    lacking = [flow for flow in texts(node) if flow not in friend.seen.started]
    return (_listed(lacking), _listed(friend.seen.started)) if lacking else None


def _not_started(friend: PaperFriend, node: Node) -> Wrong:
    found = [flow for flow in texts(node) if flow in friend.seen.started]
    return (saying("not_starting", flows=_listed(found)), _listed(found)) if found else None


def _unhandled(friend: PaperFriend, node: Node) -> Wrong:
    return _same_answer(node, is_so=friend.seen.is_unhandled)


def _ask(friend: PaperFriend, flow_id: str, node: Node) -> Wrong:
    run, frame = _of(friend, flow_id)
    is_open = run is not None and run.has_question and frame is not None
    state = frame.state if frame is not None and is_open else NONE
    asked = state if state in friend.seen.asked else NONE
    return _same(texts(node)[0], asked)


def _state(friend: PaperFriend, flow_id: str, node: Node) -> Wrong:
    run, frame = _of(friend, flow_id)
    is_live = run is not None and run.status != "ended" and frame is not None
    return _same(texts(node)[0], (frame.state if frame is not None and is_live else "") or NONE)


def _ended(friend: PaperFriend, flow_id: str, node: Node) -> Wrong:
    run, _ = _of(friend, flow_id)
    return _same(texts(node)[0], (run.end if run is not None else None) or NONE)


def _paused(friend: PaperFriend, flow_id: str, node: Node) -> Wrong:
    run, _ = _of(friend, flow_id)
    return _same_answer(node, is_so=run is not None and run.status == "parked")


def _retries(friend: PaperFriend, flow_id: str, node: Node) -> Wrong:
    _, frame = _of(friend, flow_id)
    return _same(texts(node)[0], str(frame.wrong) if frame is not None else NONE)


def _timers(friend: PaperFriend, flow_id: str, node: Node) -> Wrong:
    run, _ = _of(friend, flow_id)
    calendar = friend.book.house.calendar(None)
    moments = [
        calendar.local(timer.at).strftime(MOMENT)
        for timer in sorted(run.timers if run is not None else (), key=lambda t: t.at)
        if timer.name != "expiry"
    ]
    return _same(_listed(texts(node)), _listed(moments))


def _value(friend: PaperFriend, flow_id: str, kind: str, name: str, node: Node) -> Wrong:
    _, frame = _of(friend, flow_id)
    value: Value | Missing
    if kind == "field":
        value = friend.fields.get(name)
    elif kind == "visits":
        value = frame.visits.get(name, 0) if frame is not None else 0
    elif kind == "var":
        value = _var(friend, frame, name) if frame is not None else None
    else:
        value = frame.answers.get(name, Missing("not_asked")) if frame else None
    return _compare(friend, texts(node), value)


def _var(friend: PaperFriend, frame: Frame, name: str) -> Value:
    first = friend.book.version(frame.hash).flow.first_value(name)
    return frame.vars.get(name, first)


def _compare(friend: PaperFriend, expected: Sequence[str], value: Value | Missing) -> Wrong:
    now = friend.book.house.calendar(None).local(friend.now)
    tests = [parse_comparison(text) for text in expected]
    if any(test is not None and passes(test, value, now) for test in tests):
        return None
    return _listed(expected), value.status if isinstance(value, Missing) else show(value)


def _of(friend: PaperFriend, flow_id: str) -> tuple[Run | None, Frame | None]:
    run = friend.live(flow_id)
    if run is None:
        return None, None
    frames = [frame for frame in run.frames if frame.flow == flow_id]
    return run, frames[-1] if frames else None


def _same_answer(node: Node, *, is_so: bool) -> Wrong:
    expected, actual = texts(node)[0].casefold() in {"yes", "true", "on"}, is_so
    return _same("yes" if expected else "no", "yes" if actual else "no")


def _same(expected: Param, actual: Param) -> Wrong:
    return None if expected == actual else (expected, actual)


def _listed(items: Sequence[str]) -> Saying:
    return saying("listed", items=tuple(items))


_CHECKS: Mapping[str, Callable[[PaperFriend, Node], Wrong]] = {
    "say": _said,
    "said": _said,
    "messages": _messages,
    "not_said": _not_said,
    "sent_count": _sent_count,
    "quick_replies": _quick_replies,
    "tags": _tags,
    "has_tags": _has_tags,
    "not_tags": _not_tags,
    "name": _name,
    "handoff": _handoff,
    "note": _note,
    "notified": _notified,
    "started": _started,
    "not_started": _not_started,
    "unhandled": _unhandled,
}
_CHECKS_OF_RUN: Mapping[str, Callable[[PaperFriend, str, Node], Wrong]] = {
    "ask": _ask,
    "state": _state,
    "ended": _ended,
    "paused": _paused,
    "retries": _retries,
    "timers": _timers,
}
