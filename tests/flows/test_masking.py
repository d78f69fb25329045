"""Personal data behind samples: the same behind the same, in a form that reads alike."""

import pytest

from flows.language.masking import Mask
from flows.language.talk_writing import written
from flows.language.typed import read_typed


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("山田 花子です", "見本です"),
        ("花子より", "見本より"),
        ("090-1234-5678 まで", "090-0000-0001 まで"),
        ("０９０－１２３４－５６７８", "０９０－００００－０００１"),
        ("(03) 1234 5678", "(03) 1000 0001"),
        ("Hanako.Y@Example.ne.jp に", "mihon1@example.com に"),
        ("会員番号は 48210 です", "会員番号は 40001 です"),
        ("3名、10時から", "3名、10時から"),
    ],
)
def test_what_is_personal_is_not_there_any_more(text: str, masked: str) -> None:
    assert Mask(("山田 花子",)).text(text) == masked


def test_the_same_value_has_the_same_sample_and_another_has_another() -> None:
    mask = Mask()

    first, again, other = (
        mask.text(t) for t in ("090-1111-2222", "０９０ー１１１１ー２２２２", "08033334444")
    )

    assert read_typed("phone", first, None) == read_typed("phone", again, None) == "09000000001"
    assert read_typed("phone", other, None) == "08000000002"
    assert mask.mail("A@b.jp") == mask.mail("a@b.jp") != mask.mail("c@b.jp")
    assert mask.words("ねこ") == mask.words("ねこ") != mask.words("いぬ")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("はい", "はい"),
        ("2026-11-28 14:00", '"2026-11-28 14:00"'),
        ("", '""'),
        ("- a", '"- a"'),
        ("a: b", '"a: b"'),
        ("全角\u3000空白", '"全角\u3000空白"'),
        ("一行\n二行", '"一行\\n二行"'),
        ({"tags": ["新規", "a, b"], "n": 2}, '{tags: [新規, "a, b"], n: 2}'),
    ],
)
def test_a_value_is_written_so_that_yaml_reads_it_back(value: object, text: str) -> None:
    assert written(value) == text
