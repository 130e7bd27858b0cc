-- What an office counts besides its cases: the built-in indicators it has changed, and its own.
CREATE TABLE indicators (
    agency_id INTEGER NOT NULL REFERENCES agencies (id),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    unit TEXT NOT NULL,
    part TEXT NOT NULL CHECK (part IN (
        'preface', 'overview', 'proactive', 'applications', 'remedies', 'problems', 'other_matters'
    )),
    position INTEGER NOT NULL,
    is_retired BOOLEAN NOT NULL,
    PRIMARY KEY (agency_id, code)
);

-- Their figures by year, with who said so and in which paper. Decimals are kept exactly as entered.
CREATE TABLE indicator_values (
    agency_id INTEGER NOT NULL REFERENCES agencies (id),
    year INTEGER NOT NULL,
    code TEXT NOT NULL,
    value TEXT NOT NULL,
    told_by TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (agency_id, year, code)
);

-- What they count, one by one, where it was listed: interpretations with their policy documents.
CREATE TABLE indicator_items (
    agency_id INTEGER NOT NULL REFERENCES agencies (id),
    year INTEGER NOT NULL,
    code TEXT NOT NULL,
    seq INTEGER NOT NULL,
    title TEXT NOT NULL,
    policy TEXT NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (agency_id, year, code, seq)
);

-- The wording of a report's parts, every version of it.
CREATE TABLE report_wordings (
    agency_id INTEGER NOT NULL REFERENCES agencies (id),
    year INTEGER NOT NULL,
    part TEXT NOT NULL CHECK (part IN (
        'preface', 'overview', 'proactive', 'applications', 'remedies', 'problems', 'other_matters'
    )),
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    author TEXT NOT NULL,
    saved_at TIMESTAMP NOT NULL,
    PRIMARY KEY (agency_id, year, part, version)
);

-- The problems of a year. What was done about them is told in the next year's report.
CREATE TABLE report_problems (
    agency_id INTEGER NOT NULL REFERENCES agencies (id),
    year INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    summary TEXT NOT NULL,
    problem TEXT NOT NULL,
    measure TEXT NOT NULL,
    done TEXT NOT NULL,
    PRIMARY KEY (agency_id, year, seq)
);

-- The document an agency has its report filled into, every version of it.
CREATE TABLE report_templates (
    agency_id INTEGER NOT NULL REFERENCES agencies (id),
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    file BLOB NOT NULL,
    author TEXT NOT NULL,
    saved_at TIMESTAMP NOT NULL,
    PRIMARY KEY (agency_id, version)
);

-- Reports as they were submitted and published: what they said line by line, the figures (JSON), the
-- page, and the document with its hash.
CREATE TABLE filed_reports (
    agency_id INTEGER NOT NULL REFERENCES agencies (id),
    year INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    filing TEXT NOT NULL CHECK (filing IN ('submitted', 'published')),
    filed_on DATE NOT NULL,
    is_rollup BOOLEAN NOT NULL,
    lines TEXT NOT NULL,
    figures TEXT NOT NULL,
    page TEXT NOT NULL,
    document BLOB NOT NULL,
    sha256 TEXT NOT NULL,
    author TEXT NOT NULL,
    filed_at TIMESTAMP NOT NULL,
    PRIMARY KEY (agency_id, year, seq)
);
