"""What a tap means: the open question's button, an old one, or a rich menu's."""

from flows.language import starts
from flows.language.answers import answer
from flows.language.deeds import send
from flows.language.effects import Bubble, Say
from flows.language.events import Tapped
from flows.language.faq_steps import faq_keys, pick_faq
from flows.language.friend import Friend
from flows.language.grammar.shapes import Ask
from flows.language.hearing import leave_to_people
from flows.language.questions import by_key, by_type, offers
from flows.language.run import Run
from flows.language.showing import asked_bubble, open_question_text

OLD_BUTTON = "このボタンは前のご案内のものです。"


def tapped(friend: Friend, event: Tapped) -> None:
    """A tap on a button of ours, or of a rich menu."""
    if friend.turning.people != "free":
        return
    given = dict(part.partition("=")[::2] for part in event.data.split("&"))
    if set(given) != {"f", "s", "v"}:
        if not starts.by_postback(friend, event.data):
            leave_to_people(friend)
        return
    run = friend.asking() or _back_from_page(friend, given["f"])
    is_open = run is not None and run.id == given["f"] and str(run.top.entry) == given["s"]
    if run is None or not is_open or not _tap_answers(friend, run, given["v"], event):
        _old_button(friend, run)


def _back_from_page(friend: Friend, run_id: str) -> Run | None:
    """A tap on what a run once asked in the talk brings it back from its form's page."""
    found = (run for run in friend.runs if run.id == run_id and run.status == "going")
    run = next((run for run in found if run.is_page_only), None)
    if run is not None:
        run.is_page_only = False
    return run


def label_of(ask: Ask, key: str) -> str | None:
    """The words on a button of a question; None when it has no such button."""
    return dict(offers(ask)).get(key)


def _tap_answers(friend: Friend, run: Run, key: str, event: Tapped) -> bool:
    walk = friend.walk(run)
    ask = walk.step.body
    if not isinstance(ask, Ask):
        label = faq_keys(walk).get(key)
        if label is None:
            return False
        run.message = label
        friend.do(walk, lambda: pick_faq(walk, key))
        return True
    if key == "pick":
        text = event.picked.get(ask.type)
        understood = by_type(walk.view(), ask, text) if text else None
        run.message = text or run.message
    else:
        understood = by_key(walk.view(), ask, key)
        run.message = label_of(ask, key) or run.message
    if understood is None:
        return False
    friend.do(walk, lambda: answer(walk, understood))
    return True


def _old_button(friend: Friend, run: Run | None) -> None:
    """One polite sentence; the open question, if any, is shown again. Nothing else changes."""
    if run is None:
        friend.turning.effects.append(Say(None, None, None, (Bubble(OLD_BUTTON),)))
        return
    walk = friend.walk(run)
    send(walk, Bubble(OLD_BUTTON), asked_bubble(walk, open_question_text(walk)))
