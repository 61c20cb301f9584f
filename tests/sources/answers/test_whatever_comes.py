"""Whatever a sender writes, the collector answers: nothing raises, and every answer can be read."""

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codec import Codec
from sources.answers.acknowledgment import acknowledge
from tests.sources.answers.files import claim, file_of, hear, transaction

CODEC = Codec()
WHOLE = file_of(
    transaction(claim("A-1", more="REF*D9*T-1"), claim("A-2", day="")),
    transaction(claim("B-1", "9.99"), control="0002"),
)
SEGMENTS = [segment + b"~\n" for segment in WHOLE.split(b"~\n") if segment]
PIECES = st.sampled_from([b"*", b":", b"~", b"^", b"\xff", b"\xc3\xa9", b"9" * 40, b"-1", b"ISA*", b"ST*837*", b"\x00"])


@st.composite
def spoiled(draw: st.DrawFn) -> bytes:
    """The file with segments lost, doubled and moved, and bytes put in or taken out."""
    places = draw(st.lists(st.integers(0, len(SEGMENTS) - 1), min_size=1, max_size=6))
    segments = list(SEGMENTS)
    for place in places:
        kind = draw(st.sampled_from(["lose", "double", "move"]))
        if kind == "lose":
            segments[place] = b""
        elif kind == "double":
            segments[place] *= 2
        else:
            other = draw(st.integers(1, len(SEGMENTS) - 1))
            segments[place], segments[other] = segments[other], segments[place]
    data = bytearray(b"".join(segments))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        data[at : at + draw(st.integers(0, 3))] = draw(PIECES)
    return bytes(data)


@settings(max_examples=150, deadline=None)
@given(data=spoiled())
def test_every_answer_to_a_spoiled_file_is_well_formed(data: bytes) -> None:
    heard = hear(data)
    answers = [answer for kind in heard.answers.values() for answer in kind]
    for record in heard.received:
        assert CODEC.decode(type(record), CODEC.encode(record)) == record
    if heard.received:
        answers.append(acknowledge([heard.received[-1]], {}))
    for answer in answers:
        *lines, end = answer.content.decode("ascii").split("~\n")
        assert (end, len(lines[0])) == ("", 105)
        assert lines[0].split("*")[13] == lines[-1].split("*")[2]
        starts = [line.split("*")[0] for line in lines]
        if answer.kind != "TA1":
            assert lines[-3].split("*")[:2] == ["SE", str(starts.index("SE") - starts.index("ST") + 1)]
        assert all(answer.file_name.count(piece) == 0 for piece in ("/", "\\", "*", " "))
        assert [CODEC.decode(type(one), CODEC.encode(one)) for one in answer.records()] == list(answer.records())
