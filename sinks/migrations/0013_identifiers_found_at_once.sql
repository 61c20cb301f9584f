-- Submissions look members and providers up by identifier. New entries of these indexes went to a list that each search
-- reads from end to end, until a vacuum came: after a load of reference data every submission paid for it.
alter index members_by_identifier set (fastupdate = off);
alter index providers_by_identifier set (fastupdate = off);
select gin_clean_pending_list('members_by_identifier');
select gin_clean_pending_list('providers_by_identifier');
