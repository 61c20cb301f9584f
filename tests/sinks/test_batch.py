"""What a batch makes of records, in any order."""

from dataclasses import replace

import pytest

from config.sealing import is_sealed
from schemas.codec import Codec
from schemas.decision import Decision
from schemas.topics import (
    AUDIT_READS,
    CLAIMS_DECIDED,
    CLAIMS_EVENTS,
    CLAIMS_REJECTED,
    DOCUMENTS_STORED,
    PAYMENT_REQUESTS,
    PEOPLE_CHANGED,
    REFERENCE_MEMBERS,
    REFERENCE_PROVIDERS,
)
from sinks import staging
from sinks.batch import Batch, PoisonError, Record
from sinks.sealed import dead_letter_of
from sinks.staging import Staging
from tests.sinks import people, records
from tests.sinks.records import SEALER

CODEC = Codec()
AT = records.ACCEPTED + 900
SENT = {"decision": CLAIMS_DECIDED, "rejection": CLAIMS_REJECTED}


def record(topic: str, value: object, offset: int = 0) -> Record:
    """A record as the reader gives it."""
    return Record(topic, 1, offset, AT, CODEC.encode(value))


def columns(rows: list[tuple[object, ...]], table: Staging, *names: str) -> list[tuple[object, ...]]:
    """Some columns of the rows."""
    places = [[name for name, _ in table.columns].index(name) for name in names]
    return [tuple(row[place] for place in places) for row in rows]


@pytest.mark.parametrize(
    ("sent", "version", "rank", "rank_order", "status", "lines"),
    [
        ([("decision", 1)], 1, 2, 0, "approved", 3),
        ([("decision", 1), ("decision", 1)], 1, 2, 0, "approved", 3),
        ([("decision", 2), ("decision", 1)], 1, 3, 0, "approved", 3),
        ([("decision", 1), ("decision", 2)], 1, 3, 0, "approved", 3),
        ([("rejection", 1)], 1, 1, 0, "rejected", 0),
        ([("rejection", 1), ("rejection", 1)], 1, 1, 1, "rejected", 0),
        ([("rejection", 1), ("decision", 1)], 1, 2, 0, "approved", 3),
        ([("decision", 1), ("rejection", 1)], 1, 2, 0, "approved", 3),
    ],
)
def test_the_newest_state_of_a_claim_stands(
    sent: list[tuple[str, int]], version: int, rank: int, rank_order: int, status: str, lines: int
) -> None:
    batch = Batch(CODEC, SEALER)
    for offset, (kind, revision) in enumerate(sent):
        value = records.decision(revision=revision) if kind == "decision" else records.rejection()
        batch.add(record(SENT[kind], value, offset))
    tables = batch.rows().tables
    found = columns(tables[staging.CLAIMS], staging.CLAIMS, "version", "rank", "rank_order", "status")
    assert found == [(version, rank, rank_order, status)]
    assert len(tables[staging.LINES]) == lines
    assert len(tables[staging.ADJUSTMENTS]) == 2 * lines


def test_rows_fit_the_columns_of_their_tables() -> None:
    batch = Batch(CODEC, SEALER)
    batch.add(record(CLAIMS_DECIDED, records.decision(1)))
    batch.add(record(CLAIMS_REJECTED, records.rejection(2)))
    for event in records.events(records.decision(1)):
        batch.add(record(CLAIMS_EVENTS, event))
    batch.add(record("claims.submitted.dlq", records.dead_letter()))
    batch.add(record(PAYMENT_REQUESTS, records.payment_request(records.decision(1))))
    batch.add(record(AUDIT_READS, records.audit_read()))
    batch.add(record(REFERENCE_MEMBERS, people.member()))
    batch.add(record(REFERENCE_PROVIDERS, people.provider()))
    batch.add(record(DOCUMENTS_STORED, people.document()))
    batch.add(record(PEOPLE_CHANGED, people.people_event()))
    tables = batch.rows().tables
    assert set(tables) == set(staging.ALL) - {staging.ADVANCED}
    for table, rows in tables.items():
        assert {len(row) for row in rows} == {len(table.columns)}, table.name


