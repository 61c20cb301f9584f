"""What the runtime touches inside faust, mode and aiokafka: asserted at start, so that an upgrade fails with a list."""

from importlib.metadata import version

PINNED = {"faust-streaming": "0.15.3", "mode-streaming": "0.7.1", "aiokafka": "0.14.0", "rocksdict": "0.3.29"}


class PinsError(RuntimeError):
    """An installed release differs from the one the runtime was written against, or lacks a name it uses."""


def internals() -> list[tuple[type | object, str]]:
    """Every private or undocumented name in use, as (owner, name)."""
    import faust
    from aiokafka.consumer.fetcher import Fetcher
    from faust.app.base import BootStrategy
    from faust.transport import consumer as base
    from faust.transport.drivers import aiokafka as driver
    from mode import Service

    return [
        (faust.App, "_new_transport"),
        (faust.App, "_stop_consumer"),
        (faust.App, "_fetcher"),
        (faust.App, "on_rebalance_end"),
        (BootStrategy, "_should_enable_web"),
        (base.Consumer, "_drain_messages"),
        (base.Consumer, "on_partitions_revoked"),
        (base.Consumer, "verify_event_path"),
        (base.ThreadDelegateConsumer, "_getmany"),
        (base.ThreadDelegateConsumer, "seek_wait"),
        (driver.Consumer, "_new_consumer_thread"),
        (driver.AIOKafkaConsumerThread, "_create_worker_consumer"),
        (driver.Transport, "Consumer"),
        (driver, "server_list"),
        (driver, "credentials_to_aiokafka_auth"),
        (Fetcher, "fetched_records"),
        (Service, "maybe_start"),
    ]


def check() -> None:
    """Raise PinsError with everything that differs."""
    problems = [
        f"{name} {version(name)} is installed, the runtime is written against {wanted}"
        for name, wanted in PINNED.items()
        if version(name) != wanted
    ]
    problems += [f"{owner!r} has no {name}" for owner, name in internals() if not hasattr(owner, name)]
    if problems:
        raise PinsError("; ".join(problems) + "; run `make install`")
