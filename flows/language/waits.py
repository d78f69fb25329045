"""The steps that wait: questions, FAQ look-ups, handoffs; what answers and timers do to them."""

from datetime import datetime, timedelta
from typing import Literal

from flows.language.compiler import timeout_of
from flows.language.conditions import Missing
from flows.language.faq import Answered, Unsure
from flows.language.grammar.parts import Effects, Patience, Remind, Timeout, WayOut
from flows.language.grammar.shapes import Ask, Faq, Handoff, Step
from flows.language.questions import (
    RETRY_SAYS,
    Understood,
    chosen_text,
    question_bubble,
)
from flows.language.run import END, RunTimer
from flows.language.templates import show
from flows.language.typed import count_graphemes
from flows.language.walk import (
    Walk,
    do_effects,
    do_way,
    follow,
    go,
    say,
    send,
    set_field,
    status_of_answer,
)
from flows.language.words import AnswerSoFar, AskPerson, Bubble, Option

EXPIRES_AFTER = timedelta(days=30)
DEFAULT_RETRY = 2
MOST_LOOK_UPS = 2
LABEL_GRAPHEMES = 20
DID_YOU_MEAN = "もしかして、次のことでしょうか?"
ASK_STAFF = "担当者に聞く"
TO_STAFF = "担当者におつなぎします。順番にお返事しますので、お待ちください。"


def enter_wait(walk: Walk, step: Step) -> str | None:
    """Come to rest on a step that waits; a way on when it need not."""
    match step.body:
        case Ask():
            show_question(walk)
            return None
        case Handoff():
            _enter_handoff(walk, step.body)
            return None
        case Faq():
            _look_up(walk, step.body, "next")
            return None
        case _:
            return ""


def show_question(walk: Walk) -> None:
    """Ask (again): a new entry to the step, with its timers."""
    ask = walk.step.body
    if isinstance(ask, Faq):
        _offer(walk, walk.frame.offered)
        return
    if not isinstance(ask, Ask):
        return
    frame = walk.frame
    _new_entry(walk)
    frame.phase, frame.wrong, frame.chosen, frame.reminded = "question", 0, (), ()
    send(walk, asked_bubble(walk, walk.view().show(ask.text.template)))
    restart_timers(walk)


def asked_bubble(walk: Walk, text: str) -> Bubble:
    """A text under which the open question's options stand again."""
    if walk.frame.phase == "unsure":
        return Bubble(text, _faq_options(walk))
    return question_bubble(walk.view(), walk.run.id, walk.step, text)


def open_question_text(walk: Walk) -> str:
    """The question as it was asked."""
    body = walk.step.body
    return walk.view().show(body.text.template) if isinstance(body, Ask) else DID_YOU_MEAN


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
        set_field(walk, save.text, text, text)
    follow(walk, "answer", "other" if ask.other is not None else "accepted", out, text)
    return True


def pick_faq(walk: Walk, key: str) -> None:
    """A tap, or a label typed, among the entries that were offered."""
    faq = walk.step.body
    if not isinstance(faq, Faq):
        return
    if key == "human":
        _faq_unknown(walk, faq, "answer")
    else:
        _say_entry(walk, faq, walk.frame.offered[int(key)], "answer")


def look_up_again(walk: Walk) -> None:
    """Another text instead of a pick; at most twice, then a person."""
    faq = walk.step.body
    if not isinstance(faq, Faq):
        return
    if walk.frame.look_ups > MOST_LOOK_UPS:
        _faq_unknown(walk, faq, "answer")
    else:
        _look_up(walk, faq, "answer")


def faq_keys(walk: Walk) -> dict[str, str]:
    """What is on offer after a did-you-mean: the postback's value → the label."""
    house = walk.turning.book.house
    found = {}
    for number, entry_id in enumerate(walk.frame.offered):
        entry = house.faq_entry(entry_id)
        if entry is not None:
            found[str(number)] = _label(entry.ask[0].text)
    return {**found, "human": ASK_STAFF}


