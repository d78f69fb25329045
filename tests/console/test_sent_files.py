"""Whatever bytes come under an office file's name, they are that kind or refused."""

import contextlib
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.sent_files import NotThatKind, mime_of

PARTS = ("[Content_Types].xml", "word/document.xml")


def packed(*names: str) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in names:
            archive.writestr(name, b"<x/>")
    return written.getvalue()


DOCX = packed(*PARTS)
DIRECTORY = DOCX.index(b"PK\x01\x02")  # the list of parts at the end


def with_bytes(at: int, new: bytes) -> bytes:
    return DOCX[:at] + new + DOCX[at + len(new) :]


BROKEN = {
    "no archive at all": b"sample",
    "cut off": DOCX[: len(DOCX) // 2],
    "a later version of the format": with_bytes(DIRECTORY + 6, b"\xff\x00"),
    "a name that is no UTF-8": with_bytes(DIRECTORY + 8, b"\x00\x08").replace(
        b"[Content_Types]", b"\xff" * 15
    ),
    "macros": packed(*PARTS, "word/vbaProject.bin"),
    "macros in capitals": packed(*PARTS, "word/VBAPROJECT.BIN"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_or_running_file_is_refused_beside_a_whole_one(what: str) -> None:
    assert mime_of("a.docx", DOCX).endswith("wordprocessingml.document")

    with pytest.raises(NotThatKind):
        mime_of("a.docx", BROKEN[what])


@given(
    st.lists(st.tuples(st.integers(0, len(DOCX) - 1), st.integers(0, 255)), min_size=1, max_size=8)
)
def test_no_bytes_bring_the_check_down(changes: list[tuple[int, int]]) -> None:
    content = bytearray(DOCX)
    for at, value in changes:
        content[at] = value

    with contextlib.suppress(NotThatKind):
        assert mime_of("a.docx", bytes(content))
