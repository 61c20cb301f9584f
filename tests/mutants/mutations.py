"""Small changes to a source that a good test notices: one changed operator, constant, condition or statement a mutant.

What no rule depends on is left alone: texts, annotations, decorators, sizes of caches, and assertions (they state what
never happens; `strict` of `zip` is one).
"""

import ast
import copy
import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Add,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
Change = tuple[str, ast.AST]


@dataclass(frozen=True, order=True)
class Mutant:
    """One change: in which file, at which lines of its statement, which node (by its place in the tree) and how."""

    path: str
    line: int
    node: int
    variant: int
    kind: str
    first_line: int
    last_line: int


def mutants_of(path: str, source: str) -> list[Mutant]:
    """Every mutant of a source, in the order of the file."""
    tree = ast.parse(source)
    spared = _spared(tree)
    spans = _spans(tree)
    found = []
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in spared:
            continue
        for variant, (kind, _) in enumerate(_changes(node)):
            first, last = spans[id(node)]
            found.append(Mutant(path, getattr(node, "lineno", first), number, variant, kind, first, last))
    return sorted(found)


def mutated(source: str, mutant: Mutant) -> ast.Module:
    """The tree of the source with the one change."""
    tree = ast.parse(source)
    node = next(node for number, node in enumerate(ast.walk(tree)) if number == mutant.node)
    _, replacement = list(_changes(node))[mutant.variant]
    ast.copy_location(replacement, node)
    changed = _Replacing(node, replacement).visit(tree)
    assert isinstance(changed, ast.Module)
    return ast.fix_missing_locations(changed)


def diff_of(source: str, mutant: Mutant) -> list[str]:
    """The lines that the change takes away and puts in, as Python writes them."""
    before = ast.unparse(ast.parse(source)).splitlines()
    after = ast.unparse(mutated(source, mutant)).splitlines()
    lines = list(difflib.unified_diff(before, after, n=0, lineterm=""))[2:]
    return [line for line in lines if not line.startswith("@@")]


class _Replacing(ast.NodeTransformer):
    def __init__(self, node: ast.AST, replacement: ast.AST) -> None:
        self._node = node
        self._replacement = replacement

    def visit(self, node: ast.AST) -> ast.AST:
        return self._replacement if node is self._node else self.generic_visit(node)


def _changes(node: ast.AST) -> Iterator[Change]:
    for change in CHANGES:
        yield from change(node)


def _comparison(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            operators = list(node.ops)
            operators[place] = COMPARED[type(operator)]()
            yield "comparison", ast.Compare(node.left, operators, node.comparators)


def _arithmetic(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in COMPUTED:
        changed = copy.copy(node)
        changed.op = COMPUTED[type(node.op)]()
        yield "arithmetic", changed


def _boolean(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.BoolOp):
        yield "boolean", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "boolean", node.operand
    if isinstance(node, ast.If | ast.IfExp | ast.While) and isinstance(node.test, ast.Name | ast.Attribute | ast.Call):
        changed = copy.copy(node)
        changed.test = ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test)
        yield "boolean", changed


def _constant(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield "constant", ast.Constant(not node.value)
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield "constant", ast.Constant(node.value + 1)


def _returned(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "return", ast.Return(ast.Constant(None))


def _removed(node: ast.AST) -> Iterator[Change]:
    called = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Yield | ast.YieldFrom)
    stored = isinstance(node, ast.Assign) and all(isinstance(t, ast.Subscript | ast.Attribute) for t in node.targets)
    if called or stored or isinstance(node, ast.AugAssign | ast.Continue | ast.Break | ast.Delete | ast.Raise):
        yield "statement", ast.Pass()


CHANGES: tuple[Callable[[ast.AST], Iterator[Change]], ...] = (
    _comparison,
    _arithmetic,
    _boolean,
    _constant,
    _returned,
    _removed,
)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_size(name: str) -> bool:
    """Names of cache sizes by the custom of the tree."""
    return name.endswith("_KEPT") or name == "REMEMBERED"


def _spared(tree: ast.AST) -> set[int]:
    """Nodes on which no rule depends, with all below them."""
    found: set[int] = set()
    for node in ast.walk(tree):
        parts: list[ast.AST | None] = []
        if isinstance(node, ast.Assert | ast.JoinedStr | ast.Import | ast.ImportFrom):
            parts.append(node)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            parts.append(node)
        if isinstance(node, ast.keyword) and node.arg in ("strict", "maxsize"):
            parts.append(node)
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and _is_size(t.id) for t in node.targets):
            parts.append(node)
        if isinstance(node, ast.AnnAssign | ast.arg):
            parts.append(node.annotation)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            parts.append(node.returns)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            parts += node.decorator_list
        found |= {id(below) for part in parts if part is not None for below in ast.walk(part)}
    return found


def _spans(tree: ast.AST) -> dict[int, tuple[int, int]]:
    """First and last line of the statement that each node belongs to; of a compound one, its head."""
    found: dict[int, tuple[int, int]] = {}

    def visit(node: ast.AST, span: tuple[int, int]) -> None:
        if isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case):
            span = _head(node, span)
        found[id(node)] = span
        for child in ast.iter_child_nodes(node):
            visit(child, span)

    visit(tree, (1, 1))
    return found


def _head(node: ast.stmt | ast.ExceptHandler | ast.match_case, outer: tuple[int, int]) -> tuple[int, int]:
    first = getattr(node, "lineno", outer[0])
    body = getattr(node, "body", None)
    if isinstance(body, list) and body:
        return first, max(first, body[0].lineno - 1)
    return first, getattr(node, "end_lineno", None) or first
