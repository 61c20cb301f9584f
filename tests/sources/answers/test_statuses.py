"""Every code that may speak against a claim, a transaction or an interchange has its answer codes."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
import pyx12

from agents.catalog_front_end import FRONT_END
from sources.answers.elements import REFERENCE_NUMBERS
from sources.answers.statuses import OF_SET_ASIDE, OF_VALIDATE, Status
from sources.x12.catalog import ROWS, Row

AGENTS = Path(__file__).parents[3] / "agents"
RULES = ("rules/front_end.py", "rules/identity.py", "amendments.py", "validate.py")
SETS_ASIDE = ("rules/sizes.py", "validate.py")
# In the words of members, but of a claim that is set aside ("conflict"), not rejected.
NOT_A_RULE = {"V-CONFLICT"}


def test_every_rule_of_validate_has_a_status() -> None:
    codes = {code for name in RULES for code in re.findall(r'"(V-[A-Z-]+)"', (AGENTS / name).read_text())}
    assert codes == set(OF_VALIDATE) == set(FRONT_END) - NOT_A_RULE


def test_every_reason_to_set_a_claim_aside_has_a_status() -> None:
    codes = {code for name in SETS_ASIDE for code in re.findall(r'Dead\(\s*"([a-z_]+)"', (AGENTS / name).read_text())}
    assert codes <= set(OF_SET_ASIDE)


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.code != "NOT_JUDGED_STRICTLY"], ids=lambda row: str(row.code)
)
def test_every_finding_of_a_file_has_the_answer_codes_of_its_channel(row: Row) -> None:
    if row.channel == "TA1":
        assert row.interchange
    elif row.channel == "999":
        assert row.interchange or row.group or row.transaction or row.segment or row.element
    else:
        assert row.status is not None


MAPS = Path(pyx12.__file__).parent / "map"


def _codes(name: str) -> set[str]:
    """A code list as pyx12 has it."""
    sets = {one.findtext("id"): one for one in ElementTree.parse(MAPS / "codes.xml").getroot().findall("codeset")}
    return {code.text or "" for code in sets[name].iter("code")}


def _entities() -> set[str]:
    """The entities that an STC of a 277CA may name, as pyx12's map has them."""
    elements = ElementTree.parse(MAPS / "277.5010.X214.xml").getroot().iter("element")
    return {code.text or "" for one in elements if one.get("xid") == "STC01-03" for code in one.iter("code")}


def test_the_codes_are_those_of_the_public_lists() -> None:
    categories, codes = _codes("claim_status_cat"), _codes("claim_status")
    used = {*OF_VALIDATE.values(), *OF_SET_ASIDE.values()} | {Status(*row.status) for row in ROWS if row.status}
    assert {one.category for one in used} <= categories & {"A3", "A6", "A7", "A8"}
    assert {one.code for one in used} <= codes
    assert {one.entity for one in used} - {""} <= _entities()


def _elements(name: str) -> dict[str, str]:
    """Number of the data element at each position (CLM05-1), as a map of pyx12 has them."""
    found: dict[str, str] = {}
    for segment in ElementTree.parse(MAPS / name).getroot().iter("segment"):
        place = 0
        for one in segment:
            if one.tag not in ("element", "composite"):
                continue
            place += 1
            position = f"{segment.get('xid')}{place:02d}"
            found.setdefault(position, one.findtext("data_ele") or "")
            for part, inner in enumerate(one.findall("element"), start=1):
                found.setdefault(f"{position}-{part}", inner.findtext("data_ele") or "")
    return found


def test_reference_numbers_are_those_of_the_standard() -> None:
    known = _elements("x12.control.00501.xml") | _elements("837.5010.X222.A1.xml")
    known |= {at: of for at, of in _elements("837Q3.I.5010.X223.A1.xml").items() if at not in known}
    dental = {at for at in REFERENCE_NUMBERS if at.startswith("SV3")}
    wrong = {
        at: (of, known.get(at)) for at, of in REFERENCE_NUMBERS.items() if at not in dental and known.get(at) != of
    }
    assert wrong == {}
