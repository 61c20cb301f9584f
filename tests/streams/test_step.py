"""One record through one stage: what is refused before the stage sees it, and what becomes of outcomes."""

from collections.abc import Sequence

import pytest

from agents.contract import Context, Dead, Emit, Message
from schemas import topics
from schemas.codec import Codec
from schemas.events import AuthorizationEvent, DeadLetter
from streams.partitioning import partition_of
from streams.records import Input
from streams.state import BatchState, MemoryStore
from streams.step import ReleaseMissingError, Step
from streams.topology import Stage
from tests.streams.references import OneRelease

CODEC = Codec()
EVENT = AuthorizationEvent("e", "A1", "M1", None, (), 1, 2, None, None, None, "approved", None, 0)
PARTITIONS = 4
HOME = partition_of(b"M1", PARTITIONS)


def echo(message: Message[AuthorizationEvent], context: Context) -> Sequence[Emit | Dead]:
    """A stage that refuses cancelled authorizations and passes on the others."""
    if message.record.state == "cancelled":
        return [Dead("cancelled", "no")]
    return [Emit(topics.CLAIMS_REJECTED, message.record.correlation_id or "none", message.raw)]


STAGE = Stage("echo", (topics.AUTHORIZATION_EVENTS,), "member id", echo, (topics.CLAIMS_REJECTED,), (), outside=True)


def record(
    key: bytes | None = b"M1", value: bytes | None = None, partition: int = HOME, header: bytes | None = None
) -> Input:
    headers = () if header is None else ((topics.CORRELATION_HEADER, header),)
    body = CODEC.encode(EVENT) if value is None else value
    return Input(topics.AUTHORIZATION_EVENTS, partition, 7, 123, key, body, headers)


def run(given: Input, release: int | None = 1) -> tuple[str, object]:
    """Topic of the one output, and its code (for a dead letter) or key."""
    step = Step(STAGE, CODEC, OneRelease(release), PARTITIONS)
    (output,) = step.run(given, BatchState(MemoryStore(), CODEC)).outputs
    if output.topic.endswith(".dlq"):
        letter = CODEC.decode(DeadLetter, output.value)
        assert (letter.offset, letter.key, letter.value, letter.stage) == (7, given.key, given.value, "echo")
        return output.topic, letter.code
    return output.topic, output.key


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (record(value=b""), "not_wire_format"),
        (record(value=b"\x01\x00\x00\x00\x01"), "not_wire_format"),
        (record(value=b"\x00\x7f\xff\xff\xff"), "unknown_schema"),
        (record(value=CODEC.encode(DeadLetter("t", 0, 0, None, None, "s", "c", "m", 0))), "wrong_schema"),
        (record(value=CODEC.encode(EVENT)[:-3]), "not_avro"),
        (record(value=CODEC.encode(EVENT) + b"x"), "trailing_bytes"),
        (record(key=b"\xff\xfe", partition=partition_of(b"\xff\xfe", PARTITIONS)), "key_not_text"),
        (record(partition=(HOME + 1) % PARTITIONS), "wrong_partition"),
    ],
)
def test_refused_with_its_original_bytes(given: Input, code: str) -> None:
    assert run(given) == ("authorization.events.dlq", code)


@pytest.mark.parametrize(("header", "key"), [(None, b"none"), (b"c-1", b"c-1"), (b"x" * 129, b"none")])
def test_correlation_comes_from_the_header(header: bytes | None, key: bytes) -> None:
    assert run(record(header=header)) == (topics.CLAIMS_REJECTED, key)


def test_without_a_release_the_record_waits() -> None:
    with pytest.raises(ReleaseMissingError):
        run(record(), release=None)


RELEASES = [(b"1", False), (b"2", True), (b"none", False), (b"99", False), (b"9" * 129, False)]


@pytest.mark.parametrize(("least", "waits"), RELEASES)
def test_a_record_waits_for_the_release_it_was_sent_with(least: bytes, waits: bool) -> None:
    given = record()._replace(headers=((topics.RELEASE_HEADER, least),))
    if waits:
        with pytest.raises(ReleaseMissingError):
            run(given)
    else:
        assert run(given)[0] == topics.CLAIMS_REJECTED


def test_a_topic_that_the_stage_does_not_write_is_a_bug() -> None:
    wrong = Stage("echo", STAGE.reads, "", echo, (topics.CLAIMS_DECIDED,), (), outside=True)
    with pytest.raises(AssertionError, match="does not write"):
        Step(wrong, CODEC, OneRelease(1), PARTITIONS).run(record(), BatchState(MemoryStore(), CODEC))
