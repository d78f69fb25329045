"""The demo's saved replies, as its manager would have written them."""

from datetime import UTC, datetime

from sqlmodel import Session

from storage.conversations import Scope
from storage.operators import find_by_email
from storage.saved_replies import Written, add_reply
from storage.unit import Store

REPLIES = (
    Written(
        "駐車場のご案内",
        "{{name | san}}、お問い合わせありがとうございます。\n"
        "駐車場は店の裏に3台分ございます。満車のときは、お近くの駐車場をご案内します。",
        "駐車場",
    ),
    Written(
        "予約日時の確認",
        "{{name | san}}、{{account}}の{{operator}}です。\n"
        "ご予約は {{field.booking_at | datetime}} でお間違いないでしょうか。",
        "予約",
    ),
    Written(
        "ご来店のお礼",
        "{{name | san}}、本日はご来店ありがとうございました。\n"
        "気になるところがございましたら、いつでもこのトークにお書きください。{{operator}}",
        "お礼",
    ),
)


def keep_replies(store: Store, manager_email: str) -> None:
    """Keep them once, in the manager's name."""

    def work(db: Session) -> None:
        manager = find_by_email(db, manager_email)
        scope = Scope(manager.id if manager is not None else "")
        for written in REPLIES:
            add_reply(db, scope, written, datetime.now(UTC))

    store.write(work)
