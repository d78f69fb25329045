"""The managers' door: reading, writing, trying and publishing flows, on both databases."""

from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Any

import pytest

from console.door import House
from storage import flow_versions
from storage.runs import RunState, save_run
from storage.talks import lock
from tests.console.conftest import Browser, SignIn

SAMPLE = Path(__file__).parent.parent.parent / "flows"
FLOW = """flow: visit  # 見本
title: 見本の質問
start: [follow, {keyword: [質問, しつもん]}]
steps:
  - say: こんにちは
  - ask: 初めてですか?
    id: first
    choices:
      - はい: {tag: 新規}
      - いいえ
    timeout: {after: 3h}
  - end: done
"""
TALK = """test: visit
cases:
  - name: はいと答える
    talk:
      - event: follow
      - tap: はい
      - expect: {ended: done, tags: [新規]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "見本 flows"
    (path / "tests").mkdir(parents=True)
    (path / "visit.yaml").write_text(FLOW)
    (path / "tests" / "visit.yaml").write_text(TALK)
    (path / "tags.yaml").write_text("tags: [新規]\n")
    return path


def read(browser: Browser, file: str = "visit.yaml") -> dict[str, Any]:
    row: dict[str, Any] = browser.get(f"/flows/files/{file}").get_json()
    return row


def put(browser: Browser, file: str, text: str, hash_: str | None) -> Any:
    return browser.call("PUT", f"/flows/files/{file}", {"text": text, "hash": hash_})


def code(answer: Any) -> str:
    return str(answer.get_json()["error"]["code"])


def draft(text: str, **more: Any) -> dict[str, Any]:
    return {"file": "visit.yaml", "text": text, **more}


def test_supervisors_read_and_try_and_managers_change(sign_in: SignIn, manager: Browser) -> None:
    supervisor, operator = sign_in("supervisor"), sign_in("operator")
    found = read(supervisor)

    assert found["text"] == FLOW
    assert supervisor.post("/flows/check", **draft(FLOW)).status_code == 200
    assert put(supervisor, "visit.yaml", FLOW, found["hash"]).status_code == 403
    assert supervisor.post("/flows/publish").status_code == 403
    assert operator.get("/flows").status_code == 403
    assert put(manager, "visit.yaml", FLOW, found["hash"]).status_code == 200


def test_a_file_that_changed_meanwhile_is_not_overwritten(manager: Browser, folder: Path) -> None:
    seen = read(manager)["hash"]
    theirs = FLOW.replace("こんにちは", "ようこそ")
    (folder / "visit.yaml").write_text(theirs)

    refused = put(manager, "visit.yaml", FLOW.replace("見本", "私の"), seen)
    details = refused.get_json()["error"]["details"]
    saved = put(manager, "visit.yaml", FLOW.replace("見本", "私の"), details["hash"])

    assert (refused.status_code, code(refused)) == (409, "stale")
    assert "ファイル" in refused.get_json()["error"]["message"]
    assert details["text"] == theirs
    assert saved.status_code == 200
    assert (folder / "visit.yaml").read_text() == FLOW.replace("見本", "私の")
    assert sorted(p.name for p in folder.iterdir()) == ["tags.yaml", "tests", "visit.yaml"]


def test_a_file_that_was_deleted_meanwhile_is_told_and_can_be_made_again(
    manager: Browser, folder: Path
) -> None:
    seen = read(manager)["hash"]
    (folder / "visit.yaml").unlink()

    refused = put(manager, "visit.yaml", FLOW, seen)

    assert refused.get_json()["error"]["details"] == {
        "file": "visit.yaml", "text": None, "hash": None
    }  # fmt: skip
    assert put(manager, "visit.yaml", FLOW, None).status_code == 201
    assert code(put(manager, "visit.yaml", FLOW, None)) == "stale"


def test_a_file_is_made_and_deleted(manager: Browser, folder: Path) -> None:
    made = put(manager, "faq/見本.yaml", "faq: a\n", None)
    gone = manager.call("DELETE", "/flows/files/faq/見本.yaml", {"hash": made.get_json()["hash"]})
    again = manager.call("DELETE", "/flows/files/faq/見本.yaml", {"hash": made.get_json()["hash"]})

    assert [a.status_code for a in (made, gone, again)] == [201, 200, 404]
    assert not (folder / "faq" / "見本.yaml").exists()


@pytest.mark.parametrize(
    "file",
    [
        "../outside.yaml",
        "faq/../../outside.yaml",
        "..%2Foutside.yaml",
        "link/outside.yaml",
        "segments/link.yaml",
        "elsewhere/a.yaml",
        "language/a.yaml",
        ".hidden.yaml",
        "_draft.yaml",
        "tests/.x.yaml",
        "a.txt",
        "a\\b.yaml",
        "a%00.yaml",
        "a%0Ab.yaml",
        "x" * 120 + ".yaml",
        "./a.yaml",
    ],
)
def test_no_name_leads_out_of_the_folder(
    manager: Browser, folder: Path, tmp_path: Path, file: str
) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("secret: yes\n")
    (folder / "segments").mkdir()
    (folder / "segments" / "link.yaml").symlink_to(outside)
    (folder / "link").symlink_to(tmp_path)

    answers = [manager.get(f"/flows/files/{file}"), put(manager, file, "a: b\n", None)]

    assert all(answer.status_code in {400, 404, 308} for answer in answers), answers
    assert outside.read_text() == "secret: yes\n"
    assert not (folder / "elsewhere").exists()


def test_line_ends_and_marks_stay_as_an_editor_left_them(manager: Browser, folder: Path) -> None:
    path = folder / "visit.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + FLOW.replace("\n", "\r\n").encode())

    found = read(manager)
    put(manager, "visit.yaml", found["text"].replace("こんにちは", "ようこそ"), found["hash"])

    expected = FLOW.replace("こんにちは", "ようこそ").replace("\n", "\r\n")
    assert found["text"] == FLOW
    assert path.read_bytes() == b"\xef\xbb\xbf" + expected.encode()


def test_what_cannot_be_edited_is_refused_and_stays(manager: Browser, folder: Path) -> None:
    (folder / "sjis.yaml").write_bytes("flow: a\ntitle: 見本\n".encode("shift_jis"))
    (folder / "large.yaml").write_bytes(b"# " + b"x" * 300_000)

    seen = read(manager)["hash"]
    answers = [
        manager.get("/flows/files/sjis.yaml"),
        manager.get("/flows/files/large.yaml"),
        put(manager, "visit.yaml", "あ" * 100_000, seen),
    ]

    assert [code(a) for a in answers] == ["not_text", "too_large", "too_large"]
    assert (folder / "visit.yaml").read_text() == FLOW
    assert manager.get("/flows").status_code == 200


def test_the_unsaved_text_is_checked_and_drawn(manager: Browser, folder: Path) -> None:
    text = FLOW.replace("choices:", "choises:")

    wrong = manager.post("/flows/check", **draft(text)).get_json()
    right = manager.post("/flows/check", **draft(FLOW)).get_json()

    (problem,) = [p for p in wrong["problems"] if p["severity"] == "E"]
    assert (problem["line"], problem["column"], problem["code"]) == (8, 5, "F002")
    assert "choices" in problem["message"] + problem["hint"]
    assert right["summary"]["E"] == 0
    nodes = {node["step"]: node for node in right["picture"]["nodes"]}
    assert (nodes["first"]["line"], nodes["first"]["end_line"]) == (6, 11)
    ways = {(e["source"], e["kind"], e["text"]) for e in right["picture"]["edges"]}
    assert {("first", "choice", "はい"), ("first", "timeout", "")} <= ways
    assert right["names"]["steps"] == ["first"]
    assert "choices" in right["keys"]["steps"]["ask"]
    assert (folder / "visit.yaml").read_text() == FLOW


def test_signs_that_nothing_can_keep_are_shown_where_they_stand(manager: Browser) -> None:
    def mistakes(text: str) -> list[tuple[int, str]]:
        found = manager.post("/flows/check", **draft(text)).get_json()["problems"]
        return [(p["line"], p["code"]) for p in found if p["severity"] == "E"]

    assert mistakes(FLOW.replace("こんにちは", "こん\0にちは")) == [(5, "F006")]
    hidden = {"file": "visit\0.yaml", "text": FLOW}
    assert code(manager.call("POST", "/flows/check", hidden)) == "bad_request"


def test_what_is_wrong_is_told_in_the_language_of_the_screen(manager: Browser) -> None:
    text = FLOW.replace("choices:", "choises:")

    def mistake(**headers: str) -> dict[str, Any]:
        answer = manager.call("POST", "/flows/check", draft(text), **headers)
        (found,) = [p for p in answer.get_json()["problems"] if p["severity"] == "E"]
        return dict(found)

    japanese, english = mistake(), mistake(**{"Accept-Language": "en"})
    manager.call("PATCH", "/session", {"language": "en"})
    kept, on_screen = mistake(), mistake(**{"Accept-Language": "ja"})

    assert japanese["message"] == "「choises」はaskでは使えません。"
    assert english["message"] == "“choises” cannot be used in ask."
    assert english["hint"] == "Did you mean “choices”?"
    assert english["why"].startswith("A key that was skipped")
    assert english["slip"] == japanese["slip"] == {"word": "choises", "near": "choices"}
    assert (kept, on_screen) == (english, japanese)


def test_a_phone_that_stops_and_a_refusal_say_why_in_english(manager: Browser) -> None:
    asks = {"Accept-Language": "en"}
    talk = [{"event": "follow"}, {"tap": "たぶん"}]
    broken = FLOW.replace("- end: done", "- goto: nowhere")

    stopped = manager.call("POST", "/flows/try", draft(FLOW, talk=talk), **asks).get_json()
    refused = manager.call("POST", "/flows/try", draft(broken, talk=[]), **asks).get_json()

    assert stopped["stop"]["message"] == "There is no button “たぶん” (there are: はい, いいえ)."
    assert refused["error"]["message"] == "There are problems that must be mended first."
    (problem,) = refused["error"]["details"]["problems"]
    assert problem["message"] == "There is no step “nowhere”."


def test_a_draft_answers_on_a_virtual_clock(manager: Browser) -> None:
    text = FLOW.replace("こんにちは", "はじめまして")
    given = {"now": "2026-11-21 10:00"}

    begun = manager.post("/flows/try", **draft(text, given=given, talk=[{"event": "follow"}]))
    waited = manager.post(
        "/flows/try", **draft(text, given=given, talk=[{"event": "follow"}, {"wait": "3h"}])
    ).get_json()
    wrong = manager.post(
        "/flows/try", **draft(text, given=given, talk=[{"event": "follow"}, {"tap": "たぶん"}])
    ).get_json()

    phone = begun.get_json()
    assert [item["text"] for item in phone["items"]] == ["follow", "はじめまして", "初めてですか?"]
    assert phone["quick_replies"] == ["はい", "いいえ"]
    assert phone["runs"][0]["frames"][0]["step"] == "first"
    assert phone["runs"][0]["timers"] == [{"name": "timeout", "at": "2026-11-21T04:00:00+00:00"}]
    assert waited["runs"][0]["end"] == "timed_out"
    assert (wrong["stop"]["line"], wrong["quick_replies"]) == (1, ["はい", "いいえ"])


def test_a_broken_draft_cannot_be_talked_to_and_nonsense_is_no_talk(manager: Browser) -> None:
    broken = manager.post("/flows/try", **draft(FLOW.replace("- end: done", "- goto: nowhere")))
    nonsense = manager.post("/flows/try", **draft(FLOW, talk=[{"dance": "x"}]))

    assert (broken.status_code, code(broken)) == (409, "broken_flows")
    assert broken.get_json()["error"]["details"]["problems"][0]["code"] == "F020"
    assert nonsense.status_code == 400


def test_a_broken_neighbour_does_not_stop_a_talk(manager: Browser, folder: Path) -> None:
    other = FLOW.replace("visit", "other").replace("質問, しつもん", "別の話")
    other = other.replace("- end: done", "- goto: nowhere")
    (folder / "other.yaml").write_text(other)

    talk = manager.post("/flows/try", **draft(FLOW, talk=[{"user": "質問"}]))
    tests = manager.post("/flows/test", **draft(FLOW)).get_json()

    assert [i["text"] for i in talk.get_json()["items"]][1:] == ["こんにちは", "初めてですか?"]
    assert tests["summary"] == {"passed": 1, "failed": 0}


def test_the_draft_is_tested_before_it_is_saved(manager: Browser) -> None:
    report = manager.post("/flows/test", **draft(FLOW.replace("はい: {tag: 新規}", "はい")))

    (case,) = report.get_json()["cases"]
    assert (case["ok"], case["failures"][0]["key"]) == (False, "tags")


def test_a_folder_is_published_compared_and_rolled_back(
    manager: Browser, house: House, folder: Path
) -> None:
    first = manager.post("/flows/publish", note="はじめの版")
    hash_ = read(manager)["hash"]
    text = FLOW.replace("こんにちは", "ようこそ")
    put(manager, "visit.yaml", text, hash_)

    diff = manager.post("/flows/diff", **draft(text)).get_json()
    second = manager.post("/flows/publish", note="あいさつを変更")
    versions = manager.get("/flows/visit/versions").get_json()["items"]
    back = manager.post("/flows/visit/rollback", number=1, note="元へ").get_json()["items"]

    assert first.get_json()["changed"] == ["visit", "_folder"]
    assert second.get_json()["changed"] == ["visit"]
    assert [
        (line["kind"], line["text"]) for line in diff["lines"] if line["kind"] in {"old", "new"}
    ] == [
        ("old", "  - say: こんにちは"),
        ("new", "  - say: ようこそ"),
    ]
    assert [(v["number"], v["note"]) for v in versions] == [
        (2, "あいさつを変更"),
        (1, "はじめの版"),
    ]
    assert [v["number"] for v in back] == [1, 2, 1]
    assert back[0]["operator_name"] == "見本 manager"
    assert "こんにちは" in manager.get("/flows/visit/versions/1").get_json()["text"]
    (row,) = manager.get("/flows").get_json()["items"]
    assert (row["published"]["number"], row["differs"]) == (1, True)
    assert manager.post("/flows/visit/rollback", number=9).status_code == 404
    assert manager.post("/flows/visit/rollback", number=10**30).status_code == 400
    assert manager.get(f"/flows/visit/versions/{10**30}").status_code == 404
    assert manager.post("/flows/_folder/rollback", number=1).status_code == 404
    head = house.store.read(flow_versions.heads)["visit"]
    assert house.store.read(lambda db: flow_versions.get_version(db, head).number) == 1


def test_nothing_is_published_while_something_stands_in_the_way(
    manager: Browser, house: House, folder: Path
) -> None:
    looked_at = manager.get("/flows").get_json()["folder_hash"]
    (folder / "visit.yaml").write_text(FLOW.replace("    timeout: {after: 3h}\n", ""))

    stale = manager.post("/flows/publish", folder_hash=looked_at)
    warned = manager.post("/flows/publish")
    (folder / "tests" / "visit.yaml").write_text(TALK.replace("ended: done", "ended: none"))
    red = manager.post("/flows/publish", accept_warnings=True)
    (folder / "broken.yaml").write_text("flow: broken\ntitle：x\n")
    broken = manager.post("/flows/publish", accept_warnings=True)

    assert [code(a) for a in (stale, warned, red, broken)] == [
        "stale", "warned", "red_tests", "broken_flows",
    ]  # fmt: skip
    assert warned.get_json()["error"]["details"]["problems"][0]["code"] == "W201"
    assert red.get_json()["error"]["details"]["cases"][0]["name"] == "はいと答える"
    assert not house.store.read(flow_versions.has_any)
    (folder / "broken.yaml").unlink()
    (folder / "tests" / "visit.yaml").write_text(TALK)
    assert manager.post("/flows/publish", accept_warnings=True).status_code == 200


def test_runs_are_counted_on_ones_own_side_of_the_wall(
    sign_in: SignIn, manager: Browser, house: House, talk: str
) -> None:
    manager.post("/flows/publish")
    elsewhere, now = sign_in("manager", accounts=("other",)), house.clock()

    def begin(db: Any) -> None:
        head = flow_versions.heads(db)["visit"]
        state = {"frames": [{"state": "first"}]}
        run = RunState("r1", "visit", head, "going", state, now, "first")
        save_run(db, lock(db, talk), run, now)

    house.store.write(begin)

    counts = [b.get("/flows").get_json()["items"][0]["running"] for b in (manager, elsewhere)]
    stands = [b.get("/flows/visit/standing").get_json()["standing"] for b in (manager, elsewhere)]

    assert (counts, stands) == ([1, 0], [{"first": 1}, {}])


def test_the_list_tells_of_broken_files_too(manager: Browser, folder: Path) -> None:
    manager.post("/flows/publish")
    (folder / "visit.yaml").write_text(FLOW.replace("title: ", "title："))
    (folder / "new.yaml").write_text("flow: fresh\ntitle: 新しい\nsteps: [{end: done}]\n")

    page = manager.get("/flows").get_json()

    rows = {row["id"]: row for row in page["items"]}
    assert rows["visit"]["problems"]["E"] == 1
    assert (rows["visit"]["file"], rows["visit"]["title"]) == ("visit.yaml", "見本の質問")
    assert rows["visit"]["differs"]
    assert (rows["fresh"]["published"], rows["fresh"]["differs"]) == (None, True)
    assert {(f["file"], f["kind"]) for f in page["files"]} == {
        ("tags.yaml", "tags"), ("tests/visit.yaml", "test"),
    }  # fmt: skip


def test_the_sample_folder_is_clean_and_drawn(manager: Browser, house: House, folder: Path) -> None:
    copytree(SAMPLE, folder, dirs_exist_ok=True, ignore=ignore_patterns("language", "line"))
    (folder / "visit.yaml").unlink()
    (folder / "tests" / "visit.yaml").unlink()

    page = manager.get("/flows").get_json()
    pictures = [manager.get(f"/flows/{row['id']}/picture") for row in page["items"]]

    assert [p for p in page["problems"] if p["severity"] == "E"] == []
    assert len(pictures) >= 6
    assert all(picture.status_code == 200 for picture in pictures)
    assert manager.get("/flows/nowhere/picture").status_code == 404
    assert manager.get("/flows/nowhere/versions").status_code == 404


CARD = """\
flex: card
alt: お知らせ
contents: {type: bubble, body: {type: box, layout: vertical, contents: [{type: text, text: 本日}]}}
"""


def test_a_card_is_compared_with_the_one_that_a_flow_took_along(
    manager: Browser, folder: Path
) -> None:
    (folder / "flex").mkdir()
    (folder / "flex" / "card.yaml").write_text(CARD)
    (folder / "visit.yaml").write_text(FLOW.replace("say: こんにちは", "say: {flex: card}"))
    changed = CARD.replace("本日", "明日")
    before = manager.post("/flows/diff", file="flex/card.yaml", text=changed).get_json()

    manager.post("/flows/publish", note="カード")
    diff = manager.post("/flows/diff", file="flex/card.yaml", text=changed).get_json()
    same = manager.post("/flows/diff", file="flex/card.yaml", text=CARD).get_json()
    listed = {row["file"]: row["kind"] for row in manager.get("/flows").get_json()["files"]}

    assert (before["number"], same["lines"]) == (None, [])
    marked = [line["text"] for line in diff["lines"] if line["kind"] in {"old", "new"}]
    assert (diff["number"], len(marked)) == (1, 2)
    assert "本日" in marked[0]
    assert "明日" in marked[1]
    assert listed["flex/card.yaml"] == "flex"
    assert "本日" in manager.get("/flows/visit/versions/1").get_json()["text"]
