"""What can be searched for: the texts as they are compared, and which of them hold what."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.models.columns import UtcDateTime


class SearchText(SQLModel, table=True):
    """One message, note or name, folded as it is compared. It is never changed, only replaced."""

    __tablename__ = "search_text"
    # A number is never given twice, not even after the last text was erased: see `sealing`.
    __table_args__ = (Index("ix_search_text_row", "row_id"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)  # newest last
    account_id: str = Field(foreign_key="account.id")
    kind: str  # message note customer
    row_id: str  # of the message, the note, the friend
    folded: str


class SearchStretch(SQLModel, table=True):
    """A run of consecutive texts whose postings are being written, or are whole."""

    __tablename__ = "search_stretch"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    begun_at: datetime = Field(sa_type=UtcDateTime)
    is_sealed: bool = False


class SearchPosting(SQLModel, table=True):
    """Some pairs of characters, and which texts of the stretch hold them."""

    __tablename__ = "search_posting"
    __table_args__ = ({"sqlite_with_rowid": False},)

    stretch_id: int = Field(primary_key=True)
    bucket: int = Field(primary_key=True)
    postings: bytes
