"""docs/ncpdp-map.md names every key and finding that the reader can write, and the table says what becomes of each."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import sources.ncpdp
from sources.ncpdp.fields import COUNTS, HEADER_KEYS, INGREDIENT_KEYS, KEYS, OWN, PAYER_PREFIX
from sources.ncpdp.reader import WARNINGS
from sources.ncpdp.transmission import PAYMENTS

PAGE = (Path(__file__).parents[3] / "docs" / "ncpdp-map.md").read_text()
SOURCES = Path(sources.ncpdp.__path__[0])
# Second or third argument of a note, or third value of what is wrong with a transmission.
CODES = re.compile(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)", (?=text|"|f"|str\(|missing|\w+,)')


def rows() -> Iterator[tuple[str, str]]:
    """Each key as the page writes it, and what must stand in its row."""
    for name in HEADER_KEYS:
        yield name, ""
    for segment, keys in KEYS.items():
        prefix = f"{PAYER_PREFIX}_<n>_" if segment == PAYMENTS else ""
        for field, key in keys.items():
            yield f"{prefix}{key.name}", f"AM{segment}|{field}|{key.kind}"
    for field, key in INGREDIENT_KEYS.items():
        yield key.name, f"AM10|{field}|{key.kind}"


@pytest.mark.parametrize(("name", "parts"), list(rows()))
def test_every_key_has_a_row(name: str, parts: str) -> None:
    written = [line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |")]
    assert any(all(part in line for part in parts.split("|")) for line in written), f"{name} is not on the page"


def codes() -> set[str]:
    return {
        code
        for path in SOURCES.glob("*.py")
        for code in CODES.findall(path.read_text())
        if len(code) > 3 and not re.fullmatch(r"AM\d\d", code)
    }


def test_every_finding_has_a_row() -> None:
    found = codes()
    assert len(found) > 30
    assert found == set(re.findall(r"^\| `([A-Z_]+)` \|", PAGE, re.MULTILINE))


def test_the_page_says_how_grave_a_finding_is() -> None:
    for code in codes():
        [row] = [line for line in PAGE.splitlines() if line.startswith(f"| `{code}` | ")]
        assert row.endswith("| warning |" if code in WARNINGS else "| error |"), code


def test_no_key_is_written_twice_and_no_field_has_two_places() -> None:
    names = [name for name, _ in rows() if name not in {key.name for key in INGREDIENT_KEYS.values()}]
    assert len(names) == len(set(names))
    for segment, keys in KEYS.items():
        assert not keys.keys() & (OWN.get(segment, frozenset()) | COUNTS.get(segment, frozenset()))
