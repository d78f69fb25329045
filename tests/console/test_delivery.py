"""What staff do about messages that did not plainly go out, and what managers decide of sending."""

from datetime import timedelta

from sqlmodel import Session, select

from console.door import House
from storage import operator_friends, post, quota
from storage.intents import claim_due
from storage.models.audit import AuditRow
from storage.models.operators import Operator
from storage.models.talks import Conversation
from storage.models.work import Arrival, Delivery
from storage.quota import Told
from storage.talks import lock
from tests import given
from tests.console.conftest import SignIn

MINUTE = timedelta(minutes=1)


def held(house: House, talk: str) -> int:
    """The talk's last message waits for the month."""

    def write(db: Session) -> int:
        one = db.exec(select(Delivery).where(Delivery.conversation_id == talk)).all()[-1]
        one.held, one.due_at, one.undo = "limit", None, None
        db.add(one)
        return one.id or 0

    return house.store.write(write)


def deeds(house: House) -> list[str]:
    return house.store.read(lambda db: list(db.exec(select(AuditRow.kind))))


def test_what_waits_is_let_be_by_who_may_answer(house: House, sign_in: SignIn, talk: str) -> None:
    staff, viewer = sign_in("operator"), sign_in("viewer")
    outside = sign_in("operator", accounts=("other",))
    colleague = sign_in("operator", accounts=("main", "other"))
    sent = staff.post(
        f"/conversations/{talk}/messages", client_msg_id="c1", text="はい", seen_seq=99
    )
    assert sent.status_code == 201
    delivery = held(house, talk)
    leader = sign_in("supervisor")
    (row,) = leader.get("/watch/failures?which=held&sender=staff&days=30").json["items"]
    assert (row["kind"], row["message"]["delivery_reason"]) == ("held", "limit")
    assert leader.get("/watch/failures?sender=bot").json["items"] == []
    assert leader.get("/watch/failures?sender=x").status_code == 400

    path = f"/deliveries/{delivery}/give_up"
    assert [viewer.post(path).status_code, outside.post(path).status_code] == [403, 404]
    assert colleague.post(path).status_code == 403, "what waits is its writer's, as an undo is"
    assert leader.get("/watch/failures?which=held").json["items"] != []
    (line,) = staff.post(path).json["items"]

    assert (line["delivery"], line["delivery_reason"]) == ("cancelled", "given_up")
    assert leader.get("/watch/failures").json["items"] == []
    assert staff.post(f"/deliveries/{10**30}/give_up").status_code == 404


def test_what_is_let_be_before_it_left_puts_the_talk_back(
    house: House, sign_in: SignIn, talk: str
) -> None:
    staff = sign_in("operator")
    before = staff.get(f"/conversations/{talk}").json["conversation"]
    body = {"client_msg_id": "c1", "text": "はい", "seen_seq": 99, "undo_s": 10}
    line = staff.post(f"/conversations/{talk}/messages", **body).json
    assert staff.get(f"/conversations/{talk}").json["conversation"]["status"] == "pending"

    (given_up,) = staff.post(f"/deliveries/{line['delivery_id']}/give_up").json["items"]

    assert (given_up["delivery"], given_up["delivery_reason"]) == ("cancelled", "undone")
    after = staff.get(f"/conversations/{talk}").json["conversation"]
    assert (after["status"], after["waiting_since"]) == ("active", before["waiting_since"])
    assert house.store.write(lambda db: claim_due(db, house.clock() + MINUTE, 9)) == []


def test_an_event_that_was_set_aside_is_given_back(
    house: House, sign_in: SignIn, talk: str
) -> None:
    def put_aside(db: Session) -> int:
        event = given.a_text_event("秘密の話", 7)
        arrival = given.an_arrival(db, given.the_account(db), event, house.clock())
        arrival.state, arrival.tries, arrival.trouble = "aside", 5, "KeyError: odd"
        arrival.done_at = house.clock()
        return arrival.id or 0

    id_ = house.store.write(put_aside)
    leader, staff = sign_in("supervisor"), sign_in("operator")
    outside = sign_in("supervisor", accounts=("other",))
    answer = leader.get("/watch/aside")
    (row,) = answer.json["items"]
    assert (row["id"], row["tries"], row["reason"]) == (id_, 5, "KeyError")
    assert row["conversation_id"] == talk
    assert "秘密" not in answer.text
    assert outside.get("/watch/aside").json["items"] == []

    path = f"/watch/aside/{id_}/requeue"
    assert [staff.post(path).status_code, outside.post(path).status_code] == [403, 404]
    assert leader.post(path).status_code == 200

    assert leader.get("/watch/aside").json["items"] == []
    assert leader.post(path).status_code == 404
    arrival = house.store.read(lambda db: db.get_one(Arrival, id_))
    assert (arrival.state, arrival.tries) == ("pending", 0)
    assert deeds(house).count("events_requeued") == 1


def test_of_an_event_of_one_of_us_no_talk_is_shown(
    house: House, sign_in: SignIn, talk: str
) -> None:
    leader = sign_in("supervisor")

    def put_aside(db: Session) -> None:
        own = db.get_one(Conversation, talk)
        operator_friends.link(db, own, db.get_one(Operator, leader.id), house.clock())
        arrival = given.an_arrival(
            db, given.the_account(db), given.a_text_event("見本", 7), house.clock()
        )
        arrival.state, arrival.done_at = "aside", house.clock()

    house.store.write(put_aside)

    (row,) = leader.get("/watch/aside").json["items"]
    assert (row["conversation_id"], row["customer_name"]) == (None, None)


def test_a_manager_decides_what_of_the_month_is_kept_for_staff(
    house: House, sign_in: SignIn, talk: str
) -> None:
    manager, leader = sign_in("manager"), sign_in("supervisor")
    outside = sign_in("manager", accounts=("other",))
    wanted = {"reserve_percent": 25, "shows_loading": False, "marks_read": True}
    path = "/accounts/main/sending"
    assert leader.call("PUT", path, wanted).status_code == 403
    assert outside.call("PUT", path, wanted).status_code == 404
    assert manager.call("PUT", path, {**wanted, "reserve_percent": 101}).status_code == 400

    row = manager.call("PUT", path, wanted).json

    assert {key: row[key] for key in wanted} == wanted
    assert manager.call("PUT", path, wanted).status_code == 200
    assert deeds(house).count("account_changed") == 1, "nothing was changed the second time"
    rows = {one["account"]: one for one in leader.get("/quota").json["items"]}
    assert (rows["main"]["reserve_percent"], rows["other"]["reserve_percent"]) == (25, 10)


def test_a_smaller_reserve_lets_go_at_once_what_it_kept_back(
    house: House, sign_in: SignIn, talk: str
) -> None:
    def hold(db: Session) -> int:
        now = house.clock()
        quota.find_or_begin(db, "main", now)
        quota.record(db, "main", Told(100, 95), now)
        (one,) = post.say(db, lock(db, talk), given.an_answer("s", None), now)
        one.held = "reserve"
        db.add(one)
        return one.id or 0

    id_ = house.store.write(hold)
    manager, kept = sign_in("manager"), []
    for percent in (8, 2):
        wanted = {"reserve_percent": percent, "shows_loading": True, "marks_read": False}
        assert manager.call("PUT", "/accounts/main/sending", wanted).status_code == 200
        kept.append(house.store.read(lambda db: db.get_one(Delivery, id_).held))

    assert kept == ["reserve", None]
