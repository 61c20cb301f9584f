"""The bench of the reader reads what it says: plain claims, all of them records, none with a finding."""

from io import BytesIO

from sources.x12.claim import ClaimRead, Terms
from sources.x12.reader import EdiFinding, read_file
from tests.bench.edi import Stream, batches, measure


def test_the_file_is_plain_and_every_claim_is_read() -> None:
    data = b"".join(batches(600))
    found = list(read_file(BytesIO(data), Terms("USD", None, lambda: 1, lambda number: number)))
    claims = [one for one in found if isinstance(one, ClaimRead)]
    assert not [one for one in found if isinstance(one, EdiFinding)]
    assert len({one.claim.claim_id for one in claims if one.claim is not None}) == 600
    assert not any(one.findings for one in claims)
    assert {len(one.claim.lines) for one in claims if one.claim is not None} == {1, 2, 3}
    assert measure(data)[0] == 600


def test_the_stream_is_the_file() -> None:
    stream = Stream(batches(600))
    assert b"".join(iter(lambda: stream.read(1000), b"")) == b"".join(batches(600))
