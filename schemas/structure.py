"""From the plain values that an Avro library reads to the frozen dataclasses of `schemas`, and changed copies of these.

Both are compiled once a record type from its annotations: a claim passes them several times on its way through the
chain, and reflection at run time cost four times as much as the Avro library itself.
"""

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

R = typing.TypeVar("R")
type_hints = cache(typing.get_type_hints)


@cache
def loader(record_type: type) -> Callable[[dict[str, Any]], Any]:
    """A function that builds `record_type` from a dict as the Avro library reads it."""
    names: dict[str, Any] = {"record_type": record_type}
    hints = type_hints(record_type)
    parts = [
        _load_expression(hints[field.name], f"r[{field.name!r}]", names) for field in dataclasses.fields(record_type)
    ]
    source = f"def load(r):\n    return record_type({', '.join(parts)})"
    exec(source, names)  # noqa: S102 - the source is made above from the annotations of our own records, never from input
    return typing.cast(Callable[[Any], Any], names["load"])


def replaced(record: R, **changes: Any) -> R:
    """As `dataclasses.replace`, several times as quick: compiled once a type and names of fields."""
    build: Callable[..., R] = _replacer(typing.cast(type, type(record)), tuple(changes))
    return build(record, *changes.values())


@cache
def _replacer(record_type: type, changed: tuple[str, ...]) -> Callable[..., Any]:
    fields = [field.name for field in dataclasses.fields(record_type)]
    unknown = set(changed) - set(fields)
    if unknown:
        raise TypeError(f"{record_type.__name__} has no field {', '.join(sorted(unknown))}")
    values = ", ".join(f"new_{name}" if name in changed else f"r.{name}" for name in fields)
    names: dict[str, Any] = {"record_type": record_type}
    parameters = ", ".join(["r", *(f"new_{name}" for name in changed)])
    source = f"def build({parameters}):\n    return record_type({values})"
    exec(source, names)  # noqa: S102 - the source is made above from the fields of our own records, never from input
    return typing.cast(Callable[..., Any], names["build"])


def _load_expression(hint: Any, value: str, names: dict[str, Any]) -> str:
    inner, shape = shape_of(hint)
    if not dataclasses.is_dataclass(inner):
        return f"tuple({value})" if shape == "tuple" else value
    function = _bind(names, "load", inner, loader)
    if shape == "tuple":
        return f"tuple([{function}(x) for x in {value}])"
    if shape == "optional":
        return f"(None if {value} is None else {function}({value}))"
    return f"{function}({value})"


def _name_of(inner: Any) -> str:
    return str(inner.__name__)


def _bind(names: dict[str, Any], prefix: str, inner: Any, make: Callable[[type], Any]) -> str:
    function = f"{prefix}_{_name_of(inner)}"
    names[function] = make(inner)
    return function


def shape_of(hint: Any) -> tuple[Any, str]:
    """What an annotation holds (a record, or a plain type), and in which shape: plain, optional, tuple or map."""
    origin = typing.get_origin(hint)
    arguments = typing.get_args(hint)
    if origin is tuple:
        return arguments[0], "tuple"
    if origin in (typing.Union, types.UnionType):
        return next(a for a in arguments if a is not type(None)), "optional"
    if origin is Mapping or (isinstance(origin, type) and issubclass(origin, Mapping)):
        return hint, "map"
    return hint, "plain"
