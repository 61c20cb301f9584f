-- Claims with their lines and adjustments, as last decided. Amounts are in units of the claim's currency.
--
-- Whoever writes a row compares (version, rank, rank_order) first: only a greater one replaces what is there.
--   rank 0      received: the API confirmed it, nothing has looked at it yet (version 1, revision 0)
--   rank 1      rejected at the front end; rank_order is the offset on the topic, so the last rejection stays
--   rank 1 + r  decided, revision r of the version, from 1
-- The topics behind these tables have no order among themselves: no foreign keys.

create table claims (
    id                  uuid primary key,
    claim_number        text not null unique,
    root_id             uuid not null,
    version             integer not null,
    revision            integer not null,
    rank                integer not null,
    rank_order          bigint not null default 0,
    status              text not null,
    substatus           text not null,
    form                text not null,
    claim_type          text generated always as (form) stored,
    settlement          text not null,
    service_type        text not null,
    member_id           text,
    provider_id         text,
    coverage_id         text,
    plan_id             text,
    submitter_id        text not null,
    service_date        date not null,
    service_to          date not null,
    currency            text not null,
    total_charged       numeric(20, 2) not null,
    total_allowed       numeric(20, 2),
    total_paid          numeric(20, 2),
    total_member_share  numeric(20, 2),
    reference_release   integer,
    channel             text not null,
    correlation_id      text not null,
    findings            jsonb not null default '[]',
    details             jsonb not null default '{}',
    accepted_at         timestamptz not null,
    accepted_day        date not null,
    submission_date     timestamptz generated always as (accepted_at) stored,
    decided_at          timestamptz,
    committed_at        timestamptz,
    created_at          timestamptz not null default now(),
    updated_at          timestamptz not null default now()
);
comment on column claims.accepted_day is 'Day of accepted_at on the payer''s calendar; the day of claim_totals.';
comment on column claims.decided_at is 'When the decision or rejection was written to its topic.';
comment on column claims.committed_at is 'When the sink wrote the row; null while received.';
create index claims_of_member on claims (member_id, service_date);
create index claims_of_provider on claims (provider_id, service_date);
create index claims_of_status on claims (status, accepted_at);

create table claim_items (
    claim_id            uuid not null,
    line_number         integer not null,
    id                  uuid generated always as (md5(claim_id::text || '/' || line_number::text)::uuid) stored,
    service_code        text not null,
    code_system         text not null,
    procedure_code      text generated always as (case when code_system in ('HC', 'AD') then service_code end) stored,
    diagnosis_code      text,
    modifiers           text[] not null default '{}',
    quantity            numeric(18, 3) not null,
    verdict             text,
    benefit_id          text,
    charged_amount      numeric(20, 2) not null,
    allowed_amount      numeric(20, 2),
    paid_amount         numeric(20, 2),
    member_share        numeric(20, 2),
    findings            jsonb not null default '[]',
    created_at          timestamptz not null default now(),
    primary key (claim_id, line_number)
);
comment on column claim_items.verdict is 'passed, denied or pended; null while the claim is received.';

-- charged_amount = paid_amount + the adjustments of the line.
create table claim_adjustments (
    claim_id            uuid not null,
    line_number         integer not null,
    position            integer not null,
    group_code          text not null,
    reason              text not null,
    amount              numeric(20, 2) not null,
    rule                text not null,
    remark              text,
    primary key (claim_id, line_number, position)
);
