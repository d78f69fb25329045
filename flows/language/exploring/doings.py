"""Everything that can happen next to a friend where their runs stand, bounded and in order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from flows.language.book import Book
from flows.language.checks.domains import of_new_answer
from flows.language.checks.probes import OTHER_TEXT, probes
from flows.language.conditions import Comparison, Missing
from flows.language.events import CameBy, Clicked, Event, Happened, Said, Sent, Tagged, Tapped
from flows.language.exploring.pattern_samples import sample_of
from flows.language.exploring.telling import Telling
from flows.language.faq.matcher import Unsure
from flows.language.grammar.parts import Trigger
from flows.language.grammar.shapes import Ask, Faq, Flow, Step, Switch, WaitFor
from flows.language.questions import between, by_type, done_label
from flows.language.run import Run
from flows.language.sayings.saying import Saying, saying
from flows.language.talk_world import PaperFriend
from flows.language.templates import show
from flows.language.words import Context, Facts
from flows.language.world import Customer, View

STRANGE = f"あれこれ{OTHER_TEXT}"  # fits no label, no type and no entry of the FAQ
VAGUE = "のことで行けますか"  # after a part of a question: what is meant is unclear
HALF_A_DAY = timedelta(hours=12)
MOST_SAMPLES = 12
MOST_PROBES = 8
MOST_MOMENTS = 2
MOST_ASKS = 40
MOMENT = "%Y-%m-%dT%H:%M"
SAMPLES = {
    "text": (
        *("見本", "みほん", "ミホン", "abc", "A1", "AB-123", "見本の長い文です。" * 3),
        *("1234567890123"[:length] for length in range(1, 14)),
    ),
    "number": ("1", "0", "10", "100", "-1", "1.5"),
    "phone": ("090-1234-5678",),
    "email": ("sample@example.com",),
    "postcode": ("150-0001",),
    "yesno": ("はい", "いいえ"),
}


@dataclass(frozen=True, slots=True)
class Doing:
    """One thing that may happen. is_built_in: only the language's own 30 days."""

    label: Saying
    do: Callable[[PaperFriend], None]
    is_built_in: bool = False


def doings(telling: Telling, friend: PaperFriend, flow_id: str) -> Iterator[Doing]:
    """What the friend, the staff and the clock can do now; of other flows, only what ends them."""
    for run in friend.runs:
        if run.status == "going":
            is_of_flow = any(frame.flow == flow_id for frame in run.frames)
            found = _of_run(telling, friend, run)
            yield from found if is_of_flow else islice(found, 1)
    if friend.people != "free":
        yield Doing(saying("do.help"), _help)
    yield from _passing(friend)
    if telling.asks_hours:
        later = _other_hours(friend)
        yield Doing(saying("do.other_hours"), lambda other: other.wait_until(later))


def sample_texts(book: Book, flow: Flow) -> Iterator[str]:
    """Texts that a flow's `switch: message` and `faq` tell apart, and one that nothing knows."""
    for step in flow.steps:
        if isinstance(step.body, Switch):
            yield from (case.words[0].text for case in step.body.cases if case.words)
        elif isinstance(step.body, Faq):
            yield from _faq_texts(book, step.body)
    yield STRANGE


def sample_answers(telling: Telling, view: View, step: Step, ask: Ask) -> list[str]:
    """Texts worth typing: at the edges of what is asked for, and what conditions tell apart."""
    tests = list(telling.tests.get(f"answer.{step.name}", ()))
    if ask.save is not None:
        tests += telling.tests.get(ask.save.text, ())
    probed = [*_probed(ask, tests)][:MOST_PROBES]
    pattern = [sample_of(ask.bounds.pattern.text)] if ask.bounds.pattern is not None else []
    found = [*pattern, *SAMPLES.get(ask.type, ()), *probed, *_moments(view, ask)]
    return list(dict.fromkeys(found))


def is_answered_by(view: View, ask: Ask, text: str) -> bool:
    """Whether a text would be accepted."""
    understood = by_type(view, ask, text)
    return understood is not None and understood.way != "wrong"


def view_of(friend: PaperFriend, run: Run) -> View:
    """What the innermost frame of a run can see now."""
    facts = Facts(friend.name, frozenset(friend.tags), friend.fields)
    context = Context(now=friend.now, turn_id="", facts=facts)
    version = friend.book.version(run.top.hash)
    return View(friend.book, context, Customer(context), run, run.top, version)


def _other_hours(friend: PaperFriend) -> datetime:
    """The next opening; while it is open, half a day later."""
    calendar = friend.book.house.calendar(None)
    opening = None if calendar.is_open(friend.now) else calendar.next_open(friend.now)
    return opening if opening is not None else friend.now + HALF_A_DAY


def _of_run(telling: Telling, friend: PaperFriend, run: Run) -> Iterator[Doing]:
    version = friend.book.version(run.top.hash)
    step = version.steps[run.top.state]
    if run.has_question and friend.people == "free":
        yield from _taps(friend)
        if isinstance(step.body, Ask):
            yield from _answers(telling, view_of(friend, run), step, step.body)
        else:
            yield _event(saying("quoted", text="…"), Said(STRANGE))
        yield _event(saying("do.sticker"), Sent("sticker", "sample"))
        yield from _cancels(friend.book, run)
    elif run.top.phase == "wait_for" and isinstance(step.body, WaitFor):
        yield from _awaited(step.body.trigger)


