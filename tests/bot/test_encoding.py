"""The FAQ with an encoder, from the phone to the answer: a real server of embeddings beside LINE."""

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.encoder import LENGTH, Encoder
from bot.question_vectors import AGAIN_AFTER, FAILURES_IN_A_ROW
from console.replaying import draft_of, record, replay_last
from flows.language import values
from flows.language.effects import LookedUp
from flows.language.loader import load_folder
from flows.language.past_talks.recorded import turns_of_talk
from flows.language.routing import take
from storage.models.flows import FaqVector, RunEvent
from storage.models.people import Friend
from storage.models.talks import Conversation
from storage.unit import Store
from tests.bot.conftest import FLOWS, Line, eventually
from tests.bot.embeddings import Embeddings, an_encoder

ASKED = "チルドレンのプライス"  # キッズカットの料金, in words of which the FAQ has none
MEANT = "キッズカットは小学生まで3,300円"
PARKING = "店舗の裏に3台分"


@pytest.fixture
def encoder(embeddings: Embeddings) -> Encoder:
    return an_encoder(embeddings)


@pytest.fixture
def ready(counter: Line) -> Line:
    """The bot has the vectors of all that its FAQ asks."""
    wait_until_ready(counter)
    return counter


def wait_until_ready(counter: Line) -> None:
    encoding, flows = counter.encoding, counter.flows
    assert encoding is not None
    assert flows is not None
    eventually(lambda: encoding.is_ready(flows.book()), "the FAQ's vectors")


def says(counter: Line, text: str, user: str | None = None) -> list[str]:
    """What the bot answers."""
    user = user or counter.friend()
    before = len(counter.texts(user))
    counter.does(user, "say", text=text)
    eventually(lambda: len(counter.texts(user)) > before, f"an answer to {text}")
    return counter.texts(user)[before:]


def looked_up(store: Store) -> list[LookedUp]:
    rows = store.read(lambda db: [e for row in _log(db) for e in row["effects"]])
    effects = [values.from_json(row) for row in rows]
    return [effect for effect in effects if isinstance(effect, LookedUp)]


def _names(store: Store) -> list[str]:
    return store.read(lambda db: [friend.display_name or "" for friend in db.exec(select(Friend))])


def _log(db: Session) -> list[dict[str, Any]]:
    rows = db.exec(select(RunEvent).order_by(RunEvent.at, RunEvent.run_id, RunEvent.seq))
    return [row.model_dump() for row in rows]


def test_what_the_letters_hand_off_the_meaning_answers(
    ready: Line, store: Store, embeddings: Embeddings
) -> None:
    answer = says(ready, ASKED)
    again = says(ready, ASKED)
    exact = says(ready, "駐車場はありますか")
    strange = says(ready, "xyzzy plugh")

    assert MEANT in answer[0]
    assert again == answer
    assert PARKING in exact[0]
    assert MEANT not in strange[0]
    assert [(each.outcome, each.by) for each in looked_up(store)] == [
        *([("answered", "encoder")] * 2),
        ("answered", "exact"),
        ("unknown", "encoder"),
    ]
    asked = embeddings.texts[-2:]
    assert asked == [ASKED, "xyzzy plugh"]  # once each, and what is word for word not at all
    assert embeddings.texts.count("駐車場はありますか") == 1
    assert ready.encoding is not None
    assert ready.encoding.questions.figures() == {"encoded": 2, "remembered": 1, "failed": 0}


def test_personal_data_stays_here(ready: Line, embeddings: Embeddings, store: Store) -> None:
    user = ready.friend("山田 花子")
    says(ready, "駐車場はありますか", user)
    eventually(lambda: _names(store) == ["山田 花子"], "who they are")
    says(ready, "山田です。090-1234-5678かhanako@example.jpへ、注文987654321の件", user)

    sent = embeddings.texts[-1]
    assert "注文" in sent
    for secret in ("山田", "1234", "5678", "hanako", "987654321"):
        assert secret not in sent
    assert store.read(lambda db: len(db.exec(select(FaqVector)).all())) == len(
        set(embeddings.texts[:-1])
    )  # nothing that a customer said is kept


def test_only_the_lane_of_who_asks_waits_and_it_keeps_its_order(
    ready: Line, embeddings: Embeddings
) -> None:
    asking, other = ready.friend(), ready.friend()
    embeddings.delay_s = 0.4
    ready.does(asking, "say", text=ASKED)
    ready.does(asking, "say", text="大丈夫です")
    eventually(lambda: ASKED in embeddings.texts, "the question to be asked")
    answered = says(ready, "駐車場はありますか", other)
    meanwhile = ready.texts(asking)
    eventually(lambda: len(ready.texts(asking)) > 2, "both answers")

    assert PARKING in answered[0]
    assert meanwhile == []
    first, *_, last = ready.texts(asking)
    assert MEANT in first
    assert "またいつでもご質問ください" in last
    assert embeddings.texts.count(ASKED) == 1


