"""A folder with something wrong in it is refused with the place and the way out; each row is one mistake."""

import re
import shutil
from pathlib import Path

import pytest

from cli.reference import sample_folder
from config.limits import FINDINGS_SHOWN_MAX
from schemas import topics
from schemas.reference import Fee, Member
from sources.reference.folder import read_folder
from sources.reference.problems import ReferenceDataError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the sample to spoil."""
    copied = tmp_path / "payers"
    shutil.copytree(sample_folder(), copied)
    return copied


def append(folder: Path, file: str, row: str) -> None:
    """Add a row at the end of a file."""
    with (folder / file).open("a", encoding="utf-8") as opened:
        opened.write(row + "\n")


def change(folder: Path, file: str, old: str, new: str) -> None:
    """Replace text that stands in a file."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


ROWS = [
    ("members.csv", "X 1,Name,1990-01-01,F,self,", "members.csv line 42, member_id: 'X 1' is no id"),
    ("members.csv", "X1,,1990-01-01,F,self,", "line 42, name: is empty"),
    ("members.csv", "X1,Name,1990-02-30,F,self,", "birth_date: is no date; write it as 2026-03-02"),
    ("members.csv", "X1,Name,01/02/1990,F,self,", "birth_date: is no date"),
    ("members.csv", "X1,Name,1990-01-01,W,self,", "sex: is not one of F, M, U"),
    ("members.csv", "X1,Name,1990-01-01,F,aunt,", "relationship: is not one of self, spouse, child, other"),
    ("members.csv", "NUSA-0001,Name,1990-01-01,F,self,", "member_id: NUSA-0001 stands on line 2 already"),
    ("members.csv", "X1,Name,1990-01-01,F,self,nik:3174013102840001", "identifiers: is no NIK"),
    ("members.csv", "X1,Name,1990-01-01,F,self,npwp:12", "identifiers: is no NPWP"),
    ("members.csv", "X1,Name,1990-01-01,F,self,12345", "identifiers: an identifier is written system:value"),
    ("members.csv", "X1,Name,1990-01-01,F,self,member_number:NUS0000001", "NUSA-0001 has the same member_number"),
    ("members.csv", "X1,Doe, Jane,1990-01-01,F,self,", "line 42: has 7 fields, the header 6; quote commas"),
    ("members.csv", "X1,Name,1990-01-01,F,self,", "line 42: X1 has no row in coverages"),
    ("coverages.csv", "NOBODY,F,NUSA-GOLD,2025-01-01,,,", "member_id: NOBODY is not in members"),
    (
        "coverages.csv",
        "NUSA-0001,F,NOPLAN,2020-01-01,2020-12-31,,",
        "plan_id: NOPLAN is not in plans; plans are",
    ),
    (
        "coverages.csv",
        "NUSA-0001,F,NUSA-GOLD,2026-01-01,,,",
        "effective_from: overlaps the coverage of the same member",
    ),
    ("coverages.csv", "NUSA-0001,F,NUSA-GOLD,2020-01-01,2019-01-01,,", "effective_to: is before effective_from"),
    ("coverages.csv", "ACME-0001,NUSA-F01,ACME-PPO,2020-01-01,2020-12-31,,", "NUSA-F01 is with payer NUSANTARA in IDR"),
    ("providers.csv", "P,Name,bakery,npi:1234567893", "kind: 'bakery' is not one of hospital"),
    ("providers.csv", "P,Name,clinic,npi:123", "identifiers: is no NPI: 10 digits"),
    ("providers.csv", "P,Name,clinic,faskes:31740101", "RS-HARAPAN has the same faskes; it belongs to one provider"),
    ("providers.csv", "RS-BUNDA,Name,clinic,x:1", "provider_id: RS-BUNDA stands on line 3 already"),
    ("networks.csv", "NOWHERE,NET-NUSA,2025-01-01,", "provider_id: NOWHERE is not in providers"),
    ("networks.csv", "RS-BUNDA,NET-NUSA,2026-01-01,", "overlaps another row of RS-BUNDA in NET-NUSA"),
    ("fees.csv", "S,XX,A,,IDR,1,2025-01-01,", "code_system: 'XX' is not one of HC, AD, NDC, RC, LOCAL"),
    ("fees.csv", "S,HC,9921,,USD,1,2025-01-01,", "service_code: '9921' is no code of HC"),
    ("fees.csv", "S,HC,99213,2,USD,1,2025-01-01,", "modifier: '2' is no modifier"),
    ("fees.csv", "S,HC,99213,,XYZ,1,2025-01-01,", "currency: 'XYZ' is not one of EUR, IDR"),
    ("fees.csv", "S,HC,99213,,IDR,1.5,2025-01-01,", "amount: amount is finer than IDR allows (0 decimals)"),
    ("fees.csv", "S,HC,99213,,USD,-1,2025-01-01,", "amount: must not be negative"),
    ("fees.csv", "S,HC,99213,,USD,NaN,2025-01-01,", "amount: amount is not a number"),
    ("fees.csv", "S,HC,99213,,USD,much,2025-01-01,", "amount: amount is not a decimal number"),
    ("fees.csv", "NUSA-FEES,HC,99202,,USD,1,2025-01-01,", "currency: NUSA-FEES is in IDR elsewhere"),
    ("fees.csv", "ACME-FEES,HC,99202,,USD,1,2025-01-01,", "99202 has a fee from 2025-01-01 already"),
    ("fees.csv", "ACME-FEES,HC,99213,,USD,1,2026-06-01,", "overlaps the fee of 99213 from 2025-01-01 to 2026-12-31"),
    ("authorizations.csv", "A,NOBODY,,,2026-01-01,2026-01-02,,,,", "member_id: NOBODY is not in members"),
    ("authorizations.csv", "A,NUSA-0001,NO,,2026-01-01,2026-01-02,,,,", "provider_id: NO is not in providers"),
    ("authorizations.csv", "A,NUSA-0001,,,2026-01-03,2026-01-02,,,,", "valid_to: is before valid_from"),
    ("authorizations.csv", "A,NUSA-0001,,,2026-01-01,2026-01-02,0,,,", "units: must be a number above 0"),
    ("authorizations.csv", "A,NUSA-0001,,,2026-01-01,2026-01-02,,5,,", "currency: is empty; an amount needs one"),
    ("authorizations.csv", "A,NUSA-0001,,,2026-01-01,2026-01-02,,,,open", "state: 'open' is not one of approved"),
    ("authorizations.csv", "PA-2026-0001,NUSA-0001,,,2026-01-01,2026-01-02,,,,", "stands in an earlier row already"),
    ("authorizations.csv", 'A,"NUSA', "is no CSV"),
]

