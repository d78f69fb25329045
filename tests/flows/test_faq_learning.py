"""What a FAQ could learn: drafts for managers, from questions that it did not answer."""

from flows.language.faq_index import Question
from flows.language.faq_learning import Draft, Missed, draft

PARKING = Question(
    "parking", ("駐車場はありますか", "車で行けますか", "車はどこに停めますか"), "裏に3台ございます"
)
PAYMENT = Question(
    "payment",
    ("支払い方法を教えてください", "カードは使えますか"),
    "現金とカードがご利用いただけます",
)
FAQ = [PARKING, PAYMENT]


def test_a_pick_becomes_a_way_to_ask() -> None:
    drafts = draft(FAQ, [Missed(1, "クレカ払いはできますか", entry="payment")])

    assert drafts == [Draft("payment", ("クレカ払いはできますか",), None, (1,))]


def test_what_staff_answered_in_the_words_of_an_entry_becomes_a_way_to_ask() -> None:
    reply = "お店の裏に3台ございます"

    drafts = draft(FAQ, [Missed(1, "バイクを置けますか", reply=reply)])

    assert drafts == [Draft("parking", ("バイクを置けますか",), None, (1,))]


def test_questions_that_are_alike_become_one_new_entry_with_the_answer_of_staff() -> None:
    missed = [
        Missed(1, "ネイルはやっていますか"),
        Missed(2, "着付けの予約をしたいです"),
        Missed(3, "ネイルやっていますか", reply="ネイルは行っておりません"),
        Missed(4, "ネイルはやっていますか?"),
    ]

    drafts = draft(FAQ, missed)

    asks = ("ネイルはやっていますか", "ネイルやっていますか")
    assert drafts[0].entry is None
    assert set(drafts[0].ask) == set(asks)
    assert drafts[0].answer == "ネイルは行っておりません"
    assert [one.questions for one in drafts] == [(1, 3, 4), (2,)]


def test_what_is_answered_by_now_and_what_would_rob_an_entry_is_not_proposed() -> None:
    answered = draft(FAQ, [Missed(1, "車で行けますか?")])
    robbing = draft(FAQ, [Missed(1, "車で行ってもいいですか", entry="payment")])

    assert answered == []
    assert robbing[0].entry is None or "車で行けますか" not in robbing[0].ask