@pytest.mark.parametrize("trouble", ["slow", "broken", "nonsense"])
def test_without_an_answer_in_time_the_letters_decide_and_nobody_is_kept_waiting_for_long(
    ready: Line, store: Store, embeddings: Embeddings, trouble: str, caplog: Any
) -> None:
    embeddings.delay_s = 2.0 if trouble == "slow" else 0.0
    embeddings.status = 500 if trouble == "broken" else 200
    embeddings.answer = b"<html>" if trouble == "nonsense" else None

    with caplog.at_level(logging.INFO):
        handed_off = says(ready, ASKED)
        known = says(ready, "駐車場はありますか")
        for number in range(FAILURES_IN_A_ROW):
            says(ready, f"{ASKED} {number}")
    asked = len(embeddings.inputs)
    says(ready, f"{ASKED} 8")

    assert MEANT not in handed_off[0]
    assert PARKING in known[0]
    assert {each.by for each in looked_up(store)} == {"letters", "exact"}
    assert len(embeddings.inputs) == asked  # nobody waits for who is down
    assert ASKED not in caplog.text
    embeddings.delay_s, embeddings.status, embeddings.answer = 0.0, 200, None
    ready.passes(AGAIN_AFTER + timedelta(seconds=1))
    assert MEANT in says(ready, ASKED)[0]


def test_a_talk_of_the_past_is_the_same_again_without_the_server(
    ready: Line, store: Store, embeddings: Embeddings
) -> None:
    assert MEANT in says(ready, ASKED)[0]
    embeddings.status = 500
    talk, rows = store.read(lambda db: (db.exec(select(Conversation)).one(), _log(db)))

    report = replay_last(store, draft_of(load_folder(FLOWS)), 10, {"faq"})
    again = [each for turn in turns_of_talk(rows) for each in turn]
    assert ready.flows is not None
    book = ready.flows.book()
    effects = [
        take(book, [each.before] if each.before else [], each.event, each.context).effects
        for each in again
    ]
    last = again[-1]
    forgetful = take(book, [], last.event, replace(last.context, meanings=()))

    assert [verdict.group for verdict in report.verdicts] == ["same"]
    assert effects == [each.effects for each in again]
    assert forgetful.effects != last.effects  # what was recorded is what decides
    assert len(str(rows[-1]["context"]["meanings"])) < 1500
    recording = record(store, talk.id)
    assert recording is not None
    assert recording.strays == ()
    assert ASKED not in recording.text


def test_a_way_to_ask_without_a_vector_yet_means_letters_and_no_delay(
    counter: Line, store: Store, embeddings: Embeddings
) -> None:
    wait_until_ready(counter)
    embeddings.status = 503
    files = {name: text.encode() for name, text in load_folder(FLOWS).sources.items()}
    files["faq/more.yaml"] = MORE.encode()
    counter.publish_files(files)
    asked = len(embeddings.inputs)

    meanwhile = says(counter, ASKED)
    known = says(counter, "送料はかかりますか")
    assert MEANT not in meanwhile[0]
    assert "全国一律" in known[0]
    assert len(embeddings.inputs) <= asked + 1  # the batch that failed, and no question
    embeddings.status = 200
    counter.passes(timedelta(minutes=1))
    wait_until_ready(counter)
    assert MEANT in says(counter, ASKED)[0]


MORE = """faq: more
title: 通販
entries:
  - id: postage
    ask: [送料はかかりますか, 配送料はいくらですか, 送料無料になりますか]
    answer: 全国一律500円です。
"""


def test_behind_the_same_name_another_model_makes_all_vectors_again(
    ready: Line, store: Store, embeddings: Embeddings
) -> None:
    def lengths() -> set[int]:
        return store.read(lambda db: {len(each.vector) for each in db.exec(select(FaqVector))})

    assert lengths() == {4 * LENGTH}
    embeddings.length = 600

    handed_off = says(ready, ASKED)
    assert MEANT not in handed_off[0]
    ready.passes(timedelta(minutes=1))
    wait_until_ready(ready)

    assert lengths() == {2400}
    assert MEANT in says(ready, ASKED)[0]


def test_an_encoder_that_contradicts_itself_is_not_sent_the_whole_faq_again_and_again(
    ready: Line, embeddings: Embeddings
) -> None:
    batches = len(embeddings.inputs)
    embeddings.of_questions = 8

    for number in range(2):
        assert MEANT not in says(ready, f"{ASKED}{number}")[0]
        ready.passes(AGAIN_AFTER + timedelta(seconds=1))
        if number == 0:
            wait_until_ready(ready)
    assert ready.encoding is not None
    assert ready.flows is not None
    ready.encoding.keep_up(ready.flows.book())

    assert len(embeddings.inputs) == 2 * batches + 2
