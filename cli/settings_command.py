"""`claims settings`: what can be set, and what is set."""

import typer

app = typer.Typer(help="Settings: what can be set, and what this process would use.", no_args_is_help=True)


@app.command()
def example() -> None:
    """Print `.env.example`: every setting with its meaning and default. Example: `claims settings example`."""
    from config.example import render

    typer.echo(render(), nl=False)


@app.command()
def show() -> None:
    """Print the settings of this process, secrets hidden. Example: `claims settings show`."""
    from cli.environment import settings
    from config.example import shown

    typer.echo(shown(settings()))
