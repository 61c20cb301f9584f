"""Whose claim a replacement or void may name: the rule row by row, and what becomes of a stranger's in the chain."""

from dataclasses import replace
from typing import Any

import pytest

from agents import register
from agents.rules.ownership import Owner, may_amend
from agents.tables import REGISTER
from schemas import topics
from schemas.claim import Identifier, MemberReference, Payee, ProviderReference, SubmittedClaim
from schemas.decision import RejectedClaim
from schemas.state import RegisterEntry
from streams.driver import Driver
from tests.agents.stories import balances, latest, replacement, requests, void
from tests.agents.test_register import FIRST, GOOD, VOID, refused, sent, went
from tests.agents.world import CODEC, claim, line, world

RULE: list[tuple[str, str, Owner, Owner, bool]] = [
    # who, frequency, whose the original is, whose the amendment is, allowed
    ("the same in everything", "7", Owner("S", "P", "M"), Owner("S", "P", "M"), True),
    ("the provider through another clearing house", "7", Owner("S", "P", "M"), Owner("T", "P", "M"), True),
    ("the provider, who had named the wrong member", "7", Owner("S", "P", "M"), Owner("S", "P", "N"), True),
    ("the provider, who had it all wrong, from elsewhere", "8", Owner("S", "P", "M"), Owner("T", "P", None), True),
    ("the submitter, who had named the wrong provider", "7", Owner("S", "P", "M"), Owner("S", "Q", "M"), True),
    ("the submitter, of a provider that nobody knew", "7", Owner("S", None, "M"), Owner("S", "P", "M"), True),
    ("the submitter, of a provider that nobody knows", "8", Owner("S", "P", "M"), Owner("S", None, "M"), True),
    ("the submitter, of nobody we know", "8", Owner("S", "P", "M"), Owner("S", None, None), True),
    ("the submitter of a reimbursement", "7", Owner("S", None, "M"), Owner("S", None, "M"), True),
    ("a replacement of nobody we know", "7", Owner("S", "P", "M"), Owner("S", None, None), False),
    ("another provider of one clearing house", "7", Owner("S", "P", "M"), Owner("S", "Q", "N"), False),
    ("another provider of one clearing house, no member", "8", Owner("S", "P", "M"), Owner("S", "Q", None), False),
    ("another provider from elsewhere", "7", Owner("S", "P", "M"), Owner("T", "Q", "M"), False),
    ("another provider from elsewhere, no member", "8", Owner("S", "P", "M"), Owner("T", "Q", None), False),
    ("nobody we know, from elsewhere", "8", Owner("S", "P", "M"), Owner("T", None, None), False),
    ("two providers that nobody knows", "8", Owner("S", None, "M"), Owner("T", None, "M"), False),
    ("another member of one submitter", "8", Owner("S", None, "M"), Owner("S", None, "N"), False),
]


@pytest.mark.parametrize(
    ("frequency", "owner", "sender", "allowed"), [pytest.param(*row[1:], id=f"{row[0]}: {row[1]}") for row in RULE]
)
def test_who_may_amend(frequency: str, owner: Owner, sender: Owner, allowed: bool) -> None:
    assert may_amend(owner, sender, frequency) is allowed


UNKNOWN = ProviderReference(None, (Identifier("npi", "0000000000"),), None)
NOBODY = MemberReference(None, (), None, None, None, None)


def of(given: SubmittedClaim, submitter: str, provider: str | None, **changes: Any) -> SubmittedClaim:
    """The claim from another submitter, in another provider's name; None: of a provider that nobody knows."""
    named = UNKNOWN if provider is None else ProviderReference(provider, (), None)
    return replace(given, submitter_id=submitter, provider=named, **changes)


def other(number: str, amount: int = 100) -> SubmittedClaim:
    """One more replacement of the original."""
    return replacement(GOOD, line(amount), number=number)


