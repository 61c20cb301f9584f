-- Life after the decision: pends, appeals, voids and replacements, what was paid out, every revision of a decision.

alter table claims
    add column frequency_code   text,
    add column replaces         uuid,
    add column plan_from        date,
    add column contract_id      text,
    add column pend_code        text,
    add column pend_queue       text,
    add column pend_due         date,
    add column pend_text        text,
    add column appeal_due       date,
    add column paid_out         numeric(20, 2),
    add column approvals        jsonb not null default '[]';
-- A claim number names the root claim and all its versions: replacements and voids have the number of their original.
-- Whoever looks a number up reads the id of the root out of it.
alter table claims drop constraint claims_claim_number_key;
comment on column claims.frequency_code is '1 original, 7 replacement, 8 void; null until the claim is decided.';
comment on column claims.plan_from is 'First day of the version of the plan that the claim was decided under.';
comment on column claims.pend_queue is 'Who must look at a pended claim; null for any other.';
comment on column claims.approvals is 'What persons said to a pended claim, oldest first.';
-- The work queue of pends, and appeals that wait for their answer.
create index claims_pended on claims (pend_due, id) where substatus = 'pended';
create index claims_appealed on claims (appeal_due, id) where substatus = 'appealed';
-- Voids and replacements of a claim; an original is its own root.
create index claims_of_root on claims (root_id) where root_id <> id;

alter table claim_items
    add column service_date         date,
    add column units_denied         numeric(18, 3) not null default 0,
    add column other_paid           numeric(20, 2),
    add column authorization_number text;
comment on column claim_items.units_denied is 'Units beyond a limit, of the quantity; their adjustments say which and why.';
alter table claim_adjustments add column quantity numeric(18, 3);

-- Every revision of every version, as it left the chain: the record is the one of claims.decided, byte for byte, with
-- the receipt of each line (rules, amounts before and after) and what a void reversed. It is stored as it came: the
-- receipt is read far less often than it is written.
create table claim_decisions (
    claim_id            uuid not null,
    version             integer not null,
    revision            integer not null,
    substatus           text not null,
    coverage_id         text not null,
    ledger              jsonb not null default '[]',
    record              bytea not null,
    decided_at          timestamptz not null,
    primary key (claim_id, version, revision)
) with (toast_tuple_target = 8160);
alter table claim_decisions alter column record set storage external;
comment on column claim_decisions.ledger is 'Postings: arrays of sequence, line, account, who, period, amount.';
create index claim_decisions_of_coverage on claim_decisions (coverage_id) where ledger <> '[]';

-- The postings of all decisions to the ledgers of their coverages. They are only ever added to: a void posts the exact
-- negation of what it undoes. An account holds minor units, thousandths of units, or a count, as its name says.
create view ledger_entries as
    select d.coverage_id, e.value ->> 2 as account, e.value ->> 3 as who, e.value ->> 4 as period,
           (e.value ->> 5)::bigint as amount, d.claim_id, d.version, d.revision, (e.value ->> 0)::integer as sequence,
           (e.value ->> 1)::integer as line_number, d.decided_at
    from claim_decisions d, jsonb_array_elements(d.ledger) as e (value);

-- What decisions ask to be paid, or to be given back: every record of payment.requests.
create table payment_requests (
    request_id          uuid primary key,
    claim_id            uuid not null,
    claim_number        text not null,
    root_id             uuid not null,
    version             integer not null,
    revision            integer not null,
    coverage_id         text not null,
    provider_id         text,
    payee_kind          text not null,
    amount              numeric(20, 2) not null,
    currency            text not null,
    at                  timestamptz not null,
    correlation_id      text not null,
    committed_at        timestamptz not null default now()
);
comment on column payment_requests.amount is 'Negative where money is asked back.';
create index payment_requests_of_claim on payment_requests (claim_id);

-- The trial balance: charged, paid and one account for each group and reason, in minor units, over all that was
-- decided. Changed in the transaction that writes the decisions, each revision once: charged = paid + adjusted.
create table trial_balance (
    currency            text not null,
    account             text not null,
    amount              numeric(38) not null,
    primary key (currency, account)
) with (fillfactor = 50);
