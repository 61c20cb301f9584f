-- Documents of claims: what documents.stored says of each. The content lies in the document store, under its digest.
--
-- Whoever writes a row compares the revision first: only a greater one replaces what is there. The API writes the row
-- at once, so that a document is seen when its sender has been told; the sink writes it from the topic.
create table claim_documents (
    document_id         uuid primary key,
    revision            integer not null,
    removed             boolean not null,
    claim_id            uuid not null,
    root_id             uuid not null,
    kind                text not null,
    file_name           text,
    content_type        text not null,
    size                bigint not null,
    sha256              text not null,
    submitter_id        text not null,
    actor               text not null,
    reason              text,
    correlation_id      text,
    at                  timestamptz not null,
    committed_at        timestamptz
);
comment on column claim_documents.claim_id is 'The claim it was sent for; it belongs to all versions of the root claim.';
comment on column claim_documents.committed_at is 'When the sink wrote the row; null while only the API has.';
comment on column claim_documents.removed is 'Taken away: no longer listed nor handed out. The content stays in the store.';
create index claim_documents_of_root on claim_documents (root_id, at) where not removed;
