"""What the checker calls impossible never happens, whatever the friend answers."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from flows.language.checks.domains import Domain, Domains
from flows.language.checks.possible import can_hold
from flows.language.conditions import (
    Condition,
    Every,
    HasTag,
    Hours,
    Missing,
    Not,
    Some,
    ValueIs,
    holds,
)
from flows.language.grammar.conditions import parse_comparison
from flows.language.grammar.house_files import Field
from flows.language.loader import load_files
from flows.language.words import Value

NUMBERS = ["3", "5", "5.5", "-1", "10"]
WORDS = ["大", "小", "大きい", "さ"]
DAYS = ["2026-12-01", "2026-12-02", "2027-01-01"]
MOVING = ["today", "today+1d", "now-2h"]
OPERANDS = st.sampled_from([*NUMBERS, *WORDS, *DAYS, *MOVING])
TESTS = st.one_of(
    st.builds("{}{}".format, st.sampled_from(["", "!= ", ">= ", "> ", "<= ", "< "]), OPERANDS),
    st.builds("{} {}".format, st.sampled_from(["contains", "starts"]), st.sampled_from(WORDS)),
    st.builds("{}..{}".format, OPERANDS, OPERANDS),
    st.sampled_from(["empty", "not empty", "not_asked", "skipped", "within 3d", "not within 3d"]),
).map(parse_comparison)
PATHS = ["answer.size", "answer.several", "answer.count", "field.any"]
ATOMS: st.SearchStrategy[Condition] = st.one_of(
    st.builds(ValueIs, st.sampled_from(PATHS), st.lists(TESTS, min_size=1, max_size=2).map(tuple)),
    st.builds(HasTag, st.lists(st.sampled_from("xy"), min_size=1).map(tuple), is_all=st.booleans()),
    st.builds(Hours, st.booleans()),
)


def _several(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(st.builds(Every, parts), st.builds(Some, parts), st.builds(Not, inner))


CONDITIONS = st.recursive(ATOMS, _several, max_leaves=5)
SIZES = ("大", "小", "大きい")
STATUSES = (Missing("not_asked"), Missing("skipped"))
DOMAINS = Domains(
    {
        "size": Domain(fixed=(*SIZES, *STATUSES)),
        "several": Domain(fixed=STATUSES, members=SIZES),
        "count": Domain(fixed=STATUSES, kind="number", range=(0, 10), is_integer=True),
    }
)
MOMENTS = st.datetimes(datetime(2026, 11, 1), datetime(2027, 2, 1))  # noqa: DTZ001 # as stored
ANYTHING: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.sampled_from([*NUMBERS, *WORDS, *DAYS]),
    st.text(max_size=4),
    st.integers(-3, 12),
    st.floats(-3, 12),
    MOMENTS.map(lambda at: at.strftime("%Y-%m-%d")),
    MOMENTS.map(lambda at: at.strftime("%Y-%m-%dT%H:%M")),
)


@dataclass(frozen=True, slots=True)
class Friend:
    values: dict[str, Value | Missing]
    tags: frozenset[str]
    opens: bool
    now: datetime

    def value(self, path: str) -> Value | Missing:
        return self.values[path]

    def is_open(self) -> bool:
        return self.opens


FRIENDS = st.builds(
    Friend,
    st.fixed_dictionaries(
        {
            "answer.size": st.sampled_from([*SIZES, *STATUSES]),
            "answer.several": st.sampled_from([("大",), ("小", "大きい"), SIZES, *STATUSES]),
            "answer.count": st.integers(0, 10) | st.sampled_from(STATUSES),
            "field.any": ANYTHING,
        }
    ),
    st.frozensets(st.sampled_from("xyz")),
    st.booleans(),
    MOMENTS.map(lambda at: at.replace(tzinfo=UTC)),
)


@settings(max_examples=80)
@given(CONDITIONS, st.lists(FRIENDS, min_size=5, max_size=20))
def test_what_is_called_impossible_holds_for_nobody(
    condition: Condition, friends: list[Friend]
) -> None:
    verdict = can_hold(condition, DOMAINS)
    assume(verdict is not None)

    assert verdict or not any(holds(condition, friend) for friend in friends)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("{all: [{field.l: a}, {field.l: b}]}", True),  # a list holds several
        ("{all: [{field.l: a}, {field.l: empty}]}", False),
        ("{field.yes: はい}", False),  # it is kept as yes
        ("{field.yes: 'yes'}", True),
        ("{all: [{field.born: '> 2030-01-01'}, {field.born: '< today'}]}", None),  # one day
        ("{all: [{field.born: '> today'}, {field.born: '< today'}]}", False),
        ("{all: [{field.born: '>= 9999-12-31'}, {field.born: '<= 9999-12-31'}]}", True),
        ("{tag: {all: [a, b, c, d, e, f, g, h, i, j, k, l, m]}}", None),  # too many to try
        ("{field.many: [a, b, c, d, e, f, g]}", None),
    ],
)
def test_conditions_are_judged_by_the_fields_that_they_look_at(
    text: str,
    verdict: bool | None,  # noqa: FBT001 # a row of the table
) -> None:
    source = f"segment: s\ntitle: 題\nwhen: {text}\n"
    segment = load_files({"segments/s.yaml": source.encode()}).segments["s"]
    options = ("a", "b", "c", "d", "e", "f", "g", "h")
    types = {"l": "list", "many": "list", "yes": "yesno", "born": "date"}
    fields = {key: Field(key, "見本", type_, options) for key, type_ in types.items()}

    assert can_hold(segment.when.condition, Domains(fields=fields)) is verdict
