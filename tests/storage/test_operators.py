"""The people at the console: let in, limited, locked out; who is looking at what."""

from datetime import datetime, timedelta

import pytest

from storage import operators, presence, sign_ins
from storage.models.operators import Operator, OperatorSession
from storage.operators import Change
from storage.refusals import AlreadyThere, NotFound, TooManySignIns
from storage.unit import Store
from tests import given

EMAIL = "hanako@example.com"


@pytest.fixture
def operator(store: Store, now: datetime) -> Operator:
    """A person who sees one account and serves one queue."""

    def work(db) -> Operator:
        given.an_account(db, now)
        new = operators.NewOperator(
            "Hanako@Example.com", "見本 花子", "operator", "hash", ("main",), ("受付",)
        )
        return operators.add_operator(db, new, now)

    return store.write(work)


def test_an_operator_is_known_by_the_address_in_any_case(
    store: Store, now: datetime, operator: Operator
) -> None:
    found = store.read(lambda db: operators.find_by_email(db, "HANAKO@example.com"))
    assert found is not None
    assert (found.id, found.email) == (operator.id, EMAIL)
    with pytest.raises(AlreadyThere):
        store.write(
            lambda db: operators.add_operator(
                db, operators.NewOperator(EMAIL, "x", "viewer", "hash"), now
            )
        )
    with pytest.raises(NotFound):
        store.read(lambda db: operators.get_operator(db, "nobody"))
    assert store.read(lambda db: [o.id for o in operators.list_operators(db)]) == [operator.id]


def test_no_row_means_every_account_and_every_queue(store: Store, operator: Operator) -> None:
    assert store.read(lambda db: operators.accounts_of(db, operator.id)) == {"main"}
    assert store.read(lambda db: operators.queues_of(db, operator.id)) == {"受付"}

    change = Change(role="manager", accounts=(), queues=(), language="en")
    store.write(
        lambda db: operators.change_operator(db, operators.get_operator(db, operator.id), change)
    )

    assert store.read(lambda db: operators.accounts_of(db, operator.id)) is None
    assert store.read(lambda db: operators.queues_of(db, operator.id)) is None
    changed = store.read(lambda db: operators.get_operator(db, operator.id))
    assert (changed.role, changed.language, changed.version) == ("manager", "en", 2)


def a_session(store: Store, operator: Operator, token: str, now: datetime) -> None:
    kept = OperatorSession(
        token_sha256=operators.hash_token(token),
        operator_id="",
        csrf_token="csrf",
        created_at=now,
        used_at=now,
    )
    store.write(lambda db: operators.begin_session(db, operator, kept))


def test_a_browser_is_known_by_its_token_until_it_rests_too_long(
    store: Store, now: datetime, operator: Operator
) -> None:
    a_session(store, operator, "token", now)

    def known(later: timedelta) -> bool:
        return store.read(lambda db: operators.find_session(db, "token", now + later)) is not None

    assert known(timedelta(hours=11))
    assert not known(timedelta(hours=13))
    store.write(lambda db: operators.touch_session(db, "token", now + timedelta(hours=11)))
    store.write(lambda db: operators.touch_session(db, "unknown", now))
    assert known(timedelta(hours=13))
    store.write(lambda db: operators.touch_session(db, "token", now + timedelta(days=7)))
    assert not known(timedelta(days=7, seconds=1))
    assert store.read(lambda db: operators.find_session(db, "other", now)) is None
    store.write(lambda db: operators.end_session(db, "token"))
    assert not known(timedelta())


@pytest.mark.parametrize("change", [Change(is_disabled=True), Change(password_hash="new")])
def test_a_lock_out_and_a_new_password_end_every_session(
    store: Store, now: datetime, operator: Operator, change: Change
) -> None:
    a_session(store, operator, "one", now)
    a_session(store, operator, "two", now)

    store.write(
        lambda db: operators.change_operator(db, operators.get_operator(db, operator.id), change)
    )

    assert store.read(lambda db: operators.find_session(db, "one", now)) is None
    assert store.read(lambda db: operators.find_session(db, "two", now)) is None


def test_a_session_of_somebody_locked_out_meanwhile_lets_nobody_in(
    store: Store, now: datetime, operator: Operator
) -> None:
    store.write(
        lambda db: operators.change_operator(
            db, operators.get_operator(db, operator.id), Change(is_disabled=True)
        )
    )
    a_session(store, operator, "token", now)

    assert store.read(lambda db: operators.find_session(db, "token", now)) is None


