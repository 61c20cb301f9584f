"""The envelope of GraphQL; what is in it, the GraphQL schema says."""

from typing import Annotated, Any

from pydantic import Field

from api.models.base import Answer
from schemas.intake_model import Intake


class GraphQLGiven(Intake):
    """A query or mutation."""

    query: str
    variables: dict[str, Any] | None = None
    operation_name: str | None = None
    extensions: dict[str, Any] | None = None


class Place(Answer):
    """A place in the query."""

    line: int
    column: int


class GraphQLError(Answer):
    """What went wrong; `extensions` has the `code` and `type` of the problem, as REST has them."""

    message: str
    extensions: Annotated[dict[str, Any], Field(examples=[{"code": "forbidden", "status": 403}])]
    locations: list[Place] = Field(default=[])
    path: list[str | int] = Field(default=[])


class GraphQLAnswer(Answer):
    """What was asked for, and what went wrong."""

    data: dict[str, Any] | None = None
    errors: list[GraphQLError] = Field(default=[])
