"""What JSON may say and no database keeps; and the places in lists that others made up."""

from datetime import UTC, datetime

import pytest

from storage.cursors import read_cursor, write_cursor
from storage.keepable import is_keepable, make_keepable
from storage.refusals import NotFound

ODD = {"a\x00": ["\ud83d", {"b": "か😀"}], "n": 1}
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize("odd", ["\x00", "\ud83d", ["\udc00"], {"\x00": 1}, float("nan"), [1e999]])
def test_what_cannot_be_kept_is_known_wherever_it_stands(odd: object) -> None:
    assert not is_keepable({"a": [odd]})


def test_only_the_odd_signs_are_replaced() -> None:
    assert is_keepable({"a": ["か😀", 1, 1.5, True, None]})
    assert make_keepable(ODD) == {"a\ufffd": ["\ufffd", {"b": "か😀"}], "n": 1}
    assert is_keepable(make_keepable(ODD))


def test_a_cursor_comes_back_as_it_was() -> None:
    kinds = [datetime, str, int]
    assert read_cursor(write_cursor([NOW, "main", 7]), kinds) == [NOW, "main", 7]


@pytest.mark.parametrize(
    "key", [[NOW, "main"], [NOW, "main", "7"], [NOW, 5, 7], ["x", "main", 7], [NOW, "main", 10**30]]
)
def test_a_cursor_that_we_did_not_write_is_refused(key: list[object]) -> None:
    with pytest.raises(NotFound):
        read_cursor(write_cursor(key), [datetime, str, int])
