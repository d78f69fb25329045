"""Codes of an app: the standard's own figures, each used once, and codes for emergencies."""

from base64 import b32decode, b32encode
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import text
from sqlmodel import Session

from storage import second_factor
from storage.models.operators import Operator
from storage.refusals import NotFound, WrongCode
from storage.seal import unseal
from storage.unit import Store
from tests import given
from tests.rfc6238 import code_at


@pytest.fixture
def operator(store: Store, now: datetime) -> Operator:
    return store.write(lambda db: given.an_operator(db, now))


@pytest.fixture
def enrolled(store: Store, now: datetime, operator: Operator) -> tuple[str, list[str]]:
    """Somebody's seed, and their codes for emergencies."""
    secret = store.write(lambda db: second_factor.begin(db, given.KEY, operator))
    code = code_at(secret, now)
    recovery = store.write(lambda db: second_factor.confirm(db, given.KEY, operator, code, now))
    return secret, recovery


def prove(store: Store, operator: Operator, code: str, at: datetime) -> str | None:
    return store.write(lambda db: second_factor.prove(db, given.KEY, operator.id, code, at))


@pytest.mark.parametrize(
    ("second", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_codes_are_those_of_the_standard(
    store: Store, operator: Operator, second: int, code: str
) -> None:
    secret = b32encode(b"12345678901234567890").decode()  # RFC 6238, appendix B
    at = datetime.fromtimestamp(second, UTC)

    assert code_at(secret, at) == code
    assert second_factor._step_of(secret, code, at) == second // 30


def test_nothing_is_asked_before_the_first_code_was_right(
    store: Store, now: datetime, operator: Operator
) -> None:
    def confirm(code: str) -> list[str]:
        return store.write(lambda db: second_factor.confirm(db, given.KEY, operator, code, now))

    with pytest.raises(NotFound):
        confirm("123456")
    secret = store.write(lambda db: second_factor.begin(db, given.KEY, operator))
    assert len(b32decode(secret)) == 20
    assert not store.read(lambda db: second_factor.is_on(db, operator.id))
    wrong = "000000" if code_at(secret, now) != "000000" else "000001"
    with pytest.raises(WrongCode):
        confirm(wrong)
    assert prove(store, operator, code_at(secret, now), now) is None

    assert len(set(confirm(code_at(secret, now)))) == 10
    assert store.read(lambda db: second_factor.is_on(db, operator.id))
    assert store.read(second_factor.who_has_it) == {operator.id}


def test_a_code_serves_once_within_a_minute_and_a_half(
    store: Store, now: datetime, operator: Operator, enrolled: tuple[str, list[str]]
) -> None:
    secret, _ = enrolled
    assert prove(store, operator, code_at(secret, now), now) is None  # it served to confirm
    later = now + timedelta(minutes=5)

    def near(steps: int) -> str:
        return code_at(secret, later + timedelta(seconds=30 * steps))

    assert prove(store, operator, near(-2), later) is None
    assert prove(store, operator, near(2), later) is None
    assert prove(store, operator, near(-1), later) == "code"
    assert prove(store, operator, near(-1), later) is None
    spaced = f"{near(1)[:3]} {near(1)[3:]}".translate(
        str.maketrans("0123456789", "０１２３４５６７８９")
    )
    assert prove(store, operator, spaced, later) == "code"
    assert prove(store, operator, near(0), later) is None  # older than what was used
    assert prove(store, operator, "", later) is None


def test_of_many_who_send_the_same_code_at_once_one_comes_in(
    store: Store, now: datetime, operator: Operator, enrolled: tuple[str, list[str]]
) -> None:
    secret, recovery = enrolled
    later = now + timedelta(minutes=5)

    for code in (code_at(secret, later), recovery[0]):
        with ThreadPoolExecutor(8) as pool:
            means = list(pool.map(lambda _, c=code: prove(store, operator, c, later), range(8)))  # type: ignore[misc] # bound now
        assert means.count(None) == 7


def test_a_code_for_emergencies_serves_once_however_it_is_typed(
    store: Store, now: datetime, operator: Operator, enrolled: tuple[str, list[str]]
) -> None:
    _, recovery = enrolled

    assert prove(store, operator, recovery[0].lower().replace("-", " "), now) == "recovery"
    assert prove(store, operator, recovery[0], now) is None
    assert store.read(lambda db: second_factor.count_recovery(db, operator.id)) == 9
    fresh = store.write(lambda db: second_factor.renew_recovery(db, operator.id))
    assert prove(store, operator, recovery[1], now) is None
    assert prove(store, operator, fresh[0], now) == "recovery"


def test_another_app_counts_only_once_it_shows_the_right_code(
    store: Store, now: datetime, operator: Operator, enrolled: tuple[str, list[str]]
) -> None:
    old, _ = enrolled
    later = now + timedelta(minutes=5)
    new = store.write(lambda db: second_factor.begin(db, given.KEY, operator))

    assert prove(store, operator, code_at(new, later), later) is None
    assert prove(store, operator, code_at(old, later), later) == "code"
    code = code_at(new, later)
    store.write(lambda db: second_factor.confirm(db, given.KEY, operator, code, later))
    latest = later + timedelta(minutes=5)
    assert prove(store, operator, code_at(old, latest), latest) is None
    assert prove(store, operator, code_at(new, latest), latest) == "code"


def test_the_seed_lies_sealed_for_its_row_and_codes_lie_hashed(
    store: Store, now: datetime, operator: Operator, enrolled: tuple[str, list[str]]
) -> None:
    secret, recovery = enrolled

    def everything(db: Session) -> tuple[bytes, str]:
        (seed,) = db.execute(text("SELECT seed FROM second_factor")).one()
        hashes = db.execute(text("SELECT code_sha256 FROM recovery_code")).scalars()
        return bytes(seed), " ".join(hashes)

    seed, hashes = store.read(everything)
    assert secret.encode() not in seed
    assert unseal(given.KEY, seed, f"second_factor:{operator.id}") == secret
    with pytest.raises(InvalidTag):
        unseal(given.KEY, seed, "second_factor:somebody-else")
    assert not any(code.replace("-", "") in hashes for code in recovery)


def test_turned_off_nothing_of_it_is_left(
    store: Store, now: datetime, operator: Operator, enrolled: tuple[str, list[str]]
) -> None:
    secret, recovery = enrolled
    later = now + timedelta(minutes=5)

    assert store.write(lambda db: second_factor.turn_off(db, operator.id))
    assert not store.write(lambda db: second_factor.turn_off(db, operator.id))
    assert prove(store, operator, code_at(secret, later), later) is None
    assert prove(store, operator, recovery[0], later) is None


def test_a_role_that_needs_it_must_enrol(store: Store, now: datetime, operator: Operator) -> None:
    def must() -> bool:
        return store.read(lambda db: second_factor.must_enrol(db, operator))

    def need(is_needed: bool) -> bool:  # noqa: FBT001 # a test's own word
        return store.write(
            lambda db: second_factor.set_needed(db, operator.role, is_needed=is_needed)
        )

    assert not must()
    assert need(is_needed=True)
    assert not need(is_needed=True)
    assert must()
    assert store.read(second_factor.needed_by) == ["operator"]
    secret = store.write(lambda db: second_factor.begin(db, given.KEY, operator))
    assert must()
    code = code_at(secret, now)
    store.write(lambda db: second_factor.confirm(db, given.KEY, operator, code, now))
    assert not must()
    assert need(is_needed=False)
    assert store.read(second_factor.needed_by) == []
