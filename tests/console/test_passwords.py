"""Passwords: long enough, none that many use, none that names its owner; everything else goes."""

import time

import pytest

from console.passwords import WeakPassword, find_weakness, hash_password, is_password

OWN = ("staff-hanako@example.com", "見本 花子さん")


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("みじかい", "short"), ("a1b2c3d4e5f", "short"), ("x" * 1025, "long"),
        ("password1234", "common"), ("P@ssw0rd2024!", "common"), ("iloveyoupassword", "common"),
        ("sunshine-dragon", "common"), ("administrator", "common"), ("qwertyuiop12", "common"),
        ("1234567890ab", "common"), ("1qaz2wsx3edc", "common"), ("aaaaaaaaaaaaaaaa", "common"),
        ("さくらさくらさくらさくら", "common"), ("ｐａｓｓｗｏｒｄ１２３４", "common"),
        ("madoguchi-9-kagi", "own_word"), ("hanako-no-niwa-3", "own_word"),
        ("みかん3つと花子さんの庭", "own_word"), ("窓口のかぎは3番目の棚", "short"),
        ("窓口のかぎは3番目の棚の奥", "own_word"),
    ],
)  # fmt: skip
def test_what_is_guessed_first_is_refused_with_its_reason(password: str, why: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        hash_password(password, OWN)

    assert refused.value.details == {"why": why}


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple", "見本のパスワード1234", "lowercaseonlybutodd",
        "ajzkPq93-xlsd", " 前後の空白もパスワードのうち ", "🍊🌳🏡🐈🌧️🚲🍵🎐🗝️📮🧺🪁",
        "x7" + "あk9m" * 255,
    ],
)  # fmt: skip
def test_what_is_not_goes_whatever_it_is_made_of(password: str) -> None:
    assert len(password) <= 1024

    kept = hash_password(password, OWN)

    assert is_password(password, kept)
    assert not is_password(password[:-1], kept)  # nothing is cut off


def test_looking_at_the_longest_password_takes_no_time() -> None:
    begun = time.perf_counter()
    for password in ("ab1" * 341, "qwertyuiop" * 102, "zxcvbnm," * 128):
        find_weakness(password, OWN)

    assert time.perf_counter() - begun < 1


def test_whoever_has_no_password_is_nobody() -> None:
    assert not is_password("", "")
    assert not is_password("nobody has this password", None)
