"""What is wrong with a value that a person gave, in words of ours: of a setting, or of an option of a command.

Neither quotes the value, which may be a secret, unless the check that found it does.
"""

import re
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsError

from config.names import PREFIX, no_setting
from config.settings import Settings

_WHOLE, _SECTION = "must be a whole number", "must be a JSON object of its settings; or set each by a name of its own"
_TEXTS = {
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be text",
    "path_type": "must be the path of a file or folder",
    "literal_error": "must be {expected}",
    "greater_than_equal": "must be {ge} or more",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be {le} or less",
    "less_than": "must be less than {lt}",
    "string_pattern_mismatch": "must look like {like}",
    "value_error": "{error}",
    "dict_type": _SECTION,
    "model_type": _SECTION,
    "model_attributes_type": _SECTION,
}


def mistakes(error: ValidationError | SettingsError) -> list[tuple[str, str]]:
    """The name in the environment and what is wrong with its value, for each mistake in the settings.

    The name is empty where the text names more than one.
    """
    if isinstance(error, SettingsError):
        section = re.search(r'"(\w+)"', str(error))
        return [(PREFIX + section[1].upper() if section else "", _SECTION)]
    found: list[tuple[str, str]] = []
    for problem in error.errors(include_url=False, include_input=False):
        parts = [str(part) for part in problem["loc"]]
        name = PREFIX + "__".join(parts).upper() if parts else ""
        unknown = problem["type"] == "extra_forbidden"
        text = no_setting(name) if unknown else reason(problem, _like(parts))
        found += [(name, line) for line in text.splitlines()]
    return found


def reason(problem: ErrorDetails, like: str = "") -> str:
    """Why a value is refused; `like` shows values that would not be."""
    context = {name: _shown(value) for name, value in problem.get("ctx", {}).items()}
    return _TEXTS.get(problem["type"], problem["msg"]).format_map(context | {"like": like})


def _like(parts: list[str]) -> str:
    """Examples of a setting, for one whose form is not said in a word."""
    model: type[BaseModel] = Settings
    for part in parts:
        field = model.model_fields.get(part)
        if field is None:
            return ""
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            model = field.annotation
        elif field.examples:
            return " or ".join(field.examples)
    return ""


def _shown(value: Any) -> str:
    if isinstance(value, int | float):
        return f"{value:,g}" if abs(value) < 1_000 else f"{value:,.0f}"
    return str(value)
