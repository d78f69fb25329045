"""Two laws of the search: what is in a text is found by any two characters of it, and nothing else."""

from itertools import count

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from storage import findable
from storage.conversations import Scope
from storage.finding import Wanted, find_rows
from storage.search_words import LONGEST, cut_snippet, fold, read_words
from storage.unit import Store
from tests import given as house
from tests.storage.searching import LATER, seal

# What people write, and what they paste: kana of both widths, marks, spaces, digits, anything.
SIGNS = st.one_of(
    st.sampled_from(
        "あいうがぎぱアイウガギパーｱｲｶﾞﾞﾟ日本語予約  \u3000\n-−ー1２aAＢßﬁéé゙\u200b😊✂\ufe0f"
    ),
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
)
TEXTS = st.text(SIGNS, min_size=1, max_size=30)
numbers = count()


@given(TEXTS)
@example("1- 2")
@example("う゛")
@example("ﾞ")
@example("ΐ")
def test_folding_once_is_enough(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXTS, st.data())
def test_a_hit_stands_where_the_snippet_says(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    assume(len(folded) >= 2)
    start = data.draw(st.integers(0, len(folded) - 2))
    words = read_words(folded[start : data.draw(st.integers(start + 2, len(folded)))])
    assume(words)

    snippet = cut_snippet(text, words)

    assert snippet is not None
    for begin, end in snippet.hits:
        assert 0 <= begin < end <= len(snippet.text)
    if len(words) == 1 and snippet.hits:
        begin, end = snippet.hits[0]
        assert words[0] in fold(snippet.text[begin:end])


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXTS, min_size=1, max_size=6), query=TEXTS, data=st.data())
@pytest.mark.parametrize("is_sealed", [False, True])
def test_what_is_in_a_text_is_found_and_what_is_in_none_is_not(
    store: Store, *, is_sealed: bool, texts: list[str], query: str, data: st.DataObject
) -> None:
    account = f"a{next(numbers)}"

    def write(db: Session) -> None:
        house.an_account(db, LATER, account)
        for number, text in enumerate(texts):
            findable.keep(db, account, "message", f"{account}-{number}", text)

    def found(words: tuple[str, ...]) -> list[str]:
        scope, wanted = Scope("o", frozenset({account})), Wanted(words, "message")
        return [
            one.row_id for one in store.read(lambda db: find_rows(db, scope, wanted, None, 50))[0]
        ]

    store.write(write)
    if is_sealed:
        assert seal(store, account) >= 1
    folded = [fold(text) for text in texts]
    parts = [
        (n, f[i:j])
        for n, f in enumerate(folded)
        for i in range(len(f))
        for j in range(i + 2, len(f) + 1)
    ]
    for number, part in data.draw(st.lists(st.sampled_from(parts), max_size=5)) if parts else []:
        words = read_words(part)
        if words:
            assert f"{account}-{number}" in found(words), (texts, part)
    words = read_words(query)
    if words:
        expected = [f"{account}-{n}" for n, f in enumerate(folded) if all(w in f for w in words)]
        assert found(words) == expected[::-1]
    assert len(query) <= LONGEST
