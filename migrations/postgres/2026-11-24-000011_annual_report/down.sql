DROP TABLE filed_reports;
DROP TABLE report_templates;
DROP TABLE report_problems;
DROP TABLE report_wordings;
DROP TABLE indicator_items;
DROP TABLE indicator_values;
DROP TABLE indicators;
