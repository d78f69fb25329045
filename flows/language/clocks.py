"""The clocks of a waiting step: reminders and a time-out, from the last thing done at it."""

from datetime import timedelta

from flows.language.compiler import reminds_of, timeout_of
from flows.language.grammar.parts import Patience, Remind, Timeout
from flows.language.grammar.shapes import Ask, Faq, Handoff, WaitFor
from flows.language.moments import in_window
from flows.language.run import RunTimer, in_order
from flows.language.turning import Walk

STAYED = -1  # among the reminders that came: a time-out that let the question stay
EXPIRES_AFTER = timedelta(days=30)


def restart_timers(walk: Walk) -> None:
    """Reminders and the time-out count from the last time the friend did something."""
    entry, frame = walk.frame.entry, walk.frame
    timers = [
        RunTimer(f"remind:{number}", entry, in_window(walk, walk.now + remind.after))
        for number, remind in enumerate(reminds_here(walk))
        if number not in frame.reminded
    ]
    timeout = timeout_here(walk) if STAYED not in frame.reminded else None
    if timeout is not None:
        timers.append(RunTimer("timeout", entry, in_window(walk, walk.now + timeout.after)))
    else:
        timers.append(_expiry(walk))
    walk.run.timers = in_order(timers)


def expire_later(walk: Walk) -> None:
    """After a time-out that stays, so that every wait has an end."""
    walk.run.set_timer(_expiry(walk))


def _expiry(walk: Walk) -> RunTimer:
    return RunTimer("expiry", walk.frame.entry, in_window(walk, walk.now + EXPIRES_AFTER))


def new_entry(walk: Walk) -> None:
    """Number a new entry to the step: timers and buttons of older ones are over."""
    walk.run.entries += 1
    walk.frame.entry = walk.run.entries


def timeout_here(walk: Walk) -> Timeout | None:
    """The time-out that holds where the run stands."""
    body = walk.step.body
    if isinstance(body, Handoff | WaitFor):
        return body.timeout
    return timeout_of(patience_here(walk), walk.compiled.flow)


def reminds_here(walk: Walk) -> tuple[Remind, ...]:
    """The reminders of the question where it stands, else the flow's."""
    return reminds_of(walk.step, walk.compiled.flow)


def patience_here(walk: Walk) -> Patience:
    """The patience written on the step where the run stands."""
    body = walk.step.body
    return body.patience if isinstance(body, Ask | Faq) else Patience()
