"""What a query may cost: fields, times the claims they are asked of. Checked before anything is executed."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
)
from strawberry.extensions import SchemaExtension

from api.filters import PAGE_DEFAULT
from config.limits import GRAPHQL_COST_MAX, PAGE_CLAIMS_MAX

# A mutation waits for all replicas of the broker; a question for the database.
_MUTATION, _QUERY = 500, 10
# What is not in the row of a claim waits for what is fetched, claim by claim.
_FETCHED, _FETCHED_COST = frozenset({"items", "adjudication", "payment"}), 5
# Of people the row has the id, and no more.
_PEOPLE, _IN_ROW = frozenset({"member", "provider"}), frozenset({"id", "__typename"})
_LIST, _SIZE = "claims", "first"


class CostLimit(SchemaExtension):
    """Refuses an operation that costs more than GRAPHQL_COST_MAX; the error says how much it does."""

    def on_execute(self) -> Iterator[None]:
        """Before the first resolver runs: the document is valid by now, so fragments end and names are known."""
        context = self.execution_context
        if context.context.operation is None and _operations(context.graphql_document)[1:]:
            text = "The query has several operations: name the one to execute as operationName."
            context.result = ExecutionResult(None, [GraphQLError(text)])
        cost = cost_of(context.graphql_document, context.operation_name, context.variables or {})
        if cost > GRAPHQL_COST_MAX:
            text = f"The query costs {cost}, at most {GRAPHQL_COST_MAX}: ask for fewer claims (first) or fields."
            context.result = ExecutionResult(None, [GraphQLError(text, extensions={"code": "too_costly"})])
        yield


def cost_of(document: Any, name: str | None, variables: Mapping[str, Any]) -> int:
    """The cost of the operation of that name, or of the only one."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    chosen = next(
        (node for node in _operations(document) if name is None or (node.name and node.name.value == name)), None
    )
    if chosen is None:
        return 0  # execution says that there is no such operation
    each = _MUTATION if chosen.operation is OperationType.MUTATION else _QUERY
    fields = list(_fields(chosen.selection_set, fragments))
    return sum(each + _cost(field, fragments, variables) for field in fields)


def _operations(document: Any) -> list[OperationDefinitionNode]:
    return [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]


def _cost(field: FieldNode, fragments: Mapping[str, FragmentDefinitionNode], variables: Mapping[str, Any]) -> int:
    if field.selection_set is None:
        return 1
    chosen = list(_fields(field.selection_set, fragments))
    inside = sum(_cost(each, fragments, variables) for each in chosen)
    more = field.name.value in _PEOPLE and any(each.name.value not in _IN_ROW for each in chosen)
    own = _FETCHED_COST if more or field.name.value in _FETCHED else 1
    return own + inside * (_first(field, variables) if field.name.value == _LIST else 1)


def _fields(chosen: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode]) -> Iterator[FieldNode]:
    for node in chosen.selections:
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, InlineFragmentNode):
            yield from _fields(node.selection_set, fragments)
        elif isinstance(node, FragmentSpreadNode):
            yield from _fields(fragments[node.name.value].selection_set, fragments)


def _first(field: FieldNode, variables: Mapping[str, Any]) -> int:
    """How many claims a list asks for; as many as there may be where that cannot be told."""
    given = next((argument.value for argument in field.arguments or () if argument.name.value == _SIZE), None)
    if given is None:
        return PAGE_DEFAULT
    if isinstance(given, IntValueNode):
        return max(1, int(given.value))
    known = variables.get(given.name.value, PAGE_CLAIMS_MAX) if isinstance(given, VariableNode) else None
    return max(1, known) if isinstance(known, int) else PAGE_CLAIMS_MAX
