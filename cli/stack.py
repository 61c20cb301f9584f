"""The whole engine on this machine: services, topics, tables and processes, for `up`, `demo` and `bench`."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from cli.children import Child, Children
from cli.environment import named
from cli.errors import UserError
from config.settings import Settings
from deploy.local.services import Services


@dataclass(frozen=True, slots=True)
class Shape:
    """How many processes of each kind."""

    workers: int = 1
    sinks: int = 1
    apis: int = 1
    schedulers: int = 0
    answerers: int = 0


class Stack:
    """Starts everything on entry, ends everything on exit; what the environment names is used instead of embedded."""

    def __init__(self, settings: Settings, shape: Shape, announce: Callable[[str], None]) -> None:
        self.settings = settings
        self.shape = shape
        self.announce = announce
        self.children = Children(announce)
        kafka, postgres = not settings.kafka.bootstrap_servers, not settings.database.url
        self.services = Services(
            settings.state_dir,
            kafka=kafka,
            postgres=postgres,
            announce=announce,
        )
        self._embedded = ((self.services.kafka, kafka), (self.services.postgres, postgres))

    @property
    def api_url(self) -> str:
        """Where the API answers."""
        return f"http://{self.settings.api.host}:{self.settings.api.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What the children need to find the services."""
        kafka, url = self.settings.kafka.bootstrap_servers, self.settings.database.url
        assert kafka is not None
        assert url is not None
        return {
            "KAFKA_BOOTSTRAP_SERVERS": kafka,
            "DATABASE_URL": url.get_secret_value(),
            "CLAIMS_STATE_DIR": str(self.settings.state_dir),
            "CLAIMS_API__PORT": str(self.settings.api.port),
            "CLAIMS_API__HOST": self.settings.api.host,
            "CLAIMS_WORKER__CLAIMS_PER_SECOND_MAX": str(self.settings.worker.claims_per_second_max),
        }

    def __enter__(self) -> Self:
        self._take_places()
        try:
            self.services.start()
            self._prepare()
            self._start_children()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def tend(self) -> None:
        """Start again what has ended, services too. Raises ChildFailedError for what wants a person."""
        for service, embedded in self._embedded:
            if embedded and not service.alive:
                self.announce(f"{service.name} has ended; starting it again")
                service.start()
        self.children.tend()

    def _take_places(self) -> None:
        """First the folder: where that is in use, so is the port, and another port would be no way out."""
        self.services.take_folder()
        try:
            if self.shape.apis:
                refuse_port_in_use(self.settings.api.host, self.settings.api.port)
        except UserError:
            self.services.stop()
            raise

    def _prepare(self) -> None:
        from sinks.migrate import migrate_blocking
        from streams import admin

        embedded = self.services
        kafka = None if self.settings.kafka.bootstrap_servers else embedded.kafka_bootstrap
        url = None if self.settings.database.url else embedded.database_url
        self.settings = named(self.settings, kafka, url)
        created = admin.create(self.settings.kafka)
        assert self.settings.database.url is not None
        applied = migrate_blocking(self.settings.database.url.get_secret_value())
        self.announce(f"{len(created)} topics created, {len(applied)} migrations applied")

    def _start_children(self) -> None:
        state = Path(self.settings.state_dir).absolute()
        logs = state / "logs"
        wanted = [
            *(("sink", ["sink"], number) for number in range(1, self.shape.sinks + 1)),
            *(("worker", ["worker"], number) for number in range(1, self.shape.workers + 1)),
            *(("api", ["api"], number) for number in range(1, self.shape.apis + 1)),
            *(("scheduler", ["scheduler"], number) for number in range(1, self.shape.schedulers + 1)),
            *(
                ("answers", ["edi", "answer", "--folder", str(state / "answers")], number)
                for number in range(1, self.shape.answerers + 1)
            ),
        ]
        for kind, arguments, number in wanted:
            name = f"{kind}-{number}"
            self.children.add(Child(name, arguments, self.environment, logs / f"{name}.log"))
            self.announce(f"{name} starting (log: {logs / name}.log)")

    def _stop(self) -> None:
        self.announce("stopping")
        self.children.stop()
        self.services.stop()


def refuse_port_in_use(host: str, port: int) -> None:
    """Raise UserError when the API could not listen: better before everything else has started."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            text = f"the API cannot listen on {host}:{port} ({error.strerror}); choose another: CLAIMS_API__PORT=8081"
            raise UserError(text) from None


def private(settings: Settings, folder: Path) -> Settings:
    """The settings with embedded services of their own in a folder, and a free port for the API."""
    return settings.model_copy(
        update={
            "state_dir": folder,
            "kafka": settings.kafka.model_copy(update={"bootstrap_servers": None}),
            "database": settings.database.model_copy(update={"url": None}),
            "api": settings.api.model_copy(update={"port": free_port(), "host": "127.0.0.1"}),
        }
    )


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
