"""Replacements and voids: whoever names an original by our id or number changes it, so it must be theirs."""

from typing import Any
from uuid import UUID

import pytest

from schemas.identifiers import claim_number
from tests.api.conftest import Client
from tests.api.fakes import ADMIN, CLAIM_ID, FakePublisher, FakeStore, bearer, claim_json, stored_claim

PATH = "/api/v1/claims"
UNKNOWN = "990e8400-e29b-41d4-a716-446655440009"
FOREIGN = "880e8400-e29b-41d4-a716-446655440003"
OWNER = bearer("provider", sub="clinic", provider_id="PRV-1")
OTHER = bearer("provider", sub="other", provider_id="PRV-2")
PATIENT = bearer("member", sub="budi", member_id="MBR-1")
STRANGER = bearer("member", sub="siti", member_id="MBR-2")
NOBODY = bearer("provider", sub="third", provider_id="PRV-3")
NUMBER = claim_number(CLAIM_ID, 2026)


def corrected(store: FakeStore) -> None:
    """The claim of PRV-1 and MBR-1 was replaced by one of PRV-2 and MBR-2."""
    store.stored[CLAIM_ID] = stored_claim(substatus="replaced", replaced_by=UUID(FOREIGN))
    store.stored[FOREIGN] = stored_claim(
        id=UUID(FOREIGN), root_id=UUID(CLAIM_ID), frequency_code="7", version=2, provider_id="PRV-2", member_id="MBR-2",
        substatus="denied",
    )  # fmt: skip


@pytest.fixture(autouse=True)
def original(store: FakeStore) -> None:
    """A claim of PRV-1 and MBR-1."""
    store.stored[CLAIM_ID] = stored_claim()


CASES = [
    # who, headers, provider and member of the claim, originalReference, status
    ("its provider, by id",        OWNER,    "PRV-1", "MBR-1", CLAIM_ID,                      201),
    ("its provider, by number",    OWNER,    "PRV-1", "MBR-1", claim_number(CLAIM_ID, 2026),  201),
    ("its member",                 PATIENT,  "PRV-9", "MBR-1", CLAIM_ID,                      201),
    ("staff",                      ADMIN,    "PRV-2", "MBR-2", CLAIM_ID,                      201),
    ("another provider, by id",    OTHER,    "PRV-2", "MBR-2", CLAIM_ID,                      422),
    ("another, by number",         OTHER,    "PRV-2", "MBR-2", claim_number(CLAIM_ID, 2026),  422),
    ("another, in capitals",       OTHER,    "PRV-2", "MBR-2", f" {CLAIM_ID.upper()} ",       422),
    ("another member",             STRANGER, "PRV-1", "MBR-2", CLAIM_ID,                      422),
    ("an id that nobody has yet",  OTHER,    "PRV-2", "MBR-2", UNKNOWN,                       422),
    ("a number of one's own",      OTHER,    "PRV-2", "MBR-2", "A-1",                         201),
]  # fmt: skip


@pytest.mark.parametrize("frequency", ["7", "8"])
@pytest.mark.parametrize(("headers", "provider", "member", "reference", "status"), [case[1:] for case in CASES],
                         ids=[case[0] for case in CASES])  # fmt: skip
async def test_who_may_replace_or_void_what(
    client: Client, publisher: FakePublisher, headers: dict[str, str], provider: str, member: str, reference: str,
    status: int, frequency: str,
) -> None:  # fmt: skip
    claim = claim_json(
        providerId=provider, memberId=member, frequencyCode=frequency, originalReference=reference, claimNumber="R-1"
    )
    response = await client.post(PATH, json=claim, headers=headers)
    assert response.status == status, await response.text()
    assert len(publisher.sent) == (status == 201)


CORRECTED = [
    # who, headers, provider and member of the claim, status
    ("the provider brought in",    OTHER,    "PRV-2", "MBR-2", 201),
    ("the member brought in",      STRANGER, "PRV-2", "MBR-2", 201),
    ("the former provider",        OWNER,    "PRV-1", "MBR-1", 422),
    ("the former member",          PATIENT,  "PRV-1", "MBR-1", 422),
    ("somebody else",              NOBODY,   "PRV-3", "MBR-1", 422),
    ("staff",                      ADMIN,    "PRV-1", "MBR-1", 201),
]  # fmt: skip