def is_due(walk: Walk, timer: str) -> None:
    """A reminder or the time-out of the present entry."""
    timers = {t.name: t.at for t in walk.run.timers}
    walk.run.timers = tuple(t for t in walk.run.timers if t.name != timer)
    if timer.startswith("remind:"):
        ends = [at for name, at in timers.items() if name in {"timeout", "expiry"}]
        if not any(at <= walk.now for at in ends):  # both overdue: only the time-out
            _remind(walk, int(timer.removeprefix("remind:")))
    else:
        _time_out(walk)


def release(walk: Walk) -> None:
    """The person is done: the run goes on where it asked for one."""
    body, frame = walk.step.body, walk.frame
    if isinstance(body, Handoff) and body.back != "continue":
        walk.end_name = "done"
        if body.back == "restart":
            frame.visits.clear()
        follow(walk, "done", "", None)
    else:
        out = body.done if isinstance(body, Handoff) else None
        follow(walk, "done", frame.after, out)


def restart_timers(walk: Walk) -> None:
    """Reminders and the time-out count from the last time the friend did something."""
    patience = _patience(walk)
    reminds = patience.reminds if patience.has_own_remind else _default_reminds(walk)
    entry, frame = walk.frame.entry, walk.frame
    timers = [
        RunTimer(f"remind:{number}", entry, walk.now + remind.after)
        for number, remind in enumerate(reminds)
        if number not in frame.reminded
    ]
    timeout = timeout_of(patience, walk.compiled.flow)
    last = RunTimer("timeout", entry, walk.now + timeout.after) if timeout else None
    timers.append(last or RunTimer("expiry", entry, walk.now + EXPIRES_AFTER))
    walk.run.timers = tuple(sorted(timers, key=lambda t: (t.at, t.name)))


def _new_entry(walk: Walk) -> None:
    walk.run.entries += 1
    walk.frame.entry = walk.run.entries


def _accept(walk: Walk, ask: Ask, understood: Understood) -> None:
    frame = walk.frame
    frame.answers[frame.state] = understood.value
    shown = show(understood.value)
    if ask.save is not None:
        set_field(walk, ask.save.text, understood.value, shown)
    if ask.type == "multi":
        for choice in ask.choices:
            if choice.value in _listed(understood.value):
                do_way(walk, choice.way, choice.label.text)
    own = understood.choice.way if understood.choice is not None else None
    if own is not None:
        do_way(walk, own, shown)
    if ask.any_answer is not None:
        do_way(walk, ask.any_answer, shown)
    way, out = _calling(understood.way, own, ask.any_answer)
    follow(walk, "answer", way, WayOut(ask.text.place, call=out.call) if out else None)


def _calling(way: str, own: WayOut | None, any_answer: WayOut | None) -> tuple[str, WayOut | None]:
    """The way out that calls a flow; its effects are done already."""
    if own is not None and own.call is not None:
        return way, own
    if any_answer is not None and any_answer.call is not None:
        return "accepted", any_answer
    return way, None


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
    do_effects(walk, give_up.way.effects)
    say(walk, give_up.way.say)
    if not give_up.way.say:
        send(walk, Bubble(TO_STAFF))
    _ask_person(walk, give_up.handoff.text, "give_up", question=question)
    walk.frame.after = "gave_up"


def _enter_handoff(walk: Walk, handoff: Handoff) -> None:
    view = walk.view()
    send(walk, Bubble(view.show(handoff.text.template)))
    note = view.show(handoff.note.template) if handoff.note is not None else ""
    opening = None
    if handoff.when_open and not view.is_open():
        opening = view.calendar.next_open(walk.now)
    queue = handoff.to.text if handoff.to else walk.turning.book.house.queues.default
    _ask_person(walk, queue, "step", note=note, notify_at=opening)
    timeout = handoff.timeout
    if timeout is not None:
        at = (opening or walk.now) + timeout.after
        walk.run.timers = (RunTimer("timeout", walk.frame.entry, at),)


