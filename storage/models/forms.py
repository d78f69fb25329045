"""The addresses of web pages on which a customer answers a flow."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.models.columns import UtcDateTime, new_id


class Form(SQLModel, table=True):
    """One address, for one friend and one flow, for one walk through it.

    run_id: the run that it shows; None until it was first answered. tries: answers since
    tries_since, so that nobody floods the talk.
    """

    __tablename__ = "form"

    id: str = Field(default_factory=new_id, primary_key=True)
    conversation_id: str = Field(foreign_key="conversation.id", index=True)
    flow_id: str
    run_id: str | None = Field(default=None, foreign_key="run.id")
    operator_id: str | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    tries: int = 0
    tries_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
