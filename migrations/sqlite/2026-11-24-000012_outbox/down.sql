DROP TABLE jobs;
DROP TABLE told;
DROP TABLE outbox;
DROP TABLE muted_mail;
DROP TABLE mail_addresses;
