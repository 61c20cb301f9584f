"""Bytes to segments: whatever the delimiters, line ends and encodings."""

import codecs
from io import BytesIO

import pytest

from config.limits import EDI_SEGMENT_BYTES_MAX
from sources.x12.findings import X12StructureError
from sources.x12.segments import segments
from tests.sources.x12.small import BILLING, CLAIM, HEAD, LINES, SUBSCRIBER, WHOLE, file_of


def names(data: bytes) -> list[str]:
    return [segment.name for segment in segments(BytesIO(data))]


def elements(data: bytes) -> list[list[str]]:
    return [segment.elements for segment in segments(BytesIO(data))]


BODY = (*BILLING, *SUBSCRIBER, *CLAIM, *LINES)
PLAIN = elements(WHOLE)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(file_of(*BODY, end="~"), id="no line ends"),
        pytest.param(file_of(*BODY, end="~\r\n"), id="CRLF after the terminator"),
        pytest.param(file_of(*BODY, end="\n"), id="LF is the terminator"),
        pytest.param(file_of(*BODY, end="\r"), id="CR is the terminator"),
        pytest.param(file_of(*BODY, end="\r\n"), id="CRLF is the terminator"),
        pytest.param(codecs.BOM_UTF8 + WHOLE, id="UTF-8 with a byte order mark"),
        pytest.param(codecs.BOM_UTF16_LE + WHOLE.decode().encode("utf-16-le"), id="UTF-16, little end first"),
        pytest.param(codecs.BOM_UTF16_BE + WHOLE.decode().encode("utf-16-be"), id="UTF-16, big end first"),
        pytest.param(b"\r\n  " + WHOLE + b"\x1a\0\n", id="blanks before, end of file marks after"),
    ],
)
def test_one_text_in_many_forms(data: bytes) -> None:
    assert elements(data) == PLAIN


def test_lines_wrapped_at_80_columns_inside_segments() -> None:
    flat = file_of(*BODY, end="~")
    wrapped = b"\n".join(flat[start : start + 80] for start in range(0, len(flat), 80))
    assert elements(wrapped) == PLAIN


def test_other_delimiters() -> None:
    data = WHOLE.decode().translate(str.maketrans("*:~", "|>!")).encode()
    found = list(segments(BytesIO(data)))
    assert [segment.name for segment in found] == names(WHOLE)
    claim = next(segment for segment in found if segment.name == "CLM")
    assert claim.parts(5) == ["11", "B", "1"]


def test_an_isa_that_is_not_106_characters_long() -> None:
    short = "*".join(part.strip() for part in HEAD[0].split("*"))
    assert names(file_of(*BODY, start=(short, *HEAD[1:]))) == names(WHOLE)


def test_interchanges_with_their_own_delimiters() -> None:
    other = WHOLE.decode().translate(str.maketrans("*:~", "|>!")).encode()
    assert names(WHOLE + other) == names(WHOLE) * 2


def test_names_in_utf8_and_in_latin_1() -> None:
    for encoding in ("utf-8", "latin-1"):
        data = WHOLE.decode().replace("JAMES", "JOSÉ").encode(encoding)
        assert any("JOSÉ" in segment for segment in elements(data))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"Dear Sirs, please find our claims attached.", "NO_ISA", id="a letter"),
        pytest.param(b'{"claimNumber": "1"}', "NO_ISA", id="JSON"),
        pytest.param(WHOLE[:60], "ISA_SHORT", id="cut off within ISA"),
        pytest.param(HEAD[0].encode() + b"GS*HC", "ISA_DELIMITERS", id="no terminator after ISA"),
        pytest.param(
            HEAD[0].encode() + b"~" + b"x" * (EDI_SEGMENT_BYTES_MAX + 70_000), "SEGMENT_LONG", id="an endless segment"
        ),
    ],
)
def test_what_cannot_be_cut(data: bytes, code: str) -> None:
    with pytest.raises(X12StructureError) as raised:
        names(data)
    assert raised.value.code == code


def test_an_empty_file_has_no_segments() -> None:
    assert names(b"") == names(b"\n\n") == []