def life(*decided: Decision) -> Batch:
    batch = Batch(CODEC, SEALER)
    for offset, one in enumerate(decided):
        batch.add(record(CLAIMS_DECIDED, one, offset))
    return batch


def test_every_revision_is_kept_as_it_came() -> None:
    waits = records.pended(1)
    seen = records.approved(waits)
    tables = life(waits, seen, seen).rows().tables
    found = columns(tables[staging.DECISIONS], staging.DECISIONS, "revision", "substatus", "ledger", "record")
    assert found == [
        (1, "pended", "[]", CODEC.encode(waits)),
        (2, "approved", '[[1,1,"deductible","M-1","2026",1500]]', CODEC.encode(seen)),
    ]


def test_a_voided_claim_has_no_lines_and_no_amounts() -> None:
    decided = records.decision(1)
    tables = life(decided, records.voided(decided)).rows().tables
    names = ("substatus", "charged", "paid", "member_share")
    assert columns(tables[staging.CLAIMS], staging.CLAIMS, *names) == [("voided", 0, 0, 0)]
    assert tables[staging.LINES] == tables[staging.ADJUSTMENTS] == []


WAITS = records.pended(1)
DECIDED = records.approved(WAITS)
POSTED = [
    # decisions                                          CO-45  OA-133  PR-3  charged  paid
    ((WAITS,),                                          [0, 13_251, 0, 13_251, 0]),
    ((WAITS, DECIDED),                                  [1_625, 0, 1_626, 13_251, 10_000]),
    ((WAITS, DECIDED, DECIDED, WAITS),                  [1_625, 0, 1_626, 13_251, 10_000]),
    ((WAITS, DECIDED, records.appealed(DECIDED)),       [1_625, 0, 1_626, 13_251, 10_000]),
    ((WAITS, DECIDED, records.voided(DECIDED)),         [0, 0, 0, 0, 0]),
]  # fmt: skip


@pytest.mark.parametrize(("decided", "amounts"), POSTED)
def test_each_revision_posts_once(decided: tuple[Decision, ...], amounts: list[int]) -> None:
    posted = life(*decided).rows().posted()
    accounts = ("CO-45", "OA-133", "PR-3", "charged", "paid")
    assert [posted.get(("USD", account), 0) for account in accounts] == amounts
    assert 0 not in posted.values()


def test_only_the_named_decisions_are_posted() -> None:
    rows = life(WAITS, DECIDED).rows()
    assert rows.posted([(WAITS.claim_id, 1, 1)]) == {("USD", "OA-133"): 13_251, ("USD", "charged"): 13_251}


def test_a_refusal_is_an_event_and_no_step() -> None:
    batch = Batch(CODEC, SEALER)
    batch.add(record(CLAIMS_EVENTS, records.refusal(records.decision(1))))
    tables = batch.rows().tables
    assert columns(tables[staging.EVENTS], staging.EVENTS, "event_type") == [("command.refused",)]
    assert staging.TIMELINE not in tables


def test_a_pend_and_an_appeal_say_until_when() -> None:
    names = ("substatus", "pend_code", "pend_queue", "pend_due", "pend_text", "appeal_due", "frequency_code")
    for decided, expected in (
        (WAITS, ("pended", "D-SUSPECT", "review", records.DAY + 40, "may be the same as another claim", None, "1")),
        (records.appealed(DECIDED), ("appealed", None, None, None, None, records.DAY + 60, "1")),
    ):
        assert columns(life(decided).rows().tables[staging.CLAIMS], staging.CLAIMS, *names) == [expected]


def test_a_line_keeps_its_minor_units_beside_the_exponent() -> None:
    batch = Batch(CODEC, SEALER)
    batch.add(record(CLAIMS_DECIDED, records.decision(1, currency="IDR", lines=(records.line(1, 150_000, 120_000),))))
    tables = batch.rows().tables
    assert columns(tables[staging.LINES], staging.LINES, "exponent", "charged", "paid") == [(0, 150_000, 120_000)]
    assert columns(tables[staging.ADJUSTMENTS], staging.ADJUSTMENTS, "group_code", "position", "amount") == [
        ("CO", 1, 15_000),
        ("PR", 2, 15_000),
    ]


