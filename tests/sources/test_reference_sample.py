"""The sample payers that ship: good by our own rules, and described."""

from pathlib import Path

import pytest

from cli.reference import sample_folder
from schemas import topics
from schemas.dates import calendar_of, parse_day
from schemas.identity import nik_is_valid, npi_check_digit_fits
from schemas.reference import Contract, Edit, Fee, Limit, Member, Plan, Provider, Tranche
from sources.reference.folder import ReferenceFolder, read_folder


@pytest.fixture(scope="module")
def sample() -> ReferenceFolder:
    """The sample, read."""
    return read_folder(sample_folder())


def test_the_sample_has_two_payers_in_their_currencies(sample: ReferenceFolder) -> None:
    """Cashless and reimbursement in Rupiah, X12-style in dollars."""
    plans = [plan for plan in sample.records[topics.REFERENCE_PLANS].values() if isinstance(plan, Plan)]
    assert {(plan.payer_id, plan.currency) for plan in plans} == {("NUSANTARA", "IDR"), ("ACME", "USD")}
    assert {plan.missing_authorization for plan in plans} == {"deny", "pend"}


def test_every_plan_has_a_version_for_today_and_another_from_2027(sample: ReferenceFolder) -> None:
    """So that a change of version can be shown."""
    plans = [plan for plan in sample.records[topics.REFERENCE_PLANS].values() if isinstance(plan, Plan)]
    versions: dict[str, list[Plan]] = {}
    for plan in plans:
        versions.setdefault(plan.plan_id, []).append(plan)
    for first, second in versions.values():
        assert (first.effective_from, second.effective_from) == (parse_day("2025-01-01"), parse_day("2027-01-01"))
        assert second.effective_to is None
        amounts = [(p.deductible_individual, p.out_of_pocket_individual) for p in (first, second)]
        assert amounts[0] != amounts[1]


def test_every_nik_is_valid_and_says_the_birth_date(sample: ReferenceFolder) -> None:
    """Day (40 more for women), month and year of two digits stand in it."""
    checked = 0
    for member in sample.records[topics.REFERENCE_MEMBERS].values():
        assert isinstance(member, Member)
        for identifier in member.identifiers:
            if identifier.system == "nik":
                born = calendar_of(member.birth_date)
                day = born.day + (40 if member.sex == "F" else 0)
                assert nik_is_valid(identifier.value)
                assert identifier.value[6:12] == f"{day:02d}{born:%m%y}"
                checked += 1
    assert checked > 15


def test_every_npi_has_its_check_digit(sample: ReferenceFolder) -> None:
    """Made up, and well formed."""
    for provider in sample.records[topics.REFERENCE_PROVIDERS].values():
        assert isinstance(provider, Provider)
        assert all(npi_check_digit_fits(i.value) for i in provider.identifiers if i.system == "npi")


def test_one_family_has_lost_its_cover_and_one_has_not_got_it(sample: ReferenceFolder) -> None:
    """As of 23 November 2026."""
    today = parse_day("2026-11-23")
    ended, coming = set(), set()
    for member in sample.records[topics.REFERENCE_MEMBERS].values():
        assert isinstance(member, Member)
        last = member.coverages[-1]
        if last.effective_to is not None and last.effective_to < today:
            ended.add(last.coverage_id)
        if member.coverages[0].effective_from > today:
            coming.add(last.coverage_id)
    assert ended == {"NUSA-F06"}
    assert coming == {"ACME-F06"}


def test_the_readme_names_every_plan_provider_fee_contract_and_edit(sample: ReferenceFolder) -> None:
    """A person or a generator looks there for what can be claimed."""
    text = (sample_folder() / "README.md").read_text(encoding="utf-8")
    records = sample.records
    plans = {plan.plan_id for plan in records[topics.REFERENCE_PLANS].values() if isinstance(plan, Plan)}
    fees = {fee.service_code for fee in records[topics.REFERENCE_FEES].values() if isinstance(fee, Fee)}
    contracts = {one.contract_id for one in records[topics.REFERENCE_CONTRACTS].values() if isinstance(one, Contract)}
    edits = {one.edit_id for one in records[topics.REFERENCE_EDITS].values() if isinstance(one, Edit)}
    names = plans | fees | contracts | edits | set(records[topics.REFERENCE_PROVIDERS])
    assert {name for name in names if name not in text} == set()


