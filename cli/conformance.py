"""`claims conformance`: worked claims with public sources against this engine."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table

from cli.errors import UserError
from schemas.counted import counted

if TYPE_CHECKING:
    from cli.conformance_run import Result

# The pack stands beside the tests of a checkout; an installed engine is given a folder.
SHIPPED = Path(__file__).parents[1] / "tests" / "conformance"
PIPE_COLUMNS = 160
SOURCE_COLUMNS = 40
DIFFERS = 1


def conformance(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of cases, *.yaml.", show_default="the pack of the source")
    ] = SHIPPED,
    only: Annotated[str | None, typer.Option(metavar="ID", help="Run the case of this id.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Decide worked claims in memory and compare with what they expect; needs no services.

    Ends with 0 when nothing differs, 1 when something does, 2 when there is no case or one is malformed.

    Examples: `claims conformance`, `claims conformance my-cases --only balance-billing-of-30`.
    """
    from cli.conformance_cases import CaseError, cases_in
    from cli.conformance_run import run
    from config import logs
    from schemas.codec import Codec

    logs.configure("warning", "conformance")
    codec = Codec()
    try:
        cases = [case for case in cases_in(folder) if only is None or case.case_id == only]
        if not cases:
            if only:
                raise UserError(f"no case {only} in {folder}; `claims conformance` lists their ids")
            raise UserError(
                f"no cases (*.yaml) in {folder}; name a folder that holds some, such as tests/conformance of the source"
            )
        results = [run(case, codec) for case in cases]
    except CaseError as error:
        raise UserError(str(error)) from error
    if as_json:
        from schemas.json_text import dump_json

        typer.echo(dump_json(_plain(results)))
    else:
        _show(results)
    if not all(result.passed for result in results):
        sys.exit(DIFFERS)


def _show(results: "Sequence[Result]") -> None:
    console = Console() if sys.stdout.isatty() else Console(width=PIPE_COLUMNS)
    table = Table(
        Column("case", overflow="fold"), Column("source", overflow="fold", max_width=SOURCE_COLUMNS), "result"
    )
    topic = ""
    for result in results:
        case = result.case
        if case.topic != topic:
            topic = case.topic
            table.add_section()
            table.add_row(f"[bold]{topic}[/bold]", "", "")
        origin = case.source["publisher"] if case.source else "derived from a rule"
        table.add_row(case.case_id, origin, "passes" if result.passed else "\n".join(result.differences))
    console.print(table)
    passed, sourced = sum(one.passed for one in results), sum(one.case.source is not None for one in results)
    cases, differing = counted(len(results), "case"), len(results) - passed
    console.print(f"{cases}, {sourced} with a public source; {passed} pass, {differing} differ")


def _plain(results: "Sequence[Result]") -> dict[str, Any]:
    """The results as JSON."""
    return {
        "cases": [
            {
                "id": one.case.case_id,
                "file": one.case.file,
                "title": one.case.title,
                "source": one.case.source,
                "rule": one.case.rule,
                "features": list(one.case.features),
                "passed": one.passed,
                "differences": list(one.differences),
            }
            for one in results
        ],
        "passed": sum(one.passed for one in results),
        "differing": sum(not one.passed for one in results),
    }
