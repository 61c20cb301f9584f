"""A small 837P, written part by part so that a test can spoil one of them."""

from io import BytesIO

from schemas.claim import SubmittedClaim
from sources.x12.reader import ClaimRead, EdiFinding, Read, Terms, read_file

ISA = "ISA*00*          *00*          *ZZ*CLEARING       *ZZ*ACME           *260601*1200*^*00501*000000001*0*P*:"
HEAD = (
    ISA,
    "GS*HC*CLEARING*ACME*20260601*1200*1*X*005010X222A1",
    "ST*837*0001*005010X222A1",
    "BHT*0019*00*1*20260601*1200*CH",
    "NM1*41*2*CLEARING HOUSE*****46*SUB1",
    "NM1*40*2*ACME*****46*ACME",
)
BILLING = ("HL*1**20*1", "NM1*85*2*RIVERSIDE CLINIC*****XX*1234567893", "REF*EI*12-3456789")
SUBSCRIBER = (
    "HL*2*1*22*0",
    "SBR*P*18*******CI",
    "NM1*IL*1*CARTER*JAMES****MI*ACM0000001",
    "DMG*D8*19800214*M",
    "NM1*PR*2*ACME*****PI*ACME",
)
CLAIM = ("CLM*A-1*150***11:B:1*Y*A*Y*Y", "REF*G1*PA-1", "HI*ABK:J069*ABF:I10")
LINES = (
    "LX*1",
    "SV1*HC:99213:25*100*UN*1***1:2",
    "DTP*472*D8*20260511",
    "LX*2",
    "SV1*HC:85025*50*UN*2.5***1",
    "DTP*472*RD8*20260512-20260513",
)


def tail(*body: str) -> tuple[str, ...]:
    """SE, GE and IEA with the right counts for a body from ST on."""
    return (f"SE*{len(body) + 1}*0001", "GE*1*1", "IEA*1*000000001")


def file_of(*body: str, end: str = "~\n", start: tuple[str, ...] = HEAD) -> bytes:
    """A whole file: envelopes around the body."""
    return "".join(segment + end for segment in (*start, *body, *tail(*start[2:], *body))).encode()


WHOLE = file_of(*BILLING, *SUBSCRIBER, *CLAIM, *LINES)


def everything(data: bytes, currency: str = "USD") -> list[Read]:
    """All that a file gives, in its order."""
    terms = Terms(currency, None, lambda: 1_780_000_000_000, lambda number: f"file {number}")
    return list(read_file(BytesIO(data), terms))


def read(data: bytes, currency: str = "USD") -> tuple[list[ClaimRead], list[str]]:
    """Claims, and the codes of all findings in order."""
    found = everything(data, currency)
    claims = [item for item in found if isinstance(item, ClaimRead)]
    codes: list[str] = []
    for item in found:
        if isinstance(item, EdiFinding):
            codes.append(item.code)
        elif isinstance(item, ClaimRead):
            codes += [finding.code for finding in item.findings]
    return claims, codes


def one(data: bytes) -> SubmittedClaim:
    """The one claim of a file, which must be a record."""
    [found], _ = read(data)
    assert found.claim is not None, found.findings
    return found.claim
