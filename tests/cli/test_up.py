"""What `claims up` says when everything runs. That it does is held by tests/integration/test_up.py."""

import pytest

from cli.up import banner
from config.settings import ApiSettings, KafkaSettings, Settings

URL = "http://127.0.0.1:8080"
LINES = [
    # port of gRPC, what the banner names
    (0,     ["API", "docs", "Kafka", "next"]),
    (9090,  ["API", "docs", "gRPC", "Kafka", "next"]),
]  # fmt: skip


@pytest.mark.parametrize(("grpc_port", "names"), LINES)
def test_the_banner_says_where_everything_answers(grpc_port: int, names: list[str]) -> None:
    found = Settings(api=ApiSettings(grpc_port=grpc_port), kafka=KafkaSettings(bootstrap_servers="127.0.0.1:9092"))
    lines = banner(found, URL)
    assert [line.split()[0] for line in lines] == names
    assert f"docs     {URL}/docs" in lines
    assert ("gRPC     127.0.0.1:9090" in lines) is bool(grpc_port)
