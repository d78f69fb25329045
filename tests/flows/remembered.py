"""A talk on paper whose turns are written down as the product's event log has them."""

from dataclasses import replace
from typing import Any

import pytest

from flows.language import talk_world, values
from flows.language.book import Book
from flows.language.grammar.talk_files import Case
from flows.language.recorded import RecordedTurn, turns_of_talk
from flows.language.routing import Turn, take
from flows.language.talk_tests import run_case


def log_of(monkeypatch: pytest.MonkeyPatch, book: Book, flow: str, case: Case) -> list[Any]:
    """The rows that the talk of a test would have left."""
    rows: list[Any] = []
    number = 0

    def noted(book: Book, runs: Any, event: Any, context: Any) -> Turn:
        nonlocal number
        number += 1
        turn = take(book, runs, event, replace(context, turn_id=f"{number:x}"))
        world = values.to_json(replace(context, turn_id=f"{number:x}", picks=turn.draws))
        rows.extend(
            {
                "run_id": entry.run_id,
                "payload": entry.payload,
                "context": world,
                "state_before": entry.state_before,
                "state_after": entry.state_after,
                "effects": entry.effects,
            }
            for entry in turn.log()
        )
        return turn

    with monkeypatch.context() as patched:
        patched.setattr(talk_world, "take", noted)
        assert run_case(book, flow, case) == ()
    return rows


def by_run(rows: list[Any]) -> list[list[RecordedTurn]]:
    """Each run's own turns, oldest first."""
    runs: dict[str, list[RecordedTurn]] = {}
    for turn in turns_of_talk(rows):
        for each in turn:
            runs.setdefault(each.run_id, []).append(each)
    return list(runs.values())
