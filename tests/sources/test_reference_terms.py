"""Limits, rooms, contracts and edits: what is wrong with them is told with its place; each row is one mistake."""

import shutil
from pathlib import Path

import pytest

from cli.reference import sample_folder
from schemas import topics
from sources.reference.folder import read_folder
from sources.reference.problems import ReferenceDataError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample to spoil."""
    copied = tmp_path / "payers"
    shutil.copytree(sample_folder(), copied)
    return copied


# The first place in the sample that holds the old text, what stands there instead, and what is said of it.
PLANS = [
    (
        "measure: money, per: period, amount: 15000000",
        "measure: cash, per: period, amount: 1",
        "measure: 'cash' is not",
    ),
    (
        "amount: 15000000, benefits: [dental]",
        "amount: 1, benefits: [teeth]",
        "benefits: teeth is no benefit of this pl",
    ),
    ("per: period, amount: 15000000", "per: month, amount: 15000000", "per: 'month' is not one of claim, day, period"),
    ("amount: 15000000", "amount: 0.5", "amount: amount is finer than IDR allows"),
    ("amount: 15000000, ", "", "amount: is empty; a limit needs an amount, or tranches"),
    ("measure: units, per: period, amount: 2", "measure: units, per: period, amount: 1.2345", "above 0 with at most 3"),
    ("measure: days, per: period, amount: 120", "measure: days, per: period, amount: 1.5", "amount: '1.5' is no whole"),
    ("limit_id: frames", "limit_id: dental-year", "limit_id: dental-year stands twice in this plan"),
    ("who: family", "who: group", "who: 'group' is not member or family (of one coverage); a limit cannot be shared"),
    ("limit_id: frames, ", "", "limit_id: is empty; every entry of limits needs one"),
    ("codes: [KACAMATA-BINGKAI*]", "codes: [KACAMATA-BINGKAI]", "codes: 'KACAMATA-BINGKAI' reads as a range"),
    (
        "limits:\n      - {limit_id: dental-year",
        "limits: none\n    pend_days: 1\n    x: [{limit_id: dental-year",
        "is no YAML",
    ),
    ("{until: 500.00, coinsurance: 0.20}", "{until: 3000, coinsurance: 0.2}", "tranches: must ascend: each `until`"),
    ("{until: 500.00, coinsurance: 0.20}", "{until: 500.00, coinsurance: 2}", "coinsurance: '2' is no share"),
    ("{until: 500.00, coinsurance: 0.20}", "{coinsurance: 0.20}", "until: is empty; every entry of tranches needs one"),
    ("benefit_year_starts: 04-01", "benefit_year_starts: 04-31", "benefit_year_starts: '04-31' is no day of every yea"),
    ("benefit_year_starts: 04-01", "benefit_year_starts: 02-29", "is no day of every year; write month and day such"),
    ("benefit_year_starts: 04-01", "benefit_year_starts: 4/1", "benefit_year_starts: '4/1' is no day of every year"),
    ("share_order: copay_first", "share_order: copay", "share_order: 'copay' is not one of deductible_first, copay"),
    ("coordination: maintenance", "coordination: none", "coordination: 'none' is not one of standard, maintenance"),
    ("coordination_allowable: own", "coordination_allowable: ours", "coordination_allowable: 'ours' is not one of"),
    ("suspect_duplicates: warn", "suspect_duplicates: ask", "suspect_duplicates: 'ask' is not one of deny, pend, w"),
    ("out_of_pocket_counts: [coinsurance]", "out_of_pocket_counts: [fees]", "out_of_pocket_counts: 'fees' is not one"),
    ("out_of_pocket_family: 30000000\n", "\n", "out_of_pocket_family_limit: is aggregate: in a family its own counts"),
    ("missing_referral: pend", "missing_referral: ask", "missing_referral: 'ask' is not one of deny, pend"),
    ("waiting_days: 30", "waiting_days: -1", "waiting_days: '-1' is no whole number from 0 to"),
    ('room_class: "1"', 'room_class: "0"', "room_class: 0 is not in room_classes; they are 3, 2, 1, vip"),
    ('room_class: "1"\n', "\n", "room_pro_rata: needs the room_class that members are entitled to"),
    ('{name: "2", rank: 2', '{name: "2", rank: 1', "rank: 1 is the rank of another class"),
    ('{name: "2", rank: 2', '{name: "3", rank: 2', "name: 3 stands twice in this plan"),
    ('{name: "2", rank: 2', '{name: "2"', "rank: is empty; every entry of room_classes needs one"),
    ("daily_amount: 400000", "daily_amount: -1", "daily_amount: must not be negative"),
    (
        "{service_types: [outpatient, dental], amount: 300000}",
        "{service_types: [outpatient]}",
        "amount: is empty; every",
    ),
    (
        'excluded_diagnoses: ["Z41*", F10-F19]',
        "excluded_diagnoses: [F19-F10]",
        "is no range of diagnoses of one length",
    ),
    ('excluded_diagnoses: ["Z41*", F10-F19]', "excluded_diagnoses: [flu]", "'flu' is no diagnosis, prefix (Z41*)"),
    ("review_above: 150000000", "review_above: much", "review_above: amount is not a decimal number"),
    ("pend_days: 14", "pend_days: 1000", "pend_days: '1000' is no whole number from 0 to 365"),
    ("further_network_ids: [NET-ACME-WIDE]", "further_network_ids: [NET-X]", "NET-X has no provider in networks"),
    ("further_network_ids: [NET-ACME-WIDE]", "further_network_ids: [NET-ACME-PPO]", "is the first network already"),
    (
        "    further_network_ids: [NET-ACME-WIDE]\n",
        "",
        "a benefit has 1 tier_coinsurances, the plan 0 further networks",
    ),
    ("tier_coinsurances: [0.30]", "tier_coinsurances: [30]", "tier_coinsurances: '30' is no share; write decimals"),
    ("out_of_network_coinsurance: 0.40", "out_of_network_coinsurance: 40", "'40' is no share"),
    ("sex: F", "sex: X", "sex: 'X' is not one of F, M"),
    ("age_from: 21, age_to: 75", "age_from: 76, age_to: 75", "age_to: is less than age_from"),
    ("age_from: 21", "age_from: old", "age_from: 'old' is no whole number from 0 to 150"),
    ('places: ["02", "10"]', "places: [2]", "places: '2' is no place of service: two digits such as 11"),
    ("diagnoses: [E10-E14]", "diagnoses: [E10-E1400]", "is no range of diagnoses of one length"),
    ("copay_scope: day", "copay_scope: week", "copay_scope: 'week' is not one of line, visit, day, admission"),
    ("copay: 20.00, copay_scope: day", "copay_scope: day", "copay_scope: is of a copay, and there is none"),
    ("room: true", "room: maybe", "room: 'maybe' is not one of true, false"),
]

CONTRACTS = [
    ("provider_id: RS-HARAPAN", "provider_id: RS-NOWHERE", "line 4, provider_id: RS-NOWHERE is not in providers"),
    ("network_id: NET-ACME-PPO", "network_id: NET-X", "network_id: NET-X has no provider in networks"),
    (
        "network_id: NET-ACME-PPO",
        "provider_id: DR-WARD\n    network_id: NET-ACME-PPO",
        "for one provider_id or one net",
    ),
    ("    provider_id: RS-HARAPAN\n", "", "a contract is for one provider_id or one network_id; give one of the two"),
    ("plan_ids: [NUSA-GOLD, NUSA-SILVER]", "plan_ids: [NUSA-TIN]", "plan_ids: NUSA-TIN is not in plans"),
    ("plan_ids: [NUSA-GOLD, NUSA-SILVER]", "plan_ids: [ACME-PPO]", "plan_ids: ACME-PPO is in USD, this row in IDR"),
    ("fee_schedule_id: NUSA-FEES", "fee_schedule_id: ACME-FEES", "fee_schedule_id: ACME-FEES is in USD, this row in"),
    ("fee_schedule_id: NUSA-FEES", "fee_schedule_id: X-FEES", "fee_schedule_id: X-FEES is not in fees"),
    ("method: case_rate, amount: 12500000", "method: case_rate", "amount: is empty; the method case_rate needs one"),
    ("method: per_diem, amount: 850000", "method: per_diem", "amount: is empty; the method per_diem needs one"),
    ("method: per_visit, amount: 275000", "method: per_visit, rate: 1", "rate: means nothing to the method per_visit"),
    ("rate: 0.90", "amount: 5", "rate: is empty; the method percent_of_charge needs one"),
    ("rate: 0.90", "rate: 90", "rate: '90' is no share"),
    ("amount: 12500000", "amount: 12500000.50", "amount: amount is finer than IDR allows"),
    ("method: case_rate", "method: drg", "method: 'drg' is not one of fee_schedule, per_diem, case_rate"),
    (
        "method: case_rate, amount: 12500000",
        "method: per_diem, amount: 5",
        "priced apart from a case_rate, and no term is",
    ),
    (
        "amount: 12500000}",
        "amount: 12500000, carve_out: true}",
        "carve_out: is priced apart from a case rate and cannot",
    ),
    ("term_id: cbg-appendix", "term_id: chronic", "term_id: chronic stands twice in this contract"),
    ("multiple_procedure_rates: [1, 0.5, 0.5]", "lesser_of: false", "'lesser_of' stands twice"),
    ("    multiple_procedure_rates: [1, 0.5, 0.5]\n", "", "multiple_procedure_rates: is empty; a reduction needs its"),
    (
        "multiple_procedure_rates: [1, 0.5, 0.5]",
        "multiple_procedure_rates: [1, 50]",
        "'50' is no share; write decimals",
    ),
    (
        "provider_id: RS-BUNDA\n",
        "provider_id: RS-HARAPAN\n    plan_ids: [NUSA-GOLD]\n",
        "CT-HARAPAN is for the same pla",
    ),
    ("effective_from: 2027-01-01", "effective_from: 2027-02-29", "effective_from: '2027-02-29' is no date"),
    (
        "terms:\n      - {term_id: chronic",
        "terms: x\n    y:\n      - {term_id: chronic",
        "names 'y'; columns are contract_id",
    ),
]

EDITS = [
    ("E,pair,70552,,,,,,deny,,,,,2025-01-01,", "other_code: is empty; an edit of kind pair needs one"),
    ("E,pair,70552,70552,,,,,deny,,,,,2025-01-01,", "other_code: is the code itself; units_per_day limits"),
    ("E,pair,*,70552,,,,,deny,,,,,2025-01-01,", "code: '*' is no code"),
    ("E,pair,70552,70553,599,,,,deny,,,,,2025-01-01,", "bypass_modifiers: '599' is no modifier"),
    ("E,pair,70552,70553,,3,,,deny,,,,,2025-01-01,", "units: means nothing to an edit of kind pair"),
    ("E,units_per_day,97110,,,,,,deny,,,,,2025-01-01,", "units: is empty; an edit of kind units_per_day needs one"),
    ("E,units_per_day,97110,,,0,,,deny,,,,,2025-01-01,", "units: must be a number above 0"),
    ("E,charge_over,*,,,,5,,pend,,,,,2025-01-01,", "currency: is empty; an edit of kind charge_over needs one"),
    ("E,charge_over,*,,,,5.5,IDR,pend,,,,,2025-01-01,", "amount: amount is finer than IDR allows"),
    ("E,charge_over,99*,,,,5,USD,pend,,,,,2025-01-01,", "code: '99*' is no code, or * for every code"),
    ("E,charge_over,*,,,,5,USD,pend,,,,NUSA-GOLD,2025-01-01,", "plan_ids: NUSA-GOLD is in IDR, this row in USD"),
    ("E,units_per_day,97110,,,1,,,deny,,,,NOPLAN,2025-01-01,", "plan_ids: NOPLAN is not in plans"),
    ("E,units_per_day,97110,,,1,,,stop,,,,,2025-01-01,", "severity: 'stop' is not one of deny, pend, warn"),
    ("E,units_per_day,97110,,,1,,,deny,first,,,,2025-01-01,", "priority: 'first' is no whole number"),
    ("E,units_per_day,97110,,,1,,,deny,,XX,,,2025-01-01,", "group: 'XX' is not one of CO, PR, OA, PI"),
    ("E,units_per_day,97110,,,1,,,deny,,,CO-222,,2025-01-01,", "reason: 'CO-222' is no reason code: up to 5 cap"),
    ("E,visits,97110,,,1,,,deny,,,,,2025-01-01,", "kind: 'visits' is not one of pair, units_per_day, charge_over"),
    ("UNITS-97110,units_per_day,97110,,,1,,,deny,,,,,2025-01-01,", "UNITS-97110 has a version from 2025-01-01 alre"),
    ("WARN-MRI,units_per_day,97110,,,1,,,deny,,,,,2026-06-01,", "overlaps WARN-MRI from 2026-01-01 to 2026-12-31"),
]

COVERAGES = [
    ("NUSA-0001,F,NUSA-GOLD,2020-01-01,2020-12-31,perhaps,", "other_payer_first: 'perhaps' is not one of true, false"),
    ("NUSA-0001,F,NUSA-GOLD,2020-01-01,2020-12-31,,2019-13-01", "enrolled_from: '2019-13-01' is no date"),
    ("NUSA-0001,F,NUSA-GOLD,2020-01-01,2020-12-31,,2021-01-01", "enrolled_from: is after effective_to"),
]


def refusal(folder: Path) -> str:
    """What is said of a folder that cannot be used."""
    with pytest.raises(ReferenceDataError) as refused:
        read_folder(folder)
    return str(refused.value)


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    """Put one mistake into a file."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(("old", "new", "text"), PLANS)
def test_a_bad_value_of_a_plan_is_refused(folder: Path, old: str, new: str, text: str) -> None:
    """With the line of the limit, room or benefit."""
    spoil(folder, "plans.yaml", old, new)
    said = refusal(folder)
    assert text in said
    assert "plans.yaml line " in said


