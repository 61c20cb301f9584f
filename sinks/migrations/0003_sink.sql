-- How far the sink is, and what dashboards read.

-- Advanced by compare-and-set in the transaction of the rows: of two sinks on a partition, one fails.
create table sink_offsets (
    topic               text not null,
    partition           integer not null,
    next_offset         bigint not null,
    updated_at          timestamptz not null default now(),
    primary key (topic, partition)
);

-- Claims of rank 1 and above, counted and summed; changed in the transaction that changes the claims, so exact at all
-- times. Claims still received are not in it: count them in claims, where they are few.
create table claim_totals (
    accepted_day        date not null,
    currency            text not null,
    form                text not null,
    status              text not null,
    substatus           text not null,
    provider_id         text not null,
    claims              bigint not null,
    charged             numeric(24, 2) not null,
    allowed             numeric(24, 2) not null,
    paid                numeric(24, 2) not null,
    member_share        numeric(24, 2) not null,
    primary key (accepted_day, currency, form, status, substatus, provider_id)
) with (fillfactor = 50);
comment on column claim_totals.provider_id is 'Empty when the provider is not known.';
