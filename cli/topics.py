"""`claims topics`: the topics of the topology."""

import typer
from rich.console import Console
from rich.table import Table

app = typer.Typer(help="Topics: create what is missing, show what is there.", no_args_is_help=True)


@app.command()
def create() -> None:
    """Create every topic that is missing. Example: `claims topics create`."""
    from cli.environment import with_kafka
    from cli.errors import UserError
    from streams import admin

    try:
        created = admin.create(with_kafka().kafka)
    except admin.TopicsError as error:
        raise UserError(str(error)) from error
    Console().print(f"{len(created)} topics created" if created else "all topics are there")


@app.command(name="list")
def show() -> None:
    """Show every topic with its partitions and what is wrong with it. Example: `claims topics list`."""
    from cli.environment import with_kafka
    from streams import admin

    kafka = with_kafka().kafka
    found = admin.existing(kafka)
    table = Table("topic", "partitions", "kept", "state")
    for plan in admin.planned(kafka):
        partitions = found.get(plan.name)
        state = "missing" if partitions is None else "ok" if partitions == plan.partitions else "wrong partition count"
        table.add_row(plan.name, str(partitions or plan.partitions), "latest" if plan.compacted else "all", state)
    Console().print(table)
    if admin.wrong(kafka, found):
        raise typer.Exit(1)
