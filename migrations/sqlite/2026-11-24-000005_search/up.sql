-- Full text. A document's number begins with the day of receipt, so that matches come in its order.
-- The texts of an agency lie together: within one agency they are read, not looked up.
CREATE TABLE search_docs (
    agency_id INTEGER NOT NULL,
    doc_id INTEGER NOT NULL CONSTRAINT search_docs_doc UNIQUE,
    case_id TEXT NOT NULL CONSTRAINT search_docs_case UNIQUE REFERENCES cases (id),
    words TEXT NOT NULL,
    PRIMARY KEY (agency_id, doc_id)
) WITHOUT ROWID;

-- Documents that the index of words does not know yet.
CREATE TABLE search_pending (
    doc_id INTEGER NOT NULL PRIMARY KEY
);

-- The texts are cut into tokens by the program; only the index of them is kept, not the texts.
CREATE VIRTUAL TABLE search_words USING fts5 (
    body, content = '', contentless_delete = 1, tokenize = 'ascii'
);

-- Views of the list of cases that people have saved: the query of the address.
CREATE TABLE saved_views (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    CONSTRAINT saved_views_name UNIQUE (account_id, name)
);

-- The work in hand, which is a small part of all cases: by the day to act by, and what people pick it by.
-- The first two replace those over all cases, and hold all that the counts of the queue ask.
CREATE INDEX cases_open_by_due ON cases (agency_id, due_on, id, waiting_for, status, handler_id)
    WHERE is_open;
CREATE INDEX cases_open_by_due_anywhere ON cases (due_on, id, agency_id, waiting_for, status, handler_id)
    WHERE is_open;
CREATE INDEX cases_open_by_status ON cases (agency_id, status, due_on, id) WHERE is_open;
CREATE INDEX cases_open_by_waiting ON cases (agency_id, waiting_for, due_on, id)
    WHERE is_open AND waiting_for IS NOT NULL;
CREATE INDEX cases_open_by_department ON cases (agency_id, department_id, due_on, id) WHERE is_open;
CREATE INDEX cases_open_by_handler ON cases (handler_id, due_on, id) WHERE is_open;
CREATE INDEX cases_open_by_change ON cases (agency_id, changed_at, id, waiting_for) WHERE is_open;
CREATE INDEX cases_open_by_change_anywhere ON cases (changed_at, id, agency_id, waiting_for)
    WHERE is_open;
CREATE INDEX cases_by_department ON cases (agency_id, department_id, received_on, id);
CREATE INDEX cases_by_outcome ON cases (agency_id, outcome, received_on, id);