EDITS = [
    (
        "plans.yaml",
        "coinsurance: 0.10",
        "coinsurance: 10",
        "coinsurance: '10' is no share; write a decimal",
    ),
    ("plans.yaml", "out_of_network_rate: 0.50", "out_of_network_rate: 1.5", "line 4, out_of_network_rate: '1.5' is no"),
    ("plans.yaml", "currency: IDR", "currency: IDRR", "currency: 'IDRR' is not one of"),
    ("plans.yaml", "currency: IDR", "currency: USD", "currency: is USD, that of fees in NUSA-FEES IDR"),
    ("plans.yaml", "NET-NUSA", "NET-NONE", "network_id: NET-NONE has no provider in networks"),
    ("plans.yaml", "NUSA-FEES", "NO-FEES", "fee_schedule_id: NO-FEES has no row in fees"),
    ("plans.yaml", "copay: 10000", "copay: 10000.5", "copay: amount is finer than IDR allows"),
    ("plans.yaml", "[inpatient]", "[hospital]", "service_types: 'hospital' is not one of inpatient"),
    ("plans.yaml", "forms: [pharmacy]", "forms: [drugs]", "forms: 'drugs' is not one of professional"),
    ("plans.yaml", "covered: false", "covered: no", "covered: 'no' is not one of true, false"),
    ("plans.yaml", "ESTETIKA-*", "ESTETIKA-BOTOX", "write ESTETIKA-BOTOX* for codes that begin so"),
    ("plans.yaml", "15775-15776", "15776-15775", "is a range whose last code is before its first"),
    ("plans.yaml", "ESTETIKA-*", "*BOTOX", "is no code, prefix (99*) or range"),
    ("plans.yaml", "benefit_id: optical", "benefit_id: dental", "benefit_id: dental stands twice in this plan"),
    ("plans.yaml", "timely_filing_days: 365", "timely_filing_days: -1", "timely_filing_days: '-1' is no whole number"),
    ("plans.yaml", "missing_authorization: pend", "missing_authorization: ask", "'ask' is not one of deny, pend"),
    ("plans.yaml", "effective_to: 2026-12-31", "effective_to: 2027-12-31", "effective_from: overlaps the version from"),
    ("plans.yaml", "2027-01-01", "2025-01-01", "effective_from: NUSA-GOLD has a version from 2025-01-01 already"),
    ("plans.yaml", "name: Nusantara Gold", "nam: Nusantara Gold", "line 4: names 'nam'; columns are plan_id"),
    (
        "plans.yaml",
        "payer_id: NUSANTARA",
        "payer_id: NUSANTARA\n    payer_id: X",
        "'payer_id' stands twice",
    ),
    ("plans.yaml", "plans:", "plans: {", "is no YAML"),
    ("plans.yaml", "plans:", "schemes:", "must be a list of entries, or one under `plans:`"),
    ("members.csv", "birth_date", "born", "members.csv line 1: the header lacks birth_date"),
    ("members.csv", "birth_date", "born", "the header names 'born'"),
]


