-- Forms of registration that have become a case: a form sent twice is registered once.
CREATE TABLE submissions (
    agency_id INTEGER NOT NULL REFERENCES agencies (id),
    submission TEXT NOT NULL,
    case_id TEXT NOT NULL REFERENCES cases (id),
    PRIMARY KEY (agency_id, submission)
);

-- An applicant's earlier applications, by name and by identity number.
CREATE INDEX cases_by_applicant ON cases (agency_id, applicant_name, received_on);
CREATE INDEX requests_by_id_number ON requests (id_number);
