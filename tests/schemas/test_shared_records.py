"""The memory of records is bounded, and hands out what has the same type and bytes only."""

from schemas.codec import Codec
from schemas.envelope import Finding
from schemas.shared_records import SharedRecords

FINDING = Finding("V-X", "lines[1]", "text")


def test_the_oldest_is_forgotten() -> None:
    memory = SharedRecords(2)
    for data in (b"1", b"2", b"3"):
        memory.add(data, data)
    assert [memory.get(bytes, data) for data in (b"1", b"2", b"3")] == [None, b"2", b"3"]


def test_another_type_with_the_same_bytes_is_another_record() -> None:
    memory = SharedRecords()
    memory.add(b"1", FINDING)
    assert memory.get(str, b"1") is None
    assert memory.get(Finding, b"1") is FINDING


def test_what_was_encoded_is_handed_out_and_equals_what_would_be_decoded() -> None:
    codec = Codec()
    data = codec.encode_shared(FINDING)
    assert codec.decode_shared(Finding, data) is FINDING
    assert codec.decode(Finding, data) == FINDING


def test_what_was_decoded_is_remembered() -> None:
    codec = Codec()
    data = codec.encode(FINDING)
    assert codec.decode_shared(Finding, data) is codec.decode_shared(Finding, data)


def test_what_is_read_once_is_forgotten() -> None:
    codec = Codec()
    data = codec.encode_shared(FINDING)
    assert codec.decode_once(Finding, data) is FINDING
    again = codec.decode_once(Finding, data)
    assert again == FINDING
    assert again is not FINDING
