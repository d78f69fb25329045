"""What staff send that is not text: pictures, films, sounds, files, each named by its content."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.models.columns import UtcDateTime, new_id


class Upload(SQLModel, table=True):
    """A picture, a film, a sound or a file that an operator gave, to be sent in one talk, or, as a
    picture of a broadcast, to many friends of its account.

    used_at: when it was first sent; what was not is dropped after a while. expires_at: until when
    a customer may open it; None: as long as the talk is there. dropped_at: its file is gone.
    """

    __tablename__ = "upload"
    __table_args__ = (
        UniqueConstraint("operator_id", "client_upload_id"),
        Index("ix_upload_operator_created", "operator_id", "created_at"),
        Index("ix_upload_due", "dropped_at", "due_at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    client_upload_id: str
    account_id: str = Field(foreign_key="account.id")
    conversation_id: str | None = Field(
        default=None, foreign_key="conversation.id", index=True
    )  # None: of a broadcast
    operator_id: str = Field(foreign_key="operator.id")
    kind: str  # image video audio file
    name: str
    mime: str
    size_bytes: int
    sha256: str = Field(index=True)
    preview_sha256: str | None = Field(
        default=None, index=True
    )  # of a picture or a film: always a JPEG
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None  # of a film or a sound
    created_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when its file is dropped
    dropped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
