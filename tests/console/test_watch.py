"""The supervisor's view and the reports through their door: figures, walls, files, whispers."""

import csv
import io
from datetime import timedelta
from typing import Any

from sqlmodel import select

from console.csv_text import MARK, write_csv
from console.door import House
from console.upkeep import note_upkeep
from storage import customers, presence
from storage.models.talks import Conversation
from storage.models.work import Delivery, JournalEntry
from storage.report_counting import Clock as ReportClock
from storage.report_keeping import keep_next
from tests.console.conftest import Browser, Clock, SignIn

CLOCK = ReportClock("Asia/Tokyo", lambda begin, end: round((end - begin).total_seconds()))


def keep(house: House) -> None:
    while house.store.write(lambda db: keep_next(db, CLOCK, house.clock())):
        pass


def take(browser: Browser, talk: str) -> None:
    epoch = browser.get(f"/conversations/{talk}").json["conversation"]["epoch"]
    assert browser.post(f"/conversations/{talk}/take", epoch=epoch).status_code == 200


def failing(house: House, talk: str, state: str, reason: str) -> None:
    def write(db) -> None:
        one = db.exec(select(Delivery).where(Delivery.conversation_id == talk)).all()[-1]
        one.state, one.reason, one.mode, one.ended_at = state, reason, "push", house.clock()
        db.add(one)

    house.store.write(write)


def test_the_counter_at_a_glance(house: House, sign_in: SignIn, talk: str, clock: Clock) -> None:
    leader, staff = sign_in("supervisor"), sign_in("operator")
    clock.pass_s(600)

    tiles = leader.get("/watch").json["tiles"]
    assert [tiles[name] for name in ("waiting", "alone", "after_hours", "late")] == [1, 1, 0, 0]
    assert tiles["longest_id"] == talk
    assert [row["id"] for row in leader.get("/watch").json["waits"]] == [talk]
    assert [row["id"] for row in leader.get("/watch/talks?figure=alone").json["items"]] == [talk]
    assert leader.get("/watch/talks?figure=nonsense").status_code == 400
    assert staff.get("/watch").status_code == 403

    take(staff, talk)
    house.store.write(
        lambda db: presence.set_presence(db, "s1", staff.id, talk, "composing", now=clock.now)
    )
    seats = {seat["operator_id"]: seat for seat in leader.get("/watch").json["people"]}
    seat = seats[staff.id]
    assert (seat["there"], seat["active"], seat["talk_id"], seat["is_composing"]) == (
        "here", 1, talk, True,
    )  # fmt: skip
    assert (seats[leader.id]["there"], seats[leader.id]["active"]) == ("gone", 0)
    assert leader.get("/watch").json["tiles"]["alone"] == 0
    (held,) = leader.get(f"/watch/talks?figure=active&operator={staff.id}").json["items"]
    assert held["id"] == talk
    assert leader.get(f"/watch/talks?figure=pending&operator={staff.id}").json["items"] == []
    assert leader.get("/watch/talks?figure=active").status_code == 400


def test_the_other_side_of_the_wall_is_not_counted(
    house: House, sign_in: SignIn, talk: str, clock: Clock
) -> None:
    staff = sign_in("operator")
    take(staff, talk)
    house.store.write(
        lambda db: presence.set_presence(db, "s1", staff.id, talk, "viewing", now=clock.now)
    )
    failing_talk = staff.post(
        f"/conversations/{talk}/messages", client_msg_id="c1", text="はい", seen_seq=99
    )
    assert failing_talk.status_code == 201
    failing(house, talk, "rejected", "400 bad")
    keep(house)
    outside = sign_in("supervisor", accounts=("other",))

    seen = outside.get("/watch").json
    assert (seen["tiles"]["waiting"], seen["tiles"]["failures"], seen["waits"]) == (0, 0, [])
    seat = next(one for one in seen["people"] if one["operator_id"] == staff.id)
    assert (seat["there"], seat["active"], seat["talk_id"], seat["talk_name"]) == (
        "here", 0, None, None,
    )  # fmt: skip
    assert outside.get("/watch/failures").json["items"] == []
    assert outside.get("/reports").json["whole"]["counts"]["talks"] == 0
    assert outside.get("/reports/talks?figure=talks").json["items"] == []
    whisper = outside.post(f"/conversations/{talk}/whispers", client_note_id="n", text="あ")
    assert whisper.status_code == 404


def test_what_did_not_go_out_is_listed_with_its_reason(
    house: House, sign_in: SignIn, talk: str
) -> None:
    leader = sign_in("supervisor")
    take(leader, talk)
    leader.post(f"/conversations/{talk}/messages", client_msg_id="c1", text="はい", seen_seq=99)
    for state, which in (
        ("rejected", "rejected"),
        ("unknown", "unsure"),
        ("cancelled", "cancelled"),
    ):
        failing(house, talk, state, "taken" if state == "cancelled" else "400 bad")

        (one,) = leader.get(f"/watch/failures?which={which}").json["items"]

        assert (one["message"]["delivery"], one["message"]["text"]) == (state, "はい")
        assert one["conversation_id"] == talk
        assert leader.get("/watch").json["tiles"]["failures"] == 1
    for state, reason in (("maybe_sent", "sent_again"), ("cancelled", "undone")):
        failing(house, talk, state, reason)
        assert leader.get("/watch/failures").json["items"] == []
    assert leader.get("/watch/failures?which=x").status_code == 400
    assert leader.get("/watch/failures?after=x").status_code == 404


