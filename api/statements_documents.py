"""Every SQL statement about documents of claims. Values are parameters, always."""

_COLUMNS = """document_id, revision, removed, claim_id, root_id, kind, file_name, content_type, size, sha256,
           submitter_id, actor, reason, correlation_id, at"""

DOCUMENTS = f"""
    select {_COLUMNS} from claim_documents where root_id = $1 and not removed order by at, document_id limit $2
"""  # noqa: S608 - constants of this module
# Removed ones too: who takes one away, or sends it again, needs its revision.
DOCUMENT = f"""
    select {_COLUMNS} from claim_documents where root_id = $1 and document_id = $2
"""  # noqa: S608 - constants of this module
# How often documents were sent for a claim: the first revision of each is one, and each second one after it.
SENT = "select coalesce(sum((revision + 1) / 2), 0)::bigint from claim_documents where root_id = $1"
KEEP = f"""
    insert into claim_documents as d ({_COLUMNS})
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    on conflict (document_id) do update set
        revision = excluded.revision, removed = excluded.removed, claim_id = excluded.claim_id, kind = excluded.kind,
        file_name = excluded.file_name, content_type = excluded.content_type, size = excluded.size,
        submitter_id = excluded.submitter_id, actor = excluded.actor, reason = excluded.reason,
        correlation_id = excluded.correlation_id, at = excluded.at
    where excluded.revision > d.revision
"""  # noqa: S608 - constants of this module
