"""Small 837 files and what their collector makes of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from schemas.edi import EdiReceived
from sources.answers.answer import Answer
from sources.answers.collector import Collector
from sources.x12.findings import EdiFinding
from sources.x12.reader import ClaimRead, Ends, Terms, read_file

AT = 1_780_282_800_000  # 2026-06-01 03:00 UTC, 10:00 in the payer's time
ISA = "ISA*00*          *00*          *ZZ*CLEARING       *ZZ*ACME           *260601*0900*^*00501*000000007*0*T*:"
GS = "GS*HC*CLRAPP*ACMEAPP*20260601*0900*12*X*005010X222A1"
IEA = "IEA*1*000000007"
SENDER = ("NM1*41*2*CLEARING HOUSE*****46*SUB1", "PER*IC*HELP*TE*5551234567", "NM1*40*2*ACME HEALTH*****46*ACME01")
BILLING = ("HL*1**20*1", "NM1*85*2*RIVERSIDE CLINIC*****XX*1234567893", "N3*1 MAIN ST", "N4*SPRINGFIELD*IL*62701")
TAX = "REF*EI*123456789"
SUBSCRIBER = (
    "HL*2*1*22*0", "SBR*P*18*******CI", "NM1*IL*1*CARTER*JAMES*Q***MI*ACM0000001", "N3*2 OAK ST",
    "N4*SPRINGFIELD*IL*62701", "DMG*D8*19800214*M", "NM1*PR*2*ACME HEALTH*****PI*ACME01",
)  # fmt: skip


def claim(number: str, charge: str = "100", day: str = "20260511", place: str = "11:B:1", more: str = "") -> list[str]:
    """A claim of one line; without a line's date where `day` is empty."""
    segments = [f"CLM*{number}*{charge}***{place}*Y*A*Y*Y", *([more] if more else []), "HI*ABK:J069"]
    segments += ["LX*1", f"SV1*HC:99213*{charge}*UN*1***1"]
    return [*segments, f"DTP*472*D8*{day}"] if day else segments


def transaction(*claims: list[str], control: str = "0001", se: str = "{count}", end: str | None = None) -> list[str]:
    """ST to SE around claims of one subscriber; `se` is SE01, `end` SE02."""
    body = [
        f"ST*837*{control}*005010X222A1", f"BHT*0019*00*B{control}*20260601*0900*CH", *SENDER, *BILLING, TAX,
        *SUBSCRIBER, *(segment for one in claims for segment in one),
    ]  # fmt: skip
    return [*body, f"SE*{se.format(count=len(body) + 1)}*{end or control}"]


def file_of(*transactions: list[str], ge: str | None = None, iea: str = IEA, gs: str = GS) -> bytes:
    """An interchange with one group around transactions; `ge` is the whole GE."""
    inside = [segment for one in transactions for segment in one]
    trailer = ge if ge is not None else f"GE*{len(transactions)}*12"
    return "".join(f"{segment}~\n" for segment in (ISA, gs, *inside, trailer, iea) if segment).encode()


@dataclass
class Heard:
    """What came out of a collector."""

    received: list[EdiReceived]
    answers: dict[str, list[Answer]]

    def segments(self, kind: str, place: int = 0) -> list[str]:
        """The segments of an answer, without its envelopes (ISA, GS, ST, SE, GE, IEA)."""
        lines = self.answers[kind][place].content.decode("ascii").split("~\n")
        return [line for line in lines if line and line.split("*")[0] not in ("ISA", "GS", "ST", "SE", "GE", "IEA")]


def hear(
    data: bytes, at: int = AT, unsent: str = "", strict: Iterable[EdiFinding] = (), currency: str = "USD"
) -> Heard:
    """Read a file with a collector beside it; claims with the number `unsent` cannot be sent.

    `strict` are findings of a strict check of its one transaction.
    """
    collector = Collector("0f" * 16, at, currency)
    ready: list[EdiReceived | Answer] = []
    for item in read_file(BytesIO(data), Terms(currency, None, lambda: at, lambda number: f"c-{number}")):
        if isinstance(item, Ends) and item.level == "transaction":
            for finding in strict:
                ready += collector.see(finding)
        ready += collector.see(item)
        if isinstance(item, ClaimRead) and item.claim is not None and item.control_number == unsent:
            collector.unsent("CLAIM_TOO_LARGE")
    ready += collector.end()
    answers: dict[str, list[Answer]] = {}
    for one in ready:
        if isinstance(one, Answer):
            answers.setdefault(one.kind, []).append(one)
    return Heard([one for one in ready if isinstance(one, EdiReceived)], answers)
