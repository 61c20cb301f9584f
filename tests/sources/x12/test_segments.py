"""Bytes to segments: whatever the delimiters, line ends and encodings."""

import codecs
from io import BytesIO
from itertools import pairwise

import pytest

from config.limits import EDI_SEGMENT_BYTES_MAX
from sources.x12.findings import X12StructureError
from sources.x12.segments import Block, blocks
from tests.sources.x12.small import BILLING, CLAIM, HEAD, LINES, SUBSCRIBER, WHOLE, file_of


def names(data: bytes) -> list[str]:
    return [segment[0] for segment in elements(data)]


def elements(data: bytes) -> list[list[str]]:
    return [segment for block in blocks(BytesIO(data)) for segment in block.segments]


def last_block(data: bytes) -> Block:
    return list(blocks(BytesIO(data)))[-1]


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
    assert names(data) == names(WHOLE)
    assert last_block(data).separators == ("|", ">", "^", "!")
    claim = next(segment for segment in last_block(data).segments if segment[0] == "CLM")
    assert claim[5] == "11>B>1"


@pytest.mark.parametrize("component", "><|!")
def test_component_separators_that_others_use(component: str) -> None:
    assert last_block(WHOLE.replace(b":", component.encode())).separators.component == component


def test_blanks_that_pad_elements_and_their_parts() -> None:
    padded = WHOLE.decode().replace("CLM*A-1*150*", "CLM* A-1 *150 *").replace("HC:99213:25", "HC: 99213 :25 ")
    assert elements(padded.encode()) == PLAIN


def test_blanks_in_words_stay() -> None:
    told = WHOLE.decode().replace("REF*G1*PA-1~", "REF*G1*PA-1~NTE*ADD*seen: twice ~").encode()
    assert ["NTE", "ADD", "seen: twice"] in elements(told)


def test_an_interchange_that_breaks_off_within_a_segment() -> None:
    """The next one begins on a line of its own: it is not taken for a part of the segment before."""
    cut = WHOLE[: WHOLE.index(b"85025")]
    assert names(cut + b"\n" + WHOLE)[-len(PLAIN) :] == names(WHOLE)


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


def test_segments_before_an_endless_one_are_kept() -> None:
    found: list[list[str]] = []
    cut = blocks(BytesIO(WHOLE + b"x" * (EDI_SEGMENT_BYTES_MAX + 1) + b"~"))
    with pytest.raises(X12StructureError):
        found.extend(segment for block in cut for segment in block.segments)
    assert found == PLAIN


def test_numbers_run_through_the_file() -> None:
    found = [(block.first, len(block.segments)) for block in blocks(BytesIO(WHOLE + b"~~\n~" + WHOLE))]
    assert sum(count for _, count in found) == 2 * len(PLAIN)
    assert all(first + count == after for (first, count), (after, _) in pairwise(found))


def test_an_empty_file_has_no_segments() -> None:
    assert names(b"") == names(b"\n\n") == []
