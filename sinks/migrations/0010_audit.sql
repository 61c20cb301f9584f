-- Every read that showed, or refused to show, what is personal: the records of audit.reads. Only ever added to.
create table audit_reads (
    event_id            uuid primary key,
    at                  timestamptz not null,
    subject             text not null,
    roles               text[] not null default '{}',
    provider_id         text,
    member_id           text,
    view                text not null,
    thing               text not null,
    ids                 text[] not null default '{}',
    left_out            integer not null default 0,
    claim_id            text,
    outcome             text not null,
    correlation_id      text not null,
    committed_at        timestamptz not null default now()
);
comment on column audit_reads.thing is 'Of what the ids are: claim, document, member or provider.';
comment on column audit_reads.outcome is 'shown, or refused: it was none of the caller''s business.';
comment on column audit_reads.left_out is 'Things that a long list showed beyond those of ids.';
create index audit_reads_of_subject on audit_reads (subject, at);
create index audit_reads_by_time on audit_reads using brin (at);

-- Who looked at this claim (document, member, provider): an entry for each thing that a read showed, in order of time.
create table audit_seen (
    thing               text not null,
    id                  text not null,
    at                  timestamptz not null,
    event_id            uuid not null,
    primary key (thing, id, at, event_id)
);
create index audit_seen_of_read on audit_seen (event_id);
