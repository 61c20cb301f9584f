"""What fragments blow a query up to, found before anything walks it: twenty that name the next twice are a million."""

from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
)
from strawberry.extensions.add_validation_rules import AddValidationRules

from config.limits import GRAPHQL_TOKENS_MAX


class BoundedSpreads(ValidationRule):
    """Refuses a query with more fields, each fragment in its places, than a query without fragments can have.

    It stands in front of the rules that follow every spread: they take for granted that it leads somewhere, and soon.
    """

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        if size_of(context.document) > GRAPHQL_TOKENS_MAX:
            text = f"With its fragments in their places the query has more than {GRAPHQL_TOKENS_MAX} fields."
            raise GraphQLError(text, extensions={"code": "too_costly"})


class SpreadLimit(AddValidationRules):
    """The rule as an extension; it must stand before those that limit depth and aliases."""

    def __init__(self) -> None:
        super().__init__([BoundedSpreads])


def size_of(document: Any) -> int:
    """Fields and spreads of all operations; a fragment counts wherever it is spread. One look at each fragment."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    known: dict[str, int] = {}

    def of(chosen: SelectionSetNode | None) -> int:
        return 0 if chosen is None else sum(each(node) for node in chosen.selections)

    def each(node: Any) -> int:
        if not isinstance(node, FragmentSpreadNode):
            return isinstance(node, FieldNode) + of(node.selection_set)
        name = node.name.value
        if name not in fragments:
            raise GraphQLError("A fragment is spread that the query does not define.", [node])
        if name not in known:
            known[name] = 0  # one that leads back to itself is refused by the rule for that
            known[name] = of(fragments[name].selection_set)
        return 1 + known[name]

    return sum(of(node.selection_set) for node in document.definitions if isinstance(node, OperationDefinitionNode))
