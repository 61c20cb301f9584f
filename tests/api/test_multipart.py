"""Bodies of several parts that are none: refused, never an error of ours (found by fuzzing)."""

import pytest

from tests.api.conftest import Client
from tests.api.fakes import ADMIN, CLAIM_ID, FakeStore, stored_claim

HEADERS = ADMIN | {"Content-Type": "multipart/form-data; boundary=B"}
PART = 'Content-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
BROKEN = [
    # what is wrong                     headers of the part
    ("a control character in a name",   'Content-Disposition: form-data; name="a\x01"\r\n'),
    ("a header without a name",         f": x\r\n{PART}"),
    ("a header without a value",        f"X\r\n{PART}"),
    ("a header that is too long",       f"X: {'x' * 9_000}\r\n{PART}"),
    ("too many headers",                "".join(f"X-{number}: x\r\n" for number in range(200)) + PART),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "part"), BROKEN, ids=[wrong for wrong, _ in BROKEN])
async def test_a_part_that_is_none(client: Client, store: FakeStore, wrong: str, part: str) -> None:
    store.stored[CLAIM_ID] = stored_claim()
    body = f"--B\r\n{part}\r\nx\r\n--B--\r\n".encode()
    response = await client.post(f"/api/v1/claims/{CLAIM_ID}/documents", data=body, headers=HEADERS)
    found = await response.json(content_type="application/problem+json")
    assert (response.status, found["type"]) == (400, "urn:claims-engine:problem:bad-multipart"), wrong
