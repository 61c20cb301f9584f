"""The 277CA (005010X214) of a transaction: payer, submitter, billing providers, and each claim with its statuses.

What a sender left out and the guide requires gets a stand-in: UNKNOWN for a name or number, 19000101 for a day. No more
of a patient is said than the guide wants: name and number of the member.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from schemas.edi import EdiClaim, EdiParty, EdiReceived
from schemas.intake_claim import AMENDS
from schemas.money import EXPONENTS, decimal_of
from sources.answers.amounts import stated, written
from sources.answers.answer import Answer, derived_id
from sources.answers.interchange import IDENTIFIER_MAX, NAME_MAX, Stamp, clean, group, interchange, segment
from sources.answers.lines import loops_of, period
from sources.answers.statuses import (
    ABOUT_ORIGINAL,
    RECEIVED,
    Status,
    by_segment,
    composite,
    statuses_of,
    statuses_of_lines,
)

GUIDE = "005010X214"
_UNKNOWN = "UNKNOWN"
_ACTION_ACCEPTED, _ACTION_REJECTED = "WQ", "U"
_PROVIDER_QUALIFIERS, _PATIENT_QUALIFIERS = ("FI", "SV", "XX"), ("II", "MI")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a claim: accepted (`statuses` A1 or A2) or rejected, with our number of it.

    `lines` are statuses of its lines at fault, by their numbers; those of the claim say the same of all of it.
    """

    accepted: bool
    statuses: tuple[Status, ...]
    claim_number: str | None = None
    lines: tuple[tuple[int, tuple[Status, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim of a transaction with its verdict."""

    claim: EdiClaim
    verdict: Verdict


def key_of(claim: EdiClaim) -> str:
    """What a claim is known by within its transaction: its id, and its content where another one has that id."""
    return f"{claim.claim_id}/{claim.digest or ''}"


def refused(claim: EdiClaim) -> Verdict:
    """The verdict on a claim that the reader refused."""
    lines = statuses_of_lines({line.number: line.refused_for for line in claim.lines if line.refused_for})
    return Verdict(False, statuses_of(claim.refused_for), lines=lines)


def acknowledge(parts: Iterable[EdiReceived], verdicts: Mapping[str, Verdict], interim: bool = False) -> Answer:
    """The 277CA of a transaction: `parts` are all of them, in order, `verdicts` by `key_of` claims.

    A claim without a verdict was received (A1). An interim answer says so of every claim that the reader took,
    whatever is known by now: it depends on the file alone.
    """
    judged: list[Judged] = []
    for last in parts:
        judged += [_judged(claim, {} if interim else verdicts) for claim in last.claims]
    answer_id = derived_id("277CA", "interim" if interim else "complete", last.transaction_id)
    stamp = Stamp.of(last.received_at)
    body = list(_Body(last, answer_id, stamp, judged).segments())
    lines = group(last.envelope, answer_id, stamp, "HN", GUIDE, body, "277")
    accepted = sum(one.verdict.accepted for one in judged)
    return Answer(
        answer_id, "277CA", last.envelope, last.submitter_id, last.received_at, last.transaction_id,
        accepted, len(judged) - accepted, interchange(last.envelope, answer_id, stamp, lines, 1), interim,
    )  # fmt: skip


def _judged(claim: EdiClaim, verdicts: Mapping[str, Verdict]) -> Judged:
    """With its verdict; without its lines where none is told, as a transaction may have many."""
    verdict = _verdict(claim, verdicts)
    return Judged(claim if verdict.lines or not claim.lines else replace(claim, lines=()), verdict)


def _verdict(claim: EdiClaim, verdicts: Mapping[str, Verdict]) -> Verdict:
    if claim.claim_id is None:
        return refused(claim)
    return verdicts.get(key_of(claim)) or _received(claim)


def _received(claim: EdiClaim) -> Verdict:
    """On a claim of which no more is known than that it was sent."""
    statuses = (RECEIVED, ABOUT_ORIGINAL) if claim.frequency_code in AMENDS else (RECEIVED,)
    return Verdict(True, statuses, claim.claim_number)


class _Body:
    """The segments between ST and SE."""

    def __init__(self, of: EdiReceived, answer_id: str, stamp: Stamp, judged: Sequence[Judged]) -> None:
        self._of = of
        self._answer_id = answer_id
        self._stamp = stamp
        self._judged = judged
        self._levels = 0

    def segments(self) -> Iterator[str]:
        """BHT, payer, submitter, then provider by provider."""
        batch = clean(self._of.envelope.batch) or clean(self._of.envelope.transaction_control) or "0"
        stamp = self._stamp
        yield segment("BHT", "0085", "08", self._answer_id[-12:], stamp.day, stamp.time, "TH")
        yield from self._payer()
        receiver = self._level("1", "21", "1")
        yield next(receiver)
        yield self._name("41", self._of.submitter, "46", self._of.envelope.sender_id)
        yield segment("TRN", "2", batch)
        yield segment("STC", composite(RECEIVED), stamp.day, _ACTION_ACCEPTED, _amount(self._judged))
        yield from _totals(self._judged, "90", "AA")
        for provider, claims in self._by_provider():
            yield from self._provider(provider, claims)

    def _payer(self) -> Iterator[str]:
        yield from self._level("", "20", "1")
        payer, otherwise = self._of.receiver, clean(self._of.envelope.receiver_id) or _UNKNOWN
        name, number = clean(payer.name, NAME_MAX), clean(payer.identifier, IDENTIFIER_MAX)
        yield segment("NM1", "PR", "2", name or otherwise, "", "", "", "", "46", number or otherwise)
        yield segment("TRN", "1", self._answer_id)
        yield segment("DTP", "050", "D8", self._stamp.day)
        yield segment("DTP", "009", "D8", self._stamp.day)

    def _level(self, parent: str, kind: str, child: str = "") -> Iterator[str]:
        self._levels += 1
        yield segment("HL", str(self._levels), parent, kind, child)

    def _name(self, entity: str, party: EdiParty, qualifier: str, identifier: str = "") -> str:
        last = clean(party.name, NAME_MAX) or clean(identifier, NAME_MAX) or _UNKNOWN
        number = clean(party.identifier, IDENTIFIER_MAX) or clean(identifier, IDENTIFIER_MAX) or _UNKNOWN
        given = (
            (clean(party.first_name, 35), clean(party.middle_name, 25), "", clean(party.suffix, 10))
            if party.person
            else ("", "", "", "")
        )
        return segment("NM1", entity, "1" if party.person else "2", last, *given, qualifier, number)

    def _by_provider(self) -> list[tuple[EdiParty, list[Judged]]]:
        """Claims by their billing provider, in the order in which providers come first."""
        found: dict[EdiParty, list[Judged]] = {}
        for one in self._judged:
            found.setdefault(one.claim.provider, []).append(one)
        return list(found.items())

    def _provider(self, provider: EdiParty, claims: Sequence[Judged]) -> Iterator[str]:
        yield from self._level("2", "19", "1")
        parent = str(self._levels)
        qualifier = provider.qualifier if provider.qualifier in _PROVIDER_QUALIFIERS else "SV"
        yield self._name("85", provider, qualifier)
        yield segment("TRN", "1", "0")
        yield segment("STC", composite(RECEIVED), "", _ACTION_ACCEPTED, _amount(claims))
        yield from _totals(claims, "QA", "QC")
        for one in claims:
            yield from self._claim(parent, one)

    def _claim(self, parent: str, one: Judged) -> Iterator[str]:
        claim, verdict = one.claim, one.verdict
        yield from self._level(parent, "PT")
        qualifier = claim.patient.qualifier if claim.patient.qualifier in _PATIENT_QUALIFIERS else "MI"
        yield self._name("QC", claim.patient, qualifier)
        yield segment("TRN", "2", clean(claim.control_number) or "0")
        action = _ACTION_ACCEPTED if verdict.accepted else _ACTION_REJECTED
        for here in by_segment(verdict.statuses):
            more = ("", "", "", "", "", *map(composite, here[1:]))
            charge = written(_decimal(claim))
            yield segment("STC", composite(here[0]), self._stamp.day, action, charge, *more)
        if verdict.accepted and verdict.claim_number:
            yield segment("REF", "1K", clean(verdict.claim_number))
        if claim.clearinghouse_trace:
            yield segment("REF", "D9", clean(claim.clearinghouse_trace))
        if claim.bill_type:
            yield segment("REF", "BLT", clean(claim.bill_type))
        yield period(claim.service_from, claim.service_to)
        yield from loops_of(claim.lines, verdict.lines, self._stamp)


def _totals(judged: Sequence[Judged], accepted: str, rejected: str) -> Iterator[str]:
    """QTY and AMT of what was accepted and what was rejected; nothing of none."""
    taken = [one for one in judged if one.verdict.accepted]
    refused_ones = [one for one in judged if not one.verdict.accepted]
    for qualifier, ones in ((accepted, taken), (rejected, refused_ones)):
        if ones:
            yield segment("QTY", qualifier, str(len(ones)))
    for qualifier, ones in (("YU", taken), ("YY", refused_ones)):
        if ones:
            yield segment("AMT", qualifier, _amount(ones))


def _amount(judged: Sequence[Judged]) -> str:
    """The sum of what was charged. A total names no currency: the claims of a transaction are mostly in one."""
    return written(sum((_decimal(one.claim) for one in judged), Decimal(0)))


def _decimal(claim: EdiClaim) -> Decimal:
    """What was charged, as it stood in the file; where that was not kept, by the currency, or as it is without one."""
    if claim.charge is not None:
        return stated(claim.charge)
    return decimal_of(claim.charged, claim.currency) if claim.currency in EXPONENTS else Decimal(claim.charged)
