-- The year a case was closed in, 9999 while it is open: "open at the end of a year" is then one range, and
-- the cases closed in a year can be walked in the order they were received in. The database derives it.
ALTER TABLE cases ADD COLUMN closing_year INTEGER NOT NULL
    GENERATED ALWAYS AS (COALESCE(CAST(EXTRACT(YEAR FROM closed_on) AS INTEGER), 9999)) STORED;

CREATE INDEX cases_by_closing ON cases (agency_id, closing_year, received_on, id, applicant_kind, outcome);
CREATE INDEX cases_by_closing_anywhere ON cases (closing_year, received_on, id, applicant_kind, outcome, agency_id);
