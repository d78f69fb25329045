"""Values worth trying against a condition: one for every way in which its tests can come out."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations, pairwise

from flows.language.checks.domains import Domain
from flows.language.conditions import Comparison, Missing, moment_of, passes
from flows.language.durations import parse_duration
from flows.language.templates import as_number
from flows.language.words import Value

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
MOVING = ("today", "now")
MOST_MEMBERS = 6
OTHER_TEXT = "‥"  # like no text that a manager writes
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def probes(domain: Domain, tests: Sequence[Comparison]) -> list[Value | Missing] | None:
    """What to try for one path; None when that would be too much."""
    found: list[Value | Missing] = list(domain.fixed)
    if domain.members:
        lists = _lists(domain, tests)
        if lists is None:
            return None
        found.extend(lists)
    if domain.kind in {"number", "any"}:
        found.extend(_numbers(domain, tests))
    if domain.kind in {"date", "time", "datetime", "any"}:
        found.extend(_moments(domain, tests))
    if domain.kind == "any":
        found.extend(_texts(tests))
    return list(dict.fromkeys(found))


def mixes_clocks(domains: Iterable[Domain], tests: Iterable[Comparison]) -> bool:
    """Fixed days against moving ones: which comes first depends on the day that it is."""
    bounds = [bound for domain in domains if domain.between for bound in domain.between]
    operands = [text for test in tests for text in (test.operand, test.high) if text]
    moves = any(text.startswith(MOVING) for text in (*bounds, *operands))
    moves |= any(test.operator in {"within", "not within"} for test in tests)
    return moves and any(_read(text) is not None for text in (*bounds, *operands))


def _lists(domain: Domain, tests: Sequence[Comparison]) -> list[tuple[str, ...]] | None:
    """Every choice of the members that the tests tell apart, and one that they do not."""
    told = [m for m in domain.members if any(passes(test, m, NOW) for test in tests)]
    others = [member for member in domain.members if member not in told]
    members = [*told, *others[:1]]
    if len(members) > MOST_MEMBERS:
        return None
    sizes = range(1, len(members) + 1)
    return [chosen for size in sizes for chosen in combinations(members, size)]


def _numbers(domain: Domain, tests: Sequence[Comparison]) -> Iterator[Value]:
    operands = [as_number(text) for test in tests for text in (test.operand, test.high)]
    ends = [n for n in (*operands, *(domain.range or ())) if n is not None] or [0]
    bounds = sorted(set(ends))
    between = [(low + high) / 2 for low, high in pairwise(bounds)]
    around = [bound + step for bound in bounds for step in (-1, 1)]
    for number in (*bounds, *between, *around):
        value = int(number) if float(number).is_integer() or domain.is_integer else number
        low, high = domain.range or (value, value)
        if low <= value <= high:
            yield value


def _moments(domain: Domain, tests: Sequence[Comparison]) -> Iterator[Value]:
    low, high = (_moved(text) for text in domain.between or ("", ""))
    for moment in _around(domain, tests):
        for kind in ("date", "time", "datetime"):
            value = _written(moment, kind)
            is_allowed = not low or not high or _is_between(value, low, high, kind)
            if domain.kind in {kind, "any"} and is_allowed:
                yield value


def _around(domain: Domain, tests: Sequence[Comparison]) -> Iterator[datetime]:
    texts = [text for test in tests for text in (test.operand, test.high)]
    moments = [_read(_moved(text)) for text in (*texts, *(domain.between or ()))]
    lengths = [parse_duration(test.operand) for test in tests if "within" in test.operator]
    moments += [NOW.replace(tzinfo=None) - length for length in lengths if length is not None]
    for moment in (NOW.replace(tzinfo=None), *moments):
        if moment is not None:
            yield from _near(moment)


def _near(moment: datetime) -> Iterator[datetime]:
    for step in (-DAY, -MINUTE, timedelta(), MINUTE, DAY):
        try:
            yield moment + step
        except OverflowError:  # the first or last day that there is
            continue


def _texts(tests: Sequence[Comparison]) -> Iterator[str]:
    yield OTHER_TEXT
    begun = ["", *(test.operand for test in tests if test.operator == "starts")]
    held = [test.operand for test in tests if test.operator == "contains"][:MOST_MEMBERS]
    for size in range(len(held) + 1):
        for parts in combinations(held, size):
            inner = OTHER_TEXT.join(parts)
            yield from (start + OTHER_TEXT + inner for start in begun)
            yield from (start + inner for start in begun if start + inner)
    yield from (test.operand for test in tests if test.operand)


def _moved(text: str) -> str:
    return moment_of(text, NOW, "2026-12-01T00:00" if text.startswith("now") else "") or ""


def _read(text: str) -> datetime | None:
    for read in (_read_moment, _read_time):
        try:
            return read(text)
        except ValueError:
            continue
    return None


def _read_moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)


def _read_time(text: str) -> datetime:
    return datetime.combine(date(NOW.year, NOW.month, NOW.day), time.fromisoformat(text))


def _written(moment: datetime, kind: str) -> str:
    shapes = {"date": "%Y-%m-%d", "time": "%H:%M", "datetime": "%Y-%m-%dT%H:%M"}
    return moment.strftime(shapes[kind])


def _is_between(value: str, low: str, high: str, kind: str) -> bool:
    bounds = [_read(low), _read(high)]
    if bounds[0] is None or bounds[1] is None:
        return True
    return _written(bounds[0], kind) <= value <= _written(bounds[1], kind)