def test_the_day_is_that_of_the_payer() -> None:
    batch = Batch(CODEC, SEALER)
    batch.add(record(CLAIMS_DECIDED, records.decision(1)))
    found = columns(batch.rows().tables[staging.CLAIMS], staging.CLAIMS, "accepted_day")
    assert found == [(records.DAY + 2,)], "23:30 UTC on the 2nd is the 3rd in western Indonesia"


def test_the_timeline_holds_receipt_rejection_and_events() -> None:
    batch = Batch(CODEC, SEALER)
    batch.add(record(CLAIMS_REJECTED, records.rejection(1), offset=41))
    later = replace(records.decision(1), accepted_at=records.ACCEPTED + 60_000)
    batch.add(record(CLAIMS_DECIDED, later))
    for event in records.events(later):
        batch.add(record(CLAIMS_EVENTS, event))
    names = ("revision", "sequence", "substatus", "reason", "at")
    found = columns(batch.rows().tables[staging.TIMELINE], staging.TIMELINE, *names)
    assert sorted(found, key=lambda row: (row[0], row[1])) == [
        (0, 0, "received", None, records.ACCEPTED + 1),
        (0, 42, "front_end_rejected", "member_unknown", AT),
        (1, 1, "accepted", None, later.accepted_at + 1),
        (1, 2, "approved", "45", later.accepted_at + 2),
    ]


def test_nul_is_shown_as_the_replacement_character() -> None:
    batch = Batch(CODEC, SEALER)
    batch.add(record(CLAIMS_DECIDED, records.decision(1, channel="a\x00b")))
    found = columns(batch.rows().without_nul().tables[staging.CLAIMS], staging.CLAIMS, "channel")
    assert found == [("a\ufffdb",)]


@pytest.mark.parametrize(
    ("topic", "value", "why"),
    [
        (CLAIMS_DECIDED, b"\x00\x00", "wire format"),
        (CLAIMS_DECIDED, None, "wire format"),
        (CLAIMS_DECIDED, CODEC.encode(records.rejection()), "expected Decision"),
        (CLAIMS_DECIDED, CODEC.encode(records.decision())[:-9], "truncated"),
        (CLAIMS_DECIDED, CODEC.encode(records.decision(currency="XYZ")), "currency 'XYZ'"),
        (CLAIMS_EVENTS, CODEC.encode(records.decision()), "expected BusinessEvent"),
    ],
)
def test_a_record_that_cannot_be_a_row_stops_the_sink(topic: str, value: bytes | None, why: str) -> None:
    with pytest.raises(PoisonError, match=rf"{topic}\[1\] offset 5 .*{why}"):
        Batch(CODEC, SEALER).add(Record(topic, 1, 5, AT, value))


def test_what_a_dead_letter_holds_is_sealed_and_bound_to_its_place() -> None:
    batch = Batch(CODEC, SEALER)
    letter = records.dead_letter()
    batch.add(record("claims.submitted.dlq", letter, 5))
    (row,) = batch.rows().tables[staging.DEAD_LETTERS]
    names = [name for name, _ in staging.DEAD_LETTERS.columns]
    stored = dict(zip(names, row, strict=True))
    assert letter.value is not None
    assert letter.value not in stored["value"]
    assert is_sealed(stored["key"])
    opened, partition, offset = dead_letter_of(stored, SEALER)
    assert (opened, partition, offset) == (letter, 1, 5)
    moved, _, _ = dead_letter_of(stored | {"dlq_offset": 6}, SEALER)
    assert moved.value == stored["value"], "it opens in another place"


@pytest.mark.parametrize(
    ("view", "thing"), [("claim", "claim"), ("document", "document"), ("member_list", "member"), ("x_ray", "x_ray")]
)
def test_a_read_says_of_what_its_ids_are(view: str, thing: str) -> None:
    batch = Batch(CODEC, SEALER)
    batch.add(record(AUDIT_READS, records.audit_read(view=view)))
    found = columns(batch.rows().tables[staging.AUDIT_READS], staging.AUDIT_READS, "view", "thing", "subject")
    assert found == [(view, thing, "ani")]
