"""The table of finding codes and the code that makes findings name the same."""

import re
from pathlib import Path

from sources.x12.catalog import CATALOG, ROWS
from sources.x12.envelope import OPENING

HERE = Path(__file__).parents[3] / "sources"
READERS = [*(HERE / "x12").glob("*.py"), *(HERE / "ncpdp").glob("*.py")]
# Made of the name of a segment: SE_COUNT, GE_CONTROL, ISA_MISSING and their like.
COMPOSED = {f"{name}_{what}" for name in ("SE", "GE", "IEA") for what in ("COUNT", "CONTROL")}
COMPOSED |= {f"{name}_MISSING" for name in OPENING}


def named() -> set[str]:
    texts = [path.read_text() for path in READERS if path.name != "catalog.py"]
    return {code for text in texts for code in re.findall(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)"', text)} | COMPOSED


def test_every_code_of_the_table_is_made() -> None:
    made = named()
    assert {row.code for row in ROWS if "STRICT" not in row.code} - made == set()


def test_a_code_has_one_row() -> None:
    assert len(CATALOG) == len(ROWS)


def test_every_finding_of_x12_has_a_row() -> None:
    """A fuzzed file checks it too; here the source: codes stand third in a finding or a note."""
    pattern = re.compile(r'(?:EdiFinding|note|X12StructureError)\(\s*[^"]*?(?:f?"[^"]*",\s*)?"([A-Z][A-Z0-9_]+)"')
    found = {code for path in (HERE / "x12").glob("*.py") for code in pattern.findall(path.read_text())}
    # Names of segments stand there too, where the position of a finding is one.
    made = {code for code in found if len(code) > 3}
    assert len(made) > 40
    assert made - CATALOG.keys() == set()
