"""What a row of the document is made of. What follows from the table of routes is not said again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

Schema = Mapping[str, Any]
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter or a header of a request; of `where` path, one that stands in the path."""

    name: str
    text: str
    schema: Schema = field(default_factory=lambda: {"type": "string"})
    where: str = "query"

    @property
    def document(self) -> dict[str, Any]:
        """The parameter as the document has it."""
        required = {"required": True} if self.where == "path" else {}
        commas = {"explode": False} if self.schema.get("type") == "array" else {}
        return (
            {"name": self.name, "in": self.where, "description": self.text, "schema": dict(self.schema)}
            | required
            | commas
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """A successful answer: its words, the model of its body or the media types of what is no JSON, its headers."""

    text: str
    model: type[BaseModel] | None = None
    media: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Body:
    """What a request carries: a model in JSON, or other media by their types."""

    model: type[BaseModel] | None = None
    media: Mapping[str, Schema] = field(default_factory=dict)
    required: bool = True
    examples: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """A route in the document. `problems`: statuses beyond those that follow from the rule, the path and the body.

    `tagged`: the answer has an entity tag, and is not sent again to a caller that has it.
    """

    method: str
    path: str
    name: str
    summary: str
    replies: Mapping[int, Reply]
    body: Body | None = None
    takes: tuple[Parameter, ...] = ()
    problems: tuple[int, ...] = ()
    text: str = ""
    tagged: bool = False
