"""Follows a file as it is read and gives what must be kept and answered: edi.received, TA1 and 999.

    collector = Collector(digest, received_at, currency, submitter_id)
    for item in read_file(file, terms):        # findings of a strict check may stand among them, before their Ends
        for ready in collector.see(item):      # EdiReceived: produce it; Answer: write and produce it
            ...
        # then send item.claim; when it cannot be sent: collector.unsent("CLAIM_TOO_LARGE")
    for ready in collector.end():
        ...

A file is done when all of these records were confirmed. One that is read again after a crash, under the same digest and
time, gives the same records and answers again. Claims of a long transaction go out in parts while it is read; who sent
it stands in the last part, as BHT and names are known when it ends.
"""

from collections.abc import Iterator
from dataclasses import replace

from config.limits import RECEIVED_CLAIMS_MAX, RECEIVED_LINES_MAX
from schemas.edi import EdiClaim, EdiEnvelope, EdiParty, EdiReceived
from schemas.identifiers import content_digest
from sources.answers.answer import Answer, derived_id
from sources.answers.functional import GUIDE, GroupHeard, TransactionHeard
from sources.answers.interchange import Stamp, group, interchange
from sources.answers.named import NOBODY, claim_of, party_of
from sources.answers.receipt import InterchangeHeard
from sources.x12.catalog import CATALOG
from sources.x12.claim import ClaimRead
from sources.x12.findings import EdiFinding
from sources.x12.stream import Begins, Ends

Item = Begins | ClaimRead | EdiFinding | Ends
_NOWHERE = EdiEnvelope("", "", "", "", "", "", "", "", "", "", "", "", "")


