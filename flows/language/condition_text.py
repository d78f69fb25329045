"""A condition as people read it: on the lines of a picture, in the names of transitions."""

from typing import assert_never

from flows.language.conditions import (
    Comparison,
    Condition,
    Every,
    HasTag,
    Hours,
    InSegment,
    Not,
    Some,
    ValueIs,
)


def condition_text(condition: Condition) -> str:
    """Short, in the words of the language: `tag: 新規、answer.score: >= 9`."""
    match condition:
        case Every():
            return "、".join(condition_text(inner) for inner in condition.conditions)
        case Some():
            return " または ".join(condition_text(inner) for inner in condition.conditions)
        case Not():
            return f"not({condition_text(condition.condition)})"
        case HasTag():
            return f"tag: {('・' if condition.is_all else '/').join(condition.tags)}"
        case Hours():
            return f"business_hours: {'open' if condition.is_open else 'closed'}"
        case InSegment():
            return f"segment: {'/'.join(condition.segments)}"
        case ValueIs():
            return f"{condition.path}: {'/'.join(_test_text(test) for test in condition.tests)}"
        case _:
            assert_never(condition)


def _test_text(test: Comparison) -> str:
    match test.operator:
        case "=" | "status":
            return test.operand
        case "..":
            return f"{test.operand}..{test.high}"
        case "empty" | "not empty":
            return test.operator
        case _:
            return f"{test.operator} {test.operand}"