def _ask_person(
    walk: Walk,
    queue: str,
    reason: Literal["step", "give_up", "faq_unknown"],
    *,
    note: str = "",
    question: str | None = None,
    notify_at: datetime | None = None,
) -> None:
    _new_entry(walk)
    frame = walk.frame
    frame.phase = "handoff"
    walk.run.timers = ()
    walk.turning.people = "asked"
    walk.turning.effects.append(
        AskPerson(
            run_id=walk.run.id,
            flow=frame.flow,
            step=frame.state,
            queue=queue,
            note=note,
            reason=reason,
            answers=_answers_so_far(walk),
            open_question=question,
            notify_at=notify_at,
        )
    )


def _answers_so_far(walk: Walk) -> tuple[AnswerSoFar, ...]:
    view, found = walk.view(), []
    for step in walk.compiled.flow.steps:
        value = walk.frame.answers.get(step.name)
        if isinstance(step.body, Ask) and value is not None and not isinstance(value, Missing):
            question = view.show(step.body.text.template)
            found.append(AnswerSoFar(step.name, question, show(value)))
    return tuple(found)


def _look_up(walk: Walk, faq: Faq, trigger: str) -> None:
    view, frame = walk.view(), walk.frame
    found = view.value(faq.source.text)
    text = "" if isinstance(found, Missing) else show(found)
    if trigger == "next":
        frame.look_ups = 0
    frame.look_ups += 1
    matcher = walk.turning.book.house.matcher(tuple(f.text for f in faq.files))
    match = matcher.match(text)
    if isinstance(match, Answered):
        _say_entry(walk, faq, match.id, trigger)
    elif isinstance(match, Unsure):
        if faq.unsure is not None and trigger == "next":
            follow(walk, trigger, "unsure", faq.unsure)
        else:
            _offer(walk, match.ids)
    else:
        _faq_unknown(walk, faq, trigger)


def _offer(walk: Walk, entry_ids: tuple[str, ...]) -> None:
    frame = walk.frame
    _new_entry(walk)
    frame.phase, frame.offered, frame.reminded = "unsure", entry_ids, ()
    send(walk, Bubble(DID_YOU_MEAN, _faq_options(walk)))
    restart_timers(walk)


def _faq_options(walk: Walk) -> tuple[Option, ...]:
    start = f"f={walk.run.id}&s={walk.frame.entry}&v="
    return tuple(Option(label, start + key) for key, label in faq_keys(walk).items())


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
    if faq.unknown is not None:
        do_way(walk, faq.unknown)
    if faq.unknown is None or not faq.unknown.say:
        send(walk, Bubble(TO_STAFF))
    _ask_person(walk, faq.unknown_queue.text, "faq_unknown", note=walk.run.message or "")
    walk.frame.after = "unknown"


def _label(text: str) -> str:
    if count_graphemes(text) <= LABEL_GRAPHEMES:
        return text
    return text[: LABEL_GRAPHEMES - 1] + "…"


def _patience(walk: Walk) -> Patience:
    body = walk.step.body
    return body.patience if isinstance(body, Ask | Faq) else Patience()


def _default_reminds(walk: Walk) -> tuple[Remind, ...]:
    return walk.compiled.flow.defaults.reminds


def _remind(walk: Walk, number: int) -> None:
    patience = _patience(walk)
    reminds = patience.reminds if patience.has_own_remind else _default_reminds(walk)
    walk.frame.reminded = (*walk.frame.reminded, number)
    view = walk.view()
    texts = [view.show(words.template) for words in reminds[number].say]
    send(walk, *(Bubble(text) for text in texts[:-1]), asked_bubble(walk, texts[-1]))


def _time_out(walk: Walk) -> None:
    frame, step = walk.frame, walk.step
    timeout = _timeout(walk)
    if frame.phase != "handoff" and frame.answers.get(step.name) is None:
        status_of_answer(walk, "no_reply")
    walk.end_name = "timed_out"
    if timeout is None:
        go(walk, END)
        return
    if timeout.stays:
        walk.end_name = "done"
        do_way(walk, timeout.way)
        return
    if timeout.way.goto is not None or timeout.way.call is not None:
        walk.end_name = "done"
    follow(walk, "timeout", "", timeout.way)


def _timeout(walk: Walk) -> Timeout | None:
    body = walk.step.body
    if isinstance(body, Handoff):
        return body.timeout
    return timeout_of(_patience(walk), walk.compiled.flow)
