"""The mutations, a line each, and the runner on a project of three files."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants.mutations import diff_of, mutants_of

CHANGES: list[tuple[str, list[str]]] = [
    # source, what takes its place
    ("x = a < b", ["x = a <= b"]),
    ("x = a >= b", ["x = a > b"]),
    ("x = a == b != c", ["x = a != b != c", "x = a == b == c"]),
    ("x = a in b", ["x = a not in b"]),
    ("x = a is None", ["x = a is not None"]),
    ("x = a + b * c", ["x = a - b * c", "x = a + (b + c)"]),
    ("x = a // b", ["x = a * b"]),
    ("x = a and b", ["x = a or b"]),
    ("x = not a", ["x = a"]),
    ("x = 1", ["x = 2"]),
    ("x = True", ["x = False"]),
    ("x = 'text'", []),
    ("x = f'{a + 1}'", []),
    ("x: Literal[1] = 1", ["x: Literal[1] = 2"]),
    ("assert a < 1", []),
    ("x = zip(a, b, strict=True)", []),
    ("x = lru_cache(maxsize=5)(f)", []),
    ("PLANS_KEPT = 5", []),
    ("f(a)", ["pass"]),
    ("x[a] = b", ["pass"]),
    ("x = b", []),
    ("x += a", ["x -= a", "pass"]),
    ("if a:\n    b = c", ["if not a:"]),
    ("if TYPE_CHECKING:\n    x = 1", []),
    ("def f(a: int = 1) -> int:\n    return a", ["def f(a: int=2) -> int:", "    return None"]),
    ("def f():\n    return None", []),
    ("@lru_cache(maxsize=5)\ndef f():\n    return", []),
    ("for a in b:\n    continue", ["    pass"]),
    ("def f():\n    raise E('x')", ["    pass"]),
]


@pytest.mark.parametrize(("source", "expected"), CHANGES, ids=[source for source, _ in CHANGES])
def test_what_is_changed(source: str, expected: list[str]) -> None:
    found = [line[1:] for mutant in mutants_of("a.py", source) for line in diff_of(source, mutant) if line[0] == "+"]
    assert sorted(found) == sorted(expected)


def test_lines_of_a_mutant_are_those_of_its_statement() -> None:
    source = "def f(a):\n    if a(\n        1\n    ):\n        return (\n            2\n        )\n"
    spans = {(m.kind, m.first_line, m.last_line) for m in mutants_of("a.py", source)}
    assert spans == {("boolean", 2, 4), ("constant", 2, 4), ("return", 5, 7), ("constant", 5, 7)}


RULES = """
LIMIT = 10

def over(amount):
    return amount > LIMIT

def never_called():
    return 1
"""
TESTS = """
import pytest
from rules.limits import over

@pytest.mark.parametrize("amount, expected", [(10, False), (11, True)])
def test_over(amount, expected):
    assert over(amount) is expected
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The runner on a project in a folder."""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-m", "tests.mutants", *arguments]
    environment = os.environ | {"PYTHONPATH": f"{root}"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A package with a limit, a test that knows where it lies, and a function that nothing runs."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "checks").mkdir()
    (tmp_path / "rules" / "__init__.py").write_text("")
    (tmp_path / "rules" / "limits.py").write_text(RULES)
    (tmp_path / "checks" / "test_limits.py").write_text(TESTS)
    configuration = 'source = "rules"\ntests = ["checks"]\nbeneath = []\nkilled_percent_min = 60\n'
    options = '[tool.pytest.ini_options]\npythonpath = ["."]\naddopts = ["--import-mode=importlib"]\n'
    (tmp_path / "pyproject.toml").write_text(f"[tool.mutants]\n{configuration}{options}")
    return tmp_path


def test_the_runner_tells_what_no_test_notices(project: Path) -> None:
    done = run(project)
    assert "rules/limits.py:8 untested (constant)" in done.stdout, done.stdout + done.stderr
    assert "rules/limits.py:8 untested (return)" in done.stdout
    # The limit, the comparison and what is returned are noticed; what nothing calls is not.
    assert "3 of 5 mutants were noticed: 60.0 %; at least 60 % must be: enough" in done.stdout
    assert done.returncode == 0


def test_too_few_and_a_sample(project: Path) -> None:
    text = (project / "pyproject.toml").read_text().replace("= 60", "= 61")
    (project / "pyproject.toml").write_text(text)
    assert run(project).returncode == 1
    first, again = (run(project, "--sample", "2", "--seed", "3").stdout for _ in range(2))
    assert "of 2 mutants" in first
    assert first.split("\n", 1)[1] == again.split("\n", 1)[1], "the first line tells seconds"


def test_tests_that_fail_are_mended_first(project: Path) -> None:
    (project / "checks" / "test_limits.py").write_text(TESTS.replace("(11, True)", "(11, False)"))
    done = run(project)
    assert done.returncode == 2
    assert "fail on the unchanged source" in done.stderr
