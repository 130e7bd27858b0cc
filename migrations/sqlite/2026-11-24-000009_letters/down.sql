DROP INDEX replies_by_no;
DROP TABLE letters;
DROP TABLE letter_counters;
DROP TABLE letter_templates;
DROP TABLE letter_settings;
