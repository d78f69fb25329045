"""Composing through the door: drafts, taking back, messages for later, mentions, the quota."""

from datetime import timedelta

from console.door import House
from storage import quota
from storage.quota import Told
from tests.console.conftest import Clock, SignIn


def test_a_draft_is_ones_own_until_it_is_shared_and_is_handed_over(
    sign_in: SignIn, talk: str
) -> None:
    writer, colleague = sign_in("operator"), sign_in("supervisor")
    place = f"/conversations/{talk}/draft"
    assert writer.get(place).json["reply"] is None
    body = {"kind": "reply", "text": "お調べして", "device": "page-1", "base": 0}
    draft = writer.call("PUT", place, body).json
    assert (draft["text"], draft["shared"], draft["version"]) == ("お調べして", False, 1)

    assert colleague.get(place).json["shared"] == []
    assert colleague.get(place).json["reply"] is None
    assert [one["conversation_id"] for one in writer.get("/me/drafts").json["items"]] == [talk]
    assert colleague.get("/me/drafts").json["items"] == []

    stranger = {"kind": "reply", "shared": True, "to": "nobody"}
    assert writer.post(f"{place}/share", **stranger).status_code == 404
    handed = {"kind": "reply", "shared": True, "to": colleague.id}
    assert writer.post(f"{place}/share", **handed).json["shared"] is True
    (shared,) = colleague.get(place).json["shared"]
    assert (shared["text"], shared["operator_id"], shared["to"]) == (
        "お調べして", writer.id, colleague.id,
    )  # fmt: skip
    taken = colleague.post(f"{place}/take", draft_id=shared["id"])
    assert taken.json == {"kind": "reply", "text": "お調べして"}
    assert colleague.post(f"{place}/take", draft_id=shared["id"]).status_code == 404
    assert writer.get(place).json["reply"]["text"] == "お調べして"


def test_another_pages_text_is_offered_and_settled(sign_in: SignIn, talk: str) -> None:
    writer = sign_in()
    place = f"/conversations/{talk}/draft"
    for device, text in (("page-1", "店から"), ("page-2", "家から")):
        body = {"kind": "note", "text": text, "device": device, "base": 0}
        draft = writer.call("PUT", place, body).json
    assert [one["text"] for one in draft["others"]] == ["店から"]

    settled = writer.post(f"{place}/settle", kind="note", device="page-1", takes=True)
    assert (settled.json["text"], settled.json["others"][0]["text"]) == ("店から", "家から")
    gone = writer.post(f"{place}/settle", kind="note", device="page-1", takes=False)
    assert gone.status_code == 404
    too_long = {"kind": "note", "text": "あ" * 20_001, "device": "p", "base": 0}
    assert writer.call("PUT", place, too_long).status_code == 400


def test_a_send_can_be_taken_back_by_its_writer_or_a_leader_until_it_leaves(
    sign_in: SignIn, talk: str, clock: Clock
) -> None:
    writer, leader = sign_in("operator"), sign_in("supervisor")
    other = sign_in("operator", accounts=("main",))
    place = f"/conversations/{talk}/messages"
    given = {"seen_seq": 9, "undo_s": 5}
    message = writer.post(place, client_msg_id="c-1", text="はい", **given).json
    assert message["undo_until"] == "2026-11-24T02:00:05.000Z"
    cancel = f"/messages/{message['id']}/cancel"

    assert other.post(cancel).status_code == 403
    (undone,) = writer.post(cancel).json["items"]

    assert (undone["delivery"], undone["delivery_reason"]) == ("cancelled", "undone")
    second = writer.post(place, client_msg_id="c-2", text="はい", **given).json
    assert leader.post(f"/messages/{second['id']}/cancel").status_code == 200
    assert leader.post("/messages/none/cancel").status_code == 404
    too_long = writer.post(place, client_msg_id="c-3", text="はい", seen_seq=9, undo_s=31)
    assert too_long.status_code == 400
    at_once = writer.post(place, client_msg_id="c-4", text="はい", seen_seq=9).json
    assert at_once["undo_until"] is None


