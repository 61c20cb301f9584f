"""SubmitClaimInput, made from the model of a claim from outside: GraphQL takes what REST takes, by the same names."""

import dataclasses
import types
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import strawberry
from pydantic.fields import FieldInfo
from strawberry.scalars import JSON

from schemas.intake_model import ClaimIntake, Intake

_NAMES: Mapping[type[Intake], str] = {ClaimIntake: "SubmitClaimInput"}


@cache
def _input_of(model: type[Intake]) -> type:
    fields = [_field(name, field) for name, field in model.model_fields.items()]
    made = dataclasses.make_dataclass(_NAMES.get(model, model.__name__.replace("Intake", "Input")), fields)
    words = (model.__doc__ or "").partition("\n")[0].replace("`", "")
    return strawberry.input(made, description=words)


def _field(name: str, field: FieldInfo) -> tuple[str, Any, Any]:
    kind = _kind(field.annotation)
    if field.is_required():
        return name, kind, strawberry.field()
    return name, kind | None, strawberry.field(default=strawberry.UNSET)


def _kind(annotation: Any) -> Any:
    """The GraphQL type of a field of the model; its bounds are checked by the model itself."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _kind(arguments[0])
    if origin in (types.UnionType, Union):
        return _kind(next(argument for argument in arguments if argument is not types.NoneType))
    if origin is Literal:
        return str
    if origin is list:
        return list[_kind(arguments[0])]  # type: ignore[misc]
    if origin is dict:
        return JSON
    if isinstance(annotation, type) and issubclass(annotation, Intake):
        return _input_of(annotation)
    assert annotation in (str, int, bool, Decimal, date), f"{annotation} has no type in GraphQL"
    return annotation


SubmitClaimInput: Any = _input_of(ClaimIntake)


def claim_json(given: Any) -> dict[str, object]:
    """The claim as JSON would have it: what was not said is left out, null is null."""
    model = next(model for model in _models() if _input_of(model) is type(given))
    said = ((field, getattr(given, name)) for name, field in model.model_fields.items())
    return {str(field.alias): _plain(value) for field, value in said if value is not strawberry.UNSET}


@cache
def _models() -> tuple[type[Intake], ...]:
    return tuple(Intake.__subclasses__())


def _plain(value: Any) -> object:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int | Decimal | Mapping):
        return value
    return claim_json(value)
