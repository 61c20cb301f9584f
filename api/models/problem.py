"""Whatever goes wrong: an RFC 9457 problem."""

from typing import Annotated

from pydantic import Field

from api.models.base import Answer


class MistakeFound(Answer):
    """One thing wrong with a request."""

    code: Annotated[str, Field(description="Stable; for programs.", examples=["service_date_missing"])]
    place: Annotated[str, Field(description="Where in the body.", examples=["items[0].chargedAmount"])]
    detail: Annotated[str, Field(description="What to do about it; for people.")]


class ProblemFound(Answer):
    """Why a request was not carried out."""

    type: Annotated[str, Field(description="Stable; for programs.", examples=["urn:claims-engine:problem:conflict"])]
    title: str
    status: int
    detail: Annotated[str, Field(description="What is wrong and what to do; for people.")]
    correlation_id: Annotated[str, Field(description="What to quote when asking for help.")]
    errors: list[MistakeFound] = Field(default=[], description="Each mistake, where the request has some.")
