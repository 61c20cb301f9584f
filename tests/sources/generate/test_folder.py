"""A generated folder holds the sample whole: every record says what the sample says."""

from pathlib import Path

from schemas.reference import Fee, Plan
from sources.generate.catalog import catalogs
from sources.generate.folder import write_reference
from sources.generate.spec import SAMPLE_REFERENCE
from sources.generate.world import read_terms
from sources.reference.folder import read_folder


def test_what_the_sample_says_is_kept(tmp_path: Path) -> None:
    """Contracts, edits, granted units and money, and who pays first, besides people."""
    assert write_reference(tmp_path / "payers", seed=1, members=50) == 90
    sample, made = read_folder(SAMPLE_REFERENCE), read_folder(tmp_path / "payers")
    for topic, records in sample.records.items():
        assert {key: made.records[topic][key] for key in records} == records
    assert {key: made.authorizations[key] for key in sample.authorizations} == sample.authorizations


def test_what_is_for_some_patients_only_is_not_offered() -> None:
    """A generated claim does not look at age, sex, diagnosis or place before it bills."""
    plans, fees, providers = read_terms(SAMPLE_REFERENCE)
    plan = next(one for one in plans if one.plan_id == "ACME-PPO")
    assert isinstance(plan, Plan)
    day = plan.effective_from
    priced = [*fees, *(_fee(code) for code in ("77067", "97802", "98966"))]
    catalog = next(one for one in catalogs(plans, priced, providers, day) if one.plan.plan_id == "ACME-PPO")
    offered = {
        fate: {offer.code for offers in by_setting.values() for offer in offers}
        for fate, by_setting in catalog.offers.items()
    }
    assert offered["restricted"] == {"77067", "97802"}
    # What is for some places only does not match elsewhere: another benefit does.
    assert {"99213", "98966"} <= offered["paid"]


def _fee(code: str) -> Fee:
    return Fee(0, False, "ACME-FEES", "HC", code, None, 0, None, "USD", 5_000)
