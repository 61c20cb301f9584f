"""Where commands, payments, words from outside and authorizations go, and what they change in the register."""

from dataclasses import replace
from typing import Any

import pytest

from agents import forwards
from agents.rules.front_end import DAY_MAX
from schemas import topics
from schemas.dates import MILLISECONDS_A_DAY
from schemas.envelope import Envelope, Undone
from schemas.events import AdjudicationEvent, AuthorizationEvent, Command, PaymentEvent
from streams.driver import Driver
from tests.agents.stories import LATER
from tests.agents.test_register import FIRST, GOOD, MOVER, SECOND, VOID, envelopes, refused, sent, went
from tests.agents.world import CODEC, DAY, authorization


def command(about: str = GOOD.claim_id, **changes: Any) -> Command:
    """An approval."""
    return replace(
        Command("c-1", "approve", about, "ani", "claim_processor", "looked at it", None, None, LATER), **changes
    )


def paid(about: str = GOOD.claim_id, **changes: Any) -> PaymentEvent:
    """A payment."""
    given = PaymentEvent("p-1", about, "TRF", "transfer", 100, "USD", "paid", DAY + 20, None, LATER)
    return replace(given, **changes)


def settled(about: str = GOOD.claim_id, **changes: Any) -> AdjudicationEvent:
    """The word of an outside adjudicator."""
    return replace(AdjudicationEvent("a-1", about, "passed", None, "outside", None, LATER), **changes)


Asked = Command | PaymentEvent | AdjudicationEvent
TOPICS: dict[type, str] = {
    Command: topics.CLAIMS_COMMANDS,
    PaymentEvent: topics.PAYMENT_EVENTS,
    AdjudicationEvent: topics.ADJUDICATION_EVENTS,
}


def asked(chain: Driver, record: Asked, key: str = GOOD.claim_id) -> Envelope:
    """What leaves when something is asked."""
    before = len(envelopes(chain))
    chain.pipe(TOPICS[type(record)], key, record)
    (envelope,) = envelopes(chain)[before:]
    return envelope


FORWARDED: list[tuple[str, Asked, str]] = [
    # case, what comes, kind of the envelope
    ("a command about the root", command(), "command"),
    ("a command about a version", command(FIRST.claim_id), "command"),
    ("a payment", paid(), "payment"),
    ("a payment that failed", paid(FIRST.claim_id, state="failed"), "payment"),
    ("a word from outside", settled(), "adjudication"),
    ("a denial from outside", settled(verdict="denied"), "adjudication"),
]


@pytest.mark.parametrize(("record", "kind"), [pytest.param(*row[1:], id=row[0]) for row in FORWARDED])
def test_goes_to_the_version_in_force(record: Asked, kind: str) -> None:
    chain = sent(GOOD, FIRST)
    envelope = asked(chain, record)
    assert (envelope.kind, envelope.claim_id, envelope.version, envelope.coverage_id) == (
        kind,
        FIRST.claim_id,
        2,
        "FAM",
    )
    assert (envelope.root_id, envelope.claim_number) == (GOOD.claim_id, envelopes(chain)[0].claim_number)
    assert (envelope.submitted, envelope.accepted_at, envelope.undoes) == (CODEC.encode(record), LATER, None)
    assert envelope.correlation_id in ("c-1", "p-1", "a-1")


SET_ASIDE: list[tuple[str, Asked, str]] = [
    # code, what comes, key
    ("unknown_claim", command("CLM-1"), "CLM-1"),
    ("unknown_claim", paid(FIRST.claim_id), FIRST.claim_id),
    ("wrong_key", settled(SECOND.claim_id), GOOD.claim_id),
    ("bad_state", paid(state="promised"), GOOD.claim_id),
    ("bad_amount", paid(currency="ZZZ"), GOOD.claim_id),
    ("bad_amount", paid(amount=10**15 + 1), GOOD.claim_id),
    ("bad_verdict", settled(verdict="pended"), GOOD.claim_id),
    ("bad_time", command(at=-1), GOOD.claim_id),
    ("bad_time", paid(at=2**62), GOOD.claim_id),
]


@pytest.mark.parametrize(("code", "record", "key"), SET_ASIDE)
def test_instructions_and_payments_set_aside(code: str, record: Asked, key: str) -> None:
    chain = sent(GOOD, FIRST)
    chain.pipe(TOPICS[type(record)], key, record)
    (letter,) = chain.read(f"{TOPICS[type(record)]}.dlq")
    assert letter.code == code


def test_a_rejected_claim_takes_no_commands() -> None:
    chain = sent(replace(GOOD, total_charge=1))
    chain.pipe(topics.CLAIMS_COMMANDS, GOOD.claim_id, command())
    assert refused(chain) == ["V-TOTAL-CHARGE", "rejected_claim"]


def test_a_command_waits_for_the_claim_it_names() -> None:
    """Topics have no order among themselves: after an outage commands may be read before the claims they are about."""
    chain = sent()
    for one in (command(), command(kind="void", command_id="c-2"), command()):
        chain.pipe(topics.CLAIMS_COMMANDS, GOOD.claim_id, one)
    assert (envelopes(chain), refused(chain)) == ([], [])
    chain.pipe(topics.CLAIMS_SUBMITTED, GOOD.claim_id, GOOD)
    assert [(one.kind, one.correlation_id) for one in envelopes(chain)] == [
        ("claim", GOOD.claim_id), ("command", "c-1"), ("command", "c-2"),
    ]  # fmt: skip
    assert envelopes(chain)[-1].undoes == Undone(GOOD.claim_id, 1, "voided", answered=False)


