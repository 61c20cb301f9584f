"""`claims schemas`: the versions of the records on topics."""

import typer

app = typer.Typer(help="Schemas: register new versions, check that all read each other.", no_args_is_help=True)


@app.command()
def register() -> None:
    """Write a new version of every changed record into schemas/registry.json. Example: `claims schemas register`."""
    from schemas import registry

    names = registry.register()
    typer.echo(f"registered: {', '.join(names)}" if names else "nothing changed")


@app.command()
def check() -> None:
    """Check that every version of every record reads every other. Example: `claims schemas check`."""
    from schemas.compatibility import problems_between
    from schemas.registry import FileRegistry

    versions = FileRegistry().versions
    problems = [f"{name}: {text}" for name in versions for text in problems_between(versions[name])]
    for problem in problems:
        typer.echo(problem)
    if problems:
        raise typer.Exit(1)
    typer.echo(f"{len(versions)} records, every version reads every other")
