"""The environment: what is read, and what is refused with what to do."""

from datetime import timedelta
from pathlib import Path

import pytest

from console.cli.encoders import figures_of, find_encoder
from console.cli.refusals import CannotRun
from console.settings import BadSetting, read_settings

ENCODER = {
    "MADOGUCHI_ENCODER_URL": "https://api.example/v1/embeddings",
    "MADOGUCHI_ENCODER_MODEL": "sample-1",
}


def test_without_settings_there_is_no_encoder_and_nothing_to_count() -> None:
    settings = read_settings({})

    assert settings.encoder is None
    assert settings.private_hosts == frozenset()
    assert find_encoder(settings) is None
    assert figures_of(None) == {}


def test_an_encoder_is_read_with_its_key_and_prefixes(tmp_path: Path) -> None:
    key = tmp_path / "key.txt"
    key.write_text("sk-sample\n")
    settings = read_settings(
        {
            **ENCODER,
            "MADOGUCHI_ENCODER_KEY_FILE": str(key),
            "MADOGUCHI_ENCODER_TIMEOUT_MS": "300",
            "MADOGUCHI_ENCODER_QUESTION_PREFIX": "query: ",
            "MADOGUCHI_ENCODER_ENTRY_PREFIX": "passage: ",
            "MADOGUCHI_PRIVATE_HOSTS": " Ollama.example, localhost ,",
        }
    )
    encoder = find_encoder(settings)

    assert settings.private_hosts == {"ollama.example", "localhost"}
    assert settings.encoder is not None
    assert (settings.encoder.timeout_ms, read_settings(ENCODER).encoder.timeout_ms) == (300, 800)
    assert encoder is not None
    assert (encoder.key, encoder.question_prefix, encoder.entry_prefix) == (
        "sk-sample",
        "query: ",
        "passage: ",
    )


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"MADOGUCHI_ENCODER_MODEL": ""}, "MADOGUCHI_ENCODER_MODEL"),
        (
            {"MADOGUCHI_ENCODER_URL": "http://api.example/v1/embeddings"},
            "PRIVATE_HOSTS=api.example",
        ),
        ({"MADOGUCHI_ENCODER_URL": "api.example"}, "https://HOST"),
        ({"MADOGUCHI_ENCODER_URL": "https://[::1"}, "https://HOST"),
        ({"MADOGUCHI_ENCODER_URL": "ftp://api.example/"}, "https://HOST"),
        ({"MADOGUCHI_ENCODER_TIMEOUT_MS": "soon"}, "MADOGUCHI_ENCODER_TIMEOUT_MS"),
        ({"MADOGUCHI_ENCODER_TIMEOUT_MS": "0"}, "MADOGUCHI_ENCODER_TIMEOUT_MS"),
        ({"MADOGUCHI_ENCODER_TIMEOUT_MS": "3001"}, "MADOGUCHI_ENCODER_TIMEOUT_MS"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(given: dict[str, str], named: str) -> None:
    with pytest.raises(BadSetting, match=named):
        read_settings({**ENCODER, **given})
    private = {"MADOGUCHI_PRIVATE_HOSTS": "api.example"}
    http = {"MADOGUCHI_ENCODER_URL": "http://api.example/v1/embeddings"}
    assert read_settings({**ENCODER, **private, **http}).encoder is not None


@pytest.mark.parametrize("text", ["", "two\nlines", "全角"])
def test_a_file_without_a_key_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "key.txt"
    file.write_text(text)
    settings = read_settings({**ENCODER, "MADOGUCHI_ENCODER_KEY_FILE": str(file)})

    with pytest.raises((BadSetting, CannotRun), match=r"key\.txt"):
        find_encoder(settings)
    file.write_text("sk-sample")
    assert find_encoder(settings) is not None


def test_how_long_a_session_lasts_is_a_setting() -> None:
    default = read_settings({}).sessions_last
    given = {"MADOGUCHI_SESSION_IDLE_MINUTES": "30", "MADOGUCHI_SESSION_HOURS": "9"}

    assert (default.idle, default.absolute) == (timedelta(hours=12), timedelta(days=7))
    lasts = read_settings(given).sessions_last
    assert (lasts.idle, lasts.absolute) == (timedelta(minutes=30), timedelta(hours=9))
    for name, value in (
        ("MADOGUCHI_SESSION_IDLE_MINUTES", "14"),
        ("MADOGUCHI_SESSION_IDLE_MINUTES", "541"),
        ("MADOGUCHI_SESSION_HOURS", "0"),
        ("MADOGUCHI_SESSION_HOURS", "721"),
        ("MADOGUCHI_SESSION_HOURS", "-1"),
    ):
        with pytest.raises(BadSetting, match=r"MADOGUCHI_SESSION"):
            read_settings({**given, name: value})
