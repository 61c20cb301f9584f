-- Members and providers as the newest release of reference data has them, and who changed them over HTTP.
--
-- What names or reaches a person is sealed (config/sealing.py) under the context table.column/id; name_index and
-- identifier_index are blind indexes: equal texts have equal entries, which say nothing without the key. Whoever writes
-- a row compares the release first: only a greater one replaces what is there. The API writes a row at once after its
-- release, the sink writes every row from the topics.
create table members (
    member_id           text primary key,
    release             integer not null,
    removed             boolean not null,
    ended_on            date,
    sex                 text not null,
    relationship        text not null,
    coverages           jsonb not null,
    name                bytea not null,
    birth_date          bytea not null,
    identifiers         bytea not null,
    contact             bytea,
    account             bytea,
    name_index          bytea[] not null,
    identifier_index    bytea[] not null,
    committed_at        timestamptz
);
comment on column members.committed_at is 'When the sink wrote the row; null while only the API has.';
comment on column members.removed is 'Taken away by a load of reference data; one that ended has ended_on instead.';
create index members_by_name on members using gin (name_index);
create index members_by_identifier on members using gin (identifier_index);
create index members_by_coverage on members using gin (coverages jsonb_path_ops);

create table providers (
    provider_id         text primary key,
    release             integer not null,
    removed             boolean not null,
    ended_on            date,
    kind                text not null,
    networks            jsonb not null,
    name                bytea not null,
    identifiers         bytea not null,
    contact             bytea,
    account             bytea,
    name_index          bytea[] not null,
    identifier_index    bytea[] not null,
    committed_at        timestamptz
);
create index providers_by_name on providers using gin (name_index);
create index providers_by_identifier on providers using gin (identifier_index);
create index providers_by_network on providers using gin (networks jsonb_path_ops);

-- Every record of people.changed: who changed which fields of whom, in which release. No values.
create table people_events (
    event_id            uuid primary key,
    event_type          text not null,
    record_id           text not null,
    release             integer not null,
    fields              text[] not null,
    actor               text not null,
    role                text not null,
    correlation_id      text,
    at                  timestamptz not null
);
create index people_events_of_record on people_events (record_id, release);
