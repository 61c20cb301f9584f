"""Texts of rules in another language: which row of the catalog a text was made by, and that row's words for it."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from agents.catalog_phrases import LISTS, PHRASES
from agents.catalog_rules import REMEDIES
from agents.catalog_texts import TEXTS
from agents.catalog_texts_front_end import FRONT_END_TEXTS
from agents.words import Language, Words

ALL_TEXTS: Mapping[str, Sequence[Words]] = TEXTS | FRONT_END_TEXTS
ROWS_KEPT = 1_000
_PLACE = re.compile(r"\{(?P<name>\w+)(?::(?P<kind>\w+))?\}")
# Adjudicate names the line that a claim waits for: `lines[2]: ...`.
_LINE = re.compile(r"lines\[(?P<line>[0-9]+)\]: ")


def text_in_language(code: str, text: str, language: Language) -> str:
    """A finding's text, or what a step was given, in a language.

    A text that no row knows stays as it is: one of an earlier release, or one without words such as `FEES: 100 x 2`.
    """
    return text if language == "en" else _indonesian(code, text) or text


def remedy_in_language(code: str, remedy: str, language: Language) -> str:
    """What would change the answer, in a language; of a text that no row knows, what holds for everybody."""
    if language == "en":
        return remedy
    known = _indonesian(code, remedy)
    general = REMEDIES.get(code)
    return known or (remedy if general is None else general.id)


def _indonesian(code: str, text: str) -> str | None:
    """The text by the rows of its rule; a rule such as `P-LIMIT:dental` is told by what stands before the colon."""
    line = _LINE.match(text)
    before, rest = ("", text) if line is None else (f"baris {line['line']}: ", text[line.end() :])
    found = _by_rows(ALL_TEXTS.get(code.partition(":")[0], ()), rest)
    return None if found is None else before + found


def _by_rows(rows: Sequence[Words], text: str) -> str | None:
    for row in rows:
        found = _by_row(row, text)
        if found is not None:
            return found
    return None


def _by_row(row: Words, text: str) -> str | None:
    pattern, kinds = _pattern(row.en)
    match = pattern.fullmatch(text)
    if match is None:
        return None
    told = {name: _phrase(kinds[name], value) for name, value in match.groupdict().items()}
    if None in told.values():
        return None
    return _PLACE.sub(lambda place: told[place["name"]] or "", row.id)


def _phrase(kind: str | None, text: str) -> str | None:
    """A part of a text in Indonesian; None where the kind has no words for it."""
    if kind in (None, "any"):
        return text
    assert kind is not None
    between = LISTS.get(kind)
    if between is None:
        return _by_rows(PHRASES[kind], text)
    parts = [_by_rows(PHRASES[kind], part) for part in text.split(between.en)]
    return None if None in parts else between.id.join(part or "" for part in parts)


@lru_cache(maxsize=ROWS_KEPT)
def _pattern(english: str) -> tuple[re.Pattern[str], Mapping[str, str | None]]:
    """What the English of a row looks like, and the kind of each of its places."""
    pattern, kinds, at = "", {}, 0
    for place in _PLACE.finditer(english):
        kinds[place["name"]] = place["kind"]
        pattern += re.escape(english[at : place.start()])
        pattern += rf"(?P<{place['name']}>{'.*?' if place['kind'] else r'[^ ]+?'})"
        at = place.end()
    return re.compile(pattern + re.escape(english[at:]), re.DOTALL), kinds
