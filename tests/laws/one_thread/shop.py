"""What every world begins with: a database with two accounts, three flows and two operators.

Each text that is said is said once, so whoever sees it on a phone knows which event it answers.
"""

from datetime import datetime

from sqlmodel import Session

from console.publishing import Wish, publish_folder
from flows.language.loader import load_files
from storage.accounts import NewAccount, add_account
from storage.models.operators import OperatorSession
from storage.operators import begin_session, hash_token
from storage.unit import open_store
from tests import given

MODES = {"main": "economy", "second": "strict"}
OPERATORS = (("見本A", "supervisor"), ("見本B", "operator"))
LATER, PERSON = "あとで", "人"
CALLS_BACK_S = 600
FILES = {
    "queues.yaml": "queues: [受付]\ndefault: 受付\n",
    "echo.yaml": """\
flow: echo
title: こだま
start: [message]
if_running: parallel
steps:
  - say: 受け {{message}}
  - end: done
""",
    "later.yaml": f"""\
flow: later
title: あとで
start: [{{keyword: {LATER}, match: starts}}]
if_running: parallel
vars: {{n: なし}}
steps:
  - say: 待ち {{{{message}}}}
    set: {{var.n: '{{{{message}}}}'}}
  - wait: {CALLS_BACK_S // 60}m
    id: pause
  - say: 続き {{{{var.n}}}}
  - end: done
""",
    "person.yaml": f"""\
flow: person
title: 人へ
start: [{{keyword: {PERSON}, match: starts}}]
steps:
  - handoff: 代わります {{{{message}}}}
    id: help
    to: 受付
    done: {{goto: after}}
  - end: done
    id: after
""",
}


def furnish(url: str, now: datetime) -> None:
    """Fill an empty migrated database. Its operators' tokens are their numbers."""
    store = open_store(url)

    def work(db: Session) -> None:
        for name, mode in MODES.items():
            credentials = (given.SECRET, f"{given.TOKEN}-{name}")
            new = NewAccount(name, "見本のお店", "見本", *credentials, mode)
            account = add_account(db, given.KEY, new, now)
            account.return_after_s = 3600
        for number, (name, role) in enumerate(OPERATORS):
            operator = given.an_operator(db, now, name, role=role)
            session = OperatorSession(
                token_sha256=hash_token(str(number)),
                operator_id=operator.id,
                csrf_token="csrf",
                address="",
                device="",
                created_at=now,
                used_at=now,
                proved_at=now,
            )
            begin_session(db, operator, session)

    store.write(work)
    folder = load_files({name: text.encode() for name, text in FILES.items()})
    assert [p for p in folder.loading_problems() if p.severity == "E"] == []
    publish_folder(store, folder, Wish("finish", ""), now)
    store.close()
