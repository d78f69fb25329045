"""Notes through the door: who may change one, two at once, and the list of one's own mentions."""

from console.door import House
from storage import audit
from storage.audit import Wanted
from storage.operators import get_operator
from tests.console.conftest import SignIn


def test_a_note_is_edited_by_its_writer_alone_and_deleted_by_leaders_too(
    house: House, sign_in: SignIn, talk: str
) -> None:
    writer, colleague = sign_in("operator"), sign_in("operator", accounts=("main",))
    leader, viewer = sign_in("supervisor"), sign_in("viewer")
    stranger = sign_in("manager", accounts=("other",))
    place = f"/conversations/{talk}/notes"
    note = writer.post(place, client_note_id="n-1", text="前回はカット").json
    at = f"/notes/{note['id']}"
    words = {"text": "次回はカラー", "version": 1}

    assert colleague.call("PATCH", at, words).status_code == 403
    assert leader.call("PATCH", at, words).status_code == 403
    assert viewer.call("PATCH", at, words).status_code == 403
    assert stranger.call("PATCH", at, words).status_code == 404
    edited = writer.call("PATCH", at, words).json
    assert (edited["text"], edited["version"]) == ("次回はカラー", 2)
    assert edited["edited_at"] is not None
    blank = writer.call("PATCH", at, {"text": " \n", "version": 2})
    assert blank.status_code == 400

    assert colleague.call("DELETE", at, {"version": 2}).status_code == 403
    assert stranger.call("DELETE", at, {"version": 2}).status_code == 404
    late = leader.call("DELETE", at, {"version": 1})
    assert (late.status_code, late.json["error"]["code"]) == (409, "stale")
    assert late.json["error"]["details"]["note"] == edited
    gone = leader.call("DELETE", at, {"version": 2}).json
    assert (gone["text"], gone["deleted_by"]) == ("", "見本 supervisor")
    assert leader.call("DELETE", at, {"version": 2}).status_code == 200
    assert writer.call("PATCH", at, {"text": "もう一度", "version": 3}).status_code == 409

    deeds, _ = house.store.read(lambda db: audit.list_rows(db, Wanted(kinds=("note_deleted",))))
    assert [(d.actor_name, d.target_name, d.params) for d in deeds] == [
        ("見本 supervisor", "見本 operator", {}),
    ]


def test_a_colleague_who_left_stays_called_and_nobody_new_without_a_view_of_it(
    sign_in: SignIn, talk: str, house: House
) -> None:
    writer, colleague = sign_in("operator"), sign_in("supervisor")
    stranger = sign_in("operator", accounts=("other",))
    note = writer.post(
        f"/conversations/{talk}/notes", client_note_id="n-1", text="@", mentions=[colleague.id]
    ).json

    def leave(db) -> None:
        gone = get_operator(db, colleague.id)
        gone.is_disabled = True
        db.add(gone)

    house.store.write(leave)

    def edit(text: str, version: int, *calls: str) -> int:
        body = {"text": text, "version": version, "mentions": list(calls)}
        return writer.call("PATCH", f"/notes/{note['id']}", body).status_code

    assert edit("だれか", 1, colleague.id, stranger.id) == 404
    assert edit("だれか", 1, colleague.id) == 200


def test_ones_own_mentions_are_listed_counted_and_seen(sign_in: SignIn, talk: str) -> None:
    writer, called = sign_in("operator"), sign_in("viewer")
    place = f"/conversations/{talk}/notes"
    for number in range(3):
        body = {"client_note_id": f"n-{number}", "text": f"@{number}", "mentions": [called.id]}
        assert writer.post(place, **body).status_code == 201

    first = called.get("/me/mentions?limit=2").json
    assert [item["text"] for item in first["items"]] == ["@2", "@1"]
    assert first["unseen"] == 3
    rest = called.get(f"/me/mentions?limit=2&cursor={first['next']}").json
    assert ([item["text"] for item in rest["items"]], rest["next"]) == (["@0"], None)
    assert called.get("/me/mentions?account=other").json["unseen"] == 0
    assert called.get("/me/mentions?unseen=no").status_code == 400
    assert writer.get("/me/mentions").json == {"items": [], "next": None, "unseen": 0}

    assert called.post("/me/notices/seen", conversation_id=talk).status_code == 200
    assert called.get("/me/mentions?unseen=yes").json["items"] == []
    assert called.get("/me/mentions").json["items"][0]["seen_at"] is not None
    writer.post(place, client_note_id="n-9", text="@9", mentions=[called.id])
    assert called.post("/me/mentions/seen", account="other").json == {"unseen": 1}
    assert called.post("/me/mentions/seen", account="main").json == {"unseen": 0}
    writer.post(place, client_note_id="n-10", text="@10", mentions=[called.id])
    assert called.post("/me/mentions/seen").json == {"unseen": 0}
