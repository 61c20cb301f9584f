"""Opening balances and history: each row is one mistake, and what is right stands in the state of the stages."""

from pathlib import Path

import pytest

from agents.history import history_key
from agents.ledger import Ledger
from agents.tables import HISTORY, HISTORY_OF_CLAIM
from schemas.codec import Codec
from schemas.dates import parse_day
from sources.offline.opening import Opening
from sources.offline.start import start_of
from sources.reference.problems import ReferenceDataError
from streams.state import BatchState, MemoryStore
from tests.sources.offline.payer import write_payer

CODEC = Codec()
OPENING = "coverage_id,account,who,period,date,amount\n"
HISTORY_HEADER = "claim_id,member_id,provider_id,code_system,service_code,service_date,service_date_to,units,charge\n"

OPENINGS = [
    ("F-9,deductible,M-1,2026,,1", "coverage_id: F-9 is not in coverages"),
    ("F-1,deductibles,M-1,2026,,1", "account: 'deductibles' is no account; accounts are deductible, out_of_pocket, l"),
    ("F-1,deductible:x,M-1,2026,,1", "account: 'deductible:x' is no account"),
    ("F-1,limit:x,M-1,2026,,1", "account: x is no limit of this coverage's plans; they have therapy, year"),
    ("F-1,limit:year:allowed,family,2026,,1", "only a limit of money with amount and tranches has :allowed"),
    ("F-1,authorization:PA-9:units,M-1,,,1", "account: PA-9 is not in authorizations"),
    ("F-1,authorization:PA-1,M-1,,,1", "account: must end in :units or :amount"),
    ("F-1,authorization:PA-1:units,M-2,,,1", "who: must be the member of the authorization, M-1"),
    ("F-1,authorization:PA-1:units,M-1,2026,,1", "period: must be lifetime or empty: this account never begins anew"),
    ("F-1,deductible,M-9,2026,,1", "who: M-9 is no member of F-1; write a member id or family"),
    ("F-1,limit:year,M-1,2026,,1", "who: must be family: the limit counts so"),
    ("F-1,limit:therapy,family,2026,,1", "who: must be a member: the limit counts so"),
    ("F-1,deductible,M-1,,,1", "period: '' is no benefit period: a year such as 2026 or 2026-07, or give a date"),
    ("F-1,deductible,M-1,2026-07,,1", "period: 2026-07 is no benefit period of this coverage's plans; write 2026"),
    ("F-1,deductible,M-1,,2026-02-30,1", "date: '2026-02-30' is no date"),
    ("F-1,deductible,M-1,2026,,1.005", "amount: amount is finer than USD allows"),
    ("F-1,deductible,M-1,2026,,-1", "amount: must not be negative"),
    ("F-1,limit:therapy,M-1,2026,,1.5", "amount: '1.5' is no whole number"),
    ("F-1,deductible,M-1,2026,,1\nF-1,deductible,M-1,,2026-05-05,2", "account: deductible of M-1 in 2026 stands in an"),
]

HISTORIES = [
    ("OLD,M-9,P-1,HC,99213,2026-03-02,,,95", "member_id: M-9 is not in members"),
    ("OLD,M-1,P-9,HC,99213,2026-03-02,,,95", "provider_id: P-9 is not in providers; leave it empty for one that is"),
    ("OLD,M-1,P-1,XX,99213,2026-03-02,,,95", "code_system: 'XX' is not one of HC, AD"),
    ("OLD,M-1,P-1,HC,99213,yesterday,,,95", "service_date: 'yesterday' is no date"),
    ("OLD,M-1,P-1,HC,99213,2026-03-02,2026-03-01,,95", "service_date_to: is before service_date"),
    ("OLD,M-1,P-1,HC,99213,2026-03-02,,0,95", "units: must be a number above 0"),
    ("OLD,M-1,P-1,HC,99213,2026-03-02,,,95.001", "charge: amount is finer than USD allows"),
    (",M-1,P-1,HC,99213,2026-03-02,,,95", "claim_id: is empty; every row needs one"),
]


def refusal(folder: Path) -> str:
    """What is said of a folder that cannot be used."""
    with pytest.raises(ReferenceDataError) as refused:
        start_of(folder, None, CODEC)
    return str(refused.value)


@pytest.mark.parametrize(("row", "text"), OPENINGS)
def test_a_bad_opening_balance_is_refused(tmp_path: Path, row: str, text: str) -> None:
    """With its line and column."""
    said = refusal(write_payer(tmp_path, opening=f"{OPENING}{row}\n"))
    assert text in said
    assert "opening.csv line " in said


@pytest.mark.parametrize(("row", "text"), HISTORIES)
def test_a_bad_line_of_history_is_refused(tmp_path: Path, row: str, text: str) -> None:
    """With its line and column."""
    assert f"history.csv line 2, {text}" in refusal(write_payer(tmp_path, history=f"{HISTORY_HEADER}{row}\n"))


def test_balances_are_in_the_measure_of_their_account(tmp_path: Path) -> None:
    """Money in cents, units in thousandths, visits as a count; a date says in which period."""
    rows = (
        "F-1,deductible,M-1,,2026-02-01,60.50\nF-1,limit:therapy,M-1,2026,,1\nF-1,limit:year,family,2026,,100\n"
        "F-1,authorization:PA-1:units,M-1,,,1.5\n"
    )
    start = start_of(write_payer(tmp_path, opening=OPENING + rows), None, CODEC)
    assert list(start.openings) == [
        Opening("F-1", "deductible", "M-1", "2026", 6_050),
        Opening("F-1", "limit:therapy", "M-1", "2026", 1),
        Opening("F-1", "limit:year", "family", "2026", 10_000),
        Opening("F-1", "authorization:PA-1:units", "M-1", "lifetime", 1_500),
    ]
    adjudicate, price = (BatchState(MemoryStore(), CODEC) for _ in range(2))
    start.fill(adjudicate, price)
    ledger = Ledger("F-1", price)
    assert ledger.used("deductible", "M-1", "2026") == 6_050
    assert ledger.used("authorization:PA-1:units", "M-1", "lifetime") == 1_500
    assert ledger.take_entries() == ()


def test_history_stands_where_the_stage_looks(tmp_path: Path) -> None:
    """By family, member and day; with the index of the claim."""
    rows = "OLD,M-1,P-1,HC,99213,2026-03-02,,,95\nOLD,M-1,,HC,97110,2026-03-02,,2,80\n"
    start = start_of(write_payer(tmp_path, history=HISTORY_HEADER + rows), None, CODEC)
    state = BatchState(MemoryStore(), CODEC)
    start.fill(state, BatchState(MemoryStore(), CODEC))
    key = history_key("F-1", "M-1", parse_day("2026-03-02"))
    kept, index = state.get(HISTORY, key), state.get(HISTORY_OF_CLAIM, "OLD")
    assert kept is not None
    assert index is not None
    assert [(one.service_code, one.provider_id, one.charge, one.units_milli, one.passed) for one in kept.lines] == [
        ("99213", "P-1", 9_500, 1_000, True),
        ("97110", None, 8_000, 2_000, True),
    ]
    assert index.ids == (key,)
