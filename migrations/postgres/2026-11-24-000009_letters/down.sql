DROP INDEX replies_by_no;
DROP TABLE letters;
DROP TABLE letter_counters;
DROP TABLE letter_templates;
DROP TABLE letter_settings;
DROP FUNCTION letters_are_append_only();
