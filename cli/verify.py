"""`claims verify`: proves that Postgres equals the topics."""

import json
from typing import Annotated

import typer


def verify(
    wait: Annotated[
        float, typer.Option(min=0, help="Seconds to wait until the sink has written all there is now.")
    ] = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Compare every claim, event, step and dead letter in Postgres with the topics, and compute all totals again.

    Ends with 0 when all is equal and with 1 when anything differs; at most 20 claims are named.

    Examples: `claims verify`, `claims verify --wait 30 --json`.
    """

    from cli.environment import with_both
    from cli.errors import UserError, using_kafka, using_postgres
    from sinks.ends import MissingTopicError
    from sinks.topics import VerifyError
    from sinks.verify import Report, verify_blocking

    settings = with_both()
    assert settings.database.url is not None
    try:
        with using_kafka(settings.kafka), using_postgres(settings.database.url.get_secret_value()):
            report: Report = verify_blocking(settings, wait)
    except (VerifyError, MissingTopicError) as error:
        raise UserError(str(error)) from error
    typer.echo(json.dumps(report.as_dict(), indent=2) if as_json else "\n".join(report_lines(report.as_dict())))
    if not report.ok:
        raise typer.Exit(1)


def report_lines(report: dict[str, object]) -> list[str]:
    """The report as a person reads it."""
    counts, missing, unexpected = report["counts"], report["missing"], report["unexpected"]
    assert isinstance(counts, dict)
    assert isinstance(missing, dict)
    assert isinstance(unexpected, dict)
    lines = [
        f"{name.replace('_', ' '):<17}{count:>10} in Postgres"
        + (
            f"; {missing[name]} missing or different, {unexpected[name]} unexpected"
            * bool(missing[name] or unexpected[name])
        )
        for name, count in counts.items()
    ]
    for heading, named in (("claims that differ", "claim_ids"), ("totals that differ", "totals_different")):
        found = report[named]
        assert isinstance(found, list)
        if found:
            lines += [f"{heading} (at most 20):", *(f"  {entry}" for entry in found)]
    if report["behind"]:
        lines.append(
            f"the sink is {report['behind']} records behind" + ", waited in vain" * bool(report["waited_in_vain"])
        )
    lines.append("Postgres equals the topics" if report["ok"] else "Postgres DIFFERS from the topics")
    return lines
