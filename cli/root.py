"""The root of all commands: it tells what is wrong with an option in the words that settings have."""

from typing import Any

import typer
from typer.core import TyperGroup


class Root(TyperGroup):
    """A group whose commands, however deep, refuse options without the wording of a library."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command. An option that cannot be read raises BadParameter, which ends it with 2."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = _in_our_words(error)
            raise


def _in_our_words(error: typer.BadParameter) -> str:
    from pydantic import ValidationError

    from config.mistakes import reason

    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        return error.message
    return reason(cause.errors(include_url=False, include_input=False)[0])
