"""Mutation testing: `python -m tests.mutants --sample 300 --seed 1`. Ends with 1 when too few mutants die.

Configured in pyproject.toml under [tool.mutants]. Every mutant is tried in a process of its own against the tests that
run its line; a trial that takes much longer than those tests do counts as noticed.
"""

import argparse
import importlib
import os
import pickle
import random
import signal
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.mutants import report
from tests.mutants.covering import Covered, cover
from tests.mutants.mutations import Mutant, mutants_of
from tests.mutants.trial import KILLED, SURVIVED, UNTESTED, start

# Plugins are imported before pytest starts here, which it would warn of.
QUIET = "ignore::pytest.PytestAssertRewriteWarning"
OPTIONS = ("-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:pytest_cov", "-W", QUIET)
# What a trial may take: much more than its tests took, and time to start.
TIMES_LONGER_MAX = 10.0
SECONDS_MORE = 20.0
EXAMPLES = 15
OUTCOMES = {SURVIVED: "survived", KILLED: "killed", UNTESTED: "untested"}


@dataclass(frozen=True)
class Configuration:
    """`source`: the package to change. `beneath`: packages of the tree that it imports and that import none of it."""

    source: str
    tests: tuple[str, ...]
    beneath: tuple[str, ...]
    killed_percent_min: int


def main() -> int:
    """Run, print, and say whether enough mutants died."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, help="try that many mutants, chosen by the seed; all without it")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", default="", help="only files whose path contains this")
    chosen = parser.parse_args()
    root = Path.cwd()
    given: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["mutants"]
    configuration = Configuration(
        given["source"], tuple(given["tests"]), tuple(given["beneath"]), given["killed_percent_min"]
    )
    covered = in_a_process(root, configuration)
    sys.stdout.write(f"{len(covered.seconds)} tests pass in {sum(covered.seconds.values()):.1f} s\n")
    mutants = sample(all_mutants(root, configuration.source, chosen.only), chosen.sample, chosen.seed)
    import_all(covered.modules, configuration.beneath)
    check_that_trials_work(root, mutants, covered)
    outcomes: dict[Mutant, str] = {}
    for mutant, outcome in try_all(root, mutants, covered, chosen.workers):
        outcomes[mutant] = outcome
        report.progress(len(outcomes), len(mutants), outcomes)
    return report.show(root, outcomes, configuration.killed_percent_min)


def all_mutants(root: Path, source: str, only: str) -> list[Mutant]:
    """Every mutant of the package, in order."""
    paths = sorted(str(path.relative_to(root)) for path in (root / source).rglob("*.py"))
    return [
        mutant
        for path in paths
        if only in path
        for mutant in mutants_of(path, (root / path).read_text(encoding="utf-8"))
    ]


def sample(mutants: list[Mutant], size: int | None, seed: int) -> list[Mutant]:
    """As many of them, the same for the same seed; all when there are not more."""
    if size is None or size >= len(mutants):
        return mutants
    return sorted(random.Random(seed).sample(mutants, size))


def in_a_process(root: Path, configuration: Configuration) -> Covered:
    """The coverage of the unchanged source, from a process of its own: this one must not import it."""
    with tempfile.NamedTemporaryFile(suffix=".pickle") as file:
        sys.stdout.flush()
        child = os.fork()
        if not child:
            code = 1
            try:
                os.dup2(2, 1)
                settle_examples()
                found = cover(root, configuration.source, configuration.tests, OPTIONS)
                Path(file.name).write_bytes(pickle.dumps(found))
                code = 0
            except RuntimeError as error:
                sys.stderr.write(f"{error}\n")
            finally:
                os._exit(code)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            raise SystemExit(2)
        loaded: Covered = pickle.loads(Path(file.name).read_bytes())
        return loaded


def settle_examples() -> None:
    """Hypothesis tries few examples, the same ones each time: where a test names no number of its own."""
    import hypothesis

    hypothesis.settings.register_profile(
        "mutants",
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=EXAMPLES,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.load_profile("mutants")
    # What the property tests load when they are collected.
    os.environ["CLAIMS_PROPERTIES"] = "mutants"


def import_all(modules: Sequence[str], beneath: Sequence[str]) -> None:
    """Import once, here, what every trial needs."""
    settle_examples()
    for name in (*modules, *beneath):
        try:
            importlib.import_module(name)
        except ImportError:
            continue


def check_that_trials_work(root: Path, mutants: Sequence[Mutant], covered: Covered) -> None:
    """The unchanged source survives a trial: else all would be noticed, for a reason that is none."""
    for mutant in mutants:
        if tests := covered.of(mutant):
            _, status = os.waitpid(start(root, mutant, tests, OPTIONS, change=False), 0)
            if os.waitstatus_to_exitcode(status) != SURVIVED:
                raise SystemExit(f"the tests of {mutant.path} fail in a trial of the unchanged source")
            return


def try_all(root: Path, mutants: Sequence[Mutant], covered: Covered, workers: int) -> Iterator[tuple[Mutant, str]]:
    """Try mutants, several at a time, and tell what became of each as it ends."""
    waiting = list(reversed(mutants))
    running: dict[int, tuple[Mutant, float]] = {}
    while waiting or running:
        while waiting and len(running) < workers:
            mutant = waiting.pop()
            tests = covered.of(mutant)
            limit = SECONDS_MORE + TIMES_LONGER_MAX * sum(covered.seconds[test] for test in tests)
            running[start(root, mutant, tests, OPTIONS)] = mutant, time.monotonic() + limit
        for child, (mutant, until) in list(running.items()):
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                del running[child]
                yield mutant, OUTCOMES.get(os.waitstatus_to_exitcode(status), "killed")
            elif time.monotonic() > until:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                del running[child]
                yield mutant, "timed out"
        time.sleep(0.005)


if __name__ == "__main__":
    sys.exit(main())
