"""Replacements and voids in files of X12, most of which bear the CLM01 of the claim that they are about."""

from dataclasses import replace
from io import BytesIO

import pytest

from schemas import topics
from schemas.claim import Identifier, SubmittedClaim
from schemas.decision import Decision
from schemas.identifiers import claim_id, claim_number
from schemas.intake import dump_json, to_json
from sources.offline.inputs import Inputs
from sources.replay.items import Source
from sources.replay.json_lines import read_json_lines
from sources.x12_writer.envelope import Envelope
from sources.x12_writer.write import write
from streams.driver import Driver
from tests.agents.world import PLAN, member, world
from tests.sources.x12.small import BILLING, CLAIM, LINES, SUBSCRIBER, WHOLE, file_of, one, read

ORIGINAL = claim_id("SUB1", "A-1", None, "")
JAMES = replace(member("J1", "CARTERS"), identifiers=(Identifier("member_number", "ACM0000001"),))


def amending(frequency: str = "7", number: str = "A-1", original: str | None = "A-1", first: str = "100") -> bytes:
    """A file with a replacement or void; `first` is the charge of its first line, the second one's is 50."""
    return file_of(*BILLING, *SUBSCRIBER, *of_claim(frequency, number, original, first))


def of_claim(frequency: str, number: str, original: str | None, first: str) -> tuple[str, ...]:
    """The loop of the claim."""
    head = f"CLM*{number}*{int(first) + 50}***11:B:{frequency}*Y*A*Y*Y"
    reference = () if original is None else (f"REF*F8*{original}",)
    return (head, *reference, *CLAIM[1:], LINES[0], LINES[1].replace("*100*", f"*{first}*"), *LINES[2:])


def told(*files: bytes) -> Driver:
    """The chain after the claims of some files."""
    chain = world(PLAN, members=[JAMES])
    for data in files:
        for claim in (found.claim for found in read(data)[0] if found.claim is not None):
            chain.pipe(topics.CLAIMS_SUBMITTED, claim.root_id, claim)
    return chain


def decided(chain: Driver) -> list[tuple[str, str, int, int]]:
    """The last decision of each claim: frequency, substatus, version, and what was charged."""
    last: dict[str, Decision] = {one.claim_id: one for one in chain.read(topics.CLAIMS_DECIDED)}
    return [(one.frequency_code, one.substatus, one.version, one.charged) for one in last.values()]


def dead(chain: Driver) -> list[str]:
    """Codes of what was set aside."""
    return [one.code for topic in list(chain.outputs) if topic.endswith(".dlq") for one in chain.read(topic)]


NAMED = {
    "by its own number": "A-1",
    "by our claim number": claim_number(ORIGINAL, 2026),
    "by our number in small letters": claim_number(ORIGINAL, 2026).lower(),
    "by our id": ORIGINAL,
    "by our id in capitals": ORIGINAL.upper(),
}


@pytest.mark.parametrize("frequency", ["7", "8"])
@pytest.mark.parametrize("original", [pytest.param(text, id=how) for how, text in NAMED.items()])
def test_under_the_number_of_its_original_it_has_an_id_of_its_own(original: str, frequency: str) -> None:
    claim = one(amending(frequency, original=original))
    assert (claim.root_id, claim.claim_control_number, claim.original_reference) == (ORIGINAL, "A-1", original)
    assert claim.claim_id != ORIGINAL
    assert claim.claim_id == one(amending(frequency, original=original)).claim_id


STRANGERS = claim_number(claim_id("X", "A-1", None, ""), 2026)
AS_EVER = [
    # case, file, number in its id
    ("an original", WHOLE, "A-1"),
    ("an original that names something", amending("1"), "A-1"),
    ("a replacement with a number of its own", amending(number="A-2"), "A-2"),
    ("a replacement that names no original", amending(original=None), "A-1"),
    ("a replacement of somebody else's claim", amending(original=STRANGERS), "A-1"),
    ("a frequency that we do not know", amending("6"), "A-1"),
]


@pytest.mark.parametrize(("data", "number"), [pytest.param(*row[1:], id=row[0]) for row in AS_EVER])
def test_every_other_claim_has_the_id_of_its_number(data: bytes, number: str) -> None:
    assert one(data).claim_id == claim_id("SUB1", number, None, "")


