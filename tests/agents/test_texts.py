"""Every text that a rule writes into a decision or a rejection has its Indonesian."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from agents.catalog import WORDS
from agents.catalog_phrases import LISTS, PHRASES
from agents.texts import ALL_TEXTS, remedy_in_language, text_in_language
from agents.words import Words
from schemas.vocabulary import CopayScope, LimitPeriod, Measure, ServiceType

# Of a claim that is set aside: dead letters tell it, to who runs the engine.
SET_ASIDE = "sizes.py"
AGENTS = Path(__file__).parents[2] / "agents"
IDENTITY = AGENTS.parent / "schemas" / "identity.py"
MAKERS = ("adjudicate.py", "amendments.py", "lines.py", "moves.py", "price.py", "pricing.py", "validate.py")
ROWS = {row.en: row for rows in (*ALL_TEXTS.values(), *PHRASES.values()) for row in rows}
# Written in two parts, which stand together in one row.
PARTS = {
    " of {}": "earlier payers paid {} of {}",
    " and {} more": "{} and {} more",
    " or ": "modifier {} on the line, where the services were separate",
    "pro rata {} x {} days / ": "pro rata {} x {} days / {}",
    "{} with {}": "{} with {}: {} x {}",
    "{}; it is not the first of the line": "plan {} excludes diagnosis {}; it is not the first of the line",
}
# Said of a command, a payment or a record that is set aside: those are told by events and dead letters.
NOT_IN_DECISIONS = {
    "the claim was judged again too often; approve or deny it, or replace it",
    "the claim waits in no stage that could resume it; void or replace it",
    "the same person has approved it already; this amount needs a second one",
    "an appeal may be made within {} days of the decision",
    "nothing was denied; uphold the appeal, or replace the claim",
    "capitation pays for an encounter, never a claim; uphold the appeal, or replace it with no encounter",
    "no plan was in force, so nothing can be priced; load the cover and replace the claim",
    "{} claims wait for this original already",
    "{} versions of this claim were accepted already",
    "too much waits for this original already; send the original first",
    "another claim was accepted under this id; send this one under a number of its own",
    "another claim waits under this id for its original; give this one its own number",
    "the key must be the root claim id",
    "claim id and root id must be UUIDs, in small letters with hyphens",
    "accepted_at is no time between 1970 and 2199",
    "service_from and service_to must be days between 1970 and 2199",
}


def shape(english: str) -> str:
    """A row's English with its places left empty."""
    return re.sub(r"\{[^}]*\}", "{}", english)


