"""How many customers' cards carry a name: what a manager should know before renaming it."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlmodel import Session, col

from storage.models.people import CustomerField, CustomerTag, Tag


def people_by_tag(db: Session) -> Mapping[str, int]:
    """Tag → how many customers carry it."""
    counted = func.count(col(CustomerTag.customer_id))
    query = select(col(Tag.name), counted).join(CustomerTag, col(CustomerTag.tag_id) == col(Tag.id))
    rows = db.execute(query.group_by(col(Tag.name))).all()
    return {row[0]: row[1] for row in rows}


def people_by_field(db: Session) -> Mapping[str, int]:
    """Field → how many customers have something in it."""
    counted = func.count(col(CustomerField.customer_id))
    query = select(col(CustomerField.key), counted).group_by(col(CustomerField.key))
    rows = db.execute(query).all()
    return {row[0]: row[1] for row in rows}
