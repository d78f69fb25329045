"""What a flow says itself is not the customer's, and what it only contains is."""

import json

from sqlmodel import Session

from storage.copied_words import without
from storage.flow_versions import NewVersion, publish
from storage.runs import RunState, save_run
from storage.sayings import own_words, sayings_of_talk, spared_pieces
from storage.unit import Store
from storage.word_places import Leaf, change_words
from tests import given

STEPS = [
    {"ask": "始まります。{{name}} さん", "id": "tom", "retry": "2", "choices": ["1", {"赤": {}}]},
    {"ask": "どれ", "choices": [{"大きい": {"value": "L"}}, {"👍": {"goto": "fin"}}]},
]


def test_only_whole_texts_and_choices_are_the_flows_own(store: Store, now) -> None:
    def work(db: Session) -> None:
        talk = given.a_talk(db, given.an_account(db, now), now)
        bundle = {"flow": {"flow": "see", "steps": STEPS}}
        publish(db, [NewVersion("see", "h-own", "見本", bundle)], None, now)
        db.flush()
        save_run(db, talk, RunState("r1", "see", "h-own", "going", {}, now), now)
        said = sayings_of_talk(db, talk.id)

        own = ("まり", "Tom", "2", "🍎")
        assert own_words((*own, "1", "赤", "大きい", "Ｌ", "👍", "はい"), said) == own
        assert spared_pieces(["ます"], said) == ("始まります。",)
        assert spared_pieces(["🍎"], said) == ()

    store.write(work)


def test_of_a_card_the_texts_are_changed_and_nothing_else() -> None:
    def change(leaf: Leaf, *, is_map: bool) -> Leaf:  # a Change
        return without(str(leaf), ["ひみつ"])

    card = {"type": "text", "text": "ひみつ です", "action": {"data": "ひみつ", "label": "ひみつ"}}
    left = {"type": "text", "text": "… です", "action": {"data": "ひみつ", "label": "…"}}

    assert change_words({"flex": json.dumps(card)}, change) == {
        "flex": json.dumps(left, ensure_ascii=False)
    }
    assert change_words({"flex": "3"}, change) == {"flex": "3"}
    assert change_words({"flex": "{ひみつ"}, change) == {"flex": "{ひみつ"}
    assert change_words([{"origin": {"title": "ひみつ"}}], change) == [
        {"origin": {"title": "ひみつ"}}
    ]
