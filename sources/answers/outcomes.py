"""What became of claims, out of the records of three topics, and which outcome belongs to which sending of a claim.

A claim may be sent more than once under one id: mended after a rejection, again after a crash, or by mistake with other
content. A rejection, or a claim set aside, bears the time of the sending it is about and is matched exactly. A decision
bears the time of the first sending: when the same claim comes again, its decision goes out again, so that a decision
of an earlier sending, put on its topic after the later one came, answers that one too, unless it was set aside. Of two
claims under one id in one transaction the second is known by the digest of its content.
"""

import re
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from config.limits import ANSWER_LINES_MAX
from schemas.claim import SubmittedClaim
from schemas.codec import Codec, DecodeError
from schemas.decision import Decision, RejectedClaim
from schemas.edi import EdiClaim
from schemas.envelope import Finding
from schemas.events import DeadLetter
from schemas.identifiers import content_digest
from schemas.topics import CLAIMS_DECIDED, CLAIMS_REJECTED, CLAIMS_SUBMITTED, dead_letters_of
from sources.answers.acknowledgment import Verdict
from sources.answers.statuses import ACCEPTED, statuses_of, statuses_of_lines

SET_ASIDE = dead_letters_of(CLAIMS_SUBMITTED)
OUTCOME_TOPICS = (CLAIMS_DECIDED, CLAIMS_REJECTED, SET_ASIDE)
# Outcomes remembered of claims whose transaction has not come yet: about 60 MB. Older ones are read again.
RECENT_MAX = 200_000
_SENDINGS_MAX = 4
# Clocks of feeds and of the engine may differ by this.
CLOCKS_MILLISECONDS = 60_000
_LINE = re.compile(r"lines\[(\d{1,9})\]")


class Outcome(NamedTuple):
    """What became of one sending of a claim: accepted (no codes), or the codes against it.

    `lines` are numbers of lines, each with a code against it, as far as they are told. `at` is when it was put on its
    topic, in milliseconds as all times here.
    """

    accepted_at: int
    accepted: bool
    codes: tuple[str, ...] = ()
    digest: str = ""
    lines: tuple[tuple[int, str], ...] = ()
    at: int = 0

    @property
    def said(self) -> tuple[object, ...]:
        """All but the time: an outcome told twice says the same."""
        return self[:-1]


class Sending(NamedTuple):
    """A claim as it was sent once: what its outcomes are matched with."""

    claim_id: str
    accepted_at: int
    digest: str | None
    claim_number: str | None


def sending_of(claim: EdiClaim) -> Sending:
    """Of a claim that the reader took."""
    assert claim.claim_id is not None
    return Sending(claim.claim_id, claim.accepted_at, claim.digest, claim.claim_number)


def outcome_of(codec: Codec, topic: str, value: bytes, at: int) -> tuple[str, Outcome] | None:
    """Claim id and outcome in a record of OUTCOME_TOPICS of that time; None of a record that is about no claim.

    Raises DecodeError.
    """
    found = _READERS[topic](codec, value)
    return None if found is None else (found[0], found[1]._replace(at=at))


def _decided(codec: Codec, value: bytes) -> tuple[str, Outcome]:
    decision = codec.decode(Decision, value)
    return decision.claim_id, Outcome(decision.accepted_at, True)


def _rejected(codec: Codec, value: bytes) -> tuple[str, Outcome]:
    rejected = codec.decode(RejectedClaim, value)
    codes = tuple(dict.fromkeys(finding.code for finding in rejected.findings))
    lines = tuple(_of_lines(rejected.findings))
    return rejected.claim_id, Outcome(rejected.accepted_at, False, codes, rejected.digest, lines)


def _of_lines(findings: Iterable[Finding]) -> Iterator[tuple[int, str]]:
    """Numbers and codes of findings whose place is a line of the claim, of ANSWER_LINES_MAX lines."""
    seen: set[int] = set()
    for finding in findings:
        if found := _LINE.match(finding.place):
            seen.add(number := int(found.group(1)))
            if len(seen) > ANSWER_LINES_MAX:
                return
            yield number, finding.code


def _set_aside(codec: Codec, value: bytes) -> tuple[str, Outcome] | None:
    letter = codec.decode(DeadLetter, value)
    if letter.value is None:
        return None
    try:
        claim = codec.decode(SubmittedClaim, letter.value)
    except DecodeError:
        # It was set aside because it is no claim: no file that we read has it.
        return None
    return claim.claim_id, Outcome(claim.accepted_at, False, (letter.code,), content_digest(claim))


_READERS: Mapping[str, Callable[[Codec, bytes], tuple[str, Outcome] | None]] = {
    CLAIMS_DECIDED: _decided,
    CLAIMS_REJECTED: _rejected,
    SET_ASIDE: _set_aside,
}


def verdict_on(claim: Sending, outcomes: Iterable[Outcome]) -> Verdict | None:
    """The verdict on this sending of a claim; None while none of the outcomes is about it."""
    against = taken = earlier = None
    for outcome in outcomes:
        if not outcome.accepted:
            if outcome.accepted_at == claim.accepted_at and claim.digest in (None, outcome.digest):
                against = outcome
        elif outcome.accepted_at == claim.accepted_at:
            taken = outcome
        elif outcome.accepted_at < claim.accepted_at <= outcome.at + CLOCKS_MILLISECONDS:
            earlier = outcome
    found = (taken or against or earlier) if claim.digest is None else (against or taken or earlier)
    if found is None:
        return None
    if found.accepted:
        return Verdict(True, (ACCEPTED,), claim.claim_number)
    lines: dict[int, list[str]] = {}
    for number, code in found.lines:
        lines.setdefault(number, []).append(code)
    return Verdict(False, statuses_of(found.codes), claim.claim_number, statuses_of_lines(lines))


class Recent:
    """The outcomes read last, by claim; `forgot` says that some are not among them any more."""

    def __init__(self, most: int = RECENT_MAX) -> None:
        self._most = most
        self._outcomes: OrderedDict[bytes, tuple[Outcome, ...]] = OrderedDict()
        self.forgot = False

    def add(self, claim_id: str, outcome: Outcome) -> None:
        """Remember an outcome; the oldest are forgotten when there are too many."""
        try:
            key = uuid.UUID(claim_id).bytes
        except ValueError:
            return
        known = tuple(one for one in self._outcomes.pop(key, ()) if one.said != outcome.said)
        self._outcomes[key] = (*known, outcome)[-_SENDINGS_MAX:]
        if len(self._outcomes) > self._most:
            self._outcomes.popitem(last=False)
            self.forgot = True

    def of(self, claim_id: str) -> tuple[Outcome, ...]:
        """Outcomes of a claim, as they came."""
        return self._outcomes.get(uuid.UUID(claim_id).bytes, ())

    def clear(self) -> None:
        """Forget all, before they are read again from an earlier place."""
        self._outcomes.clear()
        self.forgot = False
