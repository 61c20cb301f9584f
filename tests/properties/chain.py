"""The real chain in memory over a random payer, fed with a story through encoded bytes as the broker carries them."""

from collections.abc import Iterable, Sequence
from typing import Any

from agents.reference_store import ReferenceStore
from schemas import topics
from schemas.claim import SubmittedClaim
from schemas.codec import Codec
from schemas.decision import Decision
from schemas.events import AuthorizationEvent
from schemas.reference import ReferenceRelease
from streams.driver import Driver
from tests.oracle.book import Book
from tests.oracle.figures import Payer
from tests.properties.stories import Event

CODEC = Codec()


def chain_of(payer: Payer) -> Driver:
    """The four stages over the payer's reference data, in one release."""
    store = ReferenceStore(CODEC)
    loads: list[tuple[str, Sequence[Any]]] = [
        (topics.REFERENCE_MEMBERS, list(payer.members.values())),
        (topics.REFERENCE_PROVIDERS, list(payer.providers.values())),
        (topics.REFERENCE_PLANS, [payer.plan]),
        (topics.REFERENCE_FEES, payer.fees),
        (topics.REFERENCE_CONTRACTS, payer.contracts),
        (topics.REFERENCE_EDITS, payer.edits),
    ]
    for topic, records in loads:
        for record in records:
            store.add(topic, "", CODEC.encode(record))
    counts = {topic: len(records) for topic, records in loads if records}
    store.add(topics.REFERENCE_RELEASES, "1", CODEC.encode(ReferenceRelease(1, 0, "random", counts)))
    return Driver(store, CODEC)


def tell(chain: Driver, events: Iterable[Event]) -> None:
    """Send a story through the chain."""
    for event in events:
        if isinstance(event, SubmittedClaim):
            chain.pipe(topics.CLAIMS_SUBMITTED, event.root_id, event)
        elif isinstance(event, AuthorizationEvent):
            chain.pipe(topics.AUTHORIZATION_EVENTS, event.member_id, event)
        else:
            chain.pipe(topics.CLAIMS_COMMANDS, event.claim_id, event)


def told(payer: Payer, events: Iterable[Event]) -> Driver:
    """A chain that has heard a story."""
    chain = chain_of(payer)
    tell(chain, events)
    return chain


def booked(payer: Payer, events: Iterable[Event]) -> Book:
    """The oracle's book of a story."""
    book = Book(payer)
    for event in events:
        if isinstance(event, SubmittedClaim):
            book.submit(event)
        elif isinstance(event, AuthorizationEvent):
            book.authorize(event)
        else:
            book.carry_out(event.claim_id, event.kind)
    return book


def decisions(chain: Driver) -> list[Decision]:
    """Every decision so far."""
    found: list[Decision] = chain.read(topics.CLAIMS_DECIDED)
    return found
