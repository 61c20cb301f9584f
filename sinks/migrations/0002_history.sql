-- What happened to claims (events and timeline are only ever added to) and what could not be taken.

-- The audit trail: every record of claims.events.
create table claim_events (
    event_id            uuid primary key,
    event_type          text not null,
    claim_id            uuid not null,
    claim_number        text not null,
    version             integer not null,
    revision            integer not null,
    sequence            integer not null,
    substatus           text not null,
    actor               text not null,
    at                  timestamptz not null,
    correlation_id      text not null,
    details             jsonb not null default '{}',
    committed_at        timestamptz not null default now()
);
create index claim_events_of_claim on claim_events (claim_id);
create index claim_events_by_time on claim_events (at);

-- The status timeline. An entry is one of
--   received   revision 0, sequence 0; the earliest accepted_at that anybody knows (the API may write it first)
--   rejected   revision 0, sequence 1 + the offset on claims.rejected
--   an event   its version, revision and sequence
create table claim_timeline (
    claim_id            uuid not null,
    version             integer not null,
    revision            integer not null,
    sequence            bigint not null,
    status              text not null,
    substatus           text not null,
    actor               text not null,
    reason              text,
    at                  timestamptz not null,
    primary key (claim_id, version, revision, sequence)
);

-- Records that a stage set aside, byte for byte. The key is their place among the dead letters.
create table dead_letters (
    topic               text not null,
    dlq_partition       integer not null,
    dlq_offset          bigint not null,
    source_partition    integer not null,
    source_offset       bigint not null,
    key                 bytea,
    value               bytea,
    stage               text not null,
    code                text not null,
    message             text not null,
    at                  timestamptz not null,
    committed_at        timestamptz not null default now(),
    primary key (topic, dlq_partition, dlq_offset)
);
comment on column dead_letters.topic is 'The topic that the record was read from; it lies on <topic>.dlq.';
create index dead_letters_by_time on dead_letters (at);
