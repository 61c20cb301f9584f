"""Dates as DTP: days of our records, and the ISO texts of attributes."""

from collections.abc import Mapping

from sources.x12.written import date_elements as parts_of_date
from sources.x12_writer.said import Said
from sources.x12_writer.segment import clean, day, segment, written


def period(qualifier: str, first: int, last: int) -> str:
    """A DTP of a day or of a range of days."""
    if first == last:
        return segment("DTP", qualifier, "D8", day(first))
    return segment("DTP", qualifier, "RD8", f"{day(first)}-{day(last)}")


def date_elements(text: str) -> tuple[str, str]:
    """Form and value of a date as attributes write it: the reader's `written.date_text` the other way."""
    if "*" in text:
        form, _, value = text.partition("*")
        return written(form), written(value)
    return parts_of_date(text)


def dated(table: Mapping[str, str], said: Said) -> list[str]:
    """The DTP of a table of keys, and of those that no table knows."""
    found = [(code, one) for key, code in table.items() for one in said.take_dates(key)]
    found += [(code, one) for key, code in said.patterned("date.") for one in said.take_dates(key)]
    return [segment("DTP", clean(code), *date_elements(one)) for code, one in found]
