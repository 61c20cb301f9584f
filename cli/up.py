"""`claims up`: everything in one command."""

import signal
import threading
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from config.settings import Settings


def up(
    workers: Annotated[int, typer.Option(min=1, max=32, help="Worker processes.")] = 1,
    sample: Annotated[bool, typer.Option(help="Load the sample reference data when there is none.")] = False,
) -> None:
    """Start everything: services, topics, tables, workers, sink, API, scheduler, answers to EDI. Ctrl-C stops it.

    The data stays, in the state folder; answers to X12 files are written to `answers` in it.

    Examples: `claims up`, `claims up --workers 2`, `claims up --sample`.
    """
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    from cli.children import ChildFailedError
    from cli.environment import settings
    from cli.errors import UserError
    from cli.stack import Shape, Stack
    from config import logs

    console = Console(stderr=True)
    loaded = settings()
    logs.configure(loaded.log_level, "up")

    def announce(line: str) -> None:
        console.print(line, markup=False, highlight=False)

    with Stack(loaded, Shape(workers=workers, schedulers=1, answerers=1), announce) as stack:
        if sample:
            load_sample(stack)
        for line in banner(stack.settings, stack.api_url):
            announce(line)
        try:
            while not stop.wait(0.5):
                stack.tend()
        except ChildFailedError as error:
            raise UserError(str(error)) from error


def banner(settings: "Settings", api_url: str) -> list[str]:
    """Where everything answers, once it does, and what to type in another terminal."""
    grpc = settings.api.grpc_port
    return [
        f"API      {api_url}/api/v1/claims   (health: /health/ready, metrics: /metrics)",
        f"docs     {api_url}/docs",
        *([f"gRPC     {settings.api.host}:{grpc}"] if grpc else []),
        f"Kafka    {settings.kafka.bootstrap_servers}",
        "next     `claims reference load DIR`, `claims token`, `claims replay FILE`, `claims status ID`",
    ]


def load_sample(stack: object) -> None:
    """Load the sample reference data if no release is there."""
    from cli.stack import Stack

    assert isinstance(stack, Stack)
    from cli.reference import load_folder, sample_folder
    from sources.reference.published import read_releases

    releases = read_releases(stack.settings.kafka)
    if releases:
        stack.announce(f"reference release {releases[-1].release} is there; the sample is not loaded over it")
        return
    load_folder(sample_folder(), stack.settings)
    stack.announce("the sample payers are loaded as reference release 1")
