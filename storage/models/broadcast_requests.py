"""Which browser's request made which broadcast, so that the same request again makes no second."""

from sqlmodel import Field, SQLModel


class BroadcastRequest(SQLModel, table=True):
    """A draft as its writer's browser called it. broadcast_id outlives its broadcast: whoever asks
    again for one that was deleted is told so, and gets no new one.
    """

    __tablename__ = "broadcast_request"

    operator_id: str = Field(foreign_key="operator.id", primary_key=True)
    client_broadcast_id: str = Field(primary_key=True)
    broadcast_id: str
