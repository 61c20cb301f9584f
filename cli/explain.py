"""`claims explain ID` and `claims eob ID`: why a claim was decided as it was, for staff and for the member."""

import asyncio
import sys
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from cli.explain_words import Speaker

ID = Annotated[str, typer.Argument(metavar="ID", help="Claim id or claim number.")]
URL = Annotated[str | None, typer.Option(help="The API; by default from CLAIMS_API__HOST and _PORT.")]
TOKEN = Annotated[str | None, typer.Option(envvar="CLAIMS_TOKEN", help="Token; in development one is minted.")]


class Lang(StrEnum):
    """Languages of what is read by people."""

    en = "en"
    id = "id"


class Format(StrEnum):
    """How the letter comes."""

    html = "html"
    pdf = "pdf"


LANG = Annotated[Lang, typer.Option(help="Language: English or Indonesian.")]


def explain(claim: ID, lang: LANG = Lang.en, url: URL = None, token: TOKEN = None) -> None:
    """Explain a decision line by line: rules, amounts before and after, codes, and what would change a denial.

    Tables on a terminal, JSON in a pipe.

    Examples: `claims explain CLM-2026-...`, `claims explain CLM-2026-... --lang id`.
    """
    from rich.console import Console

    from schemas.json_text import dump_json, parse_json

    body = _fetched(claim, "/explanation", url, token, lang=lang.value)
    found: Any = parse_json(body, bytes_max=len(body))
    if sys.stdout.isatty():
        show(found, Console())
    else:
        typer.echo(dump_json(found))


def eob(
    claim: ID,
    form: Annotated[Format, typer.Option("--format", help="A page or a PDF.")] = Format.html,
    lang: LANG = Lang.en,
    out: Annotated[Path | None, typer.Option(help="File to write; by default standard output.")] = None,
    url: URL = None,
    token: TOKEN = None,
) -> None:
    """Write the explanation of benefits, the letter that tells the member who pays what and why.

    Examples: `claims eob CLM-2026-... --lang id`, `claims eob CLM-2026-... --format pdf --out letter.pdf`.
    """
    from cli.errors import UserError

    if out is None and form is Format.pdf and sys.stdout.isatty():
        raise UserError("a PDF is nothing for a terminal; pass --out FILE")
    body = _fetched(claim, "/eob", url, token, lang=lang.value, format=form.value)
    if out is None:
        sys.stdout.buffer.write(body)
        return
    try:
        out.write_bytes(body)
    except OSError as error:
        raise UserError(f"{out} cannot be written ({error.strerror}); pass another --out") from None
    typer.echo(f"{out}: {len(body):,} bytes", err=True)


def _fetched(claim: str, suffix: str, url: str | None, token: str | None, **query: str) -> bytes:
    from cli.access import token_of, url_of
    from cli.claim_client import asking

    async def fetched() -> bytes:
        async with asking(url_of(url), token_of(token, "claims-explain", ["auditor"]), claim) as client:
            body = await client.read(suffix, query)
            assert body is not None
            return body

    return asyncio.run(fetched())


def show(found: Mapping[str, Any], console: "Console") -> None:
    """The explanation for a person at a terminal, in the language that it came in."""
    from cli.explain_words import Speaker

    say = Speaker(found["language"])
    version = f"{found['version']}.{found['revision']}"
    title = say("title", number=found["claimNumber"], version=version, substatus=found["substatus"])
    _print(console, title, "bold")
    for text in _about(found, say):
        _print(console, text)
    _findings(found["findings"], console, say)
    for heading, lines in (("", found["lines"]), (say("reversed"), found["reversed"])):
        for line in lines:
            _line(heading, line, found["currency"], console, say)


def _about(found: Mapping[str, Any], say: "Speaker") -> Iterator[str]:
    """What is said of the claim as a whole."""
    yield found["words"]
    reference, pend = found["reference"], found["pend"]
    if reference:
        text = say("reference", release=reference["release"], plan=reference["planId"] or say("none"))
        text += say("since", day=reference["planFrom"]) if reference["planFrom"] else ""
        yield text + (say("contract", contract=reference["contractId"]) if reference["contractId"] else "")
    if pend:
        yield say("pend", queue=pend["queue"], day=pend["dueDate"], text=pend["text"], code=pend["code"])
    for word in found["approvals"]:
        yield say("approval", kind=say.code(word["kind"]), role=word["role"], at=word["at"])


def _line(heading: str, line: Mapping[str, Any], currency: str, console: "Console", say: "Speaker") -> None:
    from cli.explain_words import ADJUSTMENT_HEADINGS, STEP_HEADINGS

    units = say.units(line["quantity"])
    if line["quantityDenied"]:
        units += say("units_denied", count=say.amount(line["quantityDenied"]))
    verdict = say.code(line["verdict"])
    text = say("line", line=line["lineNumber"], code=line["serviceCode"], quantity=units, verdict=verdict)
    console.print()
    _print(console, heading + text, "bold")
    amounts = {name: say.amount(line[name]) for name in ("charged", "allowed", "paid")}
    _print(console, say("amounts", currency=currency, member=say.amount(line["memberResponsibility"]), **amounts))
    steps: list[Sequence[object]] = [
        (f"{s['rule']} v{s['version']}", s["words"], say.amount(s["before"]), say.amount(s["after"]), s["detail"])
        for s in line["steps"]
    ]
    if steps:
        console.print(_table(say.headings(STEP_HEADINGS), steps, (2, 3)))
    adjustments: list[Sequence[object]] = [
        (a["code"], say.amount(a["amount"]), a["words"], a["who"], a["rule"]) for a in line["adjustments"]
    ]
    if adjustments:
        console.print(_table(say.headings(ADJUSTMENT_HEADINGS), adjustments, (1,)))
    _findings(line["findings"], console, say)


def _findings(findings: Sequence[Mapping[str, Any]], console: "Console", say: "Speaker") -> None:
    from rich.markup import escape

    for finding in findings:
        words = f" {finding['words']}" if finding["words"] else ""
        console.print(f"[yellow]{escape(finding['code'])}[/]{escape(words)} ({escape(finding['text'])})")
        if finding["remedy"]:
            _print(console, f"  {say('remedy', remedy=finding['remedy'])}")


def _print(console: "Console", text: str, style: str | None = None) -> None:
    from rich.markup import escape

    console.print(escape(text), style=style)


def _table(columns: Sequence[str], rows: Sequence[Sequence[object]], right: Sequence[int]) -> "Table":
    from rich.markup import escape
    from rich.table import Table

    table = Table(*columns)
    for place in right:
        table.columns[place].justify = "right"
    for row in rows:
        table.add_row(*("" if cell is None else escape(str(cell)) for cell in row))
    return table
