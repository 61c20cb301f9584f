"""The schema with its limits, and the execution of one request on it."""

from collections.abc import Mapping
from decimal import Decimal, DecimalException
from functools import cache, partial
from typing import Any

import strawberry
import structlog
from graphql import ExecutionResult, GraphQLError, ValueNode
from graphql.language import FloatValueNode, IntValueNode, StringValueNode
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import (
    DisableIntrospection,
    MaxAliasesLimiter,
    MaxTokensLimiter,
    QueryDepthLimiter,
    SchemaExtension,
)
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionContext
from strawberry.types.scalar import ScalarDefinition

from api.graphql.asking import Asked
from api.graphql.cost import CostLimit
from api.graphql.errors import is_of_value
from api.graphql.operations import Mutation, Query
from api.graphql.spreads import SpreadLimit
from api.problems import Problem
from config.limits import GRAPHQL_ALIASES_MAX, GRAPHQL_DEPTH_MAX, GRAPHQL_TOKENS_MAX

log = structlog.get_logger(__name__)


def _decimal(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise GraphQLError("An amount is a number, or a decimal number as text.")
    try:
        return Decimal(value)
    except DecimalException:
        raise GraphQLError("An amount is a number, or a decimal number as text.") from None


def _written(node: ValueNode, _: Mapping[str, Any] | None = None) -> Decimal:
    """A number as it stands in the query: through a float it would lose digits."""
    if isinstance(node, FloatValueNode | IntValueNode | StringValueNode):
        return _decimal(node.value)
    raise GraphQLError("An amount is a number, or a decimal number as text.")


_DECIMAL = ScalarDefinition(
    name="Decimal",
    description='An exact decimal number, answered as text such as "150.00"; taken as a number or as text.',
    specified_by_url=None,
    serialize=str,
    parse_value=_decimal,
    parse_literal=_written,
    origin=Decimal,
)


class _Schema(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Log bugs by their kind and place; what a caller did wrong is theirs to hear, and may name a person."""
        for error in errors:
            if is_of_value(error):
                continue
            if error.original_error is not None and not isinstance(error.original_error, Problem | GraphQLError):
                log.error("unexpected error", exc_info=error.original_error, place=error.path)


@cache
def schema_of(introspection: bool) -> strawberry.Schema:
    """The schema; without introspection it does not tell what it has, nor suggest names."""
    extensions: list[Any] = [
        SpreadLimit,
        partial(QueryDepthLimiter, max_depth=GRAPHQL_DEPTH_MAX),
        partial(MaxTokensLimiter, max_token_count=GRAPHQL_TOKENS_MAX),
        partial(MaxAliasesLimiter, max_alias_count=GRAPHQL_ALIASES_MAX),
        CostLimit,
    ]
    closed: list[type[SchemaExtension]] = [] if introspection else [DisableIntrospection]
    return _Schema(
        query=Query,
        mutation=Mutation,
        extensions=[*extensions, *closed],
        config=StrawberryConfig(disable_field_suggestions=not introspection, scalar_map={Decimal: _DECIMAL}),
    )


async def execute(asked: Asked, introspection: bool, query: str, variables: dict[str, Any]) -> Any:
    """The result of a query: `data` and `errors` of graphql-core."""
    try:
        return await schema_of(introspection).execute(
            query, variable_values=variables, context_value=asked, operation_name=asked.operation
        )
    except MissingQueryError:
        text = "The query is empty."
    except (CannotGetOperationTypeError, InvalidOperationTypeError):
        text = "The query has no operation of that name which can be executed here."
    return ExecutionResult(None, [GraphQLError(text)])
