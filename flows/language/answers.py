"""What an answer to a question does: accepted, wrong, given up, or taken by `other`."""

from flows.language.clocks import restart_timers
from flows.language.deeds import do_effects, do_way, say, send, set_path, status_of_answer
from flows.language.effects import Bubble
from flows.language.grammar.parts import WayOut
from flows.language.grammar.shapes import Ask
from flows.language.persons import TO_STAFF, ask_person
from flows.language.questions import RETRY_SAYS, Understood, chosen_text
from flows.language.showing import asked_bubble, open_question_text
from flows.language.templates import show
from flows.language.turning import Walk
from flows.language.walk import follow

DEFAULT_RETRY = 2


def answer(walk: Walk, understood: Understood) -> None:
    """The friend's answer to the open question."""
    ask = walk.step.body
    if not isinstance(ask, Ask):
        return
    if understood.toggled is not None:
        walk.frame.chosen = understood.toggled
        send(walk, asked_bubble(walk, chosen_text(understood.toggled)))
        restart_timers(walk)
    elif understood.way == "wrong":
        _wrong(walk, ask, fails_check=understood.fails_check)
    elif understood.way == "skip":
        status_of_answer(walk, "skipped")
        follow(walk, "answer", "skip", ask.skip.way if ask.skip else None)
    else:
        _accept(walk, ask, understood)


def answer_other(walk: Walk, text: str) -> bool:
    """`other` or `any_answer` takes a text that fits nothing else."""
    ask = walk.step.body
    if not isinstance(ask, Ask):
        return False
    out = ask.other or ask.any_answer
    if out is None:
        return False
    frame = walk.frame
    frame.answers[frame.state] = text
    save = out.save or ask.save
    if save is not None:
        set_path(walk, save.text, text, text)
    follow(walk, "answer", "other" if ask.other is not None else "accepted", out, text)
    return True


def _accept(walk: Walk, ask: Ask, understood: Understood) -> None:
    frame = walk.frame
    frame.answers[frame.state] = understood.value
    shown = show(understood.value)
    save = (ask.any_answer.save if ask.any_answer is not None else None) or ask.save
    if save is not None:
        set_path(walk, save.text, understood.value, shown)
    if ask.type == "multi":
        for choice in ask.choices:
            if choice.value in _listed(understood.value):
                do_way(walk, choice.way, choice.label.text)
    own = understood.choice.way if understood.choice is not None else None
    if own is not None:
        do_way(walk, own, shown)
    if ask.any_answer is not None:
        do_way(walk, ask.any_answer, shown)
    calls = [out.call for out in (own, ask.any_answer) if out is not None and out.call is not None]
    calling = WayOut(ask.text.place, call=calls[0]) if calls else None  # all else is done already
    follow(walk, "answer", understood.way, calling)


def _listed(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def _wrong(walk: Walk, ask: Ask, *, fails_check: bool) -> None:
    frame, flow = walk.frame, walk.compiled.flow
    frame.wrong += 1
    retry = ask.retry if ask.retry is not None else flow.default_retry
    limit = retry if retry is not None else DEFAULT_RETRY
    if ask.give_up is not None and frame.wrong > limit:
        _give_up(walk, ask)
        return
    walk.took("answer", "wrong")
    words = (ask.check_say if fails_check else None) or ask.retry_say or flow.default_retry_say
    text = walk.view().show(words.template) if words is not None else RETRY_SAYS[ask.type]
    send(walk, asked_bubble(walk, text))
    restart_timers(walk)


def _give_up(walk: Walk, ask: Ask) -> None:
    give_up = ask.give_up
    if give_up is None:
        return
    question = open_question_text(walk)
    status_of_answer(walk, "skipped" if give_up.is_skip else "gave_up")
    if give_up.handoff is None:
        follow(walk, "answer", "gave_up", give_up.way)
        return
    walk.took("answer", "gave_up")
    do_effects(walk, give_up.way.effects)
    say(walk, give_up.way.say)
    if not give_up.way.say:
        send(walk, Bubble(TO_STAFF))
    ask_person(walk, give_up.handoff.text, "give_up", question=question)
    walk.frame.after = "gave_up"
