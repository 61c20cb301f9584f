"""`claims impact` and `claims shadow` on a real broker: topics as the chain leaves them, read to their end."""

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import confluent_kafka
import pytest
from confluent_kafka import Producer
from typer.testing import CliRunner

from agents.contract import Reference
from agents.reference_store import ReferenceView
from cli.errors import UserError
from cli.main import app
from cli.reference import load_folder, sample_folder
from cli.shadow import rules_of
from config.clients import producer_config
from config.settings import KafkaSettings, Settings
from deploy.local.services import Services
from schemas import topics
from schemas.dates import MILLISECONDS_A_DAY, moment_of
from streams import admin
from streams.driver import Driver
from streams.history import History, HistoryError, all_references
from tests.agents.stories import void
from tests.agents.world import CODEC, DAY, claim, line, submit

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]
AT = (DAY + 10) * MILLISECONDS_A_DAY
# Visits of a member of the sample's Acme PPO, who has a deductible of 500.00: the first is voided.
CLAIMS = [
    claim(
        line(900_00, "70553"), number=f"T{n}", member_id="ACME-0001", provider_id="RIVERSIDE-CLINIC",
        service_from=DAY + n, service_to=DAY + n, accepted_at=AT + n,
    )
    for n in range(3)
]  # fmt: skip
CLAIMS = [
    replace(one, lines=(replace(one.lines[0], service_from=one.service_from, service_to=one.service_to),))
    for one in CLAIMS
]


class OneRelease:
    """The sample as the release that the chain in memory decides with."""

    def __init__(self) -> None:
        self._view = ReferenceView(rules_of(sample_folder(), CODEC)._store, 1)

    def latest(self) -> int | None:
        """The one."""
        return 1

    def at(self, release: int) -> Reference | None:
        """The one."""
        return self._view


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaSettings]:
    """A broker of its own with the sample as release 1, and what the chain made of three claims and a void."""
    with Services(tmp_path_factory.mktemp("counterfactual"), postgres=False, announce=lambda line: None) as services:
        settings = KafkaSettings(bootstrap_servers=services.kafka_bootstrap)
        admin.create(settings)
        load_folder(sample_folder(), Settings(kafka=settings), lambda line: None)
        chain = Driver(OneRelease(), CODEC)
        for given in (*CLAIMS, void(CLAIMS[0])):
            submit(chain, given)
        producer = Producer(producer_config(settings))
        for topic in (topics.CLAIMS_VALIDATED, topics.CLAIMS_DECIDED):
            for output in chain.outputs[topic]:
                producer.produce(topic, output.value, output.key)
        assert producer.flush(10) == 0
        yield settings


def asked(monkeypatch: pytest.MonkeyPatch, kafka: KafkaSettings, *arguments: str) -> dict[str, Any]:
    """What a command prints as JSON."""
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrap_servers or "")
    done = CliRunner().invoke(app, [*arguments, "--json"])
    if done.exception is not None:
        raise done.exception
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_impact_of_a_void(monkeypatch: pytest.MonkeyPatch, kafka: KafkaSettings) -> None:
    found = asked(monkeypatch, kafka, "impact", CLAIMS[0].claim_id)
    assert (found["state"], found["claims_compared"], found["decided_otherwise_today"]) == ("voided", 2, 0)
    # 410.00 are allowed of each. The first took 410.00 of the deductible, the second the rest; now the second would
    # have taken 410.00, and the third the rest.
    told = {one["claim_id"]: (one["difference"]["paid"], one["adjustments"]) for one in found["claims"]}
    assert told == {
        CLAIMS[1].claim_id: (-256, {"PR-1": 320, "PR-2": -64}),
        CLAIMS[2].claim_id: (-72, {"PR-1": 90, "PR-2": -18}),
    }
    assert found["totals"] == [{"currency": "USD", "paid": -328, "member_share": 328}]


def test_an_unknown_claim(monkeypatch: pytest.MonkeyPatch, kafka: KafkaSettings) -> None:
    with pytest.raises(UserError, match="was never decided here"):
        asked(monkeypatch, kafka, "impact", "770e8400-e29b-41d4-a716-446655440002")


def test_shadow_makes_no_producer(monkeypatch: pytest.MonkeyPatch, kafka: KafkaSettings, tmp_path: Path) -> None:
    folder = tmp_path / "payers"
    shutil.copytree(sample_folder(), folder)
    plans = (folder / "plans.yaml").read_text().replace("deductible_individual: 500.00", "deductible_individual: 0")
    (folder / "plans.yaml").write_text(plans.replace("deductible_family: 1000.00", "deductible_family: 0"))

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a producer was made")

    monkeypatch.setattr(confluent_kafka, "Producer", refuse)
    monkeypatch.setattr(confluent_kafka.cimpl, "Producer", refuse)
    before = sizes(kafka)
    day = f"{moment_of(AT):%Y-%m-%d}"
    found = asked(monkeypatch, kafka, "shadow", "--reference", str(folder), "--from", day, "--to", f"{day}T23:59:59")
    # The voided claim pays nothing either way, the third met no deductible; the second had paid 90.00 of it.
    assert (found["claims"], found["claims_changed"]) == (4, 1)
    # A void claim has no plan of its own.
    assert {row["plan_id"]: row["difference"] for row in found["by_plan"]} == {None: 0, "ACME-PPO": 72}
    assert found["by_reason"][0] | {"reason": "PR-1", "difference": -90} == found["by_reason"][0]
    same = asked(monkeypatch, kafka, "shadow", "--reference", str(folder), "--from", "2020-01-01", "--to", day)
    assert same["claims"] == 0
    assert sizes(kafka) == before


def sizes(kafka: KafkaSettings) -> dict[str, int]:
    """Records on every topic of the chain."""
    with closing(History(kafka)) as history:
        return {topic: sum(history.count(topic, p) for p in history.partitions(topic)) for topic in topics.BY_NAME}


def test_reference_data_that_does_not_get_complete(monkeypatch: pytest.MonkeyPatch, kafka: KafkaSettings) -> None:
    monkeypatch.setattr("streams.history.REFERENCE_SECONDS_MAX", 0.5)
    monkeypatch.setattr(History, "newest_release", lambda self: 7)
    with (
        closing(History(kafka)) as history,
        pytest.raises(HistoryError, match="release 7 is announced"),
        all_references(kafka, history, lambda line: None),
    ):
        raise AssertionError("it never gets complete")