def test_a_command_waits_for_the_version_it_names() -> None:
    chain = sent(GOOD)
    chain.pipe(topics.CLAIMS_COMMANDS, GOOD.claim_id, command(FIRST.claim_id))
    assert [one.kind for one in envelopes(chain)] == ["claim"]
    chain.pipe(topics.CLAIMS_SUBMITTED, GOOD.claim_id, FIRST)
    assert [(one.kind, one.version) for one in envelopes(chain)] == [("claim", 1), ("replacement", 2), ("command", 2)]


def test_a_command_outlasts_a_claim_that_was_rejected_before_it_came_mended() -> None:
    chain = sent()
    chain.pipe(topics.CLAIMS_COMMANDS, GOOD.claim_id, command())
    chain.pipe(topics.CLAIMS_SUBMITTED, GOOD.claim_id, replace(GOOD, total_charge=1))
    chain.pipe(topics.CLAIMS_SUBMITTED, GOOD.claim_id, GOOD)
    assert [one.kind for one in envelopes(chain)] == ["claim", "command"]


def test_commands_that_wait_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forwards, "WAITING_PER_ROOT_MAX", 1)
    chain = sent()
    for one in (command(), command(command_id="c-2")):
        chain.pipe(topics.CLAIMS_COMMANDS, GOOD.claim_id, one)
    assert refused(chain) == ["too_many_waiting"]


VOIDS: list[tuple[str, Command, bool]] = [
    # case, command, is the claim voided
    ("well formed", command(kind="void"), True),
    ("without a reason", command(kind="void", reason=" "), False),
    ("in a role that may not", command(kind="void", role="scheduler"), False),
    ("another kind", command(kind="deny"), False),
]


@pytest.mark.parametrize(("given", "voided"), [pytest.param(*row[1:], id=row[0]) for row in VOIDS])
def test_a_command_that_voids(given: Command, voided: bool) -> None:
    chain = sent(GOOD, FIRST)
    envelope = asked(chain, given)
    undone = Undone(FIRST.claim_id, 2, "voided", answered=False)
    assert (envelope.undoes, envelope.version) == (undone if voided else None, 2)
    assert asked(chain, replace(given, command_id="c-2")).undoes == (None if voided else envelope.undoes)
    chain.pipe(topics.CLAIMS_SUBMITTED, VOID.root_id, VOID)
    assert refused(chain) == (["V-ORIGINAL-VOIDED"] if voided else [])


OVERTURNED: list[tuple[str, Command, int, int]] = [
    # case, command, its version, version of the replacement that follows
    ("well formed", command(kind="overturn"), 2, 3),
    ("without a reason", command(kind="overturn", reason=None), 1, 2),
    ("in a role that may not", command(kind="overturn", role="provider"), 1, 2),
]


@pytest.mark.parametrize(("given", "version", "following"), [pytest.param(*row[1:], id=row[0]) for row in OVERTURNED])
def test_an_overturned_appeal_takes_a_version(given: Command, version: int, following: int) -> None:
    chain = sent(GOOD)
    envelope = asked(chain, given)
    assert (envelope.version, envelope.claim_id) == (version, GOOD.claim_id)
    chain.pipe(topics.CLAIMS_SUBMITTED, FIRST.root_id, FIRST)
    assert went(chain)[-1] == ("replacement", following)
    chain.pipe(topics.CLAIMS_SUBMITTED, GOOD.root_id, GOOD)
    assert went(chain)[-1] == ("repeat", 1)


AUTHORIZATIONS: list[tuple[str, str, dict[str, Any]]] = [
    # code, key, changes
    ("wrong_key", "M2", {}),
    ("bad_state", "M1", {"state": "maybe"}),
    ("no_number", "M1", {"authorization_number": ""}),
    ("bad_date", "M1", {"valid_to": DAY - 6}),
    ("bad_date", "M1", {"valid_from": -1}),
    ("bad_amount", "M1", {"units_milli": -1}),
    ("bad_amount", "M1", {"amount": -1}),
    ("bad_date", "M1", {"valid_to": DAY_MAX + 1}),
    ("bad_time", "M1", {"at": -1}),
    ("bad_time", "M1", {"at": (DAY_MAX + 1) * MILLISECONDS_A_DAY}),
    ("unknown_member", "M99", {"member_id": "M99"}),
]


@pytest.mark.parametrize(("code", "key", "changes"), AUTHORIZATIONS)
def test_authorizations_set_aside(code: str, key: str, changes: dict[str, Any]) -> None:
    chain = sent()
    chain.pipe(topics.AUTHORIZATION_EVENTS, key, authorization(**changes))
    assert refused(chain) == [code]


@pytest.mark.parametrize(
    "changes",
    [
        {"valid_from": 0, "valid_to": 0},
        {"valid_to": DAY_MAX},
        {"units_milli": 0, "amount": 0, "currency": "USD"},
        {"at": 0},
        {"at": (DAY_MAX + 1) * MILLISECONDS_A_DAY - 1},
        {"state": "cancelled"},
    ],
)
def test_authorizations_taken(changes: dict[str, Any]) -> None:
    chain = sent()
    chain.pipe(topics.AUTHORIZATION_EVENTS, "M1", authorization(**changes))
    assert ([one.version for one in envelopes(chain)], refused(chain)) == ([0], [])


def test_an_authorization_goes_to_every_coverage_the_member_ever_had() -> None:
    chain = sent(members=(MOVER,))
    event: AuthorizationEvent = authorization(member_id="X1")
    chain.pipe(topics.AUTHORIZATION_EVENTS, "X1", event)
    first, second = envelopes(chain)
    assert [(one.kind, one.coverage_id, one.claim_id) for one in (first, second)] == [
        ("authorization", "A", "A1"),
        ("authorization", "B", "A1"),
    ]
    assert first.submitted == second.submitted == CODEC.encode(event)
