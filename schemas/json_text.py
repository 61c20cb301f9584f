"""JSON from outside, read within limits and without floats, and JSON written with exact decimals."""

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

import orjson

from config.limits import HTTP_BODY_BYTES_MAX, JSON_DEPTH_MAX

# Of a field name in a message.
NAME_CHARACTERS_MAX = 40
# As many digits as Decimal's default context keeps, so that no arithmetic on an amount rounds it.
NUMBER_CHARACTERS_MAX = 28
# Brackets, and strings as a whole, so that a bracket inside a string does not count.
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}]')
_SURROGATE = re.compile("[\ud800-\udfff]")
_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


class JsonTextError(ValueError):
    """Text that is no JSON we take. `code` names the fault; the text says what and where, never quoting values."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def parse_json(text: bytes, *, bytes_max: int = HTTP_BODY_BYTES_MAX) -> object:
    """The value in UTF-8 JSON: numbers with a point are Decimal. Raises JsonTextError.

    Refused: more than `bytes_max` bytes, nesting beyond JSON_DEPTH_MAX, a key twice in an object, NaN and Infinity,
    numbers of more than 28 characters or beyond all bounds, and halves of surrogate pairs (no UTF-8 can hold them).
    """
    if len(text) > bytes_max:
        raise JsonTextError("too_large", f"the JSON has {len(text):,} bytes; the limit is {bytes_max:,}")
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise JsonTextError("not_utf8", f"byte {error.start + 1} is not UTF-8; send JSON in UTF-8") from None
    if decoded.count("{") + decoded.count("[") > JSON_DEPTH_MAX:
        _check_depth(decoded)
    try:
        value = json.loads(
            decoded,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        fault = error.msg.removesuffix(" at").removesuffix(" starting")
        raise JsonTextError("not_json", f"not JSON at {place}: {fault[0].lower()}{fault[1:]}") from None
    if "\\u" in decoded:
        _check_surrogates(value)
    return value


def dump_json(value: object) -> str:
    """JSON text of dicts, lists, strings, integers, booleans, None and Decimals (written as exact numbers)."""
    try:
        return orjson.dumps(value, _known, _OPTIONS).decode()
    except orjson.JSONEncodeError:
        # An integer of more than 64 bits, or what has no place in JSON at all: that raises here too.
        out: list[str] = []
        _write(value, out)
        return "".join(out)


def _known(value: object) -> object:
    """What the library does not know: exact numbers, digit by digit, and other kinds of mappings and sequences."""
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f"))
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return list(value)
    raise TypeError


def _write(value: object, out: list[str]) -> None:
    if isinstance(value, Decimal):
        out.append(format(value, "f"))
    elif isinstance(value, Mapping):
        separator = "{"
        for key, item in value.items():
            out.append(f"{separator}{json.dumps(key, ensure_ascii=False)}:")
            _write(item, out)
            separator = ","
        out.append("}" if value else "{}")
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        separator = "["
        for item in value:
            out.append(separator)
            _write(item, out)
            separator = ","
        out.append("]" if value else "[]")
    else:
        out.append(json.dumps(value, ensure_ascii=False, allow_nan=False))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise JsonTextError("duplicate_key", f"the key {shown_name(twice)} stands twice in one object; send it once")
    return made


def shown_name(name: object) -> str:
    """A field name from outside, short and printable, for a message."""
    text = "".join(c if c.isprintable() and c.isascii() else "?" for c in str(name))
    return f"'{text[:NAME_CHARACTERS_MAX]}{'...' if len(text) > NAME_CHARACTERS_MAX else ''}'"


def place_name(name: str) -> str:
    """A field name from outside as a place: as it stands where it could be one of ours, else as a message shows it."""
    return name if name.isidentifier() and name.isascii() and len(name) <= NAME_CHARACTERS_MAX else shown_name(name)


def _decimal(digits: str) -> Decimal:
    if len(digits) > NUMBER_CHARACTERS_MAX:
        raise JsonTextError("number_too_long", f"a number has more than {NUMBER_CHARACTERS_MAX} characters")
    try:
        return Decimal(digits)
    except InvalidOperation:
        raise JsonTextError("number_too_large", "a number has an exponent that nobody can count with") from None


def _integer(digits: str) -> int:
    if len(digits) > NUMBER_CHARACTERS_MAX:
        raise JsonTextError("number_too_long", f"a number has more than {NUMBER_CHARACTERS_MAX} characters")
    return int(digits)


def _refuse_constant(name: str) -> NoReturn:
    raise JsonTextError("not_a_number", f"{name} is no JSON; leave the field out or send a number")


def _check_depth(text: str) -> None:
    depth = 0
    for token in _TOKENS.finditer(text):
        character = token[0]
        if character in "[{":
            depth += 1
            if depth > JSON_DEPTH_MAX:
                raise JsonTextError("too_deep", f"objects and lists nest deeper than {JSON_DEPTH_MAX}")
        elif character in "]}":
            depth -= 1


def _check_surrogates(value: object) -> None:
    if isinstance(value, str):
        if _SURROGATE.search(value):
            raise JsonTextError("not_unicode", "a string holds half of a surrogate pair, which is no character")
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_surrogates(key)
            _check_surrogates(item)
    elif isinstance(value, list):
        for item in value:
            _check_surrogates(item)