def test_a_message_for_later_is_kept_listed_changed_and_deleted(
    sign_in: SignIn, talk: str, clock: Clock
) -> None:
    writer, leader = sign_in("operator"), sign_in("supervisor")
    other, outsider = sign_in("operator", accounts=("main",)), sign_in("viewer", ("other",))
    send_at = (clock.now + timedelta(hours=1)).isoformat()
    place = f"/conversations/{talk}/scheduled"
    given = {"client_msg_id": "s-1", "text": "明日お待ちしています", "send_at": send_at}
    one = writer.post(place, **given)
    assert (one.status_code, one.json["stops_on_reply"]) == (201, True)
    assert writer.post(place, **given).status_code == 200
    past = (clock.now - timedelta(hours=1)).isoformat()
    refused = writer.post(place, **{**given, "client_msg_id": "s-2", "send_at": past})
    assert (refused.status_code, refused.json["error"]["code"]) == (400, "too_far_off")

    assert [i["id"] for i in leader.get("/scheduled").json["items"]] == [one.json["id"]]
    assert outsider.get("/scheduled").json["items"] == []
    assert leader.get("/scheduled?conversation=none").json["items"] == []

    address = f"/scheduled/{one.json['id']}"
    change = {"version": 1, "text": "明後日お待ちしています"}
    assert other.call("PATCH", address, change).status_code == 403
    assert other.call("DELETE", address, {"version": 1}).status_code == 403
    assert outsider.call("PATCH", address, change).status_code == 403
    assert writer.call("PATCH", address, change).json["version"] == 2
    lost = writer.call("PATCH", address, change)
    assert (lost.status_code, lost.json["error"]["code"]) == (409, "lost_race")
    assert lost.json["error"]["details"]["scheduled"]["version"] == 2

    other.post(f"/conversations/{talk}/take", epoch=1)
    deleted = other.call("DELETE", address, {"version": 2})  # who holds the talk may stop it
    assert (deleted.status_code, deleted.json["state"]) == (200, "deleted")
    again = writer.post(place, **{**given, "client_msg_id": "s-3"}).json
    sent = leader.post(f"/scheduled/{again['id']}/send", version=1)
    assert (sent.status_code, sent.json["state"]) == (200, "sent")
    messages = writer.get(f"/conversations/{talk}/messages").json["items"]
    assert messages[-1]["operator_id"] == writer.id
    assert writer.get("/scheduled").json["items"] == []


def test_a_note_calls_colleagues_who_may_see_the_talk_and_nobody_else(
    sign_in: SignIn, talk: str
) -> None:
    writer, colleague = sign_in("operator"), sign_in("supervisor")
    stranger = sign_in("operator", accounts=("other",))
    found = writer.get(f"/conversations/{talk}/colleagues").json["items"]
    assert {one["id"] for one in found} == {writer.id, colleague.id}

    place = f"/conversations/{talk}/notes"
    body = {"text": "@見本 supervisor お願いします", "mentions": [colleague.id, colleague.id]}
    note = writer.post(place, client_note_id="n-1", **body)

    assert (note.status_code, note.json["mentions"]) == (201, [colleague.id])
    refused = writer.post(place, client_note_id="n-2", text="@", mentions=[stranger.id])
    assert refused.status_code == 404
    plain = writer.post(place, client_note_id="n-3", text="メモ")
    assert plain.json["mentions"] == []


def test_the_quota_of_each_account_that_one_sees(
    sign_in: SignIn, talk: str, house: House, clock: Clock
) -> None:
    viewer, insider = sign_in("viewer"), sign_in("viewer", accounts=("main",))

    def told(db) -> None:
        quota.claim(db, "main", clock.now)
        quota.record(db, "main", Told(1000, 950), clock.now)

    house.store.write(told)

    items = {row["account"]: row for row in viewer.get("/quota").json["items"]}
    assert (items["main"]["left"], items["main"]["kind"]) == (50, "limited")
    assert (items["other"]["left"], items["other"]["read_at"]) == (None, None)
    assert [row["account"] for row in insider.get("/quota").json["items"]] == ["main"]
