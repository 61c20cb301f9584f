"""The dashboard asks for metrics that the engine has, and Prometheus scrapes the ports that compose sets."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import yaml
from prometheus_client import REGISTRY

from config import metrics
from streams import measures

ROOT = Path(__file__).parents[2]
DASHBOARD: dict[str, Any] = json.loads((ROOT / "deploy/grafana/dashboards/claims.json").read_text(encoding="utf-8"))
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
NAME = re.compile(r"\b(?:claims|http|api)_[a-z_]+")


def known() -> dict[str, set[str]]:
    """Every sample name of the engine's metrics, with its labels."""
    found: dict[str, set[str]] = {}
    for metric in {id(value): value for module in (metrics, measures) for value in vars(module).values()}.values():
        if not hasattr(metric, "_labelnames"):
            continue
        suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}.get(metric._type, ("",))
        found |= {metric._name + suffix: {*metric._labelnames, "le"} for suffix in suffixes}
    return found


def test_every_panel_asks_for_metrics_and_labels_that_exist() -> None:
    samples = known()
    for panel in DASHBOARD["panels"]:
        assert panel["datasource"]["uid"] == "prometheus"
        for target in panel["targets"]:
            names = NAME.findall(target["expr"])
            assert names, target["expr"]
            for name in names:
                assert name in samples, f"{panel['title']}: no metric {name}"
                grouped = re.findall(r"by \(([^)]*)\)", target["expr"])
                assert {label.strip() for text in grouped for label in text.split(",")} <= samples[name]


def test_metrics_are_registered_once() -> None:
    assert set(known()) & set(REGISTRY._names_to_collectors) == set(known())


def test_prometheus_scrapes_what_compose_starts() -> None:
    jobs = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    found = {}
    for job in jobs:
        for source in job.get("static_configs", ()):
            found[job["job_name"]] = source["targets"]
        for source in job.get("dns_sd_configs", ()):
            found[job["job_name"]] = [f"{name}:{source['port']}" for name in source["names"]]
    services = COMPOSE["services"]
    assert found == {
        "api": [f"api:{services['api']['environment']['CLAIMS_API__PORT']}"],
        "worker": [f"worker:{services['worker']['environment']['CLAIMS_WORKER__METRICS_PORT']}"],
        "scheduler": [f"scheduler:{services['scheduler']['environment']['CLAIMS_SCHEDULER__METRICS_PORT']}"],
        "answers": [f"answers:{services['answers']['environment']['CLAIMS_EDI__METRICS_PORT']}"],
        "sink": [f"sink:{services['sink']['environment']['CLAIMS_SINK__METRICS_PORT']}"],
    }


def test_grafana_finds_prometheus_and_the_dashboard() -> None:
    folder = ROOT / "deploy/grafana/provisioning"
    source = yaml.safe_load((folder / "datasources/prometheus.yml").read_text(encoding="utf-8"))["datasources"][0]
    assert (source["uid"], source["url"]) == ("prometheus", "http://prometheus:9090")
    provider = yaml.safe_load((folder / "dashboards/claims.yml").read_text(encoding="utf-8"))["providers"][0]
    mounted = [volume.split(":")[1] for volume in COMPOSE["services"]["grafana"]["volumes"]]
    assert provider["options"]["path"] in mounted
