"""Lists within an entry of a YAML file, such as the benefits of a plan: each item a row with a line of its own."""

from collections.abc import Iterator

from sources.reference.fields import Fields
from sources.reference.problems import Place, Problems
from sources.reference.rows import LINE, Columns, Row, named_values


def entries_of(row: Row, column: str, columns: Columns, most: int, problems: Problems) -> Iterator[Fields]:
    """The items of a list under `column`; nothing when there is none. What is wrong with their form is noted."""
    entries = row.values[column]
    if entries in ("", []):
        return
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        problems.add(row.place, column, "must be a list of mappings, each `- {name: value, ...}`")
        return
    if len(entries) > most:
        problems.add(row.place, column, f"has {len(entries)} entries, more than {most}")
        return
    for entry in entries:
        place = Place(row.place.file, entry[LINE])
        values = named_values(entry, columns, place, problems)
        if values is None:
            continue
        lacking = [name for name in columns.required if values[name] in ("", [], {})]
        for name in lacking:
            problems.add(place, name, f"is empty; every entry of {column} needs one")
        if not lacking:
            yield Fields(Row(place, values), problems)
