"""`claims status`: one look, or following a claim until it is decided; messages a person can act on."""

import io
import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import typer
from aiohttp.test_utils import TestServer
from rich.console import Console
from typer.testing import CliRunner

from agents.decided import ended
from api.queries import StoredClaim
from api.representation import claim_of
from cli import claim_view
from cli.access import token_of, url_of
from cli.claim_client import follow
from cli.errors import UserError
from cli.status import status
from config.sealing_keys import new_key
from schemas.envelope import Finding
from schemas.json_text import parse_json
from schemas.vocabulary import Substatus
from tests.api.fakes import ADMIN, CLAIM_ID, CODEC, FakeStore, app_of, stored_claim
from tests.sinks import records

TOKEN = ADMIN["Authorization"].removeprefix("Bearer ")
ServerOf = Callable[..., Any]


class AdvancingStore(FakeStore):
    """Knows one more step of the claim each time it is asked."""

    def __init__(self, *steps: StoredClaim | None) -> None:
        super().__init__()
        self.coming = list(steps)

    async def claim(self, claim_id: str) -> StoredClaim | None:
        return self.coming.pop(0) if len(self.coming) > 1 else self.coming[0]


async def shown(server: TestServer, watch: bool) -> list[Mapping[str, Any]]:
    seen: list[Mapping[str, Any]] = []
    await follow(f"http://{server.host}:{server.port}", TOKEN, CLAIM_ID, seen.append, watch=watch, pause_seconds=0)
    return seen


async def test_one_look(aiohttp_server: ServerOf) -> None:
    seen = await shown(await aiohttp_server(app_of(store=AdvancingStore(stored_claim(substatus="pended")))), False)
    assert [claim["substatus"] for claim in seen] == ["pended"]
    assert seen[0]["totalCharged"] == Decimal("150.00")


async def test_watching_shows_each_change_until_it_is_decided(aiohttp_server: ServerOf) -> None:
    received, pended = stored_claim(substatus="received", revision=0), stored_claim(substatus="pended")
    store = AdvancingStore(None, received, received, pended, pended, stored_claim(revision=2))
    seen = await shown(await aiohttp_server(app_of(store=store)), True)
    assert [claim["substatus"] for claim in seen] == ["received", "pended", "approved"]


async def test_an_unknown_claim_is_said_in_words(aiohttp_server: ServerOf) -> None:
    with pytest.raises(UserError, match="No claim has this id or claim number"):
        await shown(await aiohttp_server(app_of()), False)


async def test_a_bad_token_ends_watching(aiohttp_server: ServerOf) -> None:
    server = await aiohttp_server(app_of())
    with pytest.raises(UserError, match="Bearer"):
        await follow(f"http://{server.host}:{server.port}", "", CLAIM_ID, print, watch=True)


async def test_nobody_there() -> None:
    with pytest.raises(UserError, match="start it with `claims api`"):
        await follow("http://127.0.0.1:1", TOKEN, CLAIM_ID, print, watch=False)
    with pytest.raises(UserError, match="no URL"):
        await follow("nonsense", TOKEN, CLAIM_ID, print, watch=False)


def test_a_pipe_gets_json_with_exact_amounts(capsys: pytest.CaptureFixture[str]) -> None:
    claim_view.show(claim_of(stored_claim()))
    line = capsys.readouterr().out
    assert line.count("\n") == 1
    assert parse_json(line.encode()) == claim_of(stored_claim())
    assert '"paidAmount":96.00' in line


def test_a_person_gets_tables() -> None:
    why = {"code": "member_unknown", "place": "memberId", "text": "no [such] member"}
    out = io.StringIO()
    claim = claim_of(stored_claim(findings=json.dumps([why])))
    claim_view.show_tables(claim, Console(file=out, width=160))
    for text in ("CLM-2026-3Q1S2002", "approved", "USD 96.00", "CO-45 30.00", "no [such] member", "fee schedule"):
        assert text in out.getvalue()


def test_a_person_sees_why_a_claim_waits() -> None:
    out = io.StringIO()
    waits = stored_claim(
        substatus="pended", pend_code="D-DUPLICATE-SUSPECT", pend_queue="review", pend_due=date(2026, 4, 1),
        pend_text="looks like another",
    )  # fmt: skip
    claim_view.show_tables(claim_of(waits), Console(file=out, width=160))
    assert "review until 2026-04-01: looks like another (D-DUPLICATE-SUSPECT)" in out.getvalue()


@pytest.mark.parametrize("substatus", ["voided", "replaced"])
async def test_a_person_sees_what_a_claim_was_that_ended(aiohttp_server: ServerOf, substatus: Substatus) -> None:
    """The claim itself has no lines and charges nothing any more; its reversal has all amounts negated."""
    gone = ended(records.decision(1), substatus, (), Finding("L-VOID", "", "voided"))
    store = AdvancingStore(stored_claim(status="rejected", substatus=substatus, total_charged=Decimal(0)))
    store.decisions[CLAIM_ID] = CODEC.encode(gone)
    server = await aiohttp_server(app_of(store=store))
    out = io.StringIO()
    told = partial(claim_view.show_reversed, console=Console(file=out, width=120))
    await follow(
        f"http://{server.host}:{server.port}", TOKEN, CLAIM_ID, lambda _: None, watch=False, show_reversed=told
    )
    sums = "charged USD 132.51, allowed USD 116.26, paid USD 100.00, member USD 16.26"
    assert f"What was {substatus}: {sums}" in out.getvalue()
    assert "CO-45 10.00, PR-3 10.00" in out.getvalue()
    assert "-1" not in out.getvalue(), "nothing is shown as the reversal has it"


def test_an_undecided_claim_shows_no_amounts() -> None:
    out = io.StringIO()
    claim_view.show_tables(claim_of(stored_claim(substatus="received", decided_at=None)), Console(file=out, width=160))
    assert "allowed  " not in out.getvalue().split("line")[0]


def test_the_command_says_what_to_do_when_nobody_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = typer.Typer()
    app.command()(status)
    done = CliRunner().invoke(app, [CLAIM_ID, "--url", "http://127.0.0.1:1"])
    assert isinstance(done.exception, UserError)


def test_where_url_and_token_come_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLAIMS_API__HOST", "0.0.0.0")
    monkeypatch.setenv("CLAIMS_API__PORT", "9000")
    assert url_of(None) == "http://127.0.0.1:9000"
    assert url_of("http://api.example/") == "http://api.example"
    assert token_of("given", "x", ["auditor"]) == "given"
    assert token_of(None, "x", ["auditor"]).count(".") == 2
    with pytest.raises(UserError, match="unknown role cleaner"):
        token_of(None, "x", ["cleaner"])
    monkeypatch.setenv("CLAIMS_ENVIRONMENT", "staging")
    monkeypatch.setenv("CLAIMS_API__JWT_SECRET", "s" * 40)
    monkeypatch.setenv("CLAIMS_SEALING__KEYS", f"a:{new_key()}")
    monkeypatch.setenv("CLAIMS_SEALING__INDEX_KEY", new_key())
    with pytest.raises(UserError, match="set CLAIMS_TOKEN"):
        token_of(None, "x", ["auditor"])
