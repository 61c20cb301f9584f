"""`claims scheduler`: sends the commands that a day brings. No rule looks at a clock; this is where time passes."""

import asyncio
import signal
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from api.producer import Publisher
    from config.settings import Settings
    from schemas.codec import Codec
    from schemas.events import Command
    from sinks.due import Due

# The same pend, due on the same day, gives the same command: however often it is sent, it is carried out once.
NAMESPACE = uuid.UUID("6f0f6f6e-2b44-5f4e-9d1b-0c1a1e5c9a03")
AT_ONCE_MAX = 1_000


def scheduler(
    once: Annotated[bool, typer.Option("--once", help="Look once, send what is due, and end.")] = False,
    every: Annotated[float, typer.Option(min=1, max=86_400, help="Seconds between two looks.")] = 60,
) -> None:
    """Deny pended claims past their due date, and uphold decisions whose appeal was not answered in time.

    It reads what is due from Postgres and sends commands with the role scheduler; run as many as you like, each command
    is carried out once. It waits for Kafka and Postgres.

    Examples: `claims scheduler`, `claims scheduler --once`.
    """
    from cli.environment import with_both
    from config import logs

    settings = with_both()
    logs.configure(settings.log_level, "scheduler")
    if settings.scheduler.metrics_port:
        from prometheus_client import start_http_server

        start_http_server(settings.scheduler.metrics_port, settings.scheduler.metrics_host)
    asyncio.run(_run(settings, once, every))


def command_of(due: "Due", now: int) -> "Command":
    """The command that a day brings; `now` in milliseconds is its event time."""
    from schemas.events import Command

    name = f"{due.claim_id}\n{due.version}\n{due.revision}\n{due.kind}\n{due.due.isoformat()}"
    waited = f"the pend {due.code}" if due.kind == "deny" else "the appeal"
    command_id = str(uuid.uuid5(NAMESPACE, name))
    reason = f"{waited} was not answered by {due.due.isoformat()}"
    return Command(command_id, due.kind, due.root_id, "scheduler", "scheduler", reason, None, command_id, now)


@dataclass
class Scheduler:
    """One look after the other. `sent` holds the commands that were confirmed and whose claims are still due."""

    settings: "Settings"
    publisher: "Publisher"
    codec: "Codec"
    sent: set[str] = field(default_factory=set)

    async def look(self, now: int) -> int:
        """Send what is due at `now` (milliseconds) and was not sent yet; returns how many commands.

        Raises OutcomeUnknown, DatabaseUrlError, OSError and asyncpg.PostgresError: the next look tries again.
        """
        from config.limits import PAYER_UTC_OFFSET_MINUTES
        from config.metrics import SCHEDULER_COMMANDS, SCHEDULER_LOOKED
        from schemas.dates import calendar_of, day_at
        from schemas.topics import CLAIMS_COMMANDS
        from sinks.connect import connect
        from sinks.due import due_claims

        assert self.settings.database.url is not None
        today = calendar_of(day_at(now, PAYER_UTC_OFFSET_MINUTES))
        connection = await connect(self.settings.database.url.get_secret_value(), timeout=10)
        try:
            found = await due_claims(connection, today, AT_ONCE_MAX + len(self.sent))
        finally:
            await connection.close()
        commands = [command_of(due, now) for due in found]
        # What the chain has carried out is due no more, and need not be remembered.
        self.sent &= {command.command_id for command in commands}
        new = [command for command in commands if command.command_id not in self.sent]
        for command in new:
            headers = {"correlation_id": command.command_id.encode()}
            value = self.codec.encode(command)
            await self.publisher.publish(CLAIMS_COMMANDS, command.claim_id.encode(), value, headers)
            self.sent.add(command.command_id)
            SCHEDULER_COMMANDS.labels(command.kind).inc()
        SCHEDULER_LOOKED.set_to_current_time()
        return len(new)


def said_of(commands: int) -> str:
    """What one look came to, for a person."""
    if not commands:
        return "nothing is due"
    sent = "1 command was" if commands == 1 else f"{commands:,} commands were"
    return f"{sent} sent for what is due; `claims status` of a claim shows what comes of it"


async def _run(settings: "Settings", once: bool, every: float) -> None:
    import asyncpg
    import structlog

    from api.producer import KafkaPublisher, OutcomeUnknown
    from cli.errors import UserError
    from schemas.codec import Codec
    from schemas.registry import for_settings
    from sinks.connect import DatabaseUrlError

    log = structlog.get_logger("cli.scheduler")
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    made = Scheduler(settings, KafkaPublisher(settings.kafka), Codec(for_settings(settings.kafka)))
    try:
        while not stop.is_set():
            try:
                count = await made.look(time.time_ns() // 1_000_000)
                if once:
                    typer.echo(said_of(count))
                elif count:
                    log.info("commands sent for what is due", commands=count)
            except DatabaseUrlError as error:
                raise UserError(str(error)) from error
            except (OutcomeUnknown, OSError, TimeoutError, asyncpg.PostgresError) as error:
                if once:
                    raise UserError(f"what is due cannot be looked up or sent ({error}); is everything up?") from error
                log.warning("what is due cannot be looked up or sent; it is tried again", error=type(error).__name__)
            if once:
                return
            await _pause(stop, every)
    finally:
        await made.publisher.close()


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        pass
