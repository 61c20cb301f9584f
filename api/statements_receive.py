"""SQL that makes confirmed claims visible: rows of revision 0 for many claims in one statement.

Whatever is there already knows more. A claim that was rejected at the front end may be submitted again with mended
content: the new content's digest then stands for the claim. Rows are written in the order of their ids, as the sink
does, so that two writers never wait for each other crosswise. Nobody waits for the disk: the claim is on its topic, and
the sink writes it whatever becomes of these rows. They travel as two JSON texts, which cost the driver less than an
array for each column.
"""

# Columns of claims and their types, in the order of received.claim_row.
CLAIM = (
    ("id", "uuid"), ("claim_number", "text"), ("root_id", "uuid"), ("form", "text"), ("settlement", "text"),
    ("service_type", "text"), ("member_id", "text"), ("provider_id", "text"), ("submitter_id", "text"),
    ("service_date", "date"), ("service_to", "date"), ("currency", "text"), ("total_charged", "numeric"),
    ("channel", "text"), ("correlation_id", "text"), ("accepted_at", "timestamptz"), ("accepted_day", "date"),
    ("digest", "text"),
)  # fmt: skip
# The same of claim_items, in the order of received.item_rows.
ITEM = (
    ("claim_id", "uuid"), ("line_number", "integer"), ("service_code", "text"), ("code_system", "text"),
    ("diagnosis_code", "text"), ("modifiers", "text[]"), ("quantity", "numeric"), ("charged_amount", "numeric"),
)  # fmt: skip


def _named(columns: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{name} {kind}" for name, kind in columns)


def _names(columns: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(name for name, _ in columns)


_ROW = ", ".join(name for name, _ in CLAIM if name != "digest")
RECEIVE = f"""
    with hurried as (
        select set_config('synchronous_commit', 'off', true)
    ), given as (
        select g.* from hurried, json_to_recordset($1::json) as g ({_named(CLAIM)})
    ), lines as (
        select * from json_to_recordset($2::json) as l ({_named(ITEM)})
    ), arrived as (
        insert into claims ({_ROW}, version, revision, rank, status, substatus)
        select {_ROW}, 1, 0, 0, 'submitted', 'received' from given order by id
        on conflict do nothing
        returning id
    ), written as (
        insert into claim_items ({_names(ITEM)})
        select {", ".join(f"lines.{name}" for name, _ in ITEM)}
        from lines join arrived on arrived.id = claim_id order by claim_id, line_number
        on conflict do nothing
    ), steps as (
        insert into claim_timeline (claim_id, version, revision, sequence, status, substatus, actor, at)
        select id, 1, 0, 0, 'submitted', 'received', submitter_id, accepted_at from given order by id
        on conflict do nothing
    )
    insert into claim_submissions (claim_id, digest, accepted_at)
    select id, digest, accepted_at from given order by id
    on conflict (claim_id) do update set digest = excluded.digest, accepted_at = excluded.accepted_at
    where exists (
        select from claims where claims.id = excluded.claim_id and claims.substatus = 'front_end_rejected'
    )
"""  # noqa: S608 - constants of this module
