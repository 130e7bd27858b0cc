-- Agencies form a tree. `path` lists the ids from the root down, such as /1/7/, so that an agency and
-- everything below it share a prefix.
CREATE TABLE agencies (
    id INTEGER NOT NULL PRIMARY KEY,
    code TEXT NOT NULL CONSTRAINT agencies_code UNIQUE,
    name TEXT NOT NULL,
    parent_id INTEGER REFERENCES agencies (id),
    path TEXT NOT NULL CONSTRAINT agencies_path UNIQUE
);

CREATE INDEX agencies_by_parent ON agencies (parent_id);

CREATE TABLE departments (
    id INTEGER NOT NULL PRIMARY KEY,
    agency_id INTEGER NOT NULL REFERENCES agencies (id),
    name TEXT NOT NULL,
    CONSTRAINT departments_name UNIQUE (agency_id, name)
);

-- The last number given out, per agency and year of receipt.
CREATE TABLE case_counters (
    agency_id INTEGER NOT NULL REFERENCES agencies (id),
    year INTEGER NOT NULL,
    last_no BIGINT NOT NULL,
    PRIMARY KEY (agency_id, year)
);

-- What lists, queues and tables need of a case. Dates are facts; `due_on`, `due_provisional` and
-- `waiting_for` are a cache of what the clock says of `clock`, written by storage only.
CREATE TABLE cases (
    id TEXT NOT NULL PRIMARY KEY,
    agency_id INTEGER NOT NULL REFERENCES agencies (id),
    case_no TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN (
        'received', 'registered', 'handled', 'under_review', 'awaiting_sign_off', 'awaiting_issue',
        'answered', 'ended'
    )),
    is_open BOOLEAN NOT NULL,
    version INTEGER NOT NULL,
    channel TEXT CHECK (channel IN (
        'in_person', 'signed_post', 'ordinary_post', 'web', 'fax', 'email', 'oral', 'other'
    )),
    received_on DATE NOT NULL,
    applicant_kind TEXT NOT NULL CHECK (applicant_kind IN (
        'natural_person', 'commercial_enterprise', 'research_institute',
        'public_welfare_organization', 'legal_service_organization', 'other'
    )),
    applicant_name TEXT NOT NULL,
    department_id INTEGER REFERENCES departments (id),
    handler_id TEXT,
    closed_on DATE,
    outcome TEXT CHECK (outcome IN (
        'already_public', 'provided', 'partial', 'state_secret', 'law_forbids', 'three_securities',
        'third_party', 'internal_affairs', 'process_info', 'enforcement_file', 'admin_query',
        'not_existing', 'not_ours', 'not_held', 'needs_creation', 'still_unclear', 'petition',
        'duplicate', 'publication', 'excessive', 'reissue', 'no_correction', 'unpaid_fee',
        'withdrawn', 'other'
    )),
    round INTEGER NOT NULL,
    clock TEXT NOT NULL,
    due_on DATE NOT NULL,
    due_provisional BOOLEAN NOT NULL,
    waiting_for TEXT CHECK (waiting_for IN ('correction', 'consultation', 'fee')),
    registered_at TIMESTAMP NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    CONSTRAINT cases_no UNIQUE (agency_id, case_no),
    CONSTRAINT cases_open CHECK (is_open = (status NOT IN ('answered', 'ended'))),
    CONSTRAINT cases_closed_with_outcome CHECK ((closed_on IS NULL) = (outcome IS NULL)),
    CONSTRAINT cases_closed_after_receipt CHECK (closed_on >= received_on)
);

-- New cases of a year, counted and listed: one agency's, and a parent's over many. With those by the
-- year of closing (migration 000008), the figures of table 3 come from indexes alone.
CREATE INDEX cases_by_receipt ON cases (agency_id, received_on, id, applicant_kind);
CREATE INDEX cases_by_receipt_anywhere ON cases (received_on, id, applicant_kind, agency_id);

-- What was asked and by whom, personal data included.
CREATE TABLE requests (
    case_id TEXT NOT NULL PRIMARY KEY REFERENCES cases (id),
    content TEXT NOT NULL,
    preferred_form TEXT CHECK (preferred_form IN (
        'paper', 'email', 'disc', 'collect', 'inspect', 'transcribe', 'other'
    )),
    id_number TEXT,
    phone TEXT,
    email TEXT,
    address TEXT,
    submitted_on DATE,
    arrived_on DATE,
    confirmed_on DATE,
    confirmed_how TEXT,
    remarks TEXT NOT NULL
);

