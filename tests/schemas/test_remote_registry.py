"""A schema registry by URL: schemas are registered under the subjects of their topics, and read by id."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from config.settings import KafkaSettings
from schemas.codec import Codec, DecodeError
from schemas.envelope import Envelope, Finding
from schemas.registry import for_settings
from tests.agents.world import claim, line, submit, world


class Registry(BaseHTTPRequestHandler):
    """As much of Confluent's registry as a producer and a reader ask for."""

    schemas: ClassVar[list[str]] = []
    subjects: ClassVar[dict[str, int]] = {}

    def do_POST(self) -> None:
        schema = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["schema"]
        if schema not in self.schemas:
            self.schemas.append(schema)
        number = self.schemas.index(schema) + 1
        self.subjects[self.path.split("/")[2]] = number
        self._answer(200, {"id": number})

    def do_GET(self) -> None:
        number = int(self.path.split("?")[0].rsplit("/", 1)[1])
        if number > len(self.schemas):
            self._answer(404, {"error_code": 40403, "message": "Schema not found"})
        else:
            self._answer(200, {"schema": self.schemas[number - 1]})

    def _answer(self, status: int, body: object) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Quiet."""


@pytest.fixture
def codec() -> Iterator[Codec]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Codec(for_settings(KafkaSettings(schema_registry_url=f"http://127.0.0.1:{server.server_address[1]}")))
    server.shutdown()
    thread.join()
    server.server_close()


def test_records_travel_with_the_ids_of_the_registry(codec: Codec) -> None:
    chain = world()
    submit(chain, claim(line(15000)))
    envelope: Envelope = chain.read("claims.validated")[0]
    assert codec.decode(Envelope, codec.encode(envelope)) == envelope
    assert Registry.subjects.keys() >= {"claims.validated-value", "claims.authorized-value", "claims.adjudicated-value"}


def test_an_unknown_id_is_named(codec: Codec) -> None:
    with pytest.raises(DecodeError, match="schema id 99 is not in the registry"):
        codec.decode(Finding, b"\x00\x00\x00\x00\x63")
