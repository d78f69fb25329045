"""What staff are given with a handoff, also of the survey that asking for a person interrupted."""

from dataclasses import replace

from flows.language.effects import AskPerson, Effect
from flows.language.friend import Friend
from flows.language.persons import answers_so_far
from flows.language.run import Run
from flows.language.showing import open_question_text


def completed(friend: Friend, effect: Effect) -> Effect:
    """A handoff with the answers and the question of the run that was interrupted last."""
    if not isinstance(effect, AskPerson) or effect.open_question is not None:
        return effect
    parked = max(filter(_was_asking, friend.runs), key=lambda run: run.parked, default=None)
    if parked is None:
        return effect
    walk = friend.walk(parked)
    answers = (*answers_so_far(walk), *effect.answers)
    return replace(effect, answers=answers, open_question=open_question_text(walk))


def _was_asking(run: Run) -> bool:
    return run.status == "parked" and bool(run.frames) and run.top.phase in {"question", "unsure"}
