"""JSON from outside: what is refused, by its code, and what comes through exactly."""

from datetime import date
from decimal import Decimal
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.limits import JSON_DEPTH_MAX
from schemas.json_text import JsonTextError, dump_json, parse_json

REFUSED = [
    pytest.param(b'{"a": 1, "a": 2}', "duplicate_key", id="a key twice"),
    pytest.param(b'[{"a": {"b": 1, "b": 1}}]', "duplicate_key", id="a key twice, deep inside, with one value"),
    pytest.param(b'{"a": NaN}', "not_a_number", id="NaN"),
    pytest.param(b'{"a": -Infinity}', "not_a_number", id="Infinity"),
    pytest.param(b"[" * (JSON_DEPTH_MAX + 1) + b"]" * (JSON_DEPTH_MAX + 1), "too_deep", id="one level too deep"),
    pytest.param(b"[" * 100_000, "too_deep", id="a bomb of brackets"),
    pytest.param(b'{"a": ' + b"1" * 29 + b"}", "number_too_long", id="an integer of 29 digits"),
    pytest.param(b'{"a": 1.' + b"1" * 40 + b"}", "number_too_long", id="a fraction of 40 digits"),
    pytest.param(b'{"a": 1e99999999999999999999}', "number_too_large", id="an exponent beyond all bounds"),
    pytest.param(b'"' + b"x" * 200 + b'"', "too_large", id="more bytes than allowed"),
    pytest.param(b'{"a": "\xff"}', "not_utf8", id="no UTF-8"),
    pytest.param(b'{"a": "\\ud800"}', "not_unicode", id="half of a surrogate pair"),
    pytest.param(b'{"a": 1', "not_json", id="truncated"),
    pytest.param(b"", "not_json", id="empty"),
]


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_refused(text: bytes, code: str) -> None:
    with pytest.raises(JsonTextError) as raised:
        parse_json(text, bytes_max=100 if code == "too_large" else 1_000_000)
    assert raised.value.code == code


def test_brackets_inside_strings_are_no_depth() -> None:
    assert parse_json(b'["' + b"[" * 100 + b'"]') == ["[" * 100]


def test_a_byte_order_mark_is_no_part_of_the_json() -> None:
    assert parse_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_numbers_with_a_point_are_exact() -> None:
    value = parse_json(b"[0.1, 150.00, 1e2]")
    assert value == [Decimal("0.1"), Decimal("150.00"), Decimal("1e2")]
    assert not any(isinstance(number, float) for number in value)


def test_messages_quote_no_value() -> None:
    with pytest.raises(JsonTextError) as raised:
        parse_json(b'{"name": "Siti Rahayu" "nik": 1}')
    assert "Siti" not in str(raised.value)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.decimals(-(10**9), 10**9, places=2).map(abs)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3),
    max_leaves=10,
)


@given(JSON)
def test_what_is_written_reads_back_the_same(value: object) -> None:
    assert parse_json(dump_json(value).encode()) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": Decimal("12.50"), "b": (1, True, None)}, '{"a":12.50,"b":[1,true,null]}'),
        ({"a": 10**30, "b": Decimal("1E+3")}, '{"a":1000000000000000000000000000000,"b":1000}'),
        (MappingProxyType({"nama": "Jos\u00e9 \U0001f600"}), '{"nama":"Jos\u00e9 \U0001f600"}'),
        ([], "[]"),
        ({}, "{}"),
    ],
)
def test_what_is_written(value: object, text: str) -> None:
    assert dump_json(value) == text


@pytest.mark.parametrize("value", [date(2026, 3, 2), {"a": {1, 2}}, {"a": b"bytes"}])
def test_what_has_no_place_in_json(value: object) -> None:
    with pytest.raises(TypeError):
        dump_json(value)