BY_NUMBER = amending(original=claim_number(ORIGINAL, 2026), first="80")
REPLACED = [("1", "replaced", 1, 0), ("7", "approved", 2, 13000)]
STORIES = [
    # case, files, frequency, substatus, version and charge of each claim
    ("replaced", (WHOLE, amending(first="80")), REPLACED),
    ("replaced, by our number", (WHOLE, BY_NUMBER), REPLACED),
    ("voided", (WHOLE, amending("8")), [("1", "voided", 1, 0), ("8", "approved", 2, 0)]),
    ("the same file again", (WHOLE, amending(first="80"), amending(first="80"), WHOLE), REPLACED),
    (
        "two different replacements",
        (WHOLE, amending(first="80"), amending(first="90")),
        [("1", "replaced", 1, 0), ("7", "replaced", 2, 0), ("7", "approved", 3, 14000)],
    ),
    (
        "replaced and voided",
        (WHOLE, amending(first="80"), amending("8", first="80")),
        [("1", "replaced", 1, 0), ("7", "voided", 2, 0), ("8", "approved", 3, 0)],
    ),
    ("before its original", (amending(first="80"), WHOLE), REPLACED),
    (
        "of a replacement with a number of its own: waits for an original of that number",
        (WHOLE, amending(number="A-2", first="80"), amending(number="A-2", original="A-2")),
        REPLACED,
    ),
]


@pytest.mark.parametrize(("files", "expected"), [pytest.param(*row[1:], id=row[0]) for row in STORIES])
def test_what_becomes_of_them(files: tuple[bytes, ...], expected: list[tuple[str, str, int, int]]) -> None:
    chain = told(*files)
    assert sorted(decided(chain), key=lambda one: one[2]) == expected
    assert (dead(chain), chain.read(topics.CLAIMS_REJECTED)) == ([], [])


def test_the_same_file_again_is_a_repeat() -> None:
    chain = told(WHOLE, amending(), amending())
    kinds = [envelope.kind for envelope in chain.read(topics.CLAIMS_VALIDATED)]
    assert kinds == ["claim", "replacement", "repeat"]


def test_without_a_reference_it_is_told_to_name_its_original() -> None:
    (rejected,) = told(amending(original=None)).read(topics.CLAIMS_REJECTED)
    assert [finding.code for finding in rejected.findings] == ["V-ORIGINAL-MISSING"]


def test_a_stranger_who_uses_the_same_file_of_another_sender_replaces_nothing() -> None:
    stranger = BY_NUMBER.replace(b"*46*SUB1", b"*46*SUB2").replace(b"1234567893", b"1000000004")
    chain = told(WHOLE, stranger)
    (rejected,) = chain.read(topics.CLAIMS_REJECTED)
    assert [finding.code for finding in rejected.findings] == ["V-ORIGINAL-OTHERS"]
    assert decided(chain) == [("1", "approved", 1, 15000)]


def test_an_original_and_what_replaces_it_are_two_claims_of_a_file() -> None:
    first = (*CLAIM, *LINES)
    again = of_claim("7", "A-1", "A-1", "80")
    assert read(file_of(*BILLING, *SUBSCRIBER, *first, *again))[1] == []
    assert read(file_of(*BILLING, *SUBSCRIBER, *first, *again, *again))[1] == ["DUP_CLM01"]
    other = of_claim("7", "A-1", "A-2", "80")
    assert read(file_of(*BILLING, *SUBSCRIBER, *first, *other))[1] == ["DUP_CLM01"]


def lines_of(claim: SubmittedClaim) -> BytesIO:
    """The claim as `claims edi read` writes it."""
    return BytesIO(dump_json(to_json(claim)).encode() + b"\n")


@pytest.mark.parametrize("frequency", ["1", "7", "8"])
def test_written_again_or_as_a_line_it_is_the_same_claim(frequency: str) -> None:
    claim = one(amending(frequency))
    written = one(b"".join(write([claim], Envelope("SENDER", "ACME", at=claim.accepted_at))))
    source = Source("USD", "SUB1", lambda: claim.accepted_at, lambda: "line")
    (item,) = read_json_lines(lines_of(claim), source)
    (line,) = Inputs("SUB1").read(lines_of(claim))
    assert item.claim is not None
    assert line.sent is not None
    assert isinstance(line.sent.record, SubmittedClaim)
    for found in (written, item.claim, line.sent.record):
        assert (found.claim_id, found.root_id) == (claim.claim_id, claim.root_id)
        assert found.claim_control_number == "A-1"
