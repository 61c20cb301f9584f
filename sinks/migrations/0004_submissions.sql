-- The content last accepted over HTTP under a claim id: tells a repeat from a conflict before anything is sent.
-- The API alone writes it, and only once the broker has confirmed the claim. A claim that came another way has no row.
create table claim_submissions (
    claim_id            uuid primary key,
    digest              text not null,
    accepted_at         timestamptz not null
);
