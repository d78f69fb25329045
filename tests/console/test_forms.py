"""The address of a form, as staff make it, on both databases."""

import pytest

from console.door import House
from flows.language.book import build
from flows.language.loader import load_folder
from storage.flow_versions import NewVersion, publish
from storage.seal import FORM, read_signed
from tests import given
from tests.console.conftest import SignIn
from tests.flows.test_salon import FLOWS


@pytest.fixture
def published(house: House) -> None:
    """The salon's flows."""
    made = build(load_folder(FLOWS))
    versions = [NewVersion(b.flow_id, b.hash, b.title, b.tree) for b in (*made.flows, made.house)]
    house.store.write(lambda db: publish(db, versions, None, house.clock()))


def test_staff_make_an_address_for_one_customer(
    sign_in: SignIn, talk: str, published: None
) -> None:
    browser, outside = sign_in(), sign_in("supervisor", accounts=("other",))
    path = f"/conversations/{talk}/forms"

    made = browser.post(path, flow="salon_welcome")
    again = browser.post(path, flow="salon_welcome")

    assert made.status_code == 201
    root, _, token = made.get_json()["address"].rpartition("/")
    assert root == "http://localhost/f"
    assert read_signed(given.KEY, FORM, token) is not None
    assert again.get_json() == made.get_json()
    assert browser.post(path, flow="csat").get_json() != made.get_json()
    assert browser.post(path, flow="booking").status_code == 400  # it hands over, so it is no form
    assert browser.post(path, flow="nothing").status_code == 404
    assert browser.post(path, flow="_folder").status_code == 400
    assert outside.post(path, flow="salon_welcome").status_code == 404


def test_the_screens_know_which_flows_are_forms(sign_in: SignIn, published: None) -> None:
    flows = sign_in().get("/house").get_json()["flows"]

    forms = {flow["id"] for flow in flows if flow["form"]}
    assert forms == {"salon_welcome", "csat"}
    assert {flow["id"] for flow in flows} > forms
