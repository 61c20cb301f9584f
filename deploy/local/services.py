"""Kafka and Postgres of one state folder, for the life of one process."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from deploy.local.discovery import Endpoints, owner_of, publish, withdraw
from deploy.local.errors import StateFolderInUse
from deploy.local.kafka import KafkaBroker
from deploy.local.locking import take_lock
from deploy.local.ports import LOOPBACK
from deploy.local.postgres import PostgresServer
from deploy.local.service import LocalService


def _log(line: str) -> None:
    structlog.get_logger("deploy.local").info(line)


class Services:
    """The embedded services; they end with this process, however it ends, and start again from their data."""

    def __init__(
        self, state_dir: Path, kafka: bool = True, postgres: bool = True, announce: Callable[[str], None] = _log
    ) -> None:
        """`kafka`, `postgres`: which to start. `announce` receives one line for each step."""
        self.state_dir = state_dir.absolute()
        self.kafka = KafkaBroker(self.state_dir / "kafka", announce, self._publish)
        self.postgres = PostgresServer(self.state_dir / "postgres", announce, self._publish)
        self._wanted: list[LocalService] = [
            service for service, wanted in ((self.kafka, kafka), (self.postgres, postgres)) if wanted
        ]
        self._lock: int | None = None

    @property
    def kafka_bootstrap(self) -> str:
        """host:port of the broker. Raises RuntimeError when it was not started."""
        return f"{LOOPBACK}:{self.kafka.port}"

    @property
    def database_url(self) -> str:
        """postgresql://claims:<password>@127.0.0.1:<port>/claims. Raises RuntimeError when it was not started."""
        return self.postgres.database_url

    def take_folder(self) -> None:
        """Make the folder ours until `stop`, before anything starts in it. Raises StateFolderInUse."""
        if self._lock is None:
            self._lock = take_lock(self.state_dir / "owner.lock")
        if self._lock is None:
            raise StateFolderInUse(self.state_dir, owner_of(self.state_dir))

    def start(self) -> None:
        """Start both at once and wait for both. Raises ServiceUnavailable, StateFolderInUse; then none runs."""
        self.take_folder()
        try:
            for service in self._wanted:
                service.launch()
            for service in reversed(self._wanted):
                service.wait_ready()
            self._publish()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop both cleanly, at the same time; the data stay. Does nothing when they do not run."""
        if self._lock is None:
            return
        withdraw(self.state_dir)
        try:
            for service in self._wanted:
                service.let_go()
            for service in self._wanted:
                service.stop()
        finally:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _publish(self) -> None:
        """Tell other processes, once all have run; again whenever one was started anew."""
        started = [service for service in self._wanted if service.alive]
        if len(started) < len(self._wanted):
            return
        endpoints = Endpoints(
            kafka_bootstrap=self.kafka_bootstrap if self.kafka in self._wanted else None,
            database_url=self.database_url if self.postgres in self._wanted else None,
        )
        publish(self.state_dir, endpoints, {service.name.lower(): service.pid for service in started})
