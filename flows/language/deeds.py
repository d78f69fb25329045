"""What is done on the way: tags, fields, notices, texts; how a run ends. Decided as effects."""

from flows.language.cards import contents_of
from flows.language.conditions import Missing
from flows.language.effects import (
    AskPerson,
    Bubble,
    Notify,
    PutTag,
    Reason,
    SetField,
    ShowTrouble,
    TakeTag,
)
from flows.language.effects import Say as SayEffect
from flows.language.grammar.parts import Effects, WayOut, Words
from flows.language.sayings import catalogue
from flows.language.sayings.saying import Saying
from flows.language.templates import as_number, show
from flows.language.turning import Walk
from flows.language.words import Value
from flows.language.world import View


def do_way(walk: Walk, out: WayOut, answer: str | None = None) -> None:
    """The effects and texts of a way out."""
    do_effects(walk, out.effects, answer)
    say(walk, out.say)


def do_effects(walk: Walk, effects: Effects, answer: str | None = None) -> None:
    """tag, untag, set, add, notify: always in this order."""
    turning, run_id = walk.turning, walk.run.id
    reason = Reason(walk.frame.flow, walk.frame.hash, walk.frame.state, answer)
    for tag in effects.tag:
        turning.customer.tags.add(tag.text)
        turning.effects.append(PutTag(tag.text, reason, run_id))
    for tag in effects.untag:
        turning.customer.tags.discard(tag.text)
        turning.effects.append(TakeTag(tag.text, reason, run_id))
    for setting in effects.set:
        value = _setting_value(walk, setting.word, setting.value)
        set_path(walk, setting.path.text, value, answer)
    for adding in effects.add:
        before = walk.view().value(adding.path.text)
        number = None if isinstance(before, Missing) else as_number(before)
        set_path(walk, adding.path.text, (number or 0) + adding.number, answer)
    for notice in effects.notify:
        text = walk.view().show(notice.text.template) if notice.text is not None else ""
        turning.effects.append(Notify(notice.to.text, text, run_id))


def set_path(walk: Walk, path: str, value: Value, answer: str | None = None) -> None:
    """Write `field.X` or `var.X`; the empty text clears it."""
    kind, _, key = path.partition(".")
    stored = value if show(value) else None
    if kind == "var":
        walk.frame.vars[key] = stored
        return
    walk.turning.customer.fields[key] = stored
    reason = Reason(walk.frame.flow, walk.frame.hash, walk.frame.state, answer)
    walk.turning.effects.append(SetField(key, stored, reason, walk.run.id))


def say(walk: Walk, texts: tuple[Words, ...]) -> None:
    """Send texts, one bubble each; an empty text sends nothing."""
    send(walk, *(bubble_of(walk.view(), words) for words in texts))


def bubble_of(view: View, words: Words) -> Bubble:
    """A text, a picture, or a card, as it is sent."""
    text = view.show(words.template)
    if words.flex is not None:
        return Bubble(text or words.flex.id.text, flex=contents_of(words.flex, view.show))
    return Bubble(text, is_image=words.is_image)


def send(walk: Walk, *bubbles: Bubble) -> None:
    """Send bubbles, in order."""
    spoken = tuple(bubble for bubble in bubbles if bubble.text)
    if spoken:
        frame = walk.frame
        is_on_page = walk.turning.on_page == walk.run.id
        say_them = SayEffect(walk.run.id, frame.flow, frame.state, spoken, is_on_page)
        walk.turning.effects.append(say_them)


def status_of_answer(walk: Walk, status: str) -> None:
    """Store how the answer came to be empty."""
    walk.frame.answers[walk.frame.state] = Missing(status)


def end_run(walk: Walk, end: str) -> None:
    """The run is over."""
    walk.over(0, end)
    walk.run.status, walk.run.end = "ended", end
    walk.run.timers, walk.run.held, walk.run.held_at = (), "", None


def fail(walk: Walk, about: Saying) -> None:
    """The run cannot go on: it ends as `error`, staff see why, and a person is asked for."""
    end_run(walk, "error")
    ask_staff(walk, about)


def ask_staff(walk: Walk, about: Saying) -> None:
    """Show staff what is wrong with a run, and ask for a person where nobody is there."""
    queue = walk.turning.book.house.queues.default
    text = catalogue.say(about)
    walk.turning.effects.append(ShowTrouble(walk.run.id, text, about))
    if walk.turning.people == "free":
        frame = walk.frame
        walk.turning.effects.append(
            AskPerson(walk.run.id, frame.flow, frame.state, queue, text, "trouble", ())
        )
        walk.turning.people, walk.turning.asking_run = "asked", walk.run.id


def _setting_value(walk: Walk, word: str, words: Words) -> Value:
    view = walk.view()
    match word:
        case "today":
            return view.now.date().isoformat()
        case "now":
            return view.now.strftime(MOMENT)
        case "empty":
            return None
        case _:
            return view.show(words.template)


MOMENT = "%Y-%m-%dT%H:%M"
