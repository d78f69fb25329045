"""What operators prefer, through the API's door."""

from flask import Flask

from tests.console.conftest import SignIn


def test_a_preference_is_kept_for_its_person_alone(app: Flask, sign_in: SignIn, talk: str) -> None:
    one, other = sign_in(), sign_in("viewer")
    dark = {"theme": "dark", "send_key": "enter"}

    assert one.call("PUT", "/me/preferences/desk", {"value": dark}).get_json() == dark
    assert one.get("/me/preferences").get_json()["desk"] == dark

    at_first = {"theme": "system", "send_key": "mod_enter"}
    assert other.get("/me/preferences").get_json()["desk"] == at_first
    assert one.call("PUT", "/me/preferences/desk", {"value": {}}).get_json() == at_first
    assert one.get("/me/preferences").get_json()["desk"] == at_first


def test_a_preference_of_another_name_or_shape_is_refused(
    app: Flask, sign_in: SignIn, talk: str
) -> None:
    one = sign_in("viewer")

    refused = one.call("PUT", "/me/preferences/desk", {"value": {"theme": "pink"}})
    assert refused.status_code == 400
    assert refused.get_json()["error"]["details"]["problems"][0]["at"] == "theme"
    assert one.call("PUT", "/me/preferences/desk", {"value": {"colour": "x"}}).status_code == 400
    assert one.call("PUT", "/me/preferences/other", {"value": {}}).status_code == 404
    assert (
        one.call("PUT", "/me/preferences/desk", {"value": {"x": "y" * 20_000}}).status_code == 413
    )
    assert one.get("/me/preferences").get_json()["desk"]["theme"] == "system"