def test_the_sample_is_found_where_it_is_installed() -> None:
    """The folder is a package, so that it ships."""
    assert isinstance(sample_folder(), Path)
    assert (sample_folder() / "__init__.py").is_file()


def plan_of(sample: ReferenceFolder, plan_id: str) -> Plan:
    """The version of 2025."""
    found = sample.records[topics.REFERENCE_PLANS][f"{plan_id}|2025-01-01"]
    assert isinstance(found, Plan)
    return found


def test_limits_are_in_their_measure(sample: ReferenceFolder) -> None:
    """Money in minor units, units in thousandths, days as a count."""
    dental, frames, nights, family = plan_of(sample, "NUSA-GOLD").limits
    assert dental == Limit("dental-year", "money", "period", "member", 15_000_000, ("dental",))
    assert (frames.amount, nights.amount, family.who) == (2_000, 120, "family")
    tranches = plan_of(sample, "ACME-PPO").limits[1].tranches
    assert tranches == (Tranche(50_000, "0.20"), Tranche(200_000, "0.40"))


def test_a_contract_has_its_terms_in_order(sample: ReferenceFolder) -> None:
    """Terms in their order, each with its method."""
    contract = sample.records[topics.REFERENCE_CONTRACTS]["CT-HARAPAN|2025-01-01"]
    assert isinstance(contract, Contract)
    assert [(t.method, t.amount, t.rate, t.carve_out) for t in contract.terms] == [
        ("percent_of_charge", None, "0.90", True),
        ("case_rate", 12_500_000, None, False),
        ("fee_schedule", None, None, False),
    ]


def test_edits_have_the_reason_of_their_kind(sample: ReferenceFolder) -> None:
    """A reason of the kind where the row has none."""
    edits = sample.records[topics.REFERENCE_EDITS]
    over, pair = edits["OVER-USD|2025-01-01"], edits["PAIR-70552|2025-01-01"]
    assert isinstance(over, Edit)
    assert isinstance(pair, Edit)
    assert (over.group, over.reason, over.amount) == ("CO", "45", 5_000_000)
    assert (pair.other_code, pair.bypass_modifiers) == ("70553", ("59", "XU"))


def test_coverages_say_who_pays_first_and_since_when(sample: ReferenceFolder) -> None:
    """Another payer first; waiting periods from an earlier day."""
    members = sample.records[topics.REFERENCE_MEMBERS]
    first, enrolled = members["ACME-0015"], members["NUSA-0013"]
    assert isinstance(first, Member)
    assert isinstance(enrolled, Member)
    assert first.coverages[0].other_payer_first
    assert enrolled.coverages[0].enrolled_from == parse_day("2024-03-01")


def test_every_field_of_a_plan_is_used(sample: ReferenceFolder) -> None:
    """Each has somewhere another value than the one it has by itself."""
    plans = [plan for plan in sample.records[topics.REFERENCE_PLANS].values() if isinstance(plan, Plan)]
    for name in ("further_network_ids", "share_order", "out_of_pocket_family_limit", "out_of_pocket_counts",
                 "benefit_year_starts", "waiting_days", "missing_referral", "coinsurance_caps", "limits",
                 "excluded_diagnoses", "suspect_duplicates", "coordination", "coordination_allowable", "room_class",
                 "room_classes", "room_pro_rata", "review_above", "second_approval_above", "pend_days",
                 "appeal_days"):  # fmt: skip
        assert len({getattr(plan, name) for plan in plans}) > 1, name
