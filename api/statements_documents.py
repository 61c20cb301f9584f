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
# Places: one at a time for a claim, so that each sees those before it.
PLACES_LOCK = "select pg_advisory_xact_lock(hashtextextended('document_places/' || $1::uuid::text, 0))"
PLACES_ENDED = "delete from document_places where root_id = $1 and until <= now()"
# What a claim has beside this document: documents, sendings, and documents that are being sent. The first revision of a
# document is a sending, and each second one after it.
PLACES_USED = """
    select (select count(*) from claim_documents where root_id = $1 and document_id <> $2 and not removed) as stored,
           (select coalesce(sum((revision + 1) / 2), 0)::bigint from claim_documents where root_id = $1) as sent,
           (select count(distinct document_id) from document_places where root_id = $1 and document_id <> $2) as coming
"""
PLACE = """
    insert into document_places (place_id, root_id, document_id, until)
    values ($3, $1, $2, now() + $4 * interval '1 second')
"""
GIVE_BACK = "delete from document_places where place_id = $1"
KEEP = f"""
    with places as (delete from document_places where document_id = $1)
    insert into claim_documents as d ({_COLUMNS})
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
    on conflict (document_id) do update set
        revision = excluded.revision, removed = excluded.removed, claim_id = excluded.claim_id, kind = excluded.kind,
        file_name = excluded.file_name, content_type = excluded.content_type, size = excluded.size,
        submitter_id = excluded.submitter_id, actor = excluded.actor, reason = excluded.reason,
        correlation_id = excluded.correlation_id, at = excluded.at
    where excluded.revision > d.revision
"""  # noqa: S608 - constants of this module
