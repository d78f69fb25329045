"""What browsers send, checked at the door. An unknown key is refused."""

from typing import Annotated, Any, ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from console.publishing import How
from flows.line.limits import TEXT_UNITS

Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=TEXT_UNITS)]
FileName = Annotated[str, StringConstraints(min_length=1, max_length=200)]
FileContent = Annotated[str, StringConstraints(max_length=1_000_000)]
Hash = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
NoteText = Annotated[str, StringConstraints(pattern=r"\S", max_length=TEXT_UNITS)]
MAX_SEQ = 2**31 - 1
Seq = Annotated[int, Field(ge=0, le=MAX_SEQ)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class Body(BaseModel):
    """A JSON object with exactly these keys."""

    model_config = ConfigDict(extra="forbid")
    largest_bytes: ClassVar[int] = 256 * 1024
    unkept: ClassVar[frozenset[str]] = frozenset()  # keys whose words no database has to keep


class SessionChange(Body):
    """PATCH /session."""

    language: Annotated[str, StringConstraints(pattern="^(ja|en)$")]


class Send(Body):
    """POST /conversations/<id>/messages: a text, or LINE's own messages.

    quoted_seq: the line of the same talk that the first text quotes.
    """

    client_msg_id: Id
    text: Text | None = None
    messages: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=20)] | None = None
    seen_seq: Seq
    force: bool = False
    undo_s: Annotated[int, Field(ge=0, le=30)] = 0  # for so long it waits, to be taken back
    quoted_seq: Seq | None = None

    def as_messages(self) -> list[dict[str, Any]]:
        """LINE's messages, not looked at yet. Raises ValueError."""
        if (self.text is None) == (self.messages is None):
            raise ValueError("text or messages, one of them")
        return self.messages or [{"type": "text", "text": self.text}]


class Take(Body):
    """POST /conversations/<id>/take."""

    epoch: int


class Assign(Body):
    """POST /conversations/<id>/assign."""

    operator_id: Id | None
    queue: Name | None = None
    epoch: int


class Snooze(Body):
    """POST /conversations/<id>/snooze."""

    until: AwareDatetime


class Seen(Body):
    """POST /conversations/<id>/seen."""

    seq: Seq


class NewNote(Body):
    """POST /conversations/<id>/notes."""

    client_note_id: Id
    text: NoteText
    mentions: Annotated[list[Id], Field(max_length=20)] = []


class NoteChange(Body):
    """PATCH /notes/<id>. version: of the note that was looked at."""

    text: NoteText
    mentions: Annotated[list[Id], Field(max_length=20)] = []
    version: Annotated[int, Field(ge=1, le=MAX_SEQ)]


class NoteVersion(Body):
    """DELETE /notes/<id>."""

    version: Annotated[int, Field(ge=1, le=MAX_SEQ)]


class MentionsSeen(Body):
    """POST /me/mentions/seen: those of one talk, or all; account: of this one alone."""

    conversation_id: Id | None = None
    account: Id | None = None


class Start(Body):
    """POST /conversations/<id>/start and /forms."""

    flow: Name


class Nothing(Body):
    """No key at all."""


class CustomerChange(Body):
    """PATCH /customers/<id>; a key that is left out stays as it is."""

    name: Name | None = None
    owner_id: Id | None = None
    fields: dict[
        Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]*$", max_length=40)],
        Annotated[str, StringConstraints(max_length=5000)]
        | int
        | Number
        | list[Annotated[str, StringConstraints(max_length=200)]]
        | None,
    ] = {}


class FlowText(Body):
    """One file of the flows folder as it is being written."""

    largest_bytes: ClassVar[int] = 2 * 1024 * 1024  # JSON may write a letter in six signs
    unkept: ClassVar[frozenset[str]] = frozenset({"text"})  # the checker says what is wrong where

    file: FileName
    text: FileContent


class FileWrite(Body):
    """PUT /flows/files/<file>. hash: of the file that was read; null for a new one."""

    largest_bytes: ClassVar[int] = FlowText.largest_bytes

    text: FileContent
    hash: Hash | None


class FileDelete(Body):
    """DELETE /flows/files/<file>."""

    hash: Hash


class FlowTry(FlowText):
    """POST /flows/try: how the talk begins, and its lines so far, both as in a test file."""

    given: dict[Annotated[str, StringConstraints(max_length=40)], Any] = {}
    talk: Annotated[list[dict[str, Any]], Field(max_length=200)] = []


class FlowFolder(Body):
    """The flows folder as it is saved. folder_hash: of what was looked at, if it matters."""

    folder_hash: Hash | None = None


class FlowForesee(FlowFolder):
    """POST /flows/foresee. running: those in the middle, of all flows or by flow id."""

    running: How | dict[Name, How] = "finish"


class FlowPublish(FlowForesee):
    """POST /flows/publish."""

    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""
    accept_warnings: bool = False


class FlowReplay(FlowFolder):
    """POST /flows/replay. last: how many of the newest runs."""

    last: Annotated[int, Field(ge=1, le=500)] = 500


class FlowForeseeRollback(Body):
    """POST /flows/<id>/foresee."""

    number: Annotated[int, Field(ge=1, le=MAX_SEQ)]
    running: How = "finish"


class FlowRollback(FlowForeseeRollback):
    """POST /flows/<id>/rollback."""

    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""


class FaqQuestions(Body):
    """POST /faq/learning/settle and /draft: the questions of a group."""

    ids: Annotated[list[Annotated[int, Field(ge=1, le=MAX_SEQ)]], Field(max_length=1000)]
