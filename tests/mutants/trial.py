"""One mutant against the tests that run its line, in a process of its own that ends with the answer."""

import ast
import importlib.abc
import importlib.machinery
import importlib.util
import os
import resource
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

from tests.mutants.mutations import Mutant, mutated

# Exit codes of a trial. A child that a signal ended counts as killed too: a mutant that eats memory is noticed.
SURVIVED, KILLED, UNTESTED = 0, 1, 2
MEMORY_BYTES_MAX = 4 * 1024**3


class Patched(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from a changed tree; all others come from where they always do."""

    def __init__(self, module: str, path: Path, tree: ast.Module) -> None:
        self._module = module
        self._path = path
        self._tree = tree

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._module:
            return None
        return importlib.util.spec_from_file_location(fullname, self._path, loader=self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(compile(self._tree, str(self._path), "exec"), module.__dict__)


class _Chosen:
    """Runs the chosen tests only, in their order."""

    def __init__(self, chosen: Sequence[str]) -> None:
        self._order = {test: place for place, test in enumerate(chosen)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((i for i in items if i.nodeid in self._order), key=lambda i: self._order[i.nodeid])


def module_of(path: str) -> str:
    """Name of the module in a file of the tree."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def start(root: Path, mutant: Mutant, chosen: Sequence[str], options: Sequence[str], *, change: bool = True) -> int:
    """Fork a trial; returns its process id. Nothing of the tree that imports the mutated module may be loaded here.

    Without `change` the source is tried as it is.
    """
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    code = KILLED
    try:
        code = _run(root, mutant, chosen, options, change)
    finally:
        os._exit(code)


def _run(root: Path, mutant: Mutant, chosen: Sequence[str], options: Sequence[str], change: bool) -> int:
    if not chosen:
        return UNTESTED
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    path = root / mutant.path
    assert module_of(mutant.path) not in sys.modules
    source = path.read_text(encoding="utf-8")
    tree = mutated(source, mutant) if change else ast.parse(source)
    sys.meta_path.insert(0, Patched(module_of(mutant.path), path, tree))
    files = list(dict.fromkeys(test.partition("::")[0] for test in chosen))
    code = pytest.main([*options, "-x", *files], plugins=[_Chosen(chosen)])
    return SURVIVED if code == pytest.ExitCode.OK else KILLED
