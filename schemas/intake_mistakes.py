"""All mistakes of a claim at once: whether it holds together is judged even where single fields of it are wrong.

pydantic looks at a whole only once each of its parts is right. So where parts are wrong they are taken out, or replaced
by what a claim cannot do without, and the rest is looked at again. A good claim never comes here.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from config.limits import FINDINGS_SHOWN_MAX

# Fields first, then the codes of items, then the claim as a whole.
_LOOKS = 3
_DATE = "2000-01-01"
# What stands for a wrong value that was given, so that nobody hears that it is missing as well.
_STANDS_FOR = {"serviceDate": _DATE, "chargedAmount": 0, "serviceCode": "X", "procedureCode": "X", "revenueCode": "X"}
_ITEM = {"serviceCode": "X", "chargedAmount": 0}
_TOLD = ("contradictions", "code_missing")
# What nobody can say while these fields are wrong. `items`: as a whole.
_NEEDS: Mapping[str, frozenset[str]] = {
    "member_missing": frozenset({"memberId", "member"}),
    "member_contradicts": frozenset({"memberId", "member"}),
    "provider_missing": frozenset({"providerId", "provider"}),
    "provider_contradicts": frozenset({"providerId", "provider"}),
    "line_number_contradicts": frozenset({"lineNumber"}),
    "payer_line_contradicts": frozenset({"lineNumber", "items"}),
    "amount_too_fine": frozenset({"currency"}),
}
Error = Mapping[str, Any]


def with_all_mistakes(error: ValidationError, value: object, look: Callable[[object], object]) -> ValidationError:
    """The error, and what else is wrong with the value; `look` raises ValidationError for what it is given."""
    if error.error_count() >= FINDINGS_SHOWN_MAX:
        return error  # nobody would be shown more
    found: list[Error] = list(error.errors(include_url=False, include_input=False))
    wrong: Sequence[Error] = found
    names = {name for one in found for name in _names(one["loc"])}
    for _ in range(_LOOKS - 1):
        if not isinstance(value, dict) or any(one["type"] == "contradictions" for one in wrong):
            break
        value = _mended(value, wrong)
        try:
            look(value)
            break
        except ValidationError as further:
            wrong = [one for one in further.errors(include_url=False, include_input=False) if one["type"] in _TOLD]
            found += [told for one in wrong if (told := _that_can_be_said(one, names)) is not None]
    return ValidationError.from_exception_data(error.title, [_said(one) for one in found], hide_input=True)


def _names(location: tuple[int | str, ...]) -> list[str]:
    parts = location[1:] if len(location) > 1 and location[0] == "items" else location
    return [part for part in parts if isinstance(part, str)]


def _that_can_be_said(error: Error, wrong: set[str]) -> Error | None:
    if error["type"] != "contradictions":
        return error
    found = [one for one in error["ctx"]["found"] if not _NEEDS.get(one[0], frozenset()) & wrong]
    return {**error, "ctx": {"found": found}} if found else None


def _said(error: Error) -> InitErrorDetails:
    told = PydanticCustomError(error["type"], error["msg"], error.get("ctx"))
    return InitErrorDetails(type=told, loc=error["loc"], input=None)


def _mended(value: Mapping[str, Any], wrong: Sequence[Error]) -> dict[str, Any]:
    """A copy of the claim without what is wrong."""
    claim = dict(value)
    if any(error["loc"] == ("items",) for error in wrong):
        claim["items"] = [_ITEM | {"serviceDate": _DATE} if value.get("items") else _ITEM]
    else:
        claim["items"] = [dict(item) if isinstance(item, dict) else {} for item in value["items"]]
    for error in wrong:
        name, *within = error["loc"]
        if name != "items":
            _replace(claim, name)
        elif len(within) == 1:
            claim["items"][within[0]] |= _ITEM if error["type"] == "code_missing" else _ITEM | {"serviceDate": _DATE}
        elif within:
            _replace(claim["items"][within[0]], within[1])
    return claim


def _replace(fields: dict[str, Any], name: str) -> None:
    if name in _STANDS_FOR:
        fields[name] = _STANDS_FOR[name]
    else:
        fields.pop(name, None)
