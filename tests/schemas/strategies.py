"""Random records of every type, built from the annotations of the dataclasses."""

import dataclasses
import types
import typing
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

INT = st.integers(min_value=-(2**31), max_value=2**31 - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
BALANCED = {"DecidedLine", "Decision"}


def of(hint: Any) -> st.SearchStrategy[Any]:
    """Values of an annotation."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return st.none() | of(next(a for a in arguments if a is not type(None)))
    if origin is tuple:
        return st.lists(of(arguments[0]), max_size=2).map(tuple)
    if origin is Mapping:
        return st.dictionaries(TEXT, of(arguments[1]), max_size=2)
    if origin is typing.Literal:
        return st.sampled_from(arguments)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return record(hint)
    return {str: TEXT, int: INT, bool: st.booleans(), bytes: st.binary(max_size=8)}[hint]


def record(record_type: type) -> st.SearchStrategy[Any]:
    """Records of a type; decisions are made to balance, since others cannot be built."""
    parts = {name: of(hint) for name, hint in typing.get_type_hints(record_type).items()}
    return st.fixed_dictionaries(parts).map(lambda values: _build(record_type, values))


def _build(record_type: type, values: dict[str, Any]) -> Any:
    if record_type.__name__ == "DecidedLine":
        values["charge"] = values["paid"] + sum(a.amount for a in values["adjustments"])
    if record_type.__name__ == "Decision":
        for total, part in (("charged", "charge"), ("allowed", "allowed"), ("paid", "paid"), ("member_share",) * 2):
            values[total] = sum(getattr(line, part) for line in values["lines"])
    return record_type(**values)
