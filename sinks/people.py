"""Documents, members and providers as rows: of each the newest that the batch holds."""

from typing import Any

from config.sealing import Sealer
from schemas.codec import Codec
from schemas.events import ClaimDocument, PeopleEvent
from schemas.reference import Member, Provider
from schemas.sealed_people import member_row, provider_row
from schemas.topics import DOCUMENTS_STORED, PEOPLE_CHANGED, REFERENCE_MEMBERS, REFERENCE_PROVIDERS
from sinks import staging
from sinks.staging import Staging

Row = tuple[Any, ...]
TOPICS = (DOCUMENTS_STORED, PEOPLE_CHANGED, REFERENCE_MEMBERS, REFERENCE_PROVIDERS)


class PeopleRows:
    """Collects the records of these topics, whatever their order."""

    def __init__(self, codec: Codec, sealer: Sealer) -> None:
        self._codec = codec
        self._sealer = sealer
        self._documents: dict[str, ClaimDocument] = {}
        self._members: dict[str, Member] = {}
        self._providers: dict[str, Provider] = {}
        self._events: list[PeopleEvent] = []

    def add(self, topic: str, value: bytes | None) -> None:
        """Take a record of one of TOPICS; raises DecodeError."""
        if topic == REFERENCE_MEMBERS:
            member = self._codec.decode(Member, value)
            before = self._members.get(member.member_id)
            if before is None or member.release > before.release:
                self._members[member.member_id] = member
        elif topic == REFERENCE_PROVIDERS:
            provider = self._codec.decode(Provider, value)
            known = self._providers.get(provider.provider_id)
            if known is None or provider.release > known.release:
                self._providers[provider.provider_id] = provider
        elif topic == DOCUMENTS_STORED:
            document = self._codec.decode(ClaimDocument, value)
            stored = self._documents.get(document.document_id)
            if stored is None or document.revision > stored.revision:
                self._documents[document.document_id] = document
        else:
            self._events.append(self._codec.decode(PeopleEvent, value))

    def tables(self) -> dict[Staging, list[Row]]:
        """The rows, by staging table; those of people are sealed."""
        found: dict[Staging, list[Row]] = {
            staging.DOCUMENTS: [_document(one) for one in self._documents.values()],
            staging.MEMBERS: [member_row(one, self._sealer) for one in self._members.values()],
            staging.PROVIDERS: [provider_row(one, self._sealer) for one in self._providers.values()],
            staging.PEOPLE_EVENTS: [_event(one) for one in self._events],
        }
        return {table: rows for table, rows in found.items() if rows}


def _document(d: ClaimDocument) -> Row:
    return (
        d.document_id, d.revision, d.removed, d.claim_id, d.root_id, d.kind, d.file_name, d.content_type, d.size,
        d.sha256, d.submitter_id, d.actor, d.reason, d.correlation_id, d.at,
    )  # fmt: skip


def _event(e: PeopleEvent) -> Row:
    return (
        e.event_id, e.event_type, e.record_id, e.release, list(e.fields), e.actor, e.role, e.correlation_id, e.at,
    )  # fmt: skip