MEMBER_MENDED = replacement(GOOD, line(12000), number="R1", member_id="M2")
STRANGER, STRANGERS_VOID = of(FIRST, "T", "OUT"), of(VOID, "T", "OUT")
REIMBURSED = of(GOOD, "M1", None, settlement="reimbursement", payee=Payee("Name", None, None))
OTHERS = ["V-ORIGINAL-OTHERS"]
STORIES: list[tuple[str, tuple[SubmittedClaim, ...], list[str], list[str]]] = [
    # case, claims in order, kinds that left, what was refused
    ("a stranger replaces", (GOOD, STRANGER), ["claim"], OTHERS),
    ("a stranger voids", (GOOD, STRANGERS_VOID), ["claim"], OTHERS),
    ("the owner goes on after a stranger", (GOOD, STRANGERS_VOID, STRANGER, VOID), ["claim", "void"], OTHERS * 2),
    ("a stranger hears nothing of a void", (GOOD, VOID, STRANGER), ["claim", "void"], OTHERS),
    ("a stranger hears nothing of a rejection but that", (replace(GOOD, total_charge=1), STRANGER), [], ["V-TOTAL-CHARGE", "V-ORIGINAL-REJECTED"]),
    ("a stranger before the original", (STRANGERS_VOID, GOOD), ["claim"], OTHERS),
    ("a stranger and the owner before the original", (STRANGERS_VOID, FIRST, GOOD), ["claim", "replacement"], OTHERS),
    ("what waits is judged in its order", (of(other("R3"), "S", "OUT"), FIRST, GOOD), ["claim", "replacement", "replacement"], []),
    ("the provider by another clearing house", (GOOD, of(FIRST, "T", "P1"), of(VOID, "U", "P1")), ["claim", "replacement", "void"], []),
    ("the old clearing house has no more say of its own", (GOOD, of(FIRST, "T", "P1"), of(VOID, "S", "OUT")), ["claim", "replacement"], OTHERS),
    ("a corrected provider may go on", (GOOD, of(FIRST, "S", "OUT"), of(VOID, "T", "OUT")), ["claim", "replacement", "void"], []),
    ("a provider named by mistake may not", (GOOD, of(FIRST, "S", "OUT"), of(VOID, "T", "P1")), ["claim", "replacement"], OTHERS),
    ("the submitter names the member as corrected", (GOOD, MEMBER_MENDED, of(void(MEMBER_MENDED), "S", "OUT")), ["claim", "replacement", "void"], []),
    ("the submitter names the member as it was", (GOOD, MEMBER_MENDED, of(VOID, "S", "OUT")), ["claim", "replacement"], OTHERS),
    ("what was refused makes nobody the owner", (GOOD, STRANGER, of(VOID, "T", "OUT")), ["claim"], OTHERS * 2),
    ("a void of nobody we know", (GOOD, of(VOID, "S", None, member=NOBODY)), ["claim", "void"], []),
    ("such a void from elsewhere", (GOOD, of(VOID, "T", None, member=NOBODY)), ["claim"], OTHERS),
    ("a reimbursement, by its member", (REIMBURSED, replace(REIMBURSED, claim_id=VOID.claim_id, frequency_code="8")), ["claim", "void"], []),
    ("a reimbursement, by a stranger", (REIMBURSED, of(VOID, "T", None)), ["claim"], OTHERS),
    ("all that is wrong comes at once", (GOOD, replace(STRANGER, total_charge=1)), ["claim"], [*OTHERS, "V-TOTAL-CHARGE"]),
]  # fmt: skip


@pytest.mark.parametrize(("claims", "left", "refusals"), [pytest.param(*row[1:], id=row[0]) for row in STORIES])
def test_an_original_is_changed_by_whose_it_is(
    claims: tuple[SubmittedClaim, ...], left: list[str], refusals: list[str]
) -> None:
    chain = sent(*claims)
    assert ([kind for kind, _ in went(chain)], refused(chain)) == (left, refusals)


def test_a_stranger_hears_nothing_of_how_many_versions_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "SUBMISSIONS_PER_ROOT_MAX", 0)
    assert refused(sent(GOOD, STRANGER, FIRST)) == [*OTHERS, "too_many_versions"]


def test_the_refusal_tells_nothing_of_the_original() -> None:
    chain = sent(GOOD, STRANGER)
    (rejected,) = chain.read(topics.CLAIMS_REJECTED)
    assert isinstance(rejected, RejectedClaim)
    (finding,) = rejected.findings
    assert finding.place == "original_reference"
    assert not any(said in finding.text for said in ("P1", "M1", "Clinic", "Name", GOOD.claim_id))
    assert (rejected.provider_id, rejected.submitter_id) == ("OUT", "T")


KEY = REGISTER.prefix + GOOD.claim_id.encode()


def register_of(chain: Driver) -> bytes:
    """The entry of the original."""
    return chain.stores["validate"].data[KEY]


@pytest.mark.parametrize("stranger", [STRANGER, STRANGERS_VOID], ids=["replacement", "void"])
def test_a_stranger_changes_neither_register_nor_ledger(stranger: SubmittedClaim) -> None:
    chain = world()
    chain.pipe(topics.CLAIMS_SUBMITTED, GOOD.root_id, GOOD)
    before = (register_of(chain), latest(chain, GOOD), balances(chain), requests(chain))
    chain.pipe(topics.CLAIMS_SUBMITTED, stranger.root_id, stranger)
    assert refused(chain) == OTHERS
    assert (register_of(chain), latest(chain, GOOD), balances(chain), requests(chain)) == before


def test_an_entry_that_says_nothing_of_its_owner_is_amended_as_before() -> None:
    """What an earlier version wrote; the first replacement makes an owner."""
    chain = sent(GOOD)
    data = chain.stores["validate"].data
    entry: RegisterEntry = CODEC.decode(RegisterEntry, register_of(chain))
    assert (entry.submitter_id, entry.provider_id, entry.member_id) == ("S", "P1", "M1")
    data[KEY] = CODEC.encode(replace(entry, submitter_id=None, provider_id=None, member_id=None))
    for one in (STRANGER, claim(line(1), number="unrelated"), of(VOID, "S", "P1"), STRANGERS_VOID):
        chain.pipe(topics.CLAIMS_SUBMITTED, one.root_id, one)
    assert (went(chain), refused(chain)) == (
        [("claim", 1), ("replacement", 2), ("claim", 1), ("void", 3)],
        OTHERS,
    )
