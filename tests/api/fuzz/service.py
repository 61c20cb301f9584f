"""The service on fakes that know every claim, on a port of this machine, in a thread of its own."""

import asyncio
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from aiohttp import web

from api.queries import StoredClaim
from api.run import PROTOCOL
from tests.api.document_fakes import FakeDocuments
from tests.api.fakes import API, CODEC, FakeDetails, FakeLists, FakePublisher, FakeStore, app_of, stored_claim
from tests.api.people_fakes import FakePeopleParts
from tests.sinks.records import decision

READY_SECONDS = 10.0
# No rate is reached: what is limited is not answered, and limits have tests of their own.
RATES = ("rate_read", "rate_write", "rate_address", "rate_failures", "rate_public", "rate_auth")
UNHURRIED = API.model_copy(update=dict.fromkeys(RATES, "100000000/minute"))
STATES = ("pended", "denied", "approved", "appealed")


class EveryClaim(FakeStore):
    """Knows a claim under every id, in any state that a person may do something about."""

    async def claim(self, claim_id: str) -> StoredClaim | None:
        return stored_claim(
            id=UUID(claim_id), root_id=UUID(claim_id), substatus=STATES[UUID(claim_id).int % len(STATES)]
        )

    async def decision(self, claim_id: str) -> bytes | None:
        return CODEC.encode(decision(1))


def rows() -> list[dict[str, Any]]:
    """Rows that lists, the work queue and statistics take what they need from."""
    sums = {"charged": "150.00", "allowed": "120.00", "paid": "96.00", "member_share": "24.00"}
    counted: dict[str, Any] = {"claims": 1} | {name: Decimal(amount) for name, amount in sums.items()}
    return [
        dict(stored_claim(id=UUID(int=number), pend_due=date(2026, 3, number)).claim) | counted
        for number in range(1, 4)
    ]


@dataclass
class Service:
    """Where it listens, and how often it answered with what."""

    folder: Path
    url: str = ""
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def calls(self) -> int:
        """How many requests were answered."""
        return sum(self.statuses.values())

    def app(self) -> web.Application:
        """The application, which counts."""
        store, people = EveryClaim(), FakePeopleParts()
        made = app_of(
            FakePublisher(), store, UNHURRIED, lists=FakeLists(rows=list(rows())), details=FakeDetails(store),
            documents=FakeDocuments(self.folder).parts, person_store=people.store, changes=people.changes,
        )  # fmt: skip
        made.on_response_prepare.append(self._count)
        return made

    async def _count(self, _: web.Request, response: web.StreamResponse) -> None:
        self.statuses[response.status] += 1


@contextmanager
def served(folder: Path) -> Iterator[Service]:
    """The service while inside; documents are kept in `folder`."""
    service, ready, loop = Service(folder), threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        runner = web.AppRunner(service.app(), **PROTOCOL)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        service.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        ready.set()
        await stop.wait()
        await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(READY_SECONDS), "the service did not start"
    try:
        yield service
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(READY_SECONDS)
        loop.close()
