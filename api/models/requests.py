"""Bodies of requests that are no claims."""

from typing import Annotated

from pydantic import Field

from config import limits
from schemas.intake_model import Intake
from schemas.vocabulary import Form, Status, Substatus


class CommandGiven(Intake):
    """What somebody says to a claim. All but release need a `reason`."""

    reason: Annotated[str | None, Field(max_length=limits.TEXT_CHARACTERS_MAX)] = None
    command_id: Annotated[
        str | None,
        Field(
            pattern=r"^[A-Za-z0-9._:-]{1,100}$",
            description="Of the caller's choosing; a command is carried out once, however often it is sent.",
        ),
    ] = None


Name = Annotated[str | None, Field(min_length=1, max_length=200)]
Words = Annotated[str | None, Field(min_length=1, max_length=limits.SEARCH_TEXT_CHARACTERS_MAX)]
DayAsked = Annotated[str | None, Field(json_schema_extra={"format": "date"})]


class IdentifierAsked(Intake):
    """An identifier in a named system, such as nik."""

    system: Annotated[str, Field(min_length=1, max_length=limits.CODE_CHARACTERS_MAX)]
    value: Annotated[str, Field(min_length=1, max_length=200)]


class ClaimSearch(Intake):
    """Conditions that all hold; null says nothing. What must not stand in a URL is asked for here."""

    ids: Annotated[list[str] | None, Field(min_length=1, max_length=limits.LIST_NAMES_MAX)] = None
    status: Annotated[list[Status] | None, Field(min_length=1)] = None
    substatus: Annotated[list[Substatus] | None, Field(min_length=1)] = None
    form: Annotated[list[Form] | None, Field(min_length=1)] = None
    member_id: Name = None
    provider_id: Name = None
    date_from: DayAsked = None
    date_to: DayAsked = None
    submitted_from: DayAsked = None
    submitted_to: DayAsked = None
    member_identifiers: Annotated[
        list[IdentifierAsked] | None, Field(min_length=1, max_length=limits.SEARCH_IDENTIFIERS_MAX)
    ] = None
    member_name: Words = None
    claim_control_number: Annotated[Name, Field(description="The submitter's own number of the claim.")] = None
    submitter_id: Annotated[Name, Field(description="Under whose name that number is unique.")] = None
    text: Annotated[Words, Field(description="Words in findings and in reasons.")] = None
    limit: Annotated[int | None, Field(ge=1, le=limits.PAGE_CLAIMS_MAX)] = None
    cursor: Annotated[str | None, Field(min_length=1, max_length=64, description="`next` of the page before.")] = None
