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


def test_the_keys_that_one_chose_are_kept_and_nonsense_is_refused(
    app: Flask, sign_in: SignIn, talk: str
) -> None:
    one, other = sign_in(), sign_in("viewer")
    keys = {"talk.resolve": ["x"], "go.inbox": ["g i", "Mod+Shift+i"], "talk.take": []}
    chosen = {"keys": keys, "has_single_keys": False}

    assert one.call("PUT", "/me/preferences/keymap", {"value": chosen}).get_json() == chosen
    assert one.get("/me/preferences").get_json()["keymap"] == chosen

    at_first = {"keys": {}, "has_single_keys": True}
    assert other.get("/me/preferences").get_json()["keymap"] == at_first
    for wrong in (
        {"talk.resolve": ["a b c"]},
        {"talk.resolve": [""]},
        {"talk.resolve": ["x" * 25]},
        {"talk.resolve": ["a", "b", "c", "d", "e"]},
        {"<script>": ["a"]},
        {f"a.{'b' * 60}": ["a"]},
        {f"a.{chr(97 + n // 26)}{chr(97 + n % 26)}": ["a"] for n in range(201)},
    ):
        refused = one.call("PUT", "/me/preferences/keymap", {"value": {"keys": wrong}})
        assert refused.status_code == 400, wrong
    assert one.get("/me/preferences").get_json()["keymap"] == chosen
