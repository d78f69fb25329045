"""What the rows of a report are called: names for ids."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from storage.lookups import operator_names
from storage.models.flows import FlowVersion
from storage.models.people import Account
from storage.report_figures import By


def labels_of(db: Session, by: By, keys: Sequence[str]) -> Mapping[str, str]:
    """By key; what has no name, or none any more, is called by its key."""
    match by:
        case "operator":
            names = operator_names(db, keys)
        case "account":
            found = db.execute(select(col(Account.id), col(Account.name)))
            names = {row.id: row.name for row in found}
        case "flow":
            names = flow_titles(db, keys)
        case _:
            names = {}
    return {key: names.get(key, key) for key in keys}


def flow_titles(db: Session, flow_ids: Sequence[str]) -> dict[str, str]:
    """The title of the newest version of each flow, also of those that are gone."""
    query = select(col(FlowVersion.flow_id), col(FlowVersion.title)).where(
        col(FlowVersion.flow_id).in_(set(flow_ids))
    )
    found = db.execute(query.order_by(col(FlowVersion.number)))
    return {row.flow_id: row.title for row in found}
