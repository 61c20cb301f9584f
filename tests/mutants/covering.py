"""Which tests run which lines: one run of all of them, each under a coverage context of its own."""

import sys
import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import coverage
import pytest

from tests.mutants.mutations import Mutant


@dataclass
class Covered:
    """Tests by file and line, what each took in seconds, and the modules that a run imports from elsewhere."""

    tests: dict[str, dict[int, set[str]]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    modules: list[str] = field(default_factory=list)

    def of(self, mutant: Mutant) -> list[str]:
        """The tests that may notice a mutant, the quickest first.

        Those that run a line of its statement; for what runs when its module is imported, those that run any line of
        the file; for a file that only holds constants, all.
        """
        by_line = self.tests.get(mutant.path, {})
        lines = range(mutant.first_line, mutant.last_line + 1)
        found = {test for line in lines for test in by_line.get(line, ())}
        if not found and any(line in by_line for line in lines):
            found = {test for tests in by_line.values() for test in tests} or set(self.seconds)
        return sorted(found, key=lambda test: (self.seconds[test], test))


class _Contexts:
    """Tells coverage which test runs, and notes how long it took and whether all passed."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self._measured = measured
        self.seconds: dict[str, float] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        self._measured.switch_context(item.nodeid)
        started = time.perf_counter()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = time.perf_counter() - started
            self._measured.switch_context("")


def cover(root: Path, source: str, tests: Sequence[str], options: Sequence[str]) -> Covered:
    """Run the tests on the unchanged source. Raises RuntimeError when one of them fails."""
    measured = coverage.Coverage(data_file=None, source=[source], branch=False, config_file=False)
    plugin = _Contexts(measured)
    measured.start()
    try:
        code = pytest.main([*options, *tests], plugins=[plugin])
    finally:
        measured.stop()
    if code != pytest.ExitCode.OK:
        raise RuntimeError(f"the tests fail on the unchanged source (pytest says {code}); mend them first")
    data = measured.get_data()
    lines = {
        str(Path(path).relative_to(root)): {
            line: {context for context in contexts if context}
            for line, contexts in data.contexts_by_lineno(path).items()
        }
        for path in data.measured_files()
    }
    return Covered(lines, plugin.seconds, _elsewhere(root, sys.modules))


def _elsewhere(root: Path, modules: Mapping[str, Any]) -> list[str]:
    """Modules that are not of this tree: a process that has imported them starts trials quickly."""
    found = []
    for name, module in sorted(modules.items()):
        path = getattr(module, "__file__", None)
        ours = path is not None and Path(path).is_relative_to(root) and "site-packages" not in path
        if not ours and name != "__main__" and getattr(module, "__spec__", None) is not None:
            found.append(name)
    return found
