"""docs/edi.md names every field of a report and of a finding, and the limits as they are."""

import re
from pathlib import Path

from config import limits
from sources.replay.documents import UNFINISHED
from sources.replay.items import Remark
from sources.replay.packed import MARKS
from sources.replay.report import FileReport, Summary, remark_as_json

PAGE = (Path(__file__).parents[3] / "docs/edi.md").read_text(encoding="utf-8")
# What editors leave behind; nobody sends files under these.
OF_EDITORS = {".temp", ".swp", "~"}


def rows(heading: str) -> str:
    """The text of a section."""
    return PAGE.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def test_every_field_of_the_report_is_there() -> None:
    named = set(re.findall(r"`(\w+)`", rows("The report")))
    assert set(Summary().as_json()) <= named
    assert set(FileReport("x").as_json()) <= named


def test_every_field_of_a_finding_is_there() -> None:
    named = set(re.findall(r"`(\w+)`", rows("Looking into a file")))
    made = remark_as_json("a.edi", "segment", Remark(1, "CLM02", "BALANCE", "text", "277CA"))
    assert set(made) | {"line", "claimNumber"} <= named


def test_limits_are_those_of_the_program() -> None:
    table = rows("Limits")
    for limit in (
        limits.EDI_SEGMENT_BYTES_MAX, limits.JSON_LINE_BYTES_MAX, limits.CLAIM_LINES_MAX, limits.UNPACKED_RATIO_MAX,
        limits.ZIP_MEMBERS_MAX, limits.FINDINGS_REPORTED_MAX,
    ):  # fmt: skip
        assert f"{limit:,}" in table
    assert f"first {limits.UNPACKED_FREE_BYTES // 10**6} MB, {limits.UNPACKED_BYTES_MAX // 10**9} GB in all" in table
    assert f"{limits.XZ_MEMORY_BYTES_MAX // 10**6} MB" in table
    assert limits.NCPDP_RECORD_BYTES_MAX == limits.EDI_SEGMENT_BYTES_MAX, "they share a row"


def test_packings_and_unfinished_names_are_there() -> None:
    assert all(kind in PAGE for kind in MARKS.values())
    assert all(f"`{ending}`" in PAGE for ending in set(UNFINISHED) - OF_EDITORS)
