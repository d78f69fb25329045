"""A session ends when it was left alone, and in any case after a while: at the door, in the cookie,
in the list of one's browsers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from console.door import House
from storage.operators import Lasting
from tests.console.conftest import Clock, SignIn

LASTS = Lasting(timedelta(minutes=30), timedelta(hours=2))


@pytest.fixture
def house(house: House) -> House:
    return replace(house, settings=replace(house.settings, sessions_last=LASTS))


def test_it_ends_unused_after_one_time_and_used_after_another(
    sign_in: SignIn, clock: Clock
) -> None:
    used, left = sign_in("operator"), sign_in("supervisor")
    cookie = used.client.get_cookie("madoguchi")
    assert cookie is not None
    assert cookie.max_age == 2 * 3600

    for _ in range(5):
        clock.pass_s(20 * 60)
        assert used.get("/me/sessions").status_code == 200
    assert len(used.get("/me/sessions").json["items"]) == 1
    assert left.get("/session").status_code == 401
    clock.pass_s(21 * 60)
    assert used.get("/session").status_code == 401
