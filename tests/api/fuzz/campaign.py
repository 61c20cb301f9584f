"""A run of schemathesis on the document that a service serves, by its command line, and what came of it."""

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
_CASES = re.compile(r"^\s*([\d,]+) generated", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What schemathesis said: whether all held, how many cases it made, and its words."""

    held: bool
    cases: int
    words: str


def run(url: str, authorization: str, *options: str, seconds: float) -> Outcome:
    """Run it for at most about `seconds`; `options` of its command line decide what it does."""
    program = str(Path(sys.executable).parent / "st")
    command = [
        program, "--config-file", str(CONFIGURATION), "run", f"{url}/openapi.json", "--no-color",
        "--header", f"Authorization: {authorization}", "--max-time", str(int(seconds)), "--request-timeout", "20",
        "--generation-database", "none", "--warnings", "off", *options,
    ]  # fmt: skip
    environment = os.environ | {"SCHEMATHESIS_HOOKS": "tests.api.fuzz.hooks", "PYTHONPATH": str(ROOT)}
    # It leaves a folder of what it found where it runs.
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=seconds + 60, check=False
        )
    found = _CASES.search(done.stdout)
    return Outcome(done.returncode == 0, int(found[1].replace(",", "")) if found else 0, done.stdout + done.stderr)
