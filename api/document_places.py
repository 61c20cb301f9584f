"""Places for documents that are being sent: however many come at once, a claim never has more than it may.

A place is taken before a document is stored, and given back with the row of the document, or when nothing comes of it.
"""

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.database import DatabaseAway
from api.document_rows import Bounds, DocumentRows
from api.problems import Problem
from api.refusals import lookup_away
from config.limits import DOCUMENTS_PER_CLAIM_MAX, DOCUMENTS_SENT_PER_CLAIM_MAX


class Placed:
    """A document that has a place. `stored`: its row gives the place back, also when it comes late."""

    def __init__(self) -> None:
        self.stored = False


@asynccontextmanager
async def place_for(rows: DocumentRows, root_id: str, document_id: str) -> AsyncIterator[Placed]:
    """A place while inside, and after it where the document was stored. Raises 409 and 503 problems."""
    bounds = Bounds(DOCUMENTS_PER_CLAIM_MAX, DOCUMENTS_SENT_PER_CLAIM_MAX)
    try:
        place_id, reached = await rows.take_place(root_id, document_id, bounds)
    except DatabaseAway:
        raise lookup_away() from None
    if place_id is None:
        raise _too_many() if reached == "documents" else _sent_too_often()
    placed = Placed()
    try:
        yield placed
    finally:
        if not placed.stored:
            with contextlib.suppress(DatabaseAway):  # it ends by itself
                await rows.give_back(place_id)


def _too_many() -> Problem:
    detail = (
        f"The claim has {DOCUMENTS_PER_CLAIM_MAX} documents, the most there may be, those counted that are being sent; "
        "take one away first."
    )
    return Problem(409, "too_many_documents", detail)


def _sent_too_often() -> Problem:
    detail = (
        f"Documents were sent {DOCUMENTS_SENT_PER_CLAIM_MAX} times for this claim, those taken away counted: no more "
        "are taken. Send what is missing with a claim that replaces it."
    )
    return Problem(409, "too_many_documents", detail)
