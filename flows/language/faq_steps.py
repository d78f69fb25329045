"""The step `faq`: look a text up, say the answer, offer what may be meant, or pass to a person."""

from flows.language.book import Book
from flows.language.clocks import new_entry, restart_timers
from flows.language.conditions import Missing
from flows.language.deeds import do_effects, do_way, send
from flows.language.effects import Bubble, Judge, LookedUp, Option, Outcome
from flows.language.faq.matcher import Answered, Unsure
from flows.language.faq.nearness import find_nearness, scope_of
from flows.language.grammar.parts import Effects
from flows.language.grammar.shapes import Faq
from flows.language.persons import TO_STAFF, ask_person
from flows.language.templates import show
from flows.language.turning import Walk
from flows.language.typed import count_graphemes
from flows.language.walk import follow

MOST_LOOK_UPS = 2
LABEL_GRAPHEMES = 20
DID_YOU_MEAN = "もしかして、次のことでしょうか?"
ASK_STAFF = "担当者に聞く"


def look_up(walk: Walk, faq: Faq, trigger: str) -> None:
    """Look the text up, and do what the matcher says."""
    view, frame = walk.view(), walk.frame
    found = view.value(faq.source.text)
    text = "" if isinstance(found, Missing) else show(found)
    if trigger == "next":
        frame.look_ups = 0
    frame.look_ups += 1
    faq_ids = walk.turning.book.house.scope(tuple(f.text for f in faq.files))
    matcher = walk.turning.book.house.matcher(faq_ids)
    near = find_nearness(walk.turning.context.meanings, text, scope_of(faq_ids))
    by: Judge = "letters" if near is None else "encoder"
    match = matcher.match(text, near)
    if isinstance(match, Answered):
        by = by if matcher.exact(text) is None else "exact"
        _note(walk, LookedUp(walk.run.id, text, "answered", match.id, by))
        _say_entry(walk, faq, match.id, trigger)
    elif isinstance(match, Unsure):
        _note(walk, LookedUp(walk.run.id, text, "unsure", by=by))
        if faq.unsure is not None and trigger == "next":
            follow(walk, trigger, "unsure", faq.unsure)
        else:
            offer(walk, match.ids)
    else:
        _note(walk, LookedUp(walk.run.id, text, "unknown", by=by))
        _faq_unknown(walk, faq, trigger)


def scopes_in(book: Book) -> set[tuple[str, ...]]:
    """The sets of FAQ files that the steps of the flows look into."""
    bodies = [step.body for flow in book.flows() for step in flow.steps.values()]
    named = {tuple(f.text for f in body.files) for body in bodies if isinstance(body, Faq)}
    return {book.house.scope(names) for names in named} if book.house.faqs else set()


def look_up_again(walk: Walk) -> None:
    """Another text instead of a pick; at most twice, then a person."""
    faq = walk.step.body
    if not isinstance(faq, Faq):
        return
    if walk.frame.look_ups > MOST_LOOK_UPS:
        _faq_unknown(walk, faq, "answer")
    else:
        walk.took("answer", "again")
        look_up(walk, faq, "answer")


def pick_faq(walk: Walk, key: str) -> None:
    """A tap, or a label typed, among the entries that were offered."""
    faq = walk.step.body
    if not isinstance(faq, Faq):
        return
    if key == "human":
        _note_choice(walk, "declined")
        _faq_unknown(walk, faq, "answer")
    else:
        entry_id = walk.frame.offered[int(key)]
        _note_choice(walk, "picked", entry_id)
        _say_entry(walk, faq, entry_id, "answer")


def faq_keys(walk: Walk) -> dict[str, str]:
    """What is on offer after a did-you-mean: the postback's value → the label."""
    house = walk.turning.book.house
    found = {}
    for number, entry_id in enumerate(walk.frame.offered):
        entry = house.faq_entry(entry_id)
        if entry is not None:
            found[str(number)] = option_label(entry.ask[0].text)
    return {**found, "human": ASK_STAFF}


def faq_options(walk: Walk) -> tuple[Option, ...]:
    """What is on offer, as quick replies of this entry."""
    start = f"f={walk.run.id}&s={walk.frame.entry}&v="
    return tuple(Option(label, start + key) for key, label in faq_keys(walk).items())


def offer(walk: Walk, entry_ids: tuple[str, ...]) -> None:
    """Ask which of these entries was meant."""
    frame = walk.frame
    new_entry(walk)
    frame.phase, frame.offered, frame.reminded = "unsure", entry_ids, ()
    send(walk, Bubble(DID_YOU_MEAN, faq_options(walk)))
    restart_timers(walk)


def _note(walk: Walk, looked: LookedUp) -> None:
    walk.turning.effects.append(looked)


def _note_choice(walk: Walk, outcome: Outcome, entry: str | None = None) -> None:
    _note(walk, LookedUp(walk.run.id, "", outcome, entry, "friend"))


def _say_entry(walk: Walk, faq: Faq, entry_id: str, trigger: str) -> None:
    entry = walk.turning.book.house.faq_entry(entry_id)
    if entry is None:  # taken out of the FAQ meanwhile
        _faq_unknown(walk, faq, trigger)
        return
    walk.frame.answers[walk.frame.state] = entry_id
    if entry.tag is not None:
        do_effects(walk, Effects(tag=(entry.tag,)), entry_id)
    send(walk, Bubble(walk.view().show(entry.answer.template)))
    follow(walk, trigger, "answered", faq.answered)


def _faq_unknown(walk: Walk, faq: Faq, trigger: str) -> None:
    walk.frame.answers[walk.frame.state] = None
    if faq.unknown_queue is None:
        follow(walk, trigger, "unknown", faq.unknown)
        return
    walk.took(trigger, "unknown")
    if faq.unknown is not None:
        do_way(walk, faq.unknown)
    if faq.unknown is None or not faq.unknown.say:
        send(walk, Bubble(TO_STAFF))
    ask_person(walk, faq.unknown_queue.text, "faq_unknown", note=walk.run.message or "")
    walk.frame.after = "unknown"


def option_label(text: str) -> str:
    """The words of an entry on a button."""
    if count_graphemes(text) <= LABEL_GRAPHEMES:
        return text
    return text[: LABEL_GRAPHEMES - 1] + "…"
