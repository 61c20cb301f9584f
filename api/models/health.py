"""What probes are told."""

from typing import Literal

from pydantic import Field

from api.models.base import Answer


class Alive(Answer):
    """The process answers."""

    status: Literal["alive"]


class Missing(Answer):
    """A service that does not answer."""

    service: str
    reason: str


class Ready(Answer):
    """Whether claims can be taken and looked up; where not, why."""

    status: Literal["ready", "not_ready"]
    reasons: list[Missing] = Field(default=[])
