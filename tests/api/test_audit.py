"""Every read leaves a record; where no record can be kept, nothing is read."""

import asyncio
from collections.abc import Mapping

import pytest

from api.audit import Auditor
from api.auth import Principal
from api.problems import Problem
from api.producer import OutcomeUnknown
from config.limits import AUDIT_IDS_MAX
from schemas.audit import THING_OF, View
from tests.api.fakes import CODEC, FakePublisher

ANI = Principal("ani", frozenset({"claim_processor", "auditor"}), frozenset(), None, None)
CLINIC = Principal("clinic", frozenset({"provider"}), frozenset(), "PRV-1", None)


def auditor(publisher: FakePublisher, records_max: int = 100, late_seconds: float = 10.0) -> Auditor:
    return Auditor(publisher, CODEC, lambda: 17, records_max=records_max, late_seconds=late_seconds)


MANY = [f"c-{n}" for n in range(AUDIT_IDS_MAX + 3)]
CASES: list[tuple[Principal, View, list[str], str | None, bytes, int]] = [
    # who     view           ids        claim   key       left out
    (ANI,    "claim",       ["c-1"],   None,   b"c-1",   0),
    (CLINIC, "timeline",    ["c-1"],   None,   b"c-1",   0),
    (ANI,    "document",    ["d-1"],   "c-1",  b"c-1",   0),
    (ANI,    "claim_list",  MANY,      None,   b"c-0",   3),
    (ANI,    "claim_search", [],       None,   b"ani",   0),
]  # fmt: skip


@pytest.mark.parametrize(("who", "view", "ids", "claim", "key", "left_out"), CASES)
async def test_a_read_is_recorded(
    who: Principal, view: View, ids: list[str], claim: str | None, key: bytes, left_out: int
) -> None:
    publisher = FakePublisher()
    audit = auditor(publisher)
    audit.read(who, view, ids, "trace-1", claim_id=claim)
    await audit.close()
    (record,) = publisher.reads()
    assert (record.subject, record.roles, record.provider_id) == (
        who.subject,
        tuple(sorted(who.roles)),
        who.provider_id,
    )
    assert (record.view, record.at, record.correlation_id, record.claim_id) == (view, 17, "trace-1", claim)
    assert (list(record.ids), record.left_out) == (ids[:AUDIT_IDS_MAX], left_out)
    assert publisher.reads_sent[0][1] == key


async def test_a_look_at_what_is_none_of_the_callers_is_recorded_as_refused() -> None:
    publisher = FakePublisher()
    audit = auditor(publisher)
    audit.read(CLINIC, "claim", ["c-9"], "trace-1", outcome="refused")
    await audit.close()
    assert publisher.reads()[0].outcome == "refused"


async def test_reads_are_refused_while_the_queue_is_full() -> None:
    publisher = FakePublisher(reads_failing=OutcomeUnknown("away"))
    audit = auditor(publisher, records_max=2)
    audit.read(ANI, "claim", ["c-1"])
    audit.read(ANI, "claim", ["c-2"])
    with pytest.raises(Problem) as caught:
        audit.read(ANI, "claim", ["c-3"])
    assert (caught.value.status, caught.value.code) == (503, "audit_unavailable")
    assert caught.value.headers["Retry-After"] == "5"


async def test_reads_are_refused_while_the_broker_is_away_and_recorded_when_it_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.audit._RETRY_SECONDS", 0.02)
    publisher = FakePublisher(reads_failing=OutcomeUnknown("away"))
    audit = auditor(publisher, late_seconds=0.05)
    audit.read(ANI, "claim", ["c-1"])
    await asyncio.sleep(0.1)
    with pytest.raises(Problem, match="audit_unavailable"):
        audit.read(ANI, "claim", ["c-2"])
    publisher.reads_failing = None
    await asyncio.sleep(0.1)
    audit.read(ANI, "claim", ["c-3"])
    await audit.close()
    assert [record.ids for record in publisher.reads()] == [("c-1",), ("c-3",)]


async def test_what_was_not_confirmed_is_sent_again_in_its_order_and_as_the_same_record() -> None:
    class Choosy(FakePublisher):
        refused = 0

        async def publish(self, topic: str, key: bytes, value: bytes, headers: Mapping[str, bytes]) -> None:
            if key == b"c-2" and self.refused == 0:
                self.refused += 1
                tried.append(value)
                raise OutcomeUnknown("away")
            await super().publish(topic, key, value, headers)

    tried: list[bytes] = []
    publisher = Choosy()
    audit = auditor(publisher)
    for number in (1, 2, 3):
        audit.read(ANI, "claim", [f"c-{number}"])
    await audit.close()
    assert sorted(record.ids for record in publisher.reads()) == [("c-1",), ("c-2",), ("c-3",)]
    assert tried == [value for _, key, value, _ in publisher.reads_sent if key == b"c-2"]


async def test_what_no_broker_took_is_counted_in_the_log_when_the_process_ends(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("api.audit.CLOSE_SECONDS", 0.05)
    audit = auditor(FakePublisher(reads_failing=OutcomeUnknown("away")))
    audit.read(ANI, "claim", ["c-1"])
    await audit.close()
    said = capsys.readouterr().out
    assert "records of reads were lost" in said
    assert "records=1" in said or '"records": 1' in said
    assert "ani" not in said


def test_every_view_says_of_what_its_ids_are() -> None:
    assert set(THING_OF.values()) == {"claim", "document", "member", "provider"}
