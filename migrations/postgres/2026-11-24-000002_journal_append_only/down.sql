DROP TRIGGER journal_no_change ON journal;
DROP FUNCTION journal_is_append_only();
