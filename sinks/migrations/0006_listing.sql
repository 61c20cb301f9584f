-- Lists and searches of claims, and answers kept for callers who send a request again.

-- Lists go from the last accepted claim backwards, and a cursor is a place in (accepted_at, id).
create index claims_by_acceptance on claims (accepted_at, id);
create index claims_of_provider_by_acceptance on claims (provider_id, accepted_at, id);
create index claims_by_service_date on claims (service_date);
-- Words in findings, and so in the reasons of denials. Most claims and lines have none, and then no entry.
create index claims_words on claims using gin (to_tsvector('simple', findings)) where findings <> '[]';
create index claim_items_words on claim_items using gin (to_tsvector('simple', findings)) where findings <> '[]';

-- The answer to a request that came with an Idempotency-Key: the same request again has the same answer. A row without
-- a status is a request under way, or one whose process ended: after a while another may take it over.
create table http_replies (
    subject             text not null,
    key                 text not null,
    digest              bytea not null,
    holder              uuid not null,
    status              smallint,
    headers             jsonb,
    body                bytea,
    started_at          timestamptz not null default now(),
    primary key (subject, key)
);
comment on column http_replies.digest is 'Of method, path and body: another request under the same key is a conflict.';
comment on column http_replies.holder is 'The try that answers; a try that lost the row must not write its answer.';
create index http_replies_by_time on http_replies (started_at);
