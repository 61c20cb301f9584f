"""What stands around claims: who sends to whom, and the headers and trailers with their counts."""

from dataclasses import dataclass
from datetime import datetime

from schemas.dates import moment_of
from schemas.vocabulary import Form
from sources.x12_writer.segment import COMPONENT, ELEMENT, REPETITION, STANDARD, TERMINATOR, Separators, clean, segment

# The guides that are written, by form; a pharmacy claim has none in X12.
GUIDES: dict[Form, str] = {
    "professional": "005010X222A1", "institutional": "005010X223A2", "dental": "005010X224A2",
}  # fmt: skip
_CONTROL_NUMBERS = 10**9


@dataclass(frozen=True, slots=True)
class Envelope:
    """Sender and receiver as ISA and GS name them; `at` is when, milliseconds since 1970-01-01 UTC.

    `control_number` is that of the interchange. Texts are cleaned of separators; ids are cut to the 15 characters of
    ISA. Files for a test have usage T, files for production P. `currency` is that of claims for which the file
    names none.
    """

    sender: str
    receiver: str
    at: int
    control_number: int = 1
    usage: str = "P"
    sender_name: str = "CLAIMS ENGINE"
    receiver_name: str = "PAYER"
    contact: str = "EDI DESK"
    telephone: str = "8005550100"
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    currency: str = "USD"
    separators: Separators = STANDARD

    @property
    def moment(self) -> datetime:
        """The time in UTC."""
        return moment_of(self.at)

    @property
    def control(self) -> str:
        """ISA13: nine digits."""
        return f"{self.control_number % _CONTROL_NUMBERS:09d}"


def interchange_header(envelope: Envelope) -> str:
    """ISA: 16 elements of fixed lengths, and the separators of the file."""
    sender, receiver = clean(envelope.sender)[:15], clean(envelope.receiver)[:15]
    moment = envelope.moment
    elements = (
        "ISA", "00", f"{'':10}", "00", f"{'':10}", f"{clean(envelope.sender_qualifier):2}", f"{sender:15}",
        f"{clean(envelope.receiver_qualifier):2}", f"{receiver:15}", f"{moment:%y%m%d}", f"{moment:%H%M}", REPETITION,
        "00501", envelope.control, "0", envelope.usage, COMPONENT,
    )  # fmt: skip
    return f"{ELEMENT.join(elements)}{TERMINATOR}"


def group_header(envelope: Envelope, guide: str, number: int) -> str:
    """GS of claims (HC)."""
    moment = envelope.moment
    sender, receiver = clean(envelope.sender)[:15], clean(envelope.receiver)[:15]
    return segment("GS", "HC", sender, receiver, f"{moment:%Y%m%d}", f"{moment:%H%M}", str(number), "X", guide)


def transaction_header(envelope: Envelope, guide: str, number: int, submitter: str, purpose: str, kind: str) -> str:
    """ST, BHT and the submitter (1000A) and receiver (1000B)."""
    moment = envelope.moment
    return (
        segment("ST", "837", f"{number:04d}", guide)
        + segment("BHT", "0019", purpose, f"{envelope.control}{number:04d}", f"{moment:%Y%m%d}", f"{moment:%H%M}", kind)
        + segment("NM1", "41", "2", clean(envelope.sender_name), "", "", "", "", "46", clean(submitter))
        + segment("PER", "IC", clean(envelope.contact), "TE", clean(envelope.telephone))
        + segment("NM1", "40", "2", clean(envelope.receiver_name), "", "", "", "", "46", clean(envelope.receiver))
    )
