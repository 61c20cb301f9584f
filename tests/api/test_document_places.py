"""How many documents a claim may have, however many are sent at the same time; and that nothing keeps a place idly."""

import asyncio

import pytest

from api.document_store import LocalFolder, StoreAway
from api.producer import OutcomeUnknown
from tests.api.conftest import Client
from tests.api.document_calls import records, send
from tests.api.document_fakes import JPEG, PDF, PNG, FakeDocuments
from tests.api.fakes import CLAIM_ID, FakePublisher, FakeStore, stored_claim

LIMITS = ["DOCUMENTS_PER_CLAIM_MAX", "DOCUMENTS_SENT_PER_CLAIM_MAX"]


@pytest.fixture(autouse=True)
def claim(store: FakeStore, documents: FakeDocuments) -> None:
    """A pended claim, and a scanner that takes its time."""
    store.stored[CLAIM_ID] = stored_claim(substatus="pended")
    documents.scanner.seconds = 0.05


@pytest.mark.parametrize("limit", LIMITS)
async def test_of_some_sent_at_the_same_time_as_many_are_taken_as_there_may_be(
    client: Client, documents: FakeDocuments, publisher: FakePublisher, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(f"api.document_places.{limit}", 2)
    answers = await asyncio.gather(*(send(client, content=PDF + b"%d" % number) for number in range(6)))
    assert sorted(status for status, _ in answers) == [201, 201, 409, 409, 409, 409]
    assert {body["type"].rpartition(":")[2] for status, body in answers if status == 409} == {"too-many-documents"}
    assert len(records(publisher)) == len(documents.files()) == 2
    assert documents.rows.places == {}


async def test_the_same_document_sent_at_the_same_time_has_one_place(
    client: Client, documents: FakeDocuments, publisher: FakePublisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.document_places.DOCUMENTS_PER_CLAIM_MAX", 1)
    answers = await asyncio.gather(*(send(client) for _ in range(4)))
    assert {status for status, _ in answers} <= {200, 201}
    assert ({record.revision for record in records(publisher)}, len(documents.files())) == ({1}, 1)


async def _away(self: LocalFolder, key: str, file: object) -> None:
    raise StoreAway("away")


NOTHING_OF_IT = [("infected", 422), ("scanner", 503), ("store", 503)]


@pytest.mark.parametrize(("what", "status"), NOTHING_OF_IT)
async def test_what_is_not_stored_gives_its_place_back(
    client: Client, documents: FakeDocuments, monkeypatch: pytest.MonkeyPatch, what: str, status: int
) -> None:
    monkeypatch.setattr("api.document_places.DOCUMENTS_PER_CLAIM_MAX", 1)
    with monkeypatch.context() as patched:
        patched.setattr(documents.scanner, "found", "Eicar" if what == "infected" else None)
        patched.setattr(documents.scanner, "away", what == "scanner")
        if what == "store":
            patched.setattr(LocalFolder, "put", _away)
        assert (await send(client))[0] == status
    assert (await send(client, content=PNG, content_type="image/png"))[0] == 201


async def test_what_was_not_confirmed_keeps_its_place_for_the_same_again(
    client: Client, publisher: FakePublisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its record may be on the topic, and the sink then writes the row."""
    monkeypatch.setattr("api.document_places.DOCUMENTS_PER_CLAIM_MAX", 1)
    publisher.failing = OutcomeUnknown("gone")
    assert (await send(client))[0] == 503
    publisher.failing = None
    assert (await send(client, content=JPEG, content_type="image/jpeg"))[0] == 409
    assert (await send(client))[0] == 201