@pytest.mark.parametrize("reference", [CLAIM_ID, NUMBER], ids=["by id", "by number"])
@pytest.mark.parametrize("frequency", ["7", "8"])
@pytest.mark.parametrize(("headers", "provider", "member", "status"), [case[1:] for case in CORRECTED],
                         ids=[case[0] for case in CORRECTED])  # fmt: skip
async def test_a_claim_is_theirs_whom_a_correction_brought_in(
    client: Client, store: FakeStore, publisher: FakePublisher, headers: dict[str, str], provider: str, member: str,
    status: int, frequency: str, reference: str,
) -> None:  # fmt: skip
    """The chain judges by the claim in force (agents/register.py: of_owner), and so must the door before it."""
    corrected(store)
    claim = claim_json(
        providerId=provider, memberId=member, frequencyCode=frequency, originalReference=reference, claimNumber="R-1"
    )
    response = await client.post(PATH, json=claim, headers=headers)
    assert response.status == status, await response.text()
    assert len(publisher.sent) == (status == 201)


async def test_an_original_whose_replacement_is_not_in_the_store_yet_is_judged_as_it_is(
    client: Client, store: FakeStore
) -> None:
    store.stored[CLAIM_ID] = stored_claim(substatus="replaced", replaced_by=UUID(FOREIGN))
    claim = claim_json(providerId="PRV-2", frequencyCode="8", originalReference=CLAIM_ID, claimNumber="R-1")
    assert (await client.post(PATH, json=claim, headers=OTHER)).status == 422


async def test_a_foreign_original_sounds_like_one_that_is_not_there_and_is_recorded(
    client: Client, publisher: FakePublisher
) -> None:
    problems: list[Any] = []
    for reference in (CLAIM_ID, UNKNOWN):
        claim = claim_json(
            providerId="PRV-2", frequencyCode="8", originalReference=reference, claimNumber="R-1"
        )  # fmt: skip
        body = await (await client.post(PATH, json=claim, headers=OTHER)).json(content_type=None)
        problems.append({name: value for name, value in body.items() if name != "correlationId"})
    assert problems[0] == problems[1]
    assert problems[0]["errors"][0]["place"] == "originalReference"
    assert [(read.ids, read.outcome) for read in publisher.reads()] == [((CLAIM_ID,), "refused")]


async def test_an_original_that_cannot_be_looked_up_is_not_taken_on_trust(client: Client, store: FakeStore) -> None:
    store.away = "gone"
    claim = claim_json(providerId="PRV-1", frequencyCode="8", originalReference=CLAIM_ID, claimNumber="R-1")
    assert (await client.post(PATH, json=claim, headers=OWNER)).status == 503
    assert (await client.post(PATH, json=claim, headers=ADMIN)).status == 201


@pytest.mark.parametrize(("headers", "status"), [(OTHER, 404), (ADMIN, 202)], ids=["its owner", "staff"])
async def test_a_command_does_not_reach_the_original_of_another(
    client: Client, store: FakeStore, publisher: FakePublisher, headers: dict[str, str], status: int
) -> None:
    """A file may bring a claim that names a foreign original: a command would be carried out on that one."""
    store.stored[FOREIGN] = stored_claim(
        id=UUID(FOREIGN), root_id=UUID(CLAIM_ID), provider_id="PRV-2", member_id="MBR-2", substatus="denied"
    )
    response = await client.post(f"{PATH}/{FOREIGN}/appeal", json={"reason": "again"}, headers=headers)
    assert response.status == status, await response.text()
    assert len(publisher.sent) == (status == 202)


COMMANDS = [
    # who, headers, the claim as it is named, status
    ("the provider brought in, by the number", OTHER, NUMBER, 202),
    ("the provider brought in, by its own id", OTHER, FOREIGN, 202),
    ("the former provider, by the number", OWNER, NUMBER, 404),
    ("the former provider, by its own id", OWNER, CLAIM_ID, 404),
    ("somebody else", NOBODY, NUMBER, 404),
    ("staff", ADMIN, NUMBER, 202),
]


@pytest.mark.parametrize(("headers", "name", "status"), [case[1:] for case in COMMANDS], ids=[c[0] for c in COMMANDS])
async def test_a_command_is_for_them_whom_a_correction_brought_in(
    client: Client, store: FakeStore, publisher: FakePublisher, headers: dict[str, str], name: str, status: int
) -> None:
    corrected(store)
    response = await client.post(f"{PATH}/{name}/appeal", json={"reason": "again"}, headers=headers)
    assert response.status == status, await response.text()
    assert [key for _, key, *_ in publisher.sent] == [CLAIM_ID.encode()] * (status == 202)
