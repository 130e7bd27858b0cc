DROP TABLE logins;
DROP TABLE old_passwords;
DROP TABLE account_roles;
DROP TABLE accounts;