def _taps(friend: PaperFriend) -> Iterator[Doing]:
    for option in friend.offered():
        yield _event(saying("do.tap", label=option.label), Tapped(option.data))


def _answers(telling: Telling, view: View, step: Step, ask: Ask) -> Iterator[Doing]:
    if ask.type == "multi":
        yield from _several(ask)
    elif ask.type in {"image", "location"}:
        yield _event(saying("do.send"), Sent(ask.type, "sample"))
    else:
        texts = sample_answers(telling, view, step, ask)
        good = [text for text in texts if is_answered_by(view, ask, text)]
        bad = [text for text in texts if text not in good]
        yield from (
            _event(saying("quoted", text=t), Said(t)) for t in (*good[:MOST_SAMPLES], *bad[:1])
        )
    yield _event(saying("quoted", text=STRANGE), Said(STRANGE))
    if ask.type == "text" or ask.other is not None or ask.any_answer is not None:
        known = telling.texts.get(view.frame.flow, ())
        yield from (
            _event(saying("quoted", text=text), Said(text)) for text in known if text != STRANGE
        )


def _several(ask: Ask) -> Iterator[Doing]:
    done = done_label(ask)
    labels = [choice.label.text for choice in ask.choices]
    for label in labels:
        yield Doing(saying("do.choose", label=label, done=done), _say_all(label, done))
    for size in dict.fromkeys((ask.min, ask.max or len(labels))):
        yield Doing(saying("do.choose_some", count=size, done=done), _say_all(*labels[:size], done))


def _cancels(book: Book, run: Run) -> Iterator[Doing]:
    for frame in run.frames:
        words = book.version(frame.hash).flow.cancel_words
        if words:
            yield _typed(words[0].text)


def _awaited(trigger: Trigger) -> Iterator[Doing]:
    first = trigger.texts[0].text if trigger.texts else STRANGE
    events: dict[str, Event] = {
        "postback": Tapped(first),
        "event": Happened(first),
        "url_click": Clicked(first),
        "qr": CameBy(first),
    }
    if trigger.kind == "tag_added":
        yield Doing(saying("do.tag", tag=first), lambda friend: put_tag(friend, first))
    else:
        yield _event(saying("quoted", text=first), events.get(trigger.kind, Said(first)))


def _passing(friend: PaperFriend) -> Iterator[Doing]:
    """Time until something becomes due by itself."""
    moment = friend.next_moment()
    if moment is None:
        return
    due = [timer.name for run in friend.runs for timer in run.timers if timer.at == moment]
    local = friend.book.house.calendar(None).local(moment)
    built_in = bool(due) and all(name == "expiry" for name in due)
    until = moment
    label = saying("do.wait", until=f"{local:%m-%d %H:%M}")
    yield Doing(label, lambda other: other.wait_until(until), is_built_in=built_in)


def put_tag(friend: PaperFriend, tag: str) -> None:
    """Somebody puts a tag on."""
    friend.tags.add(tag)
    friend.happens(Tagged(tag))


def _help(friend: PaperFriend) -> None:
    if friend.people != "taken":
        friend.person_takes()
    friend.person_is_done()


def _typed(text: str) -> Doing:
    return _event(saying("quoted", text=text), Said(text))


def _event(label: Saying, event: Event) -> Doing:
    return Doing(label, lambda friend: friend.happens(event))


def _say_all(*texts: str) -> Callable[[PaperFriend], None]:
    def do(friend: PaperFriend) -> None:
        for text in texts:
            friend.happens(Said(text))

    return do


def _probed(ask: Ask, tests: list[Comparison]) -> Iterator[str]:
    for value in probes(of_new_answer(ask), tests) or ():
        if value is not None and not isinstance(value, Missing | tuple) and show(value):
            yield show(value)


def _moments(view: View, ask: Ask) -> Iterator[str]:
    """The ends of what may be answered, and the first moment between them that is accepted."""
    if ask.type not in {"date", "time", "datetime"}:
        return
    low, high = between(view, ask) if ask.bounds.between is not None else ("", "")
    tried = _steps_from(view.now, ask.type)
    yield from islice((text for text in tried if is_answered_by(view, ask, text)), MOST_MOMENTS)
    yield from (text for text in (low, high) if text)


def _steps_from(now: datetime, type_: str) -> Iterator[str]:
    """Moments to try, from now on and back: hours of two weeks, days of a century."""
    if type_ == "datetime":
        return ((now + timedelta(hours=n)).strftime(MOMENT) for n in range(0, 14 * 24, 3))
    if type_ == "time":
        return (f"{hour:02d}:00" for hour in range(24))
    days = (0, 1, 2, 7, 14, 30, 60, 365, -1, -30, -365, -20 * 365, -40 * 365)
    return ((now + timedelta(days=n)).strftime("%Y-%m-%d") for n in days)


def _faq_texts(book: Book, faq: Faq) -> Iterator[str]:
    """A question that is answered, and one that is unclear, where there is one."""
    matcher = book.house.matcher(tuple(file.text for file in faq.files))
    files = [file for id_, file in sorted(book.house.faqs.items())]
    asks = [ask.text for file in files for entry in file.entries for ask in entry.ask]
    yield from asks[:1]
    vague = (f"{ask[:n]}{VAGUE}" for n in (2, 3, 1, 4) for ask in asks[:MOST_ASKS])
    yield from islice((text for text in vague if isinstance(matcher.match(text), Unsure)), 1)
