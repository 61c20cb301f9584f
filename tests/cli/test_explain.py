"""`claims explain` and `claims eob`."""

import io
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from rich.console import Console
from typer.testing import CliRunner

from agents.moves import APPROVING
from agents.words import Language
from api.explanation import explanation_of
from cli import explain as explain_module
from cli.errors import UserError
from cli.explain import eob, explain, show
from cli.explain_words import CODES, TEXTS
from schemas.decision import Decision
from schemas.envelope import Adjustment, Finding
from schemas.vocabulary import CommandKind, Verdict
from tests.api.fakes import CLAIM_ID
from tests.sinks import records

MISSING = Finding("A-AUTHORIZATION-MISSING", "lines[2]", "none fits", "an authorization covering 99213 [x]")
DENIED = records.line(
    2, 5_000, 0, verdict="denied", allowed=0, member_share=0, findings=(MISSING,), units_denied_milli=1_000,
    adjustments=(Adjustment("CO", "197", 5_000, "A-AUTHORIZATION-MISSING", None),), steps=(),
)  # fmt: skip


def shown(decision: Decision, language: Language = "en") -> str:
    out = io.StringIO()
    show(explanation_of(decision, language), Console(file=out, width=200))
    return out.getvalue()


def test_a_person_reads_steps_codes_and_remedies() -> None:
    text = shown(records.decision(1, lines=(records.line(1), DENIED)))
    for part in (
        "reference release 1, plan PLAN (from 2025-12-31), contract CONTRACT-1",
        "line 1: 99213, 1 unit, passed", "P-COPAY v1", "Your share: a fixed amount for the visit.", "100.00", "80.00",
        "USD: charged 100.00, allowed 90.00, paid 80.00, member 10.00",
        "CO-45", "above the agreed rate", "line 2: 99213, 1 unit, 1 denied, denied", "CO-197",
        "what would change it: an authorization covering 99213 [x]",
    ):  # fmt: skip
        assert part in text


def test_a_person_reads_it_in_indonesian() -> None:
    missing = replace(MISSING, text="no approved authorization covers 99213 on 2026-03-02; send one, or its number")
    missing = replace(missing, remedy="an authorization covering 99213 on 2026-03-02")
    denied = replace(DENIED, charge=123_456_700, findings=(missing,), adjustments=(
        Adjustment("CO", "197", 123_456_700, "A-AUTHORIZATION-MISSING", None),
    ))  # fmt: skip
    text = shown(records.decision(1, lines=(records.line(1), denied)), "id")
    for part in (
        "versi 1.1 (approved)", "rilis data acuan 1, program PLAN (mulai 2025-12-31), kontrak CONTRACT-1",
        "baris 2: 99213, 1 satuan, 1 ditolak, ditolak", "USD: tagihan 1.234.567,00, diakui 0,00",
        "aturan", "bunyinya", "sebelum", "sesudah", "dengan", "kode", "jumlah", "alasan", "yang menanggung",
        "(tidak ada persetujuan yang mencakup 99213 pada 2026-03-02; kirim persetujuannya, atau nomornya)",
        "yang dapat mengubahnya: persetujuan yang mencakup 99213 pada 2026-03-02",
    ):  # fmt: skip
        assert part in text
    for english in ("what ", "why", "before", "units", "authorization", "who bears"):
        assert english not in text
    assert "menunggu review sampai 2026-04-10" in shown(records.pended(1), "id")
    assert "persetujuan oleh claim_processor pada" in shown(records.approved(records.pended(1)), "id")
    assert "dibalik: baris 1" in shown(records.voided(records.decision(1)), "id")


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_of_the_command_has_its_indonesian(name: str) -> None:
    english, indonesian = TEXTS[name]
    places = r"\{\w+\}"
    assert sorted(re.findall(places, english)) == sorted(re.findall(places, indonesian))
    assert english != indonesian


def test_every_verdict_and_kind_of_approval_has_words() -> None:
    kinds = {kind for kind in get_args(CommandKind) if kind in APPROVING or kind in ("deny", "uphold")}
    assert set(CODES) == {*get_args(Verdict), *kinds}


def test_a_pend_and_a_void_are_told() -> None:
    assert "waits for review until 2026-04-10: may be the same as another claim (D-SUSPECT)" in shown(records.pended(1))
    assert "approve by a claim_processor at" in shown(records.approved(records.pended(1)))
    assert "reversed: line 1" in shown(records.voided(records.decision(1)))


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    """The two commands on an API that answers with what it was asked."""

    def fetched(claim: str, suffix: str, url: str | None, token: str | None, **query: str) -> bytes:
        return f'{{"asked": "{suffix} {sorted(query.items())}"}}'.encode()

    monkeypatch.setattr(explain_module, "_fetched", fetched)
    made = typer.Typer()
    made.command()(explain)
    made.command()(eob)
    return made


CASES: list[tuple[list[str], str]] = [
    (["explain", CLAIM_ID], "/explanation [('lang', 'en')]"),
    (["explain", CLAIM_ID, "--lang", "id"], "/explanation [('lang', 'id')]"),
    (["eob", CLAIM_ID], "/eob [('format', 'html'), ('lang', 'en')]"),
    (["eob", CLAIM_ID, "--format", "pdf", "--lang", "id"], "/eob [('format', 'pdf'), ('lang', 'id')]"),
]


@pytest.mark.parametrize(("words", "asked"), CASES)
def test_what_is_asked(app: typer.Typer, words: list[str], asked: str) -> None:
    done = CliRunner().invoke(app, words)
    assert (done.exit_code, asked in done.output) == (0, True), done.output


def test_the_letter_goes_to_a_file(app: typer.Typer, tmp_path: Path) -> None:
    file = tmp_path / "letter.pdf"
    assert CliRunner().invoke(app, ["eob", CLAIM_ID, "--format", "pdf", "--out", str(file)]).exit_code == 0
    assert file.read_bytes().startswith(b'{"asked"')
    done = CliRunner().invoke(app, ["eob", CLAIM_ID, "--out", str(tmp_path / "no" / "letter")])
    assert isinstance(done.exception, UserError)


def test_a_pdf_is_nothing_for_a_terminal(app: typer.Typer, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal: Any = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    with pytest.raises(UserError, match="pass --out FILE"):
        eob(CLAIM_ID, form=explain_module.Format.pdf)
