"""`claims conformance` for a person, and the number of its cases where the documentation tells it."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.conformance import SHIPPED
from cli.conformance_cases import cases_in
from cli.main import app

ROOT = Path(__file__).parents[2]
TOLD = re.compile(r"more\s+than\s+(\d+)\s+worked\s+cases")
# Ids of the pack: a short source, and one of more columns than the table gives it.
SHOWN = [
    ("reversal-of-a-payment-of-50", "X12"),
    ("allowable-fee-above-the-bill", "Law Insider, a contract of EGID with facilities"),
]


@pytest.mark.parametrize(("case", "source"), SHOWN)
def test_a_source_is_shown_whole(case: str, source: str) -> None:
    shown = CliRunner().invoke(app, ["conformance", "--only", case]).stdout
    cells = [line.split("│")[2].strip() for line in shown.splitlines() if line.startswith("│")]
    assert " ".join(cells).split() == source.split()
    assert "1 case, 1 with a public source; 1 pass, 0 differ" in shown


def test_the_documentation_tells_how_many_there_are() -> None:
    """In round numbers: `more than 200`."""
    count = len(list(cases_in(SHIPPED)))
    for page in ("README.md", "docs/tutorial.md", "CHANGELOG.md"):
        (told,) = TOLD.findall((ROOT / page).read_text(encoding="utf-8"))
        assert int(told) < count <= int(told) + 50, page