class Collector:
    """One file. `file_digest` names it, `received_at` (milliseconds) is the time that all its answers bear."""

    def __init__(self, file_digest: str, received_at: int, currency: str, submitter_id: str | None = None) -> None:
        self._digest = file_digest
        self._received_at = received_at
        self._currency = currency
        self._submitter_id = submitter_id
        self._stamp = Stamp.of(received_at)
        self._envelope = _NOWHERE
        self._interchange: InterchangeHeard | None = None
        self._group: GroupHeard | None = None
        self._transaction: TransactionHeard | None = None
        self._begun: dict[str, int] = {}
        self._claims: list[EdiClaim] = []
        self._lines = 0
        self._part = 0
        self._submitter = ""
        self._ids: set[str] = set()

    def see(self, item: Item) -> Iterator[EdiReceived | Answer]:
        """Take the next item of the file; gives what is complete by it."""
        if isinstance(item, EdiFinding):
            self._note(item)
        elif isinstance(item, ClaimRead):
            yield from self._claim(item)
        elif isinstance(item, Begins):
            yield from self._begin(item)
        elif item.level == "transaction":
            yield from self._end_transaction(item)
        elif item.level == "group":
            yield from self._end_group(item.trailer)
        else:
            yield from self._end_interchange()

    def unsent(self, code: str) -> None:
        """The claim seen last could not be sent, for the reason with that code in the catalog."""
        refused = replace(self._claims[-1], claim_id=None, claim_number=None, refused_for=(code,), lines=())
        self._claims[-1] = refused

    def end(self) -> Iterator[EdiReceived | Answer]:
        """The end of the file, or of what could be read of it: whatever is still open breaks off there."""
        for code, heard in (
            ("SE_MISSING", self._transaction), ("GE_MISSING", self._group), ("IEA_MISSING", self._interchange),
        ):  # fmt: skip
            if heard is not None:
                self._note(EdiFinding(0, "", code, "", fatal=True))
        yield from self._end_interchange()

    def _note(self, finding: EdiFinding) -> None:
        """A finding stands between the beginning and the end of what it is about."""
        row = CATALOG.get(finding.code)
        if row is None or row.channel == "277CA":
            return
        if row.channel == "TA1":
            if self._interchange is not None:
                self._interchange.note(finding)
        elif self._transaction is not None and not row.group:
            self._transaction.note(finding)
        elif self._group is not None:
            self._group.note(finding)
        elif self._interchange is not None:
            self._interchange.note(finding)

    def _begin(self, begins: Begins) -> Iterator[EdiReceived | Answer]:
        at = [element.strip() for element in begins.header] + [""] * (17 - len(begins.header))
        if begins.level == "interchange":
            yield from self._end_interchange()
            self._envelope = replace(
                _NOWHERE, sender_qualifier=at[5], sender_id=at[6], receiver_qualifier=at[7], receiver_id=at[8],
                version=at[12], interchange_control=at[13], usage=at[15],
            )  # fmt: skip
            self._interchange = InterchangeHeard(self._envelope, at[9], at[10])
        elif begins.level == "group":
            yield from self._end_group(())
            self._envelope = replace(
                self._envelope, application_sender=at[2], application_receiver=at[3], group_control=at[6], guide=at[8]
            )
            self._group = GroupHeard(self._envelope, at[1], at[8])
            if self._interchange is not None:
                self._interchange.groups += 1
        else:
            guide = at[3] or (self._group.version if self._group is not None else "")
            self._envelope = replace(self._envelope, guide=guide, transaction_control=at[2], batch="")
            self._transaction = TransactionHeard(at[1], at[2], guide)
            self._claims, self._lines, self._part, self._ids = [], 0, 0, set()
        self._begun[begins.level] = begins.segment

    def _claim(self, read: ClaimRead) -> Iterator[EdiReceived]:
        named = claim_of(read, self._envelope.guide, self._currency, self._received_at)
        lines = self._lines + len(named.lines)
        if len(self._claims) >= RECEIVED_CLAIMS_MAX or (self._claims and lines > RECEIVED_LINES_MAX):
            yield self._received(False, NOBODY, NOBODY)
        if read.claim is not None:
            self._submitter = self._submitter or read.claim.submitter_id
            if read.claim.claim_id in self._ids:
                named = replace(named, digest=content_digest(read.claim))
            self._ids.add(read.claim.claim_id)
        self._claims.append(named)
        self._lines += len(named.lines)
        if self._transaction is None:
            return
        refused = any(one.fatal and _channel(one) == "999" for one in read.findings)
        self._transaction.claims += not refused
        for finding in read.findings:
            if _channel(finding) == "999":
                self._transaction.note(finding, read.control_number)

    def _end_transaction(self, ends: Ends) -> Iterator[EdiReceived]:
        batch = ends.purpose[3].strip() if len(ends.purpose) > 3 else ""
        self._envelope = replace(self._envelope, batch=batch)
        submitter, receiver = party_of(ends.submitter), party_of(ends.receiver)
        if self._claims:
            yield self._received(True, submitter, receiver)
        if self._group is not None and self._transaction is not None:
            self._group.transactions.append(self._transaction)
        self._transaction, self._claims, self._part, self._submitter = None, [], 0, ""

    def _received(self, last: bool, submitter: EdiParty, receiver: EdiParty) -> EdiReceived:
        self._part += 1
        claims, self._claims, self._lines = tuple(self._claims), [], 0
        # All parts have the same key: what the first one found.
        who = self._submitter = (
            self._submitter_id or self._submitter or submitter.identifier or self._envelope.sender_id
        )
        return EdiReceived(
            self._id("transaction"), self._part, last, who, self._received_at, self._digest, self._envelope,
            submitter, receiver, claims,
        )  # fmt: skip

    def _end_group(self, trailer: tuple[str, ...]) -> Iterator[EdiReceived | Answer]:
        if self._transaction is not None:
            yield from self._end_transaction(Ends("transaction", 0, ()))
        heard, self._group = self._group, None
        if heard is None:
            return
        heard.stated = trailer[1].strip() if len(trailer) > 1 else ""
        answer_id = derived_id("999", self._id("group"))
        lines = group(heard.envelope, answer_id, self._stamp, "FA", GUIDE, heard.body(), "999")
        content = interchange(heard.envelope, answer_id, self._stamp, lines, 1)
        yield self._answer(answer_id, "999", heard.envelope, heard.counts(), content)

    def _end_interchange(self) -> Iterator[EdiReceived | Answer]:
        yield from self._end_group(())
        heard, self._interchange = self._interchange, None
        if heard is None:
            return
        answer_id = derived_id("TA1", self._id("interchange"))
        content = interchange(heard.envelope, answer_id, self._stamp, heard.body(), 0)
        counts = (0, max(1, heard.groups)) if heard.answer == "R" else (heard.groups, 0)
        yield self._answer(answer_id, "TA1", heard.envelope, counts, content)

    def _answer(
        self, answer_id: str, kind: str, envelope: EdiEnvelope, counts: tuple[int, int], content: bytes
    ) -> Answer:
        assert kind in ("TA1", "999")
        who = self._submitter_id or envelope.sender_id
        return Answer(
            answer_id, "TA1" if kind == "TA1" else "999", envelope, who, self._received_at, None, *counts, content
        )

    def _id(self, level: str) -> str:
        """Id of what began last at that level: of the file, the time, and the place of its header."""
        of = self._envelope
        numbers = (of.sender_id, of.receiver_id, of.interchange_control)
        return derived_id(self._digest, str(self._received_at), level, str(self._begun.get(level, 0)), *numbers)


def _channel(finding: EdiFinding) -> str:
    row = CATALOG.get(finding.code)
    return row.channel if row is not None else "277CA"
