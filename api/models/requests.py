"""Bodies of requests that are no claims."""

from typing import Annotated

from pydantic import Field

from config.limits import TEXT_CHARACTERS_MAX
from schemas.intake_model import Intake


class CommandGiven(Intake):
    """What somebody says to a claim. All but release need a `reason`."""

    reason: Annotated[str | None, Field(max_length=TEXT_CHARACTERS_MAX)] = None
    command_id: Annotated[
        str | None,
        Field(
            pattern=r"^[A-Za-z0-9._:-]{1,100}$",
            description="Of the caller's choosing; a command is carried out once, however often it is sent.",
        ),
    ] = None
