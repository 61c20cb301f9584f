"""Rows of a file of reference data, from CSV or YAML alike: every value is text, every row knows its line.

A YAML file is a list of mappings, or a mapping with such a list under the name of the file (`plans:` in plans.yaml).
Its values stay text as well: 0.20 must not become a binary fraction, nor a date something else.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from config.limits import REFERENCE_FILE_BYTES_MAX
from sources.reference.problems import Place, Problems

SUFFIXES = (".csv", ".yaml", ".yml")
LINE = "\0line"
_NOTHING = frozenset({"", "~", "null"})


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a file: those that every row must fill, and those that may be empty or absent."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row: values by column, "" where there is none. Lists and mappings occur in YAML only."""

    place: Place
    values: Mapping[str, Any]


def rows_of(
    folder: Path, name: str, columns: Columns, problems: Problems, needed: bool = True, usual: str = ".csv"
) -> Iterator[Row]:
    """The rows of file `name` in whatever form it is there; what is wrong with the form goes to `problems`.

    `usual` is the form that is named where the file is missing.
    """
    found = [folder / f"{name}{suffix}" for suffix in SUFFIXES if (folder / f"{name}{suffix}").is_file()]
    if not found:
        if needed:
            problems.add(Place(f"{name}{usual}", None), None, "the file is missing; a folder holds all reference data")
        return
    path, place = found[0], Place(found[0].name, None)
    if len(found) > 1:
        problems.add(place, None, f"stands beside {found[1].name}; keep one of the two")
        return
    yield from rows_in(path, columns, problems)


def rows_in(path: Path, columns: Columns, problems: Problems) -> Iterator[Row]:
    """The rows of a file, as CSV or, by the end of its name, YAML."""
    place = Place(path.name, None)
    if path.stat().st_size > REFERENCE_FILE_BYTES_MAX:
        problems.add(place, None, f"has more than {REFERENCE_FILE_BYTES_MAX} bytes; load less at once")
        return
    empty = True
    read = _yaml_rows if path.suffix in (".yaml", ".yml") else _csv_rows
    try:
        for row in read(path, columns, problems):
            empty = False
            yield row
    except UnicodeDecodeError:
        problems.add(place, None, "is not UTF-8; save it with that encoding")
        return
    if empty and not problems.total:
        problems.add(place, None, "has no rows; an empty file would take all records away")


def _csv_rows(path: Path, columns: Columns, problems: Problems) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        try:
            header = [name.strip() for name in next(reader, [])]
            if not _header_is_good(Place(path.name, 1), header, columns, problems):
                return
            absent = dict.fromkeys((*columns.required, *columns.optional), "")
            checked = _Filled(columns, problems)
            for fields in reader:
                if not fields:
                    continue
                place = Place(path.name, reader.line_num)
                if len(fields) != len(header):
                    problems.add(place, None, f"has {len(fields)} fields, the header {len(header)}; quote commas")
                    continue
                values = absent | dict(zip(header, map(str.strip, fields), strict=True))
                if checked(place, values):
                    yield Row(place, values)
        except csv.Error as error:
            problems.add(Place(path.name, reader.line_num), None, f"is no CSV ({error}); check quotes")


def _header_is_good(place: Place, header: Sequence[str], columns: Columns, problems: Problems) -> bool:
    known = (*columns.required, *columns.optional)
    if not set(header) & set(known):
        # Without a header the first line is a record, of a person perhaps: it is not quoted.
        problems.add(place, None, f"is no header; the first line names the columns {', '.join(known)}")
        return False
    missing = [name for name in columns.required if name not in header]
    unknown = [name for name in header if name not in known]
    twice = sorted({name for name in header if header.count(name) > 1})
    if missing:
        problems.add(place, None, f"the header lacks {', '.join(missing)}")
    if unknown:
        problems.add(place, None, f"the header names {', '.join(map(repr, unknown))}; columns are {', '.join(known)}")
    if twice:
        problems.add(place, None, f"the header names {', '.join(twice)} twice")
    return not (missing or unknown or twice)


class _Filled:
    """Checks that a row fills what it must."""

    def __init__(self, columns: Columns, problems: Problems) -> None:
        self._required = columns.required
        self._problems = problems

    def __call__(self, place: Place, values: Mapping[str, Any]) -> bool:
        good = True
        for name in self._required:
            if values[name] == "":
                self._problems.add(place, name, "is empty; every row needs one")
                good = False
        return good


class _TextLoader(yaml.SafeLoader):
    """YAML with every scalar as text, merge keys (`<<`), and the line of every mapping."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - the name is PyYAML's
        first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:merge"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode) and key.value != "<<"]
        for name in names:
            if names.count(name) > 1:
                raise yaml.constructor.ConstructorError(None, None, f"{name!r} stands twice", node.start_mark)
        mapping = super().construct_mapping(node, deep=deep)
        mapping[LINE] = node.start_mark.line + 1
        return mapping


def _yaml_rows(path: Path, columns: Columns, problems: Problems) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig") as file:
        try:
            document = yaml.load(file, Loader=_TextLoader)  # noqa: S506 - a SafeLoader that keeps values as text
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else None
            problems.add(Place(path.name, line), None, f"is no YAML: {error.problem}")
            return
        except (yaml.YAMLError, RecursionError):
            problems.add(Place(path.name, None), None, "is no YAML; check its indentation and special characters")
            return
    entries = document.get(path.stem) if isinstance(document, dict) else document
    if not isinstance(entries, list):
        problems.add(Place(path.name, None), None, f"must be a list of entries, or one under `{path.stem}:`")
        return
    checked = _Filled(columns, problems)
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            problems.add(Place(path.name, None), None, f"entry {number} is no mapping; write `- name: value`")
            continue
        place = Place(path.name, entry[LINE])
        values = named_values(entry, columns, place, problems)
        if values is not None and checked(place, values):
            yield Row(place, values)


def named_values(entry: Mapping[str, Any], columns: Columns, place: Place, problems: Problems) -> dict[str, Any] | None:
    """Values of a YAML mapping by column, "" where there is none; None when it names what is no column."""
    known = (*columns.required, *columns.optional)
    unknown = [name for name in entry if name not in known and name != LINE]
    if unknown:
        problems.add(place, None, f"names {', '.join(map(repr, unknown))}; columns are {', '.join(known)}")
        return None
    return {name: _value(entry.get(name)) for name in known}


def _value(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str):
        text = value.strip()
        return "" if text in _NOTHING else text
    return value
