"""Where gRPC listens: with TLS, not on a port that is taken, not with half of what TLS needs, and beside HTTP."""

import asyncio
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from grpc_health.v1 import health_pb2, health_pb2_grpc

from api import run
from api.addresses import AddressError
from api.answers import DESK
from api.context import PARTS
from api.grpc_door.server import serving
from api.health import READINESS
from cli.stack import free_port
from config.settings import ApiSettings
from tests.api.fakes import API, SETTINGS, app_of


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of localhost that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "certificate.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return folder / "certificate.pem", folder / "key.pem"


def listening(**changes: Any) -> Any:
    """The service on fakes, with these settings."""
    app = app_of()
    api = API.model_copy(update={"grpc_port": free_port()} | changes)
    return serving(api, app[PARTS], app[DESK], app[READINESS])


async def state(channel: Any) -> int:
    """What the health service answers."""
    stub: Any = health_pb2_grpc.HealthStub(channel)
    answer = await stub.Check(health_pb2.HealthCheckRequest(), timeout=10)
    return int(answer.status)


async def test_tls(tmp_path: Path) -> None:
    public, key = certificate(tmp_path)
    async with listening(grpc_certificate_file=public, grpc_key_file=key) as address:
        port = address.rpartition(":")[2]
        trusted = grpc.ssl_channel_credentials(public.read_bytes())
        async with grpc.aio.secure_channel(f"localhost:{port}", trusted) as channel:
            assert await state(channel) == health_pb2.HealthCheckResponse.SERVING
        async with grpc.aio.insecure_channel(address) as channel:
            with pytest.raises(grpc.aio.AioRpcError):
                await state(channel)


async def test_a_port_that_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(AddressError, match="--grpc-port"):
            await listening(grpc_port=taken.getsockname()[1]).__aenter__()


async def test_half_of_what_tls_needs(tmp_path: Path) -> None:
    public, _ = certificate(tmp_path)
    with pytest.raises(AddressError, match="needs both"):
        await listening(grpc_certificate_file=public).__aenter__()
    with pytest.raises(AddressError, match="GRPC_KEY_FILE"):
        await listening(grpc_certificate_file=public, grpc_key_file=tmp_path / "none.pem").__aenter__()


async def test_beside_http(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "create_app", lambda settings, **_: app_of())
    api = ApiSettings(port=0, grpc_port=free_port())
    stop, announced = asyncio.Event(), asyncio.Event()
    served = asyncio.create_task(run.serve(SETTINGS.model_copy(update={"api": api}), stop, lambda url: announced.set()))
    await asyncio.wait_for(announced.wait(), 10)
    async with grpc.aio.insecure_channel(f"127.0.0.1:{api.grpc_port}") as channel:
        assert await state(channel) == health_pb2.HealthCheckResponse.SERVING
    stop.set()
    await asyncio.wait_for(served, 20)


async def test_the_calls_of_a_process_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections are not, and each call may hold a message before anybody looks at its token."""
    monkeypatch.setattr("api.grpc_door.server.GRPC_CALLS_MAX", 1)
    async with listening() as address, grpc.aio.insecure_channel(address) as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        watching = stub.Watch(health_pb2.HealthCheckRequest())
        await watching.read()
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await state(channel)
        assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
        watching.cancel()
