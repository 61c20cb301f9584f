"""Faults that a hunt over random sequences and strange contents found, one case each, so that none comes back."""

from dataclasses import replace

import pytest

from config.limits import RECORD_BYTES_MAX
from schemas import topics
from schemas.claim import Identifier, OtherPayer, ProviderReference, SubmittedClaim
from schemas.dates import MILLISECONDS_A_DAY
from schemas.events import AdjudicationEvent, Command, PaymentEvent
from schemas.money import MAXIMUM_MINOR
from schemas.reference import Plan
from tests.agents.stories import command, latest, payment, refusals, replacement
from tests.agents.till import Till, contract, plan_with, reasons, term
from tests.agents.world import BENEFIT, DAY, PLAN, authorization, claim, line, submit, world

GIVEN = claim(line(100))


def test_every_refusal_has_an_event_of_its_own_however_many_there_are() -> None:
    chain = world()
    submit(chain, GIVEN)
    for number in range(60):
        command(chain, GIVEN, "approve", command_id=f"again-{number}")
    told = [event.event_id for event in chain.read(topics.CLAIMS_EVENTS)]
    assert (len(told), len(set(told))) == (62, 62)


@pytest.mark.parametrize("later", ["replacement", "overturn"])
def test_a_copy_of_a_payment_is_not_counted_for_a_later_version(later: str) -> None:
    chain = world(replace(PLAN, benefits=(replace(BENEFIT, codes=("99213",)),)))
    given = claim(line(100), line(100, "99214"))
    submit(chain, given)
    payment(chain, given, 100)
    if later == "replacement":
        submit(chain, replacement(given, line(300)))
    else:
        command(chain, given, "appeal")
        command(chain, given, "overturn")
    payment(chain, given, 100)
    assert latest(chain, given if later == "overturn" else replacement(given, line(300))).paid_out == 100


def test_a_copy_of_an_approval_does_not_approve_the_next_pend() -> None:
    plan = replace(PLAN, missing_authorization="pend", benefits=(replace(BENEFIT, needs_authorization=True),))
    chain = world(plan)
    first, suspect = claim(line(50), number="C0"), claim(line(100))
    for given in (first, suspect):
        submit(chain, given)
        command(chain, given, "approve", command_id=given.claim_id)
    assert latest(chain, suspect).pend is not None
    command(chain, suspect, "approve", command_id=suspect.claim_id)
    assert latest(chain, suspect).substatus == "pended"


def test_a_rank_that_lowers_a_rate_to_just_the_charge_balances() -> None:
    """Both procedures have a fee of 5000; the second is charged 2500 and reduced to just that."""
    ranked = contract(lesser_of=False, multiple_procedure_codes=("992*",), multiple_procedure_rates=("1", "0.5"))
    first, second = Till(plan_with(), {"99213": 5000}, [ranked]).lines(claim(line(5000), line(2500)))
    assert (first.allowed, reasons(first)) == (5000, {})
    assert (second.allowed, reasons(second)) == (2500, {"CO-59": 2500, "OA-94": -2500})


def test_an_interim_bill_of_a_stay_is_paid_for_its_own_days() -> None:
    """Ten days of a stay of ninety; and an admission long before the services of a claim that is no stay at all."""
    till = Till(plan_with(), {}, [contract(term("per_diem", amount=100), lesser_of=False)])
    bill = claim(line(5000), service_to=DAY + 10, admission_date=DAY - 50, discharge_date=DAY + 40)
    assert [one.allowed for one in till.lines(bill)] == [1000]
    assert [one.allowed for one in till.lines(replace(bill, service_to=DAY, admission_date=0))] == [100]


@pytest.mark.parametrize("lesser_of", [True, False])
def test_a_rate_is_never_more_than_an_amount_can_be(lesser_of: bool) -> None:
    chain = world(replace(PLAN, lesser_of=lesser_of), {"99213": 10**10})
    decided = submit(chain, claim(replace(line(10**9), units_milli=10**12)))
    assert decided is not None
    assert decided.allowed == (10**9 if lesser_of else MAXIMUM_MINOR)


def test_a_claim_over_all_amounts_is_rejected_at_the_front_end() -> None:
    chain = world()
    assert submit(chain, claim(line(MAXIMUM_MINOR), line(1, "99214"))) is None
    (rejected,) = chain.read(topics.CLAIMS_REJECTED)
    assert [one.code for one in rejected.findings] == ["V-TOTAL-CHARGE"]


LONG, HUGE = "x" * 51, "x" * 1_001
STRANGE: list[tuple[str, str, SubmittedClaim]] = [
    # case, code of the dead letter, claim
    ("another spelling of an id", "bad_claim_id", replace(GIVEN, claim_id=GIVEN.claim_id.upper(), root_id=GIVEN.claim_id.upper())),
    ("a DRG as long as a book", "too_long", replace(GIVEN, drg=LONG)),
    ("a currency of that length", "too_long", replace(GIVEN, currency=LONG)),
    ("an authorization of that length", "too_long", replace(GIVEN, authorization_number=LONG)),
    ("one of a line", "too_long", replace(GIVEN, lines=(replace(GIVEN.lines[0], authorization_number=LONG),))),
    ("a tooth of that length", "too_long", replace(GIVEN, lines=(replace(GIVEN.lines[0], tooth=LONG),))),
    ("a provider's identifier", "too_long", replace(GIVEN, provider=ProviderReference(None, (Identifier("npi", LONG),), None))),
    ("a provider's name", "too_long", replace(GIVEN, provider=ProviderReference("P1", (), HUGE))),
    ("a correlation id", "too_long", replace(GIVEN, correlation_id=HUGE)),
    ("a hundred diagnoses and one", "too_many", replace(GIVEN, diagnoses=GIVEN.diagnoses * 101)),
    ("payers without end", "too_many", replace(GIVEN, other_payers=(OtherPayer("X", 1, 0, ()),) * 21)),
]  # fmt: skip


