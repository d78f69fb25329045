"""Encoders: the one behind HTTP against a real server, and the one that needs none."""

import json

import pytest

from bot.egress import Egress
from bot.encoder import LENGTH, GramEncoder
from bot.encoder import EncoderFailed as Failed
from bot.http_encoder import HttpEncoder
from tests.bot.embeddings import Embeddings, an_encoder

TEXTS = ["駐車場はありますか", "営業時間は", "Do you take cards?"]
TIMEOUT_S = 5.0


def test_vectors_come_back_in_the_order_of_the_texts(embeddings: Embeddings) -> None:
    vectors = an_encoder(embeddings).encode(TEXTS, "entry", TIMEOUT_S)

    assert vectors == GramEncoder().encode(TEXTS, "entry", TIMEOUT_S)
    assert {len(vector) for vector in vectors} == {4 * LENGTH}
    assert embeddings.keys == [None]


def test_the_key_and_the_prefixes_are_sent(embeddings: Embeddings) -> None:
    encoder = an_encoder(
        embeddings, key="sk-sample", question_prefix="query: ", entry_prefix="passage: "
    )

    encoder.encode(["休みは"], "question", TIMEOUT_S)
    encoder.encode(["休みは"], "entry", TIMEOUT_S)

    assert embeddings.inputs == [["query: 休みは"], ["passage: 休みは"]]
    assert embeddings.keys == ["Bearer sk-sample"] * 2
    assert "sk-sample" not in repr(encoder)


def test_whatever_makes_other_vectors_has_another_id(embeddings: Embeddings) -> None:
    encoders = [
        an_encoder(embeddings),
        an_encoder(embeddings, model="other"),
        an_encoder(embeddings, question_prefix="query: "),
        an_encoder(embeddings, entry_prefix="passage: "),
        HttpEncoder(Egress(), "https://other.example/v1/embeddings", "sample"),
        GramEncoder(),
    ]

    assert len({encoder.id for encoder in encoders}) == len(encoders)
    assert an_encoder(embeddings, key="k").id == an_encoder(embeddings).id
    assert an_encoder(embeddings).id.startswith("sample#")


@pytest.mark.parametrize(
    "answer",
    [
        *("", "{}", "[]", "null", '{"data": 3}', '{"data": []}', '{"data": [{}]}', "[" * 9000),
        *('{"data": [{"embedding": []}]}', '{"data": [{"embedding": "text"}]}'),
        *('{"data": [{"embedding": [NaN]}]}', '{"data": [{"embedding": [1e999]}]}'),
        *('{"data": [{"embedding": [1, null]}]}', '{"data": [{"embedding": [1], "index": 7}]}'),
        *('{"data": [{"embedding": [1]}, {"embedding": [1]}]}', '{"data": {"a": 1}}'),
        *('{"data": ["a"]}', '{"data": [{"embedding": [1], "index": null}]}'),
        *('{"data": [{"embedding": {"a": 1}}]}', '{"data": [{"embedding": "AACAPw=="}]}'),
    ],
)
def test_an_answer_without_vectors_is_a_failure_that_tells_nothing_of_the_texts(
    embeddings: Embeddings, answer: str
) -> None:
    embeddings.answer = answer.encode()
    with pytest.raises(Failed) as failed:
        an_encoder(embeddings).encode(["秘密の質問"], "question", TIMEOUT_S)
    assert "秘密" not in str(failed.value)

    embeddings.answer = json.dumps({"data": [{"embedding": [1, 2]}]}).encode()
    assert len(an_encoder(embeddings).encode(["質問"], "question", TIMEOUT_S)[0]) == 8


@pytest.mark.parametrize("status", [400, 401, 429, 500, 503])
def test_a_refusal_of_the_server_is_a_failure_with_its_status(
    embeddings: Embeddings, status: int
) -> None:
    embeddings.status = status
    with pytest.raises(Failed, match=str(status)):
        an_encoder(embeddings).encode(TEXTS, "entry", TIMEOUT_S)


def test_a_host_of_our_own_net_must_be_named(embeddings: Embeddings) -> None:
    with pytest.raises(Failed, match="EgressRefused"):
        HttpEncoder(Egress(), embeddings.url, "sample").encode(TEXTS, "entry", TIMEOUT_S)
    assert embeddings.inputs == []
