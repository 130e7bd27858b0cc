DROP INDEX journal_by_time;
DROP INDEX cases_for_charts_closed;
DROP INDEX cases_for_charts_received;
DROP INDEX remedies_by_acceptance;
DROP TABLE remedy_stages;
