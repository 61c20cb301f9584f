"""What a query comes to before anything walks it: twenty fragments that name the next one twice are a million fields.

And what is given twice is compared, each with each: a query of 2,000 words could take a second to be found valid.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
)
from strawberry.extensions.add_validation_rules import AddValidationRules

from config.limits import GRAPHQL_PAIRS_MAX, GRAPHQL_TOKENS_MAX


class BoundedSpreads(ValidationRule):
    """Refuses a query with more fields, each fragment in its places, than a query without fragments can have.

    And one that gives the same fields, or fragments, over and over.

    It stands in front of the rules that follow every spread: they take for granted that it leads somewhere, and soon.
    """

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        if size_of(context.document) > GRAPHQL_TOKENS_MAX:
            text = f"With its fragments in their places the query has more than {GRAPHQL_TOKENS_MAX} fields."
            raise GraphQLError(text, extensions={"code": "too_costly"})
        if pairs_of(context.document) > GRAPHQL_PAIRS_MAX:
            text = "The query gives the same fields too often, or has too many fragments: give each of them once."
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


def pairs_of(document: Any) -> int:
    """About how many comparisons it takes to find that no field contradicts another; it need not be a valid query.

    Fields of one name in one place are compared each with each, and so are fragments.
    """
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    pairs, seen = _pairs(len(fragments)), 0
    places = [[node.selection_set] for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    while places and pairs <= GRAPHQL_PAIRS_MAX:
        by_name: dict[str, list[FieldNode]] = {}
        for field in _merged(places.pop(), fragments):
            by_name.setdefault((field.alias or field.name).value, []).append(field)
            seen += 1
        pairs += sum(_pairs(len(same)) for same in by_name.values())
        inside = ([field.selection_set for field in same if field.selection_set] for same in by_name.values())
        # Only fragments that lead back to themselves bring more fields than the query has: a rule refuses them.
        if seen <= GRAPHQL_TOKENS_MAX:
            places += [sets for sets in inside if sets]
    return pairs


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def _merged(chosen: Iterable[SelectionSetNode], fragments: dict[str, FragmentDefinitionNode]) -> Iterator[FieldNode]:
    """The fields of these selections as if they were one, each fragment once."""
    known: set[str] = set()
    waiting = list(chain.from_iterable(each.selections for each in chosen))
    while waiting:
        node = waiting.pop()
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, InlineFragmentNode):
            waiting += node.selection_set.selections
        elif isinstance(node, FragmentSpreadNode) and node.name.value in fragments and node.name.value not in known:
            known.add(node.name.value)
            waiting += fragments[node.name.value].selection_set.selections
