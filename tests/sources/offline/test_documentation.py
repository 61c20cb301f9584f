"""The example of the documentation is a payer that loads, and its lines are input."""

import json
import re
from pathlib import Path

from typer.testing import CliRunner

from cli.main import app

DOCS = Path(__file__).parents[3] / "docs"
BLOCK = re.compile(r"^```(csv|yaml|json)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILES = (
    "members.csv", "coverages.csv", "providers.csv", "networks.csv", "plans.yaml", "contracts.yaml", "opening.csv",
)  # fmt: skip


def test_the_complete_example_is_complete(tmp_path: Path) -> None:
    """90 % of 200,000 are 180,000, all of it within the 300,000 that the opening balance leaves of the deductible."""
    example = (DOCS / "reference-format.md").read_text(encoding="utf-8").partition("## A complete example")[2]
    blocks = BLOCK.findall(example)
    assert len(blocks) == len(FILES)
    for name, (kind, text) in zip(FILES, blocks, strict=True):
        assert name.endswith(kind)
        (tmp_path / name).write_text(text, encoding="utf-8")
    lines = [text for kind, text in BLOCK.findall((DOCS / "decision-format.md").read_text("utf-8")) if kind == "json"]
    result = CliRunner().invoke(app, ["adjudicate", "--reference", str(tmp_path), "-"], input="".join(lines).encode())
    assert result.exit_code == 0, result.output
    records = [json.loads(line) for line in result.stdout.splitlines()]
    (decision,) = [one for one in records if one["type"] == "decision"]
    assert (decision["substatus"], decision["allowed"], decision["paid"]) == ("approved", "180000", "0")
    assert [(e["account"], e["amount"], e["unit"]) for e in decision["ledger"] if e["who"] == "M-1"] == [
        ("limit:physio", "1", "visits"),
        ("deductible", "180000", "money"),
        ("out_of_pocket", "180000", "money"),
    ]
