"""The process: it starts while Kafka and Postgres are away, says where it serves, and why it cannot."""

import asyncio
import logging
import socket

import aiohttp
import pytest
from pydantic import SecretStr

from api.addresses import AddressError
from api.run import _protocol_logger, serve
from config.settings import ApiSettings, DatabaseSettings, KafkaSettings, Settings


def settings(host: str = "127.0.0.1", port: int = 0) -> Settings:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        nobody = held.getsockname()[1]
    return Settings(
        _env_file=None,
        kafka=KafkaSettings(bootstrap_servers=f"127.0.0.1:{nobody}"),
        database=DatabaseSettings(url=SecretStr(f"postgresql://claims@127.0.0.1:{nobody}/claims")),
        api=ApiSettings(host=host, port=port),
    )


async def test_it_starts_without_kafka_and_postgres_and_says_what_is_missing() -> None:
    stop, url = asyncio.Event(), asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(settings(), stop, url.set_result))
    async with aiohttp.ClientSession(await url) as client:
        async with client.get("/health/live") as response:
            assert response.status == 200
        async with client.get("/health/ready") as response:
            reasons = {reason["service"]: reason["reason"] for reason in (await response.json())["reasons"]}
            assert response.status == 503
    assert "check KAFKA_BOOTSTRAP_SERVERS" in reasons["kafka"]
    assert "check DATABASE_URL" in reasons["postgres"]
    stop.set()
    await serving


async def test_a_port_in_use_says_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(AddressError, match=f"port {port} of 127.0.0.1 is in use.*--port"):
            await serve(settings(port=port), asyncio.Event())


async def test_an_address_of_another_machine_says_what_to_do() -> None:
    with pytest.raises(AddressError, match=r"cannot listen on 192\.0\.2\.1:0.*--host"):
        await serve(settings(host="192.0.2.1"), asyncio.Event())


def test_a_broken_request_is_not_quoted_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    logger = _protocol_logger()
    with caplog.at_level(logging.INFO, logger="api.protocol"):
        logger.error("Error handling request %s", "SECRET", exc_info=ValueError("SECRET"))
    assert "a request could not be read ValueError" in caplog.text
    assert "SECRET" not in caplog.text
