"""What a record says, without what is empty: absent, null, empty and zero are one. The plain values of canonical JSON.

Compiled once a record type, as the converters of `structure` are: every claim passes here.
"""

import dataclasses
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any, cast

from schemas.structure import shape_of, type_hints


@cache
def presenter(record_type: type, without: Collection[str] = ()) -> Callable[[Any], dict[str, Any]]:
    """A function that turns a `record_type` into a dict of what is there, its names in order; `without` some fields."""
    names: dict[str, Any] = {"sorted_map": _sorted_map}
    hints = type_hints(record_type)
    lines = ["def present(r):", " d = {}"]
    for name in sorted(field.name for field in dataclasses.fields(record_type)):
        if name not in without:
            lines += _lines(name, hints[name], names)
    source = "\n".join([*lines, " return d"])
    exec(source, names)  # noqa: S102 - the source is made above from the annotations of our own records, never from input
    return cast(Callable[[Any], dict[str, Any]], names["present"])


def _lines(name: str, hint: Any, names: dict[str, Any]) -> list[str]:
    inner, shape = shape_of(hint)
    if shape == "map":
        return [f" v = r.{name}", f" if v: d[{name!r}] = sorted_map(v)"]
    if not dataclasses.is_dataclass(inner):
        return [f" v = r.{name}", f" if v: d[{name!r}] = v"]
    function = f"present_{inner.__name__}"  # type: ignore[union-attr]
    names[function] = presenter(cast(type, inner))
    if shape == "tuple":
        return [f" v = r.{name}", f" if v: d[{name!r}] = [{function}(x) for x in v]"]
    if shape == "optional":
        return [f" v = r.{name}", f" if v is not None: d[{name!r}] = ['claims.{inner.__name__}', {function}(v)]"]  # type: ignore[union-attr]
    return [f" d[{name!r}] = {function}(r.{name})"]


def _sorted_map(value: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value[name] for name in sorted(value) if value[name]}
