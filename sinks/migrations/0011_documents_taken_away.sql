-- The content of a document that is taken away is deleted; its row stays, and counts to how often some may be sent.
comment on column claim_documents.removed is 'Taken away: its content is deleted. The row stays as evidence.';
comment on table claim_documents is 'The content lies in the document store, under document_id and revision.';
drop index claim_documents_of_root;
create index claim_documents_of_root on claim_documents (root_id, at);