def test_failed_sign_ins_wait_longer_and_longer(store: Store, now: datetime) -> None:
    def check(at: datetime, email: str = EMAIL) -> int:
        try:
            store.read(lambda db: sign_ins.check_sign_in(db, email, "192.0.2.1", at))
        except TooManySignIns as refused:
            return refused.details["wait_s"]
        return 0

    def fail(at: datetime, email: str = EMAIL) -> None:
        store.write(lambda db: sign_ins.note_failure(db, email, "192.0.2.1", at))

    for _ in range(4):
        fail(now)
    assert check(now) == 0
    fail(now)
    assert check(now) == 31
    assert check(now, "taro@example.com") == 0
    assert check(now + timedelta(seconds=31)) == 0
    fail(now + timedelta(seconds=31))
    assert check(now + timedelta(seconds=31)) == 61
    assert check(now + timedelta(hours=1)) == 0

    for number in range(44):
        fail(now, f"{number}@example.com")
    assert check(now + timedelta(minutes=1), "taro@example.com") == 900
    fail(now + timedelta(hours=1))  # forgets what no longer counts
    assert check(now + timedelta(hours=1), "taro@example.com") == 0


def test_wrong_codes_count_for_the_account_over_all_addresses_and_for_a_day(
    store: Store, now: datetime
) -> None:
    def check(at: datetime, email: str = EMAIL) -> int:
        try:
            store.read(lambda db: sign_ins.check_code(db, email, at))
        except TooManySignIns as refused:
            return refused.details["wait_s"]
        return 0

    def fail(at: datetime, number: int) -> None:
        address = f"192.0.2.{number}"
        store.write(lambda db: sign_ins.note_failure(db, EMAIL, address, at, is_code=True))

    for number in range(5):
        assert check(now) == 0
        fail(now, number)
    assert (check(now), check(now, "taro@example.com")) == (31, 0)
    for number in range(10):
        fail(now + timedelta(hours=1), number)
    assert check(now + timedelta(hours=1)) == 3601
    assert check(now + timedelta(hours=25, seconds=1)) == 0
    store.write(lambda db: sign_ins.forget_codes(db, EMAIL))
    assert check(now + timedelta(hours=1)) == 0


def test_sessions_are_listed_proved_and_all_but_one_ended(
    store: Store, now: datetime, operator: Operator
) -> None:
    for number, token in enumerate(("old", "here", "there")):
        a_session(store, operator, token, now - timedelta(hours=14 - 7 * number))

    listed = store.read(lambda db: operators.list_sessions(db, operator.id, now))
    assert [s.token_sha256 for s in listed] == [operators.hash_token(t) for t in ("there", "here")]
    store.write(lambda db: operators.prove_session(db, "here", now))
    store.write(lambda db: operators.prove_session(db, "nowhere", now))
    store.write(lambda db: operators.end_sessions(db, operator.id, but="here"))
    (left,) = store.read(lambda db: operators.list_sessions(db, operator.id, now))
    assert (left.token_sha256, left.proved_at) == (operators.hash_token("here"), now)
    seen = store.read(lambda db: operators.get_operator(db, operator.id)).seen_at
    assert seen == now


def test_presence_lives_for_a_while_and_composing_wins(
    store: Store, now: datetime, operator: Operator
) -> None:
    def talk(db) -> str:
        return given.a_waiting_talk(db, operators_account(db), now).id

    def operators_account(db):
        return given.an_account(db, now, "second")

    at = store.write(talk)

    def put(socket: str, doing: presence.Doing) -> None:
        store.write(lambda db: presence.set_presence(db, socket, operator.id, at, doing, now=now))

    def present(later: float) -> list[str]:
        when = now + timedelta(seconds=later)
        found = store.read(lambda db: presence.list_present(db, when))
        return [p.doing for p in found.get(presence.Place("second", at), [])]

    put("one", "composing")
    put("two", "viewing")
    put("three", "away")
    assert (present(0), present(10), present(30)) == (["composing"], ["viewing"], [])
    put("one", "viewing")
    assert present(0) == ["viewing"]

    assert store.write(lambda db: presence.clear_presence(db, "one")) == at
    assert store.write(lambda db: presence.clear_presence(db, "one")) is None
    assert store.write(lambda db: presence.expire(db, now, ())) == []
    assert store.write(lambda db: presence.expire(db, now + timedelta(minutes=5), ())) == [at]
    put("one", "composing")
    assert store.write(lambda db: presence.expire(db, now + timedelta(seconds=7), {"one"})) == [at]
    assert present(8) == []