@pytest.mark.parametrize(("file", "row", "text"), ROWS)
def test_a_bad_row_is_refused(folder: Path, file: str, row: str, text: str) -> None:
    """With its file, line and column."""
    append(folder, file, row)
    with pytest.raises(ReferenceDataError) as refused:
        read_folder(folder)
    assert text in str(refused.value)
    assert file in str(refused.value)


@pytest.mark.parametrize(("file", "old", "new", "text"), EDITS)
def test_a_bad_value_is_refused(folder: Path, file: str, old: str, new: str, text: str) -> None:
    """In plans, and in the head of a file."""
    change(folder, file, old, new)
    with pytest.raises(ReferenceDataError) as refused:
        read_folder(folder)
    assert text in str(refused.value)


def test_all_problems_come_at_once_and_the_text_is_bounded(folder: Path) -> None:
    """The first ones are shown, all are counted."""
    for number in range(50):
        append(folder, "members.csv", f"X{number},Name,never,F,self,")
    with pytest.raises(ReferenceDataError) as refused:
        read_folder(folder)
    assert refused.value.total == 50
    assert len(refused.value.problems) == FINDINGS_SHOWN_MAX
    assert str(refused.value).endswith(f"and {50 - FINDINGS_SHOWN_MAX} more; mend these and check again")


NEEDED = ["members.csv", "coverages.csv", "providers.csv", "networks.csv", "plans.yaml"]


@pytest.mark.parametrize("file", NEEDED)
def test_a_missing_file_is_named_as_it_stands_in_the_sample(folder: Path, file: str) -> None:
    """A folder holds everything."""
    (folder / file).unlink()
    with pytest.raises(ReferenceDataError, match=f"1 problem:\n  {re.escape(file)}: the file is missing"):
        read_folder(folder)


def test_an_entry_that_several_plans_share_is_told_once(folder: Path) -> None:
    """`<<: *gold` is read for each version; the person mends one line."""
    change(folder, "plans.yaml", "coinsurance: 0.10", "coinsurance: 10")
    with pytest.raises(ReferenceDataError) as refused:
        read_folder(folder)
    assert (refused.value.total, len(refused.value.problems)) == (1, 1)


