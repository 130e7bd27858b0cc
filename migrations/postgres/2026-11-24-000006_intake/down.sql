DROP INDEX requests_by_id_number;
DROP INDEX cases_by_applicant;
DROP TABLE submissions;
