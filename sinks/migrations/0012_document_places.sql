-- Places of documents that are being sent: who sends some at the same time must not have more of them than a claim may.
--
-- The API takes a place under a lock of the root claim before it stores a document, and gives it back with the row of
-- the document. A place whose sender was lost on the way ends by itself.
create table document_places (
    place_id            uuid primary key,
    root_id             uuid not null,
    document_id         uuid not null,
    until               timestamptz not null
);
create index document_places_of_root on document_places (root_id);
create index document_places_of_document on document_places (document_id);