@pytest.mark.parametrize(("old", "new", "text"), CONTRACTS)
def test_a_bad_contract_is_refused(folder: Path, old: str, new: str, text: str) -> None:
    """Methods have what they need; what a contract names is there."""
    spoil(folder, "contracts.yaml", old, new)
    said = refusal(folder)
    assert text in said
    assert "contracts.yaml line " in said


@pytest.mark.parametrize(("row", "text"), EDITS)
def test_a_bad_edit_is_refused(folder: Path, row: str, text: str) -> None:
    """Each kind has what it looks at, and nothing else."""
    with (folder / "edits.csv").open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    assert f"edits.csv line 7, {text.partition(':')[0]}" in refusal(folder) or "line 7, effective_from" in refusal(
        folder
    )
    assert text in refusal(folder)


@pytest.mark.parametrize(("row", "text"), COVERAGES)
def test_a_bad_coverage_is_refused(folder: Path, row: str, text: str) -> None:
    """The columns that may be left out are checked where they are not."""
    with (folder / "coverages.csv").open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    assert text in refusal(folder)


def test_a_later_version_of_a_contract_ends_an_open_one(folder: Path) -> None:
    """As with plans and fees."""
    text = (folder / "contracts.yaml").read_text(encoding="utf-8")
    again = text[text.index("  - contract_id: CT-PPO") :].replace("2025-01-01", "2026-07-01")
    (folder / "contracts.yaml").write_text(text + again, encoding="utf-8")
    contracts = read_folder(folder).records[topics.REFERENCE_CONTRACTS]
    assert {"CT-PPO|2025-01-01", "CT-PPO|2026-07-01"} <= set(contracts)


def test_contracts_and_edits_may_be_absent(folder: Path) -> None:
    """A payer without them says nothing of them."""
    (folder / "contracts.yaml").unlink()
    (folder / "edits.csv").unlink()
    records = read_folder(folder).records
    assert records[topics.REFERENCE_CONTRACTS] == records[topics.REFERENCE_EDITS] == {}
