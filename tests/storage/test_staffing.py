"""Who works here: invited by one link, changed, locked out; and what the history says of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from storage import audit, operator_links, operators, second_factor, staffing
from storage.audit import COMMAND, Wanted, by_operator
from storage.models.operators import Operator, OperatorSession
from storage.operators import Change, NewOperator
from storage.refusals import AlreadyThere, LastManager, LinkIsGone
from storage.unit import Store
from tests import given
from tests.rfc6238 import code_at

NEW = NewOperator("new@example.com", "", "operator", "", ("main",), ("受付",))


@pytest.fixture
def manager(store: Store, now: datetime) -> Operator:
    """The only manager, of a house with one account."""

    def work(db: Session) -> Operator:
        given.an_account(db, now)
        return given.an_operator(db, now, "見本店長", role="manager")

    return store.write(work)


def invite(store: Store, by: Operator, now: datetime) -> tuple[Operator, str]:
    def work(db: Session) -> tuple[Operator, str]:
        operator, link = staffing.invite(db, NEW, by_operator(by), now)
        return operator, link.token

    return store.write(work)


def join(store: Store, token: str, now: datetime, name: str | None = "見本 新人") -> Operator:
    return store.write(lambda db: staffing.join(db, token, name, "hash", "192.0.2.1", now))


def told(store: Store) -> list[str]:
    rows, _ = store.read(lambda db: audit.list_rows(db, Wanted()))
    return [row.kind for row in rows]


def change(store: Store, operator_id: str, wanted: Change, now: datetime) -> None:
    def work(db: Session) -> None:
        operator = operators.get_operator(db, operator_id)
        staffing.change(db, operator, wanted, COMMAND, now)

    store.write(work)


def test_an_invitation_is_used_once_and_only_while_it_is_good(
    store: Store, now: datetime, manager: Operator
) -> None:
    operator, token = invite(store, manager, now)
    assert not operators.is_joined(operator)
    assert store.read(lambda db: operator_links.open_links(db, now)).keys() == {operator.id}
    with pytest.raises(LinkIsGone):
        join(store, "another", now)
    with pytest.raises(LinkIsGone):
        join(store, token, now + timedelta(days=7))

    joined = join(store, token, now + timedelta(days=6))

    assert (joined.id, joined.name, joined.password_hash) == (operator.id, "見本 新人", "hash")
    assert store.read(lambda db: operators.accounts_of(db, operator.id)) == {"main"}
    with pytest.raises(LinkIsGone):
        join(store, token, now)
    assert told(store) == ["joined", "invited"]


def test_only_the_hash_of_a_link_is_kept(store: Store, now: datetime, manager: Operator) -> None:
    _, token = invite(store, manager, now)

    link, _ = store.read(lambda db: operator_links.find_link(db, token, now))
    assert token not in str(link.model_dump())
    assert link.token_sha256 == operators.hash_token(token)


def test_a_new_link_replaces_the_one_before(store: Store, now: datetime, manager: Operator) -> None:
    operator, first = invite(store, manager, now)

    def again(db: Session) -> str:
        return staffing.make_new_link(db, operator, COMMAND, now).token

    second = store.write(again)
    with pytest.raises(LinkIsGone):
        join(store, first, now)
    join(store, second, now)
    assert told(store) == ["joined", "invitation_link_made", "invited"]


def test_a_link_for_a_new_password_keeps_the_name_and_ends_sessions(
    store: Store, now: datetime, manager: Operator
) -> None:
    session = OperatorSession(
        token_sha256=operators.hash_token("t"),
        operator_id="",
        csrf_token="c",
        created_at=now,
        used_at=now,
    )
    store.write(lambda db: operators.begin_session(db, manager, session))
    link = store.write(lambda db: staffing.make_new_link(db, manager, COMMAND, now))
    assert (link.kind, link.expires_at) == ("password", now + timedelta(days=1))

    joined = join(store, link.token, now, "別の名前")

    assert joined.name == "見本店長"
    assert store.read(lambda db: operators.find_session(db, "t", now)) is None
    assert told(store) == ["password_reset", "password_link_made"]


def test_a_link_of_somebody_who_was_disabled_is_gone(
    store: Store, now: datetime, manager: Operator
) -> None:
    operator, token = invite(store, manager, now)
    change(store, operator.id, Change(is_disabled=True), now)
    with pytest.raises(LinkIsGone):
        join(store, token, now)
    change(store, operator.id, Change(is_disabled=False), now)
    with pytest.raises(LinkIsGone):
        join(store, token, now)

    def race(db: Session) -> str:  # a link that was made just before
        operators.get_operator(db, operator.id).is_disabled = True
        return operator_links.make_link(db, operator, now).token

    late = store.write(race)
    with pytest.raises(LinkIsGone):
        join(store, late, now)


def test_an_invitation_is_withdrawn_but_nobody_who_has_joined(
    store: Store, now: datetime, manager: Operator
) -> None:
    operator, token = invite(store, manager, now)
    with pytest.raises(AlreadyThere):
        invite(store, manager, now)

    store.write(lambda db: staffing.withdraw(db, db.get_one(Operator, operator.id), COMMAND, now))

    assert store.read(lambda db: operators.find_by_email(db, NEW.email)) is None
    with pytest.raises(LinkIsGone):
        join(store, token, now)
    with pytest.raises(AlreadyThere):
        store.write(
            lambda db: staffing.withdraw(db, db.get_one(Operator, manager.id), COMMAND, now)
        )


@pytest.mark.parametrize("wanted", [Change(role="supervisor"), Change(is_disabled=True)])
def test_the_last_manager_stays(
    store: Store, now: datetime, manager: Operator, wanted: Change
) -> None:
    with pytest.raises(LastManager):
        change(store, manager.id, wanted, now)
    other, token = invite(store, manager, now)
    change(store, other.id, Change(role="manager"), now)
    with pytest.raises(LastManager):  # who is only invited manages nothing yet
        change(store, manager.id, wanted, now)
    join(store, token, now)

    change(store, manager.id, wanted, now)

    with pytest.raises(LastManager):
        change(store, other.id, wanted, now)


def test_each_thing_that_is_different_is_one_line_of_history(
    store: Store, now: datetime, manager: Operator
) -> None:
    operator, token = invite(store, manager, now)
    join(store, token, now)
    wanted = Change(role="viewer", accounts=(), queues=("受付",), name="見本 新人")

    change(store, operator.id, wanted, now)

    rows, _ = store.read(lambda db: audit.list_rows(db, Wanted()))
    new = [(row.kind, row.params) for row in rows if row.kind not in {"invited", "joined"}]
    assert sorted(new, key=str) == [
        ("accounts_changed", {"from": ["main"], "to": []}),
        ("role_changed", {"from": "operator", "to": "viewer"}),
    ]
    change(store, operator.id, Change(is_disabled=True), now)
    change(store, operator.id, Change(is_disabled=False), now)
    change(store, operator.id, Change(password_hash="other"), now)
    assert told(store)[:3] == ["password_changed", "enabled", "disabled"]


def test_a_lesser_role_ends_sessions_and_a_greater_one_does_not(
    store: Store, now: datetime, manager: Operator
) -> None:
    operator, token = invite(store, manager, now)
    join(store, token, now)
    session = OperatorSession(
        token_sha256=operators.hash_token("t"),
        operator_id="",
        csrf_token="c",
        created_at=now,
        used_at=now,
    )
    store.write(lambda db: operators.begin_session(db, operator, session))

    change(store, operator.id, Change(role="supervisor"), now)
    assert store.read(lambda db: operators.find_session(db, "t", now)) is not None
    change(store, operator.id, Change(role="viewer"), now)
    assert store.read(lambda db: operators.find_session(db, "t", now)) is None


def test_of_many_who_use_a_link_at_once_one_joins(
    store: Store, now: datetime, manager: Operator
) -> None:
    operator, token = invite(store, manager, now)

    def attempt(number: int) -> bool:
        try:
            join(store, token, now, f"見本 {number}番")
        except LinkIsGone:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        joined = list(pool.map(attempt, range(8)))

    assert joined.count(True) == 1
    winner = joined.index(True)
    found = store.read(lambda db: operators.get_operator(db, operator.id))
    assert found.name == f"見本 {winner}番"
    assert told(store) == ["joined", "invited"]
    assert store.read(audit.verify).broken_at is None


def test_two_managers_who_demote_each_other_at_once_leave_one(
    store: Store, now: datetime, manager: Operator
) -> None:
    other = store.write(lambda db: given.an_operator(db, now, "見本副店長", role="manager"))

    def attempt(operator_id: str) -> bool:
        try:
            change(store, operator_id, Change(role="viewer"), now)
        except LastManager:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(attempt, (manager.id, other.id)))

    assert sorted(done) == [False, True]
    roles = sorted(o.role for o in store.read(operators.list_operators))
    assert roles == ["manager", "viewer"]


def test_what_managers_do_to_sessions_and_second_factors_is_told(
    store: Store, now: datetime, manager: Operator
) -> None:
    new = NewOperator("b@example.com", "見本スタッフB", "operator", "hash")
    person = store.write(lambda db: staffing.add(db, new, COMMAND, now))
    by = by_operator(manager, "192.0.2.1")

    def reset(db: Session) -> None:
        staffing.reset_codes(db, person, by, now)

    store.write(reset)
    assert told(store) == ["operator_added"]  # there was nothing to reset
    secret = store.write(lambda db: second_factor.begin(db, given.KEY, person))
    assert "b%40example.com" in second_factor.address_of(secret, person)
    code = code_at(secret, now)
    store.write(lambda db: second_factor.confirm(db, given.KEY, person, code, now))
    store.write(reset)
    assert store.read(second_factor.who_has_it) == frozenset()
    store.write(lambda db: staffing.sign_out_everywhere(db, person, by, now))
    for is_needed in (True, True, False):
        store.write(
            lambda db, n=is_needed: staffing.require_codes(db, "viewer", by, now, is_needed=n)  # type: ignore[misc] # bound now
        )

    rows, _ = store.read(lambda db: audit.list_rows(db, Wanted()))
    assert [(row.kind, row.address) for row in rows] == [
        ("codes_required", "192.0.2.1"),
        ("codes_required", "192.0.2.1"),
        ("sessions_ended", "192.0.2.1"),
        ("codes_reset", "192.0.2.1"),
        ("operator_added", None),
    ]
