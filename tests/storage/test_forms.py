"""Addresses of forms: given again, bound to one run, over after a while, never flooded."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from storage.flow_versions import publish
from storage.forms import LIFE, MOST_ANSWERS, WINDOW, answer_form, bind, get_form, make_form
from storage.models.work import Arrival
from storage.refusals import NotFound, TooManyAnswers
from storage.runs import RunState, save_run
from storage.seal import read_signed, sign
from storage.unit import Store
from tests import given

ANSWER = {"entry": 1, "text": "はい", "labels": []}


def a_run(status: str, now: datetime) -> RunState:
    return RunState("run-1", "welcome", "h1", status, {}, now)


def test_an_address_that_waits_is_given_again_and_lives_longer(store: Store, now: datetime) -> None:
    later = now + timedelta(days=2)

    def work(db: Session) -> None:
        talk = given.a_talk(db, given.an_account(db, now), now)
        operator = given.an_operator(db, now)
        first = make_form(db, talk, "welcome", operator, now)
        again = make_form(db, talk, "welcome", operator, later)

        assert (again.id, again.expires_at) == (first.id, later + LIFE)
        assert make_form(db, talk, "csat", operator, now).id != first.id
        assert make_form(db, talk, "welcome", operator, later + LIFE).id != first.id

    store.write(work)


def test_an_address_shows_the_run_that_goes_on_and_is_used_up_with_it(
    store: Store, now: datetime
) -> None:
    def work(db: Session) -> None:
        talk = given.a_talk(db, given.an_account(db, now), now)
        operator = given.an_operator(db, now)
        publish(db, [given.a_version()], None, now)
        save_run(db, talk, a_run("going", now), now)
        form = make_form(db, talk, "welcome", operator, now)
        assert form.run_id == "run-1"

        save_run(db, talk, a_run("ended", now), now)
        db.flush()
        new = make_form(db, talk, "welcome", operator, now)
        assert (new.id != form.id, new.run_id) == (True, None)
        bind(db, new, "run-1")
        assert get_form(db, new.id).run_id == "run-1"

    store.write(work)


def test_an_answer_stands_in_the_customers_queue_until_the_address_is_over(
    store: Store, now: datetime
) -> None:
    def work(db: Session) -> str:
        talk = given.a_talk(db, given.an_account(db, now), now)
        form = make_form(db, talk, "welcome", given.an_operator(db, now), now)
        answer_form(db, form.id, ANSWER, now)
        (arrival,) = db.scalars(select(Arrival)).all()
        assert (arrival.kind, arrival.is_inside) == ("form_answered", True)
        assert arrival.raw == {**ANSWER, "form_id": form.id}
        return form.id

    form_id = store.write(work)
    for id_, at in ((form_id, now + LIFE), ("nothing", now)):
        with pytest.raises(NotFound):
            store.write(lambda db, id_=id_, at=at: answer_form(db, id_, ANSWER, at))
    with pytest.raises(NotFound):
        store.read(lambda db: get_form(db, "nothing"))


def test_so_many_answers_a_minute_and_no_more(store: Store, now: datetime) -> None:
    def make(db: Session) -> str:
        talk = given.a_talk(db, given.an_account(db, now), now)
        return make_form(db, talk, "welcome", given.an_operator(db, now), now).id

    form_id = store.write(make)
    for _ in range(MOST_ANSWERS):
        store.write(lambda db: answer_form(db, form_id, ANSWER, now))

    with pytest.raises(TooManyAnswers):
        store.write(lambda db: answer_form(db, form_id, ANSWER, now))
    assert store.write(lambda db: answer_form(db, form_id, ANSWER, now + WINDOW)) > 0


def test_a_token_is_read_only_as_it_was_signed() -> None:
    token = sign(given.KEY, "form", "row-1")

    assert read_signed(given.KEY, "form", token) == "row-1"
    assert read_signed(given.KEY, "coupon", token) is None
    assert read_signed(b"x" * 32, "form", token) is None
    assert read_signed(given.KEY, "form", token.replace("row-1", "row-2")) is None
    assert read_signed(given.KEY, "form", "row-1") is None
    assert read_signed(given.KEY, "form", "行.印") is None