def written(tree: ast.AST) -> Iterator[str]:
    """Texts of several words in a module, places left empty, but for what documents or asserts."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Assert) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            continue
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        if isinstance(node, ast.JoinedStr):
            for part in node.values:
                yield from written(part) if isinstance(part, ast.FormattedValue) else ()
        else:
            yield from written(node)


def texts_of_rules() -> dict[str, str]:
    """Each text of several words, and the module that writes it."""
    paths = [*sorted((AGENTS / "rules").glob("*.py")), *(AGENTS / name for name in MAKERS), IDENTITY]
    return {
        text: path.name
        for path in paths
        if path.name != SET_ASIDE
        for text in written(ast.parse(path.read_text(encoding="utf-8")))
        if " " in text and re.search(r"\b(?!x\b)[a-z]+", text)
    }


def test_no_text_of_a_rule_lacks_its_indonesian() -> None:
    known = {shape(english) for english in ROWS}
    assert set(PARTS.values()) <= known
    found = texts_of_rules()
    assert len(found) > 90
    assert {t: name for t, name in found.items() if PARTS.get(t, t) not in known | NOT_IN_DECISIONS} == {}


def test_no_text_is_of_a_rule_that_nobody_writes() -> None:
    found = {PARTS.get(text, text) for text in texts_of_rules()}
    unwritten = {shape(row.en) for rows in ALL_TEXTS.values() for row in rows} - found
    # Put together of an id and a phrase, without words of their own.
    assert unwritten == {"{}", "{}: {}"}
    assert set(texts_of_rules()) >= NOT_IN_DECISIONS


def test_every_text_is_of_a_rule_that_has_words() -> None:
    assert set(ALL_TEXTS) <= set(WORDS)


@pytest.mark.parametrize("row", ROWS.values(), ids=str)
def test_both_languages_name_the_same_places(row: Words) -> None:
    english = re.findall(r"\{(\w+)(?::(\w+))?\}", row.en)
    assert sorted(name for name, _ in english) == sorted(re.findall(r"\{(\w+)\}", row.id))
    assert {kind for _, kind in english} <= {"", "any", *PHRASES}
    assert row.id != row.en or not re.search(r"[a-z]{2}", shape(row.en))


@pytest.mark.parametrize(
    ("phrase", "vocabulary"),
    [("period", LimitPeriod), ("measure", Measure), ("scope", CopayScope), ("service_type", ServiceType)],
)
def test_phrases_cover_their_vocabulary(phrase: str, vocabulary: object) -> None:
    assert {row.en for row in PHRASES[phrase]} | {"money"} >= set(get_args(vocabulary))


TOLD: list[tuple[str, str, str]] = [
    # rule, as it is written, in Indonesian
    ("A-COVERAGE-ENDED", "cover under NUSA-F06 on 2026-07-01", "kepesertaan pada NUSA-F06 pada 2026-07-01"),
    (
        "A-AUTHORIZATION-MISSING",
        "no approved authorization with the number LOG 7 covers KAMAR-VIP from 2026-03-02 to 2026-03-05; send one, or "
        "its number",
        "tidak ada persetujuan bernomor LOG 7 yang mencakup KAMAR-VIP dari 2026-03-02 sampai 2026-03-05; kirim "
        "persetujuannya, atau nomornya",
    ),
    (
        "A-AUTHORIZATION-MISSING",
        "waits for an authorization covering A1 on 2026-03-02, a referral for B2 on 2026-03-02 and 4 more",
        "menunggu persetujuan yang mencakup A1 pada 2026-03-02, rujukan untuk B2 pada 2026-03-02 dan 4 lagi",
    ),
    ("D-AGE", "a service for the patient's age on 2026-03-02", "layanan untuk usia pasien pada 2026-03-02"),
    (
        "D-DUPLICATE-SUSPECT",
        "lines[2]: looks like line 1 of claim c-9: same member, day and code, other provider, last day",
        "baris 2: mirip dengan baris 1 klaim c-9: peserta, hari, dan kode sama, berbeda penyedia, hari terakhir",
    ),
    (
        "D-EDIT",
        "modifier 59 or XU on the line, where the services were separate",
        "pengubah kode 59 atau XU pada baris, bila layanannya terpisah",
    ),
    (
        "D-EDIT:UNITS-97110",
        "edit UNITS-97110: at most 8 units of 97110 on 2026-03-02, 6 were there before; 1.5 of 3.5 are over",
        "aturan UNITS-97110: paling banyak 8 satuan 97110 pada 2026-03-02, sebelumnya sudah 6; 1.5 dari 3.5 melebihi",
    ),
    (
        "P-LIMIT:dental-year",
        "limit dental-year: 2 visits a lifetime, 1 were used",
        "batas dental-year: 2 kunjungan seumur hidup, sudah terpakai 1",
    ),
    ("P-COPAY", "25000 a visit", "25000 per kunjungan"),
    ("P-CASE-RATE", "CT/x: 100 a case, group K-1-13-I", "CT/x: 100 per kasus, kelompok K-1-13-I"),
    ("P-CASE-RATE", "CT/x: 100 a case", "CT/x: 100 per kasus"),
    ("P-COINSURANCE", "dental: 0.2 up to 500, 0.4 up to 2000", "dental: 0.2 sampai 500, 0.4 sampai 2000"),
    ("P-COINSURANCE", "0.2", "0.2"),
    ("P-FEE", "NUSA-FEES: 150000 x 1", "NUSA-FEES: 150000 x 1"),
    ("L-DENIED", "denied by a person: see {x} \\1\nand \\g<0>", "ditolak oleh petugas: see {x} \\1\nand \\g<0>"),
    ("L-VOIDED", "voided by claim 7", "dibatalkan oleh klaim 7"),
    ("V-MEMBER-UNKNOWN", "is no NPI: 10 digits", "bukan NPI: 10 angka"),
    ("V-CODE-FORMAT", "is no code of NDC: 11 digits", "bukan kode NDC: 11 angka"),
    ("V-CURRENCY", "must be one of IDR, USD", "harus salah satu dari IDR, USD"),
    ("V-NEW", "an edit of another release", "an edit of another release"),
    ("NCCI-1", "words of the payer", "words of the payer"),
]


@pytest.mark.parametrize(("rule", "english", "indonesian"), TOLD)
def test_a_text_is_told_in_indonesian(rule: str, english: str, indonesian: str) -> None:
    assert text_in_language(rule, english, "id") == indonesian
    assert text_in_language(rule, english, "en") == english


def test_a_remedy_that_no_row_knows_is_told_as_for_everybody() -> None:
    assert remedy_in_language("D-NETWORK", "another clinic", "id") == "perawatan oleh penyedia dalam jaringan"
    assert remedy_in_language("D-NETWORK", "another clinic", "en") == "another clinic"
    assert remedy_in_language("D-SEX", "something else", "id") == "something else"
    wanted = "an authorization covering A1 on 2026-03-02"
    assert remedy_in_language("L-DENIED", wanted, "id") == "persetujuan yang mencakup A1 pada 2026-03-02"


def test_lists_are_of_phrases_that_there_are() -> None:
    assert set(LISTS) <= set(PHRASES)
