import importlib.util
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).resolve().parents[2] / ".ci" / "audit.py"
SOUND = {"name": "sound", "version": "1.0", "vulns": []}
FLAWED = {"name": "flawed", "version": "2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]}
UNKNOWN = {"name": "unknown", "skip_reason": "Dependency not found"}


@pytest.fixture(scope="module")
def program() -> Any:
    """The program of the gate, which is no module of a package."""
    spec = importlib.util.spec_from_file_location("audit", PROGRAM)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("report", "passes", "words"),
    [
        (None, True, "AUDIT NOT DONE"),
        ({"dependencies": []}, True, "AUDIT NOT DONE"),
        ({"dependencies": [UNKNOWN]}, True, "AUDIT NOT DONE"),
        ({"dependencies": [SOUND]}, True, "no known vulnerability in 1 packages"),
        ({"dependencies": [SOUND, UNKNOWN]}, True, "does not know unknown"),
        ({"dependencies": [SOUND, FLAWED]}, False, "flawed 2.0: PYSEC-1"),
        ({"dependencies": [FLAWED, UNKNOWN]}, False, "1 known vulnerabilities"),
    ],
)
def test_verdict_of_an_audit(program: Any, report: Any, passes: bool, words: str) -> None:
    passed, text = program.verdict("requirements.lock", report)
    assert passed is passes
    assert words in text