SECRETS = [
    # rows of members, each with a mistake in what must not be quoted
    "X1,Rahasia,1984-13-12,F,self,",
    "X1,Rahasia,1984-03-12,perempuan,self,",
    "X1,Rahasia,1984-03-12,F,menantu,",
    "X1,Rahasia,1984-03-12,F,self,nik:3174011203840001999",
]


@pytest.mark.parametrize("row", SECRETS)
def test_no_problem_quotes_a_person(folder: Path, row: str) -> None:
    append(folder, "members.csv", row)
    with pytest.raises(ReferenceDataError) as refused:
        read_folder(folder)
    assert [part for part in row.split(",")[1:] if len(part) > 4 and part in str(refused.value)] == []


def test_a_file_without_a_header_quotes_no_person(folder: Path) -> None:
    text = (folder / "members.csv").read_text(encoding="utf-8")
    (folder / "members.csv").write_text(text.partition("\n")[2], encoding="utf-8")
    with pytest.raises(ReferenceDataError) as refused:
        read_folder(folder)
    assert "members.csv line 1: is no header; the first line names the columns member_id" in str(refused.value)
    assert "Budi" not in str(refused.value)


def test_no_folder(tmp_path: Path) -> None:
    """Says what was expected."""
    with pytest.raises(ReferenceDataError, match="is no folder; name one that holds"):
        read_folder(tmp_path / "nowhere")


def test_an_empty_file_is_refused(folder: Path) -> None:
    """It would take all members away."""
    (folder / "members.csv").write_text("member_id,name,birth_date,sex,relationship\n", encoding="utf-8")
    (folder / "coverages.csv").write_text("member_id,coverage_id,plan_id,effective_from\n", encoding="utf-8")
    with pytest.raises(ReferenceDataError, match=r"members\.csv: has no rows"):
        read_folder(folder)


def test_a_file_in_two_forms_is_refused(folder: Path) -> None:
    """Neither wins silently."""
    (folder / "members.yaml").write_text("[]", encoding="utf-8")
    with pytest.raises(ReferenceDataError, match=r"stands beside members\.yaml; keep one"):
        read_folder(folder)


def test_another_encoding_is_refused(folder: Path) -> None:
    """Names must arrive as they were."""
    text = (folder / "members.csv").read_text(encoding="utf-8").replace("Budi", "Zoë")
    (folder / "members.csv").write_bytes(text.encode("latin-1"))
    with pytest.raises(ReferenceDataError, match=r"is not UTF-8"):
        read_folder(folder)


def test_yaml_says_the_same_as_csv(folder: Path) -> None:
    """Any file may be YAML; amounts stay exact."""
    before = read_folder(folder)
    (folder / "fees.csv").unlink()
    entries = [
        f"- {{fee_schedule_id: {fee.fee_schedule_id}, code_system: {fee.code_system}, "
        f"service_code: {fee.service_code}, modifier: {fee.modifier or 'null'}, "
        f"currency: {fee.currency}, amount: {_text(fee)}, "
        f"effective_from: {key.rpartition('|')[2]}, effective_to: {'2026-12-31' if fee.effective_to else ''}}}"
        for key, fee in before.records[topics.REFERENCE_FEES].items()
        if isinstance(fee, Fee)
    ]
    (folder / "fees.yaml").write_text("\n".join(entries), encoding="utf-8")
    assert read_folder(folder).records == before.records


def test_members_of_one_family_may_have_two_coverages(folder: Path) -> None:
    """A grown child with a policy of their own."""
    change(folder, "coverages.csv", "NUSA-0004,NUSA-F01", "NUSA-0004,NUSA-F99")
    member = read_folder(folder).records[topics.REFERENCE_MEMBERS]["NUSA-0004"]
    assert isinstance(member, Member)
    assert member.coverages[0].coverage_id == "NUSA-F99"


def _text(fee: Fee) -> str:
    return f"{fee.amount / 100:.2f}" if fee.currency == "USD" else str(fee.amount)
