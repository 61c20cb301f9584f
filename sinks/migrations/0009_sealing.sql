-- What names or reaches a person is sealed (config/sealing.py): of dead letters, which are raw claims, everything that
-- the record held. Rows from before this release stand as they came until `claims keys rotate` seals them.
comment on column dead_letters.key is 'Sealed; bound to dead_letters.key and the place of the row.';
comment on column dead_letters.value is 'Sealed; bound to dead_letters.value and the place of the row.';

-- Refresh tokens, by the family that one sign-in starts: only the newest of a family is good, and it is good once.
-- Using an older one again ends the family: somebody has a copy.
create table token_families (
    family              uuid primary key,
    subject             text not null,
    token_id            uuid not null,
    generation          integer not null default 0,
    expires_at          timestamptz not null,
    revoked_at          timestamptz,
    revoked_why         text,
    created_at          timestamptz not null default now(),
    refreshed_at        timestamptz
);
comment on column token_families.token_id is 'The one refresh token of the family that may be used next.';
create index token_families_of_subject on token_families (subject);
create index token_families_expired on token_families (expires_at);
