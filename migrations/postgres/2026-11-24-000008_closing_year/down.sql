DROP INDEX cases_by_closing;
DROP INDEX cases_by_closing_anywhere;
ALTER TABLE cases DROP COLUMN closing_year;