def test_a_whisper_is_a_note_that_reaches_who_holds_the_talk(
    house: House, sign_in: SignIn, talk: str
) -> None:
    leader, staff = sign_in("supervisor"), sign_in("operator")
    path = f"/conversations/{talk}/whispers"

    nobody = leader.post(path, client_note_id="n1", text="値引きは10%まで")
    assert (nobody.status_code, nobody.json["error"]["code"]) == (409, "nobody_holds")
    take(staff, talk)
    said = leader.post(path, client_note_id="n1", text="値引きは10%まで")
    again = leader.post(path, client_note_id="n1", text="値引きは10%まで")
    assert (said.status_code, again.status_code) == (201, 200)
    assert staff.post(path, client_note_id="n2", text="x").status_code == 403

    def entries(db) -> list[Any]:
        query = select(JournalEntry).where(JournalEntry.kind == "whispered")
        return [(entry.payload, entry.conversation_id) for entry in db.exec(query)]

    ((payload, where),) = house.store.read(entries)
    told = payload["whisper"]
    assert (told["to"], told["text"], where) == (staff.id, "値引きは10%まで", talk)
    notes = staff.get(f"/conversations/{talk}/notes").json["items"]
    assert [note["text"] for note in notes] == ["値引きは10%まで"]
    assert "whisper" not in {
        row["kind"] for row in leader.get(f"/conversations/{talk}/messages").json["items"]
    }


def test_a_report_and_the_talks_behind_it(
    house: House, sign_in: SignIn, talk: str, clock: Clock
) -> None:
    leader = sign_in("supervisor")
    lagging = leader.get("/reports").json["lag"]
    assert lagging["entries"] > 0
    clock.pass_s(300)
    take(leader, talk)
    leader.post(f"/conversations/{talk}/messages", client_msg_id="c1", text="はい", seen_seq=99)
    keep(house)

    found = leader.get("/reports?by=day").json
    assert (found["from"], found["to"]) == ("2026-11-18", "2026-11-24")
    assert len(found["items"]) == 7
    today = found["items"][-1]
    assert (today["counts"]["talks"], today["counts"]["helped"]) == (1, 1)
    assert today["times"]["reply"]["median_s"] == 300
    assert found["lag"] == {"entries": 0, "is_filling": False}
    assert len(leader.get("/reports?by=hour").json["items"]) == 24
    (person,) = leader.get("/reports?by=operator").json["items"]
    assert (person["label"], person["counts"]["staff"]) == ("見本 supervisor", 1)
    assert "received" not in person["counts"]
    (one,) = leader.get("/reports/talks?by=day&key=2026-11-24&figure=staff").json["items"]
    assert (one["conversation_id"], one["count"]) == (talk, 1)
    assert leader.get("/reports/talks?by=day&key=2026-11-23&figure=staff").json["items"] == []
    for query in ("by=x", "from=x", "from=2026-11-24&to=2026-11-01", "from=2020-01-01"):
        assert leader.get(f"/reports?{query}").status_code == 400
    assert leader.get("/reports/talks?by=operator&figure=received").status_code == 400
    assert leader.get("/reports/talks?after=x").status_code == 404
    assert sign_in("operator").get("/reports").status_code == 403


def test_a_file_opens_in_a_spreadsheet_and_runs_nothing(
    house: House, sign_in: SignIn, talk: str
) -> None:
    def tag(db) -> None:
        one = db.get_one(Conversation, talk)
        customers.put_tag(
            db, one.customer_id, "=cmd|' /C calc'!A0", {}, {"kind": "system"}, house.clock()
        )

    house.store.write(tag)
    keep(house)
    leader, manager = sign_in("supervisor"), sign_in("manager")
    days = {"from": "2026-11-01", "to": "2026-11-30"}

    made = leader.post("/reports/files", by="tag", **days).json

    assert made["name"] == "madoguchi-tag-2026-11-01-2026-11-30.csv"
    assert made["text"].startswith(MARK)
    lines = list(csv.reader(io.StringIO(made["text"].removeprefix(MARK))))
    assert lines[0][:3] == ["タグ", "会話数", "受信"]
    assert (lines[1][0], lines[1][1]) == ("'=cmd|' /C calc'!A0", "1")
    assert lines[-1][0] == "合計"
    english = leader.call(
        "POST", "/reports/files", {"by": "day", **days}, **{"Accept-Language": "en"}
    )
    assert english.json["text"].removeprefix(MARK).startswith('"Day","Conversations"')
    assert leader.post("/reports/files", by="answers", **days).status_code == 200
    assert leader.post("/reports/files", by="x", **days).status_code == 400
    kinds = [row["kind"] for row in manager.get("/audit?what=reports").json["items"]]
    assert kinds == ["report_exported"] * 3


def test_every_cell_that_a_spreadsheet_would_run_is_made_a_text() -> None:
    risky = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x"]

    text = write_csv([[*risky, 'a"b', -3, 2.5, None]])

    (cells,) = csv.reader(io.StringIO(text.removeprefix(MARK), newline=""))
    assert cells[: len(risky)] == [f"'{cell}" for cell in risky]
    assert cells[len(risky) :] == ['a"b', "-3", "2.5", ""]


def test_managers_see_how_old_the_backups_are(house: House, sign_in: SignIn, clock: Clock) -> None:
    manager, folder = sign_in("manager"), house.settings.data_dir
    assert manager.get("/upkeep").json == {
        "backup_at": None, "restore_test_at": None, "is_backup_old": True,
        "is_restore_test_old": True, "makes_its_own": False,
    }  # fmt: skip

    long_ago = clock.now - timedelta(days=3)
    note_upkeep(folder, "backup", long_ago)
    note_upkeep(folder, "restore_test", long_ago)

    told = manager.get("/upkeep").json
    assert (told["is_backup_old"], told["is_restore_test_old"]) == (True, False)
    assert told["backup_at"] == told["restore_test_at"]
    assert sign_in("supervisor").get("/upkeep").status_code == 403
