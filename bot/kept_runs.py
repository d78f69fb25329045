"""A turn's runs as they are kept: where each stands, what it went through, what it saw."""

from dataclasses import replace

from bot.answered import answers_of
from bot.talk import Talk
from flows.language import values
from flows.language.routing import Turn
from flows.language.run import Run
from flows.language.words import Context
from storage import run_steps, runs, timers
from storage.run_answers import keep_answers


def save_runs(talk: Talk, turn: Turn) -> None:
    """Keep them, their timers, their stays at steps, and what was answered there.

    Before anything is said, so that the talk's last line is what the friend did.
    """
    for run in turn.runs:
        _save(talk, run, turn.before.get(run.id))
    _note_stays(talk, turn)
    keep_answers(talk.db, talk.conversation, answers_of(turn, talk.book), talk.now)


def log_runs(talk: Talk, turn: Turn, context: Context) -> None:
    """Note what each run did, with the world that it saw."""
    world = values.to_json(replace(context, picks=turn.draws))  # so that it can be done again
    for entry in turn.log():
        done = runs.Turn(
            run_id=entry.run_id,
            kind=entry.kind,
            payload=entry.payload,
            hash=entry.hash,
            state_before=entry.state_before,
            state_after=entry.state_after,
            effects=entry.effects,
            context=world,
        )
        runs.log_turn(talk.db, done, talk.now)


def _save(talk: Talk, run: Run, before: Run | None) -> None:
    state = runs.RunState(
        id=run.id,
        flow_id=run.flow,
        hash=run.hash,
        status=run.status,
        state=run.to_json(),
        started_at=run.started_at,
        step=run.step,
        end=run.end,
    )
    runs.save_run(talk.db, talk.conversation, state, talk.now, is_new=before is None)
    if not run.timers and (before is None or not before.timers):
        return  # as most turns leave it
    due = [
        timers.RunTimer(f"{t.name}:{t.entry}", t.at, {"timer": t.name, "entry": t.entry})
        for t in run.timers
    ]
    timers.set_run_timers(talk.db, talk.conversation.id, run.id, due)


def _note_stays(talk: Talk, turn: Turn) -> None:
    began = {run.id: run.started_at for run in (*turn.before.values(), *turn.runs)}
    stays = [
        run_steps.Stay(
            run_id=stay.run_id,
            flow_id=stay.flow,
            hash=stay.hash,
            step=stay.step,
            started_at=began[stay.run_id],
            is_called=stay.is_called,
            fate=stay.fate,
            end=stay.end,
            wrong=stay.wrong,
            met=frozenset(stay.met),
            is_moved=stay.is_moved,
        )
        for stay in turn.stays
    ]
    run_steps.note(talk.db, talk.conversation, stays, talk.now)
