"""Converters between the frozen dataclasses of `schemas` and the plain values that an Avro library reads and writes.

The converters are compiled once a record type from its annotations: a claim passes them eight times on its way through
the chain, and reflection at run time cost four times as much as the Avro library itself.
"""

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

type_hints = cache(typing.get_type_hints)


@cache
def loader(record_type: type) -> Callable[[dict[str, Any]], Any]:
    """A function that builds `record_type` from a dict as the Avro library reads it."""
    return _compile(record_type, "load", _load_expression)


@cache
def dumper(record_type: type) -> Callable[[Any], dict[str, Any]]:
    """A function that turns a `record_type` into a dict as the Avro library writes it."""
    return _compile(record_type, "dump", _dump_expression)


def _compile(
    record_type: type, name: str, expression: Callable[[Any, str, dict[str, Any]], str]
) -> Callable[[Any], Any]:
    names: dict[str, Any] = {"record_type": record_type}
    hints = type_hints(record_type)
    parts = []
    for field in dataclasses.fields(record_type):
        if name == "load":
            parts.append(expression(hints[field.name], f"r[{field.name!r}]", names))
        else:
            parts.append(f"{field.name!r}: {expression(hints[field.name], f'r.{field.name}', names)}")
    body = f"record_type({', '.join(parts)})" if name == "load" else f"{{{', '.join(parts)}}}"
    source = f"def {name}(r):\n    return {body}"
    exec(source, names)  # noqa: S102 - the source is made above from the annotations of our own records, never from input
    return typing.cast(Callable[[Any], Any], names[name])


def _load_expression(hint: Any, value: str, names: dict[str, Any]) -> str:
    inner, shape = _shape(hint)
    if not dataclasses.is_dataclass(inner):
        return f"tuple({value})" if shape == "tuple" else value
    function = _bind(names, "load", inner, loader)
    if shape == "tuple":
        return f"tuple([{function}(x) for x in {value}])"
    if shape == "optional":
        return f"(None if {value} is None else {function}({value}))"
    return f"{function}({value})"


def _dump_expression(hint: Any, value: str, names: dict[str, Any]) -> str:
    inner, shape = _shape(hint)
    if not dataclasses.is_dataclass(inner):
        return value
    function = _bind(names, "dump", inner, dumper)
    if shape == "tuple":
        return f"[{function}(x) for x in {value}]"
    if shape == "optional":
        # Naming the branch spares the library a trial of the whole record against each: a third of an envelope's cost.
        return f"(None if {value} is None else ('claims.{_name_of(inner)}', {function}({value})))"
    return f"{function}({value})"


def _name_of(inner: Any) -> str:
    return str(inner.__name__)


def _bind(names: dict[str, Any], prefix: str, inner: Any, make: Callable[[type], Any]) -> str:
    function = f"{prefix}_{_name_of(inner)}"
    names[function] = make(inner)
    return function


def _shape(hint: Any) -> tuple[Any, str]:
    origin = typing.get_origin(hint)
    arguments = typing.get_args(hint)
    if origin is tuple:
        return arguments[0], "tuple"
    if origin in (typing.Union, types.UnionType):
        return next(a for a in arguments if a is not type(None)), "optional"
    if origin is Mapping or (isinstance(origin, type) and issubclass(origin, Mapping)):
        return hint, "map"
    return hint, "plain"
