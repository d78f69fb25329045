"""What a friend's text, sticker or picture means: the order in which it is taken."""

from flows.language import starts
from flows.language.answers import answer, answer_other
from flows.language.deeds import do_way, send
from flows.language.effects import Bubble, LeaveToPeople
from flows.language.events import Sent
from flows.language.faq_steps import faq_keys, look_up_again, pick_faq
from flows.language.friend import Friend
from flows.language.grammar.shapes import Ask
from flows.language.normalise import normalise
from flows.language.questions import Understood, by_label, by_type
from flows.language.run import END, Run
from flows.language.showing import asked_bubble, open_question_text
from flows.language.turning import Walk
from flows.language.walk import go

CANCELLED = "ここで中止しました。"
WRONG = Understood("wrong")


def hear_text(friend: Friend, text: str) -> None:
    """A text, by the rules of who takes it."""
    if friend.turning.people != "free":  # rule 1: console only
        return
    run = friend.asking()
    if run is not None:
        _said_to_question(friend, run, text)
    elif not starts.by_keyword(friend, text) and not starts.by_message(friend, text):
        leave_to_people(friend)


def hear_other(friend: Friend, event: Sent) -> None:
    """A sticker, a picture, a place: an answer where the question wants one."""
    if friend.turning.people != "free":
        return
    run = friend.asking()
    if run is None:
        leave_to_people(friend)
        return
    walk = friend.walk(run)
    ask = walk.step.body
    if not isinstance(ask, Ask):
        friend.do(walk, lambda: send(walk, asked_bubble(walk, open_question_text(walk))))
    elif ask.type == event.kind:
        understood = Understood("accepted", event.reference)
        friend.do(walk, lambda: answer(walk, understood))
    else:
        friend.do(walk, lambda: answer(walk, WRONG))


def hear_on_page(friend: Friend, run: Run, text: str) -> None:
    """An answer on a form's page, taken as in the talk; but there it starts no other flow."""
    _said_to_question(friend, run, text, is_on_page=True)


def _said_to_question(friend: Friend, run: Run, text: str, *, is_on_page: bool = False) -> None:
    walk = friend.walk(run)
    run.message = text
    if _answers(friend, walk, text) or _cancels(friend, walk, text):
        return
    ask = walk.step.body
    if isinstance(ask, Ask):
        understood = by_type(walk.view(), ask, text)
        if understood is not None:
            friend.do(walk, lambda: answer(walk, understood))
            return
    if not is_on_page and starts.by_keyword(friend, text, interrupts=run):
        return
    if not isinstance(ask, Ask):
        friend.do(walk, lambda: look_up_again(walk))
    else:
        friend.do(walk, lambda: _other_or_wrong(walk, text))


def _other_or_wrong(walk: Walk, text: str) -> None:
    ask = walk.step.body
    if not answer_other(walk, text) and isinstance(ask, Ask):
        answer(walk, WRONG)


def _answers(friend: Friend, walk: Walk, text: str) -> bool:
    """Rule 2: what is on offer, typed word for word."""
    ask = walk.step.body
    if isinstance(ask, Ask):
        understood = by_label(walk.view(), ask, text)
        if understood is None:
            return False
        friend.do(walk, lambda: answer(walk, understood))
        return True
    labels = {normalise(label): key for key, label in faq_keys(walk).items()}
    key = labels.get(normalise(text))
    if key is not None:
        friend.do(walk, lambda: pick_faq(walk, key))
    return key is not None


def _cancels(friend: Friend, walk: Walk, text: str) -> bool:
    """Rule 3: the innermost frame that has the word ends, with all above it."""
    said = normalise(text)
    for depth in range(len(walk.run.frames) - 1, -1, -1):
        version = friend.book.version(walk.run.frames[depth].hash)
        if any(normalise(word.text) == said for word in version.flow.cancel_words):
            walk.over(depth + 1, "cancelled")
            walk.turning.left += [(frame, "cancelled") for frame in walk.run.frames[depth + 1 :]]
            del walk.run.frames[depth + 1 :]
            friend.do(walk, lambda: _cancel(walk))
            return True
    return False


def _cancel(walk: Walk) -> None:
    on_cancel = walk.compiled.flow.on_cancel
    walk.end_name = "cancelled"
    if on_cancel is None:
        send(walk, Bubble(CANCELLED))
    else:
        do_way(walk, on_cancel)
        walk.end_name = "done" if on_cancel.goto is not None else "cancelled"
    walk.took("cancel")
    go(walk, walk.compiled.move(walk.frame.state, "cancel", "") or END)


def leave_to_people(friend: Friend) -> None:
    """Rule 9: a person must look; that is not a handoff."""
    friend.turning.effects.append(LeaveToPeople(friend.book.house.queues.default))