-- The reply of each round: the first, and one for each new reply that was ordered.
CREATE TABLE replies (
    case_id TEXT NOT NULL REFERENCES cases (id),
    round INTEGER NOT NULL,
    outcome TEXT CHECK (outcome IN (
        'already_public', 'provided', 'partial', 'state_secret', 'law_forbids', 'three_securities',
        'third_party', 'internal_affairs', 'process_info', 'enforcement_file', 'admin_query',
        'not_existing', 'not_ours', 'not_held', 'needs_creation', 'still_unclear', 'petition',
        'duplicate', 'publication', 'excessive', 'reissue', 'no_correction', 'unpaid_fee',
        'withdrawn', 'other'
    )),
    particulars TEXT NOT NULL,
    body TEXT NOT NULL,
    reply_no TEXT,
    legal_reviewed_on DATE,
    signed_off_on DATE,
    closed_on DATE,
    delivery_method TEXT,
    tracking_no TEXT,
    signed_for_on DATE,
    PRIMARY KEY (case_id, round)
);

-- Cases that belong together: the parts of a split application, a repeat and the earlier case.
CREATE TABLE case_links (
    case_id TEXT NOT NULL REFERENCES cases (id),
    other_id TEXT NOT NULL REFERENCES cases (id),
    reason TEXT NOT NULL,
    PRIMARY KEY (case_id, other_id)
);

-- Reconsiderations and suits against a reply.
CREATE TABLE remedies (
    id TEXT NOT NULL PRIMARY KEY,
    agency_id INTEGER NOT NULL REFERENCES agencies (id),
    remedy_no TEXT NOT NULL,
    case_id TEXT REFERENCES cases (id),
    version INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN (
        'review', 'direct_suit', 'suit_after_review'
    )),
    capacity TEXT NOT NULL CHECK (capacity IN (
        'acting_agency', 'reconsideration_body'
    )),
    body TEXT NOT NULL,
    accepted_on DATE NOT NULL,
    concluded_on DATE,
    result TEXT CHECK (result IN (
        'review_upheld', 'review_claim_dismissed', 'review_changed', 'review_revoked',
        'review_partly_revoked', 'review_unlawful', 'review_perform', 'review_void',
        'review_application_dismissed', 'review_terminated', 'review_settled', 'review_mediated',
        'review_not_accepted', 'suit_claim_dismissed', 'suit_revoked', 'suit_partly_revoked',
        'suit_remade', 'suit_perform', 'suit_pay', 'suit_unlawful', 'suit_void', 'suit_changed',
        'suit_dismissed', 'suit_withdrawn', 'suit_deemed_withdrawn', 'suit_ended',
        'suit_not_accepted', 'upheld', 'corrected', 'other'
    )),
    remarks TEXT NOT NULL,
    CONSTRAINT remedies_no UNIQUE (agency_id, remedy_no),
    CONSTRAINT remedies_concluded_with_result CHECK ((concluded_on IS NULL) = (result IS NULL)),
    CONSTRAINT remedies_concluded_after_acceptance CHECK (concluded_on >= accepted_on)
);

CREATE INDEX remedies_by_conclusion ON remedies (agency_id, concluded_on, accepted_on, kind, result, capacity);
CREATE INDEX remedies_by_case ON remedies (case_id);

-- The journal: what happened, who did it, when it was written down and since when it is known.
-- `opened_on` to `result` are the facts the tables are derived from, as they stood after the entry.
-- `hash` seals the entry and, through `previous_hash`, every earlier one of the same subject.
CREATE TABLE journal (
    subject_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    subject TEXT NOT NULL CHECK (subject IN ('agency', 'case', 'remedy', 'report', 'calendar', 'account')),
    agency_id INTEGER REFERENCES agencies (id),
    action TEXT NOT NULL,
    actor TEXT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    known_on DATE NOT NULL,
    details TEXT NOT NULL,
    opened_on DATE,
    closed_on DATE,
    kind TEXT,
    result TEXT,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (subject_id, seq)
);

CREATE INDEX journal_by_agency ON journal (agency_id, subject, known_on);

-- Table 2 of the report: entered, not derived. Decimals are kept as text, exactly as entered.
CREATE TABLE report_figures (
    agency_id INTEGER NOT NULL REFERENCES agencies (id),
    year INTEGER NOT NULL,
    row_code TEXT NOT NULL,
    cell INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (agency_id, year, row_code, cell)
);

-- Holiday notices imported into this installation; they go over the built-in ones.
CREATE TABLE calendar_notices (
    year INTEGER NOT NULL PRIMARY KEY,
    notice TEXT NOT NULL
);
