"""Waiting steps that a new version no longer has, while friends stand on them.

They finish on the version that they began with, so nothing breaks; but who takes a step out should
know that somebody still walks through it.
"""

from collections.abc import Mapping

from flows.language.loader import Folder
from flows.language.problems import Problem, Problems
from flows.language.sayings.saying import saying

Standing = Mapping[tuple[str, str], int]  # (flow, step) → how many stand there


def check_removed(folder: Folder, standing: Standing) -> tuple[Problem, ...]:
    """W213, at the flow's id: what stands there counts only of the versions published now."""
    problems = Problems()
    for flow in folder.flows.values():
        kept = {step.name for step in flow.steps}
        kept |= {old.text for migration in flow.migrate for old, _ in migration.moves}
        gone = {step: n for (id_, step), n in sorted(standing.items()) if id_ == flow.id.text}
        told = [
            saying("standing_at", step=step, count=n)
            for step, n in gone.items()
            if step not in kept
        ]
        if told:
            problems.add(
                "W213",
                flow.id.place,
                "steps_removed",
                standing=tuple(told),
            )
    return problems.sorted()
