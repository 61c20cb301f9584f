"""SQL that makes confirmed claims visible: rows of revision 0 for many claims in one statement.

Whatever is there already knows more. A claim that was rejected at the front end may be submitted again with mended
content: the new content's digest then stands for the claim. Rows are written in the order of their ids, as the sink
does, so that two writers never wait for each other crosswise. Nobody waits for the disk: the claim is on its topic, and
the sink writes it whatever becomes of these rows.
"""

# Columns of claims and the types of their arrays, in the order of received.claim_row.
CLAIM = (
    ("id", "uuid"), ("claim_number", "text"), ("root_id", "uuid"), ("form", "text"), ("settlement", "text"),
    ("service_type", "text"), ("member_id", "text"), ("provider_id", "text"), ("submitter_id", "text"),
    ("service_date", "date"), ("service_to", "date"), ("currency", "text"), ("total_charged", "numeric"),
    ("channel", "text"), ("correlation_id", "text"), ("accepted_at", "timestamptz"), ("accepted_day", "date"),
    ("digest", "text"),
)  # fmt: skip
# The same of claim_items, in the order of received.item_rows; modifiers are one text, joined by SEPARATOR.
ITEM = (
    ("claim_id", "uuid"), ("line_number", "integer"), ("service_code", "text"), ("code_system", "text"),
    ("diagnosis_code", "text"), ("modifiers", "text"), ("quantity", "numeric"), ("charged_amount", "numeric"),
)  # fmt: skip
SEPARATOR = "\x1f"


def _arrays(columns: tuple[tuple[str, str], ...], first: int) -> str:
    return ", ".join(f"${number}::{kind}[]" for number, (_, kind) in enumerate(columns, first))


def _names(columns: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(name for name, _ in columns)


_ROW = ", ".join(name for name, _ in CLAIM if name != "digest")
RECEIVE = f"""
    with hurried as (
        select set_config('synchronous_commit', 'off', true)
    ), given as (
        select g.* from hurried, unnest({_arrays(CLAIM, 1)}) as g ({_names(CLAIM)})
    ), lines as (
        select * from unnest({_arrays(ITEM, len(CLAIM) + 1)}) as l ({_names(ITEM)})
    ), arrived as (
        insert into claims ({_ROW}, version, revision, rank, status, substatus)
        select {_ROW}, 1, 0, 0, 'submitted', 'received' from given order by id
        on conflict do nothing
        returning id
    ), written as (
        insert into claim_items ({_names(ITEM)})
        select claim_id, line_number, service_code, code_system, diagnosis_code,
               string_to_array(modifiers, e'\\x1f'), quantity, charged_amount
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