@pytest.mark.parametrize(("code", "given"), [pytest.param(*row[1:], id=row[0]) for row in STRANGE])
def test_a_claim_that_no_door_lets_pass_is_set_aside(code: str, given: SubmittedClaim) -> None:
    assert _dead(topics.CLAIMS_SUBMITTED, given.root_id, given) == [code]


AT = GIVEN.accepted_at
EVENTS: list[tuple[str, str, object, str]] = [
    # topic, key, record, code of the dead letter
    (topics.CLAIMS_COMMANDS, GIVEN.root_id, Command("c", "deny", GIVEN.claim_id, "ani", "admin", HUGE, None, None, AT), "too_long"),
    (topics.ADJUDICATION_EVENTS, GIVEN.root_id, AdjudicationEvent("a", GIVEN.claim_id, "denied", None, HUGE, None, AT), "too_long"),
    (topics.PAYMENT_EVENTS, GIVEN.root_id, PaymentEvent("p", GIVEN.claim_id, HUGE, "transfer", 1, "USD", "paid", 1, None, AT), "too_long"),
    (topics.AUTHORIZATION_EVENTS, "M1", authorization(LONG), "too_long"),
    (topics.AUTHORIZATION_EVENTS, "M1", authorization(service_codes=("99213",) * 101), "too_many"),
]  # fmt: skip


@pytest.mark.parametrize(("topic", "key", "record", "code"), EVENTS)
def test_an_event_with_texts_without_end_is_set_aside(topic: str, key: str, record: object, code: str) -> None:
    assert _dead(topic, key, record) == [code]


def test_what_waits_for_an_original_fits_in_a_record() -> None:
    chain = world()
    large = {"attributes": {"note": "x" * 400_000}}
    for number in range(3):
        waiting = replacement(GIVEN, line(100), number=f"R{number}", **large)
        chain.pipe(topics.CLAIMS_SUBMITTED, waiting.root_id, waiting)
    (letter,) = chain.read(topics.dead_letters_of(topics.CLAIMS_SUBMITTED))
    assert letter.code == "too_large_waiting"
    assert max(len(value) for value in chain.stores["validate"].data.values()) < RECORD_BYTES_MAX


LINES = tuple(replace(line(100), tooth=str(number)) for number in range(999))
NEEDS = replace(PLAN, missing_authorization="pend", benefits=(replace(BENEFIT, needs_authorization=True),))


@pytest.mark.parametrize("plan", [replace(PLAN, review_above=1), NEEDS])
def test_the_reason_of_a_denial_is_not_written_out_on_every_line(plan: Plan) -> None:
    chain = world(plan)
    given = claim(*LINES)
    submit(chain, given)
    command(chain, given, "deny", reason="x" * 1_000)
    assert len(chain.outputs[topics.CLAIMS_DECIDED][-1].value) < 500_000


@pytest.mark.parametrize("plan", [NEEDS, replace(PLAN, review_above=1)])
def test_what_is_released_again_and_again_stays_small(plan: Plan) -> None:
    chain = world(plan)
    submit(chain, GIVEN)
    for number in range(110):
        command(chain, GIVEN, "release", command_id=f"release-{number}")
    assert refusals(chain, GIVEN) == ["L-RELEASED-OFTEN"] * len(refusals(chain, GIVEN)) != []
    command(chain, GIVEN, "approve")
    assert latest(chain, GIVEN).substatus == "approved"


def test_who_overturned_an_appeal_is_not_the_second_person() -> None:
    chain = world(replace(PLAN, timely_filing_days=1, second_approval_above=1))
    submit(chain, GIVEN)
    for kind in ("appeal", "overturn", "approve"):
        command(chain, GIVEN, kind, actor="ani")
    assert (latest(chain, GIVEN).revision, refusals(chain, GIVEN)) == (1, ["L-SAME-PERSON"])


def test_an_overturn_that_is_refused_makes_no_duplicates() -> None:
    """A claim denied for late filing counts for nothing, whoever asks to overturn it without an appeal."""
    chain = world(replace(PLAN, timely_filing_days=5))
    submit(chain, GIVEN)
    command(chain, GIVEN, "overturn")
    assert refusals(chain, GIVEN) == ["L-ILLEGAL-MOVE"]
    again = submit(chain, claim(line(100), number="IN-TIME", accepted_at=(DAY + 2) * MILLISECONDS_A_DAY))
    assert again is not None
    assert again.substatus == "approved"


def test_verdicts_stay_with_their_lines_whatever_the_numbers() -> None:
    """Line 2 stands before line 1 and needs an authorization that is not there; line 1 is paid."""
    labs = replace(BENEFIT, benefit_id="labs", codes=("80053",), needs_authorization=True)
    chain = world(replace(PLAN, benefits=(labs, BENEFIT)))
    lines = (replace(line(5000, "80053"), line_number=2), replace(line(10000), line_number=1))
    decided = submit(chain, replace(GIVEN, lines=lines, total_charge=15000))
    assert decided is not None
    assert [(one.line_number, one.verdict, one.paid) for one in decided.lines] == [
        (2, "denied", 0),
        (1, "passed", 10000),
    ]


def _dead(topic: str, key: str, record: object) -> list[str]:
    """Codes of the dead letters of one record."""
    chain = world()
    chain.pipe(topic, key, record)
    return [letter.code for letter in chain.read(topics.dead_letters_of(topic))]
