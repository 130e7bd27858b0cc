-- Accounts. One may have several roles, in its own agency.
CREATE TABLE accounts (
    id TEXT NOT NULL PRIMARY KEY,
    login TEXT NOT NULL CONSTRAINT accounts_login UNIQUE,
    name TEXT NOT NULL,
    agency_id INTEGER NOT NULL REFERENCES agencies (id),
    department_id INTEGER REFERENCES departments (id),
    version INTEGER NOT NULL,
    password_hash TEXT NOT NULL,
    password_set_at TIMESTAMP NOT NULL,
    must_change_password BOOLEAN NOT NULL,
    totp_secret TEXT,
    is_disabled BOOLEAN NOT NULL,
    n_failures INTEGER NOT NULL,
    locked_until TIMESTAMP,
    created_at TIMESTAMP NOT NULL
);

CREATE INDEX accounts_by_agency ON accounts (agency_id, login);

CREATE TABLE account_roles (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    role TEXT NOT NULL CHECK (role IN (
        'clerk', 'handler', 'legal_adviser', 'approver', 'manager', 'administrator', 'auditor'
    )),
    PRIMARY KEY (account_id, role)
);

-- Passwords used before, so that they are not used again.
CREATE TABLE old_passwords (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    set_at TIMESTAMP NOT NULL,
    password_hash TEXT NOT NULL,
    PRIMARY KEY (account_id, set_at)
);

-- Logins. Only a hash of the token in the cookie is kept, so that a copy of the database opens no door.
CREATE TABLE logins (
    token_hash TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    csrf TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    ip TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    awaits_second_factor BOOLEAN NOT NULL
);

CREATE INDEX logins_by_account ON logins (account_id, seen_at);
