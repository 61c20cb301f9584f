"""The one door for claims as JSON, by HTTP or in a file: parse, check, turn into a SubmittedClaim, and back.

value = parse_json(body)                        # raises JsonTextError
intake = ClaimIntake.model_validate(value)      # raises ValidationError: problems(error) says what to mend
claim = to_submitted(intake, submitter_id=..., ...)
"""

from pydantic import ValidationError

from schemas.envelope import Finding
from schemas.intake_claim import to_submitted, told_apart, with_ids
from schemas.intake_json import to_json
from schemas.intake_model import ClaimIntake
from schemas.json_text import JsonTextError, dump_json, parse_json, place_name

__all__ = [
    "ClaimIntake",
    "JsonTextError",
    "dump_json",
    "parse_json",
    "problems",
    "to_json",
    "to_submitted",
    "told_apart",
    "with_ids",
]

_TEXTS = {
    "missing": "is missing",
    "string_type": "must be text",
    "string_too_short": "must not be empty",
    "string_too_long": "is longer than {max_length} characters",
    "string_unicode": "holds characters that are no Unicode text",
    "too_short": "is an empty list; send one or more",
    "too_long": "has more than {max_length} entries",
    "literal_error": "must be one of {expected}",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "greater_than_equal": "must be {ge} or more",
    "less_than_equal": "must be {le} or less",
    "string_pattern_mismatch": "does not have the right form",
}


def problems(error: ValidationError) -> list[Finding]:
    """What is wrong with the JSON, in words for the submitter; never quotes a value, since values are personal."""
    found: list[Finding] = []
    for item in error.errors(include_url=False, include_input=False):
        kind, context, place = item["type"], item.get("ctx", {}), _place(item["loc"])
        if kind == "contradictions":
            found += [Finding(code, where, f"{where} {text}") for code, where, text in context["found"]]
        elif kind == "extra_forbidden":
            text = f"{place} is no field we know; leave it out or mend its name"
            found.append(Finding("unknown_field", place, text))
        else:
            text = _TEXTS[kind].format(**context) if kind in _TEXTS else item["msg"]
            found.append(Finding(kind, place, f"{place or 'the claim'} {text}"))
    return found


def _place(location: tuple[int | str, ...]) -> str:
    place = ""
    for part in location:
        if isinstance(part, int):
            place += f"[{part}]"
        else:
            name = place_name(part)
            place = f"{place}.{name}" if place else name
    return place
