DROP TRIGGER journal_no_update;
DROP TRIGGER journal_no_delete;
