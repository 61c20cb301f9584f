"""Reason codes are dated data; every code that a rule gives is on the list today."""

import ast
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from schemas.dates import parse_day
from schemas.reason_codes import is_listed, reason_codes

AGENTS = Path(__file__).parents[2] / "agents"
TODAY = parse_day("2026-01-01")
GROUPS = {"CO", "PR", "OA", "PI"}

CASES = [
    # code, day, listed
    ("45", "1994-12-31", False),
    ("45", "1995-01-01", True),
    ("38", "2012-12-31", True),
    ("38", "2013-01-01", False),
    ("242", "2012-06-03", True),
    ("A1", "2026-01-01", True),
    ("045", "2026-01-01", False),
    ("999", "2026-01-01", False),
]


@pytest.mark.parametrize(("code", "day", "listed"), CASES)
def test_a_code_is_listed_from_its_start_to_its_stop(code: str, day: str, listed: bool) -> None:
    assert is_listed(code, parse_day(day)) == listed


def test_no_code_stops_before_it_starts() -> None:
    assert len(reason_codes()) > 350
    assert [one.code for one in reason_codes().values() if one.stop is not None and one.stop <= one.start] == []


def codes_of(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Reason codes beside a group in calls and tuples, such as Adjustment("CO", "45", ...), with their lines."""
    for node in ast.walk(tree):
        items = node.args if isinstance(node, ast.Call) else node.elts if isinstance(node, ast.Tuple) else []
        words = [one.value if isinstance(one, ast.Constant) else None for one in items]
        for group, reason in pairwise(words):
            if group in GROUPS and isinstance(reason, str) and reason not in GROUPS:
                yield reason, getattr(node, "lineno", 0)


def test_every_code_of_a_rule_is_listed() -> None:
    found = [(path.name, *one) for path in AGENTS.rglob("*.py") for one in codes_of(ast.parse(path.read_text()))]
    assert len(found) > 10, "the rules give codes in another form than this test reads"
    assert [one for one in found if not is_listed(one[1], TODAY)] == []
