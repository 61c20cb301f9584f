"""`claims edi answer`: completes the 277CA of every transaction that came by EDI."""

import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.errors import UserError, using_kafka
from cli.places import cannot_write, check_folder
from schemas.counted import counted

if TYPE_CHECKING:
    from config.settings import KafkaSettings
    from sources.answers.service import Look, Service

_PAUSE_SECONDS = 0.5
_AWAY_SECONDS = 5.0


def answer(
    folder: Annotated[Path | None, typer.Option(help="Folder for the answers; that of the settings otherwise.")] = None,
    once: Annotated[bool, typer.Option("--once", help="Answer what can be answered now, and end.")] = False,
    wait: Annotated[
        float | None, typer.Option(min=0, max=86_400, help="Seconds to wait until nothing is left to answer; then end.")
    ] = None,
) -> None:
    """Acknowledge each claim (277CA) as soon as the engine accepted or rejected every claim of its transaction.

    Runs as a service until it is stopped; may be killed and started again at any moment. It waits for Kafka. With
    --once or --wait it ends with 0 when nothing is left to answer, else with 1, and says how many it answered: none
    where another one was first, such as that of `claims up`.

    Examples: `claims edi answer --folder answers`, `claims edi answer --wait 60`.
    """
    from cli.environment import with_kafka
    from config import logs
    from sources.answers.service import Service

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    settings = with_kafka()
    check_folder("--folder", folder)
    logs.configure(settings.log_level, "edi-answers")
    if settings.edi.metrics_port:
        from prometheus_client import start_http_server

        start_http_server(settings.edi.metrics_port, settings.edi.metrics_host)
    service = Service(settings, folder or settings.edi.answers_dir)
    try:
        if once or wait is not None:
            _until_answered(service, stop, wait or 0, settings.kafka)
        else:
            _serve(service, stop)
    finally:
        service.close()


def _until_answered(service: "Service", stop: threading.Event, seconds: float, kafka: "KafkaSettings") -> None:
    from sources.answers.publisher import UnconfirmedError
    from sources.answers.tail import MissingTopicError

    until = time.monotonic() + seconds
    answered = 0
    while True:
        try:
            with using_kafka(kafka):
                look = service.look(_now())
        except (MissingTopicError, UnconfirmedError) as error:
            raise UserError(str(error)) from error
        except OSError as error:
            raise UserError(f"answers: {cannot_write(error)}; mend that and start it again") from error
        _say(look)
        answered += look.complete
        if not look.waiting:
            typer.echo(f"{counted(answered, 'transaction')} acknowledged; nothing is left to answer{_or_was(answered)}")
            return
        if stop.is_set() or time.monotonic() >= until:
            waiting = f"the claims of {counted(look.waiting, 'transaction')} have no outcome yet"
            text = f"{counted(answered, 'transaction')} acknowledged; {waiting}"
            typer.echo(f"{text}. Is a worker at work? Wait longer: --wait SECONDS", err=True)
            raise typer.Exit(1)
        stop.wait(_PAUSE_SECONDS)


def _or_was(answered: int) -> str:
    """Where answers are that somebody looks for in vain."""
    if answered:
        return ""
    return (
        "; another run may have been first, such as that of `claims up`, whose folder is `answers` in its state folder"
    )


def _serve(service: "Service", stop: threading.Event) -> None:
    import structlog
    from confluent_kafka import KafkaException

    from sources.answers.publisher import UnconfirmedError
    from sources.answers.tail import MissingTopicError

    log = structlog.get_logger("cli.edi_answer")
    while not stop.is_set():
        try:
            _say(service.look(_now()))
        except (KafkaException, MissingTopicError, UnconfirmedError, OSError) as error:
            log.warning("answers cannot be completed; it is tried again", error=str(error))
            stop.wait(_AWAY_SECONDS)
        else:
            stop.wait(_PAUSE_SECONDS)


def _say(look: "Look") -> None:
    import structlog

    if look.complete or look.interim:
        log = structlog.get_logger("cli.edi_answer")
        log.info("claims acknowledged", transactions=look.complete, interim=look.interim, waiting=look.waiting)


def _now() -> int:
    return time.time_ns() // 1_000_000
