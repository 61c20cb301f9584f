"""A small pharmacy transmission, written part by part so that a test can spoil one of them."""

from io import BytesIO

from schemas.claim import SubmittedClaim
from sources.ncpdp.reader import ClaimRead, EdiFinding, Terms, read_file

HEADER = "610014D0B1ACMERX    1011234567893     20260511SOFT000001"
PATIENT = "AM01|C419800214|C51|CAJAMES|CBCARTER|C701"
INSURANCE = "AM04|C2ACM0000001|C301|C61|C1GRP7"
CLAIM = "AM07|EM1|D2000000700123|E103|D700093015001|E730000|D301|D530|D61|D81|DE20260510|EU1|EVPA77|MTY"
PRESCRIBER = "AM03|EZ01|DB1245319599|DRMOORE|2JALAN"
PRICING = "AM11|D91250{|DC20{|DU1270{|DQ1850{|DN01"
STX, ETX = "\x02", "\x03"


def body(*transactions: tuple[str, ...], header: str = HEADER, shared: tuple[str, ...] = (PATIENT, INSURANCE)) -> str:
    """A transmission: header, shared segments, and a group for each transaction; `|` stands for the field separator."""
    text = header + "".join(f"\x1e\x1c{segment}" for segment in shared)
    text += "".join("\x1d" + "".join(f"\x1e\x1c{segment}" for segment in one) for one in transactions)
    return text.replace("|", "\x1c")


WHOLE = (CLAIM, PRESCRIBER, PRICING)


def batch(*bodies: str, count: int | None = None, number: str = "0000001", trailer: bool = True) -> bytes:
    """A batch of 1.2 around transmissions."""
    head = f"{STX}00T{'CLEARING':<24}0000001202605111200P12{'ACME':<24}{ETX}"
    details = [f"{STX}G1{place:010d}{one}{ETX}" for place, one in enumerate(bodies, start=1)]
    tail = f"{STX}99{number}{len(bodies) + 2 if count is None else count:010d}{'':<35}{ETX}"
    return "\r\n".join([head, *details, *([tail] if trailer else [])]).encode()


def read(data: bytes | str, currency: str = "USD") -> tuple[list[ClaimRead], list[str]]:
    """Claims, and the codes of all findings in order."""
    terms = Terms(currency, None, lambda: 1_780_000_000_000, lambda number: f"file {number}")
    data = data.encode() if isinstance(data, str) else data
    claims: list[ClaimRead] = []
    codes: list[str] = []
    for item in read_file(BytesIO(data), terms):
        if isinstance(item, EdiFinding):
            codes.append(item.code)
        else:
            claims.append(item)
            codes += [finding.code for finding in item.findings]
    return claims, codes


def one(*segments: str, header: str = HEADER, shared: tuple[str, ...] = (PATIENT, INSURANCE)) -> SubmittedClaim:
    """The claim of one transaction, which must be a record."""
    [found], _ = read(body(segments, header=header, shared=shared))
    assert found.claim is not None, found.findings
    return found.claim


def codes(*segments: str, header: str = HEADER, shared: tuple[str, ...] = (PATIENT, INSURANCE)) -> list[str]:
    """The codes of all findings on one transaction."""
    return read(body(segments, header=header, shared=shared))[1]
