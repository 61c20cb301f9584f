"""`claims generate`: made-up reference data and claims that fit together."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sources.generate.spec import Spec

app = typer.Typer(help="Generate reference data and claims that look real.", no_args_is_help=True)
TOPIC = "topic"


class Format(StrEnum):
    """How a file holds claims."""

    JSON = "json"
    PROFESSIONAL = "837p"
    INSTITUTIONAL = "837i"
    DENTAL = "837d"


Seed = Annotated[int, typer.Option(min=0, max=999, help="Claims fit the reference data of the same seed.")]
Members = Annotated[int, typer.Option(min=1, max=5_000_000, help="Members, in families; the same for both commands.")]
Share = Annotated[float, typer.Option(min=0, max=1, help="Share of claims.")]


@app.command()
def reference(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    members: Members = 100_000,
    seed: Seed = 1,
) -> None:
    """Write the sample payers with as many members as wanted, for `claims reference load`.

    Example: `claims generate reference .state/payers --members 100000`, then `claims reference load .state/payers`.
    """
    from cli.errors import UserError
    from sources.generate.folder import write_reference

    try:
        written = write_reference(folder, seed, members)
    except (OSError, ValueError) as error:
        raise UserError(str(error)) from error
    typer.echo(f"{written:,} members and their payers are in {folder}; load them: claims reference load {folder}")


@app.command()
def claims(
    count: Annotated[int | None, typer.Option(min=1, help="How many claims.")] = None,
    rate: Annotated[float | None, typer.Option(min=0.01, max=100_000, help="Claims a second, on schedule.")] = None,
    seconds: Annotated[float | None, typer.Option(min=0.1, help="How long; with --rate.")] = None,
    to: Annotated[str, typer.Option(help="A file, or `topic`.")] = TOPIC,
    form: Annotated[
        Format, typer.Option("--format", help="Of the file: JSON lines, or X12 837 of one form, in US dollars.")
    ] = Format.JSON,
    seed: Seed = 1,
    members: Members = 100_000,
    denied: Share = 0.10,
    pended: Share = 0.03,
    repeated: Share = 0.05,
    families_in_flight: Annotated[int, typer.Option(min=1, max=1000, help="Claims in a row of one family.")] = 1,
    first: Annotated[int, typer.Option(min=0, help="Skip so many claims: another part of the same load.")] = 0,
) -> None:
    """Generate claims for members that `generate reference` wrote with the same seed and number.

    Examples: `claims generate claims --count 10000`, `claims generate claims --rate 500 --seconds 60`,
    `claims generate claims --count 1000 --to claims.jsonl`, and
    `claims generate claims --count 1000 --format 837p --to claims.edi`.
    """
    from cli.errors import UserError
    from sources.generate.spec import Spec
    from sources.reference.problems import ReferenceDataError
    from sources.submitter import BrokerAwayError

    if count is None and seconds is None:
        raise UserError("say how many claims (--count 10000), or how fast and how long (--rate 500 --seconds 60)")
    if count is not None and seconds is not None:
        raise UserError("--count and --seconds both say when to stop; give one of them")
    try:
        spec = Spec(seed, members, None, denied, pended, repeated, families_in_flight, first=first)
        if to == TOPIC:
            if form is not Format.JSON:
                raise UserError("X12 is a format of files; name one, for example --to claims.edi")
            _to_topic(spec, rate, seconds, count)
        else:
            _to_file(Path(to), spec, count, form)
    except (BrokerAwayError, ReferenceDataError, ValueError, OSError) as error:
        raise UserError(str(error)) from error


def _to_topic(spec: "Spec", rate: float | None, seconds: float | None, count: int | None) -> None:
    from cli.environment import with_kafka
    from sources.generate.pump import pump

    result = pump(with_kafka(), spec, rate, seconds=seconds, count=count, announce=typer.echo)
    typer.echo(f"{result.delivered:,} claims delivered in {result.seconds:.1f} s, {result.rate:,.0f} a second")
    if not result.kept_up:
        typer.echo(
            f"{result.late:,} claims were sent late, by up to {result.late_seconds_max:.1f} s: this process or the "
            f"broker cannot keep {rate:,.0f} a second; their time of acceptance is when they were due"
        )
    if result.failed:
        typer.echo(f"{result.failed:,} claims were not delivered; generate again with the same seed: none counts twice")
        raise typer.Exit(1)


def _to_file(path: Path, spec: "Spec", count: int | None, form: Format) -> None:
    import time
    from dataclasses import replace

    from cli.errors import UserError
    from sources.generate.claims import claims as generated
    from sources.generate.written import CURRENCY, FORMS, write_claims, write_edi

    if count is None:
        raise UserError("a file has no rate; say how many claims it holds, for example --count 10000")
    if path.is_dir():
        raise UserError(f"{path} is a folder; name a file, for example {path / 'claims.jsonl'}")
    now = time.time_ns() // 1_000_000
    spec = replace(spec, count=count, accepted_at=now)
    if form is Format.JSON:
        written = write_claims(path, generated(spec))
    else:
        spec = replace(spec, form=FORMS[form.value], currency=CURRENCY)
        written = write_edi(path, generated(spec), spec)
    typer.echo(f"{written:,} claims are in {path}; send them: claims replay {path}")
