"""What is compiled for speed says what the plain way says: the digest of a claim, ids of events, changed copies."""

import dataclasses
import hashlib
import json
import uuid
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.claim import SubmittedClaim
from schemas.identifiers import _DELIVERY, EVENT_NAMESPACE, content_digest, event_id
from schemas.structure import replaced
from tests.schemas.strategies import record


def plain_digest(claim: SubmittedClaim) -> str:
    """The digest by way of all fields, dropping what is empty."""
    content = dataclasses.asdict(claim)
    if claim.payee is not None:
        content["payee"] = ("claims.Payee", content["payee"])
    for name in _DELIVERY:
        del content[name]
    text = json.dumps(present(content), sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def present(value: Any) -> Any:
    """Without what is empty."""
    if isinstance(value, dict):
        return {name: present(part) for name, part in value.items() if part}
    return [present(part) for part in value] if isinstance(value, list | tuple) else value


@given(record(SubmittedClaim))
@settings(max_examples=150)
def test_the_digest(claim: SubmittedClaim) -> None:
    assert content_digest(claim) == plain_digest(claim)
    assert replaced(claim, channel="x", accepted_at=5) == dataclasses.replace(claim, channel="x", accepted_at=5)


@given(st.text(), st.integers(0), st.integers(0), st.integers(0))
def test_the_id_of_an_event(claim: str, version: int, revision: int, sequence: int) -> None:
    expected = str(uuid.uuid5(EVENT_NAMESPACE, f"{claim}\n{version}\n{revision}\n{sequence}"))
    assert event_id(claim, version, revision, sequence) == expected


def test_a_field_that_is_none() -> None:
    @dataclasses.dataclass(frozen=True)
    class Small:
        name: str

    with pytest.raises(TypeError, match="Small has no field nmae"):
        replaced(Small("a"), nmae="b")
