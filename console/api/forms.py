"""Addresses of web pages on which a customer answers a flow."""

from flask import request
from sqlmodel import Session

from console import bodies
from console.door import Asker, House, Row
from flows.language.book import is_form
from storage import flow_versions
from storage.conversations import get_conversation
from storage.forms import make_form
from storage.refusals import NotFound
from storage.seal import FORM, sign


def make(house: House, asker: Asker, talk_id: str, body: bodies.Start) -> tuple[Row, int]:
    """The address of a flow's form, for the customer of a talk alone."""

    def write(db: Session) -> str:
        talk = get_conversation(db, asker.scope, talk_id)
        hash_ = flow_versions.heads(db).get(body.flow)
        if hash_ is None:
            raise NotFound("there is no such flow")
        if not is_form(flow_versions.get_version(db, hash_).bundle):
            raise ValueError("flow: it is no form (form: yes)")
        return make_form(db, talk, body.flow, asker.operator, house.clock()).id

    token = sign(house.key, FORM, house.store.write(write))
    root = house.settings.public_url or request.host_url.rstrip("/")
    return {"address": f"{root}/f/{token}"}, 201
