"""What keeps the tree readable: each check takes a file and returns what is wrong with it, one line each."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

FILE_LINES_MAX = 300
FUNCTION_LINES_MAX = 50
# Names that say nothing, and so collect everything.
EMPTY_NAMES = frozenset({"utils", "util", "common", "helpers", "helper", "core", "misc"})
# What would make a rule give another answer on another day or machine.
UNREPEATABLE = frozenset({"datetime", "time", "random", "os", "secrets", "uuid.uuid1", "uuid.uuid4"})
# In two pieces, so that this file passes its own checks.
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:ro" + r"ot|wo" + r"rk)/|(?<![\w.~-])/(?:home|Users)/(?!me\b|claims\b)\w+")


@dataclass(frozen=True)
class Source:
    """A file of the tree: its path from the root, and its text."""

    path: PurePosixPath
    text: str

    @property
    def python(self) -> bool:
        """Whether the file is Python."""
        return self.path.suffix == ".py"

    @property
    def package(self) -> str:
        """The top-level folder; empty for a file at the root."""
        return self.path.parts[0] if len(self.path.parts) > 1 else ""

    def nodes(self) -> Iterator[ast.AST]:
        """Every node of the syntax tree."""
        return ast.walk(ast.parse(self.text))


Check = Callable[[Source], list[str]]


def file_is_short(source: Source) -> list[str]:
    """A file has one idea, and one idea fits on 300 lines."""
    lines = source.text.count("\n")
    return [f"{lines} lines, at most {FILE_LINES_MAX}"] if source.python and lines > FILE_LINES_MAX else []


def functions_are_short(source: Source) -> list[str]:
    """A function is at most 50 lines from `def` to its end."""
    found = []
    for node in source.nodes() if source.python else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                found.append(f"line {node.lineno}: {node.name} has {lines} lines, at most {FUNCTION_LINES_MAX}")
    return found


def rules_use_no_float(source: Source) -> list[str]:
    """Money and rates in rules are integers and decimals: no float literal, no use of the type."""
    if not source.python or source.package != "agents":
        return []
    return [
        f"line {node.lineno}: a float"
        for node in source.nodes()
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float")
    ]


def rules_are_repeatable(source: Source) -> list[str]:
    """Rules see no clock, no chance and no environment: the same input gives the same bytes."""
    if not source.python or source.package != "agents":
        return []
    found = []
    for node in source.nodes():
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            names = [f"{node.value.id}.{node.attr}"]
        line = getattr(node, "lineno", 0)
        found += [f"line {line}: {name}" for name in names if name in UNREPEATABLE]
    return found


def nothing_is_unfinished(source: Source) -> list[str]:
    """What is missing stands in an issue, not in a comment."""
    return [f"line {number}: unfinished" for number, line in _lines(source) if UNFINISHED.search(line)]


def names_say_something(source: Source) -> list[str]:
    """No module or package has a name under which anything could be put."""
    if not source.python:
        return []
    return [f"the name {part!r} says nothing" for part in source.path.with_suffix("").parts if part in EMPTY_NAMES]


def only_the_command_line_prints(source: Source) -> list[str]:
    """Everything else logs, through structlog."""
    if not source.python or source.package == "cli":
        return []
    return [
        f"line {node.lineno}: print()"
        for node in source.nodes()
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]


def modules_say_what_they_are(source: Source) -> list[str]:
    """Every module that holds anything begins with a docstring; tests are named after what they test."""
    if not source.python or source.path.name.startswith(("test_", "conftest")):
        return []
    tree = ast.parse(source.text)
    return ["no docstring"] if tree.body and not ast.get_docstring(tree) else []


def no_machine_is_named(source: Source) -> list[str]:
    """Nothing depends on the folder somebody works in."""
    return [f"line {number}: {hit[0]}" for number, line in _lines(source) if (hit := MACHINE_PATH.search(line))]


CHECKS: tuple[Check, ...] = (
    file_is_short,
    functions_are_short,
    rules_use_no_float,
    rules_are_repeatable,
    nothing_is_unfinished,
    names_say_something,
    only_the_command_line_prints,
    modules_say_what_they_are,
    no_machine_is_named,
)


def claimed_by_others(
    packages: Sequence[str], installed: Mapping[str, Sequence[str]], own: str = "claims-engine"
) -> list[str]:
    """Installed distributions, other than our own, that bring a package of one of our names."""
    return [
        f"{package} is also a package of {distribution}"
        for package in packages
        for distribution in sorted(set(installed.get(package, ())))
        if distribution != own
    ]


def _lines(source: Source) -> Iterator[tuple[int, str]]:
    return enumerate(source.text.splitlines(), 1)
