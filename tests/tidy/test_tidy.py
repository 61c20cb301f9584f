import subprocess
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path, PurePosixPath

import pytest

from tests.tidy.checks import CHECKS, Check, Source, claimed_by_others
from tests.tidy.checks import file_is_short as short_file
from tests.tidy.checks import functions_are_short as short_function
from tests.tidy.checks import modules_say_what_they_are as docstring
from tests.tidy.checks import names_say_something as name
from tests.tidy.checks import no_machine_is_named as machine
from tests.tidy.checks import nothing_is_unfinished as finished
from tests.tidy.checks import only_the_command_line_prints as prints
from tests.tidy.checks import rules_are_repeatable as repeatable
from tests.tidy.checks import rules_use_no_float as no_float

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
# Written by tools.
GENERATED = {"requirements.lock", "requirements-jdk.lock"}


@pytest.fixture(scope="module")
def tree() -> list[Source]:
    """Every text file that is in the repository or about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    sources = []
    for path in sorted({path for path in names if path and path not in GENERATED and (ROOT / path).is_file()}):
        content = (ROOT / path).read_bytes()
        if b"\0" not in content[:1024]:
            sources.append(Source(PurePosixPath(path), content.decode("utf-8", "replace")))
    return sources


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_tree_is_tidy(check: Check, tree: list[Source]) -> None:
    assert len(tree) > 50
    assert [f"{source.path}: {found}" for source in tree for found in check(source)] == []


def test_no_installed_distribution_has_our_names() -> None:
    assert claimed_by_others(PACKAGES, packages_distributions()) == []


def test_a_distribution_with_one_of_our_names_is_found() -> None:
    installed = {"api": ["claims-engine"], "config": ["claims-engine", "other"], "faust": ["faust-streaming"]}
    assert claimed_by_others(["api", "config"], installed) == ["config is also a package of other"]


LONG = "def f() -> None:\n" + "    g()\n" * 50
TO_DO = "# TO" + "DO: the rest\n"
FIX_ME = "FIX" + "ME\n"
HOME = "/ro" + "ot/x"
WORK = "see /wo" + "rk/notes"
PERSON = "/ho" + "me/someone/x"

# check, file, content, whether it is found
BAD_AND_GOOD: list[tuple[Check, str, str, bool]] = [
    (short_file, "streams/a.py", "x = 1\n" * 301, True),
    (short_file, "streams/a.py", "x = 1\n" * 300, False),
    (short_file, "docs/a.md", "x\n" * 301, False),
    (short_function, "tests/a.py", LONG, True),
    (short_function, "tests/a.py", LONG.removesuffix("    g()\n"), False),
    (
        short_function,
        "tests/a.py",
        "class C:\n" + LONG.replace("\n", "\n    ").replace("def", "    async def", 1),
        True,
    ),
    (no_float, "agents/a.py", "RATE = 0.8\n", True),
    (no_float, "agents/a.py", "x = float('1')\n", True),
    (no_float, "agents/a.py", "def f(rate: float) -> None: ...\n", True),
    (no_float, "agents/a.py", "RATE = Decimal('0.8')\n", False),
    (no_float, "sinks/a.py", "WAIT = 0.8\n", False),
    (repeatable, "agents/a.py", "import time\n", True),
    (repeatable, "agents/a.py", "from datetime import date\n", True),
    (repeatable, "agents/rules/a.py", "import random\n", True),
    (repeatable, "agents/a.py", "import os\n", True),
    (repeatable, "agents/a.py", "from uuid import uuid4\n", True),
    (repeatable, "agents/a.py", "import uuid\nx = uuid.uuid4()\n", True),
    (repeatable, "agents/a.py", "from uuid import uuid5\n", False),
    (repeatable, "api/a.py", "import time\n", False),
    (finished, "sinks/a.py", TO_DO, True),
    (finished, "docs/a.md", FIX_ME, True),
    (finished, "docs/a.md", "what to do\n", False),
    (name, "streams/utils.py", "", True),
    (name, "common/a.py", "", True),
    (name, "tests/api/helpers.py", "", True),
    (name, "agents/core/rules.py", "", True),
    (name, "agents/accumulators.py", "", False),
    (prints, "sinks/a.py", "print('x')\n", True),
    (prints, "tests/a.py", "def f() -> None:\n    print('x')\n", True),
    (prints, "cli/a.py", "print('x')\n", False),
    (docstring, "sinks/a.py", "x = 1\n", True),
    (docstring, "sinks/a.py", '"""What it is."""\nx = 1\n', False),
    (docstring, "sinks/__init__.py", "", False),
    (machine, "docs/a.md", HOME, True),
    (machine, "docs/a.md", WORK, True),
    (machine, "config/a.py", PERSON, True),
    (machine, "deploy/Dockerfile", "WORKDIR /ho" + "me/claims", False),
    (machine, "docs/a.md", "https://example.org/wo" + "rk/a", False),
]


@pytest.mark.parametrize(
    ("check", "path", "text", "bad"), BAD_AND_GOOD, ids=[f"{c.__name__}-{i}" for i, (c, *_) in enumerate(BAD_AND_GOOD)]
)
def test_each_check_can_fail(check: Check, path: str, text: str, bad: bool) -> None:
    assert bool(check(Source(PurePosixPath(path), text))) is bad


def test_every_check_has_an_example_that_fails() -> None:
    assert {check for check, _, _, bad in BAD_AND_GOOD if bad} == set(CHECKS)
