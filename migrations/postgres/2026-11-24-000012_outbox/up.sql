-- Where people are written to, and what they do not want to hear of.
CREATE TABLE mail_addresses (
    account_id TEXT NOT NULL PRIMARY KEY REFERENCES accounts (id),
    address TEXT NOT NULL
);

CREATE TABLE muted_mail (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL,
    PRIMARY KEY (account_id, kind)
);

-- Messages, written in the transaction of what they tell, and sent afterwards.
CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    agency_id INTEGER NOT NULL REFERENCES agencies (id),
    kind TEXT NOT NULL CHECK (kind IN (
        'assigned', 'returned', 'due_soon', 'overdue', 'escalation', 'waiting', 'remedy', 'report', 'digest',
        'calendar_change', 'calendar_missing', 'undelivered', 'trial',
        'receipt', 'correction_notice', 'extension_notice', 'reply'
    )),
    -- The account it is for; none where it is for an applicant.
    account_id TEXT REFERENCES accounts (id),
    case_id TEXT REFERENCES cases (id),
    recipient_name TEXT NOT NULL,
    address TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    -- The issued letter that goes with it.
    letter_id TEXT,
    -- The same in every attempt, so that a repeat can be recognised; given with the first.
    message_id TEXT CONSTRAINT outbox_message_id UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'held')),
    attempts INTEGER NOT NULL,
    next_attempt_at TIMESTAMP NOT NULL,
    -- After this it tells nothing any more, and is not sent.
    useful_until TIMESTAMP,
    claimed_by TEXT,
    claimed_until TIMESTAMP,
    last_error TEXT,
    written_at TIMESTAMP NOT NULL,
    sent_at TIMESTAMP,
    CONSTRAINT outbox_claim CHECK ((state = 'sending') = (claimed_until IS NOT NULL)),
    CONSTRAINT outbox_sent CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);

CREATE INDEX outbox_by_state ON outbox (state, next_attempt_at);
CREATE INDEX outbox_by_case ON outbox (case_id);
CREATE INDEX outbox_by_account ON outbox (account_id);
CREATE INDEX outbox_by_agency ON outbox (agency_id, id);

-- What has been told and is told no second time, by the key of its facts, with the message that told it.
CREATE TABLE told (
    once_key TEXT NOT NULL PRIMARY KEY,
    message_id TEXT NOT NULL REFERENCES outbox (id)
);

-- Work that is done again and again: when it was done and comes next, and who is doing it.
CREATE TABLE jobs (
    name TEXT NOT NULL PRIMARY KEY,
    next_run_at TIMESTAMP NOT NULL,
    last_run_at TIMESTAMP,
    last_result TEXT,
    has_failed BOOLEAN NOT NULL,
    n_failures INTEGER NOT NULL,
    is_paused BOOLEAN NOT NULL,
    lease_holder TEXT,
    lease_until TIMESTAMP
);
