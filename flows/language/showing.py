"""The open question as the friend sees it: asked, asked again, and under other texts."""

from flows.language.clocks import new_entry, restart_timers
from flows.language.deeds import send
from flows.language.effects import Bubble
from flows.language.faq_steps import DID_YOU_MEAN, faq_options, offer
from flows.language.grammar.shapes import Ask, Faq
from flows.language.questions import question_bubble
from flows.language.turning import Walk


def show_question(walk: Walk) -> None:
    """Ask (again): a new entry to the step, with its timers."""
    ask = walk.step.body
    if isinstance(ask, Faq):
        offer(walk, walk.frame.offered)
        return
    if not isinstance(ask, Ask):
        return
    frame = walk.frame
    new_entry(walk)
    walk.run.is_page_only = False
    frame.phase, frame.wrong, frame.chosen, frame.reminded = "question", 0, (), ()
    send(walk, asked_bubble(walk, walk.view().show(ask.text.template)))
    restart_timers(walk)


def asked_bubble(walk: Walk, text: str) -> Bubble:
    """A text under which the open question's options stand again."""
    if walk.frame.phase == "unsure":
        return Bubble(text, faq_options(walk))
    return question_bubble(walk.view(), walk.run.id, walk.step, text)


def open_question_text(walk: Walk) -> str:
    """The question as it was asked."""
    body = walk.step.body
    return walk.view().show(body.text.template) if isinstance(body, Ask) else DID_YOU_MEAN
