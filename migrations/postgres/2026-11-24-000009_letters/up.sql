-- What the letters of an agency name, and the words of its document numbers.
CREATE TABLE letter_settings (
    agency_id INTEGER NOT NULL PRIMARY KEY REFERENCES agencies (id),
    version INTEGER NOT NULL,
    document_words TEXT NOT NULL,
    reply_mark TEXT NOT NULL,
    notice_mark TEXT NOT NULL,
    consultation_mark TEXT NOT NULL,
    fee_mark TEXT NOT NULL,
    reconsideration_body TEXT NOT NULL,
    reconsideration_online TEXT NOT NULL,
    court TEXT NOT NULL,
    contact_name TEXT NOT NULL,
    contact_phone TEXT NOT NULL,
    address TEXT NOT NULL,
    postcode TEXT NOT NULL,
    payment TEXT NOT NULL,
    has_red_head BOOLEAN NOT NULL
);

-- The templates an agency has put in place of those built in, every version. A version without a file is
-- the return to the one built in.
CREATE TABLE letter_templates (
    agency_id INTEGER NOT NULL REFERENCES agencies (id),
    kind TEXT NOT NULL CHECK (kind IN (
        'registration_form', 'receipt', 'correction_notice', 'reasons_notice', 'extension_notice',
        'third_party_consultation', 'consultation_notice', 'joint_maker_consultation',
        'coordination_letter', 'delay_notice', 'fee_notice', 'reply_already_public', 'reply_provided',
        'reply_partial', 'reply_withheld_secret', 'reply_withheld_third_party',
        'reply_withheld_internal', 'reply_query', 'reply_not_existing', 'reply_not_ours',
        'reply_needs_creation', 'reply_still_unclear', 'reply_petition', 'reply_duplicate',
        'reply_publication', 'reply_excessive', 'reply_reissue', 'reply_other',
        'record_correction_reply', 'uncorrected_notice', 'unpaid_notice', 'third_party_decision',
        'delivery_slip', 'approval_sheet', 'file_index'
    )),
    version_no INTEGER NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT,
    docx BYTEA,
    made_by TEXT NOT NULL,
    made_at TIMESTAMP NOT NULL,
    PRIMARY KEY (agency_id, kind, version_no),
    CONSTRAINT letter_templates_file_with_hash CHECK ((docx IS NULL) = (sha256 IS NULL))
);

-- The last number given out in a series of a year.
CREATE TABLE letter_counters (
    agency_id INTEGER NOT NULL REFERENCES agencies (id),
    series TEXT NOT NULL CHECK (series IN ('reply', 'notice', 'consultation', 'fee')),
    year INTEGER NOT NULL,
    last_no BIGINT NOT NULL,
    PRIMARY KEY (agency_id, series, year)
);

-- Letters as they were issued, for ever. template_version is 0 for a template built in. What a letter is
-- about beside the case is the number of a consultation, or another letter.
CREATE TABLE letters (
    id TEXT NOT NULL PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id),
    agency_id INTEGER NOT NULL REFERENCES agencies (id),
    round INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN (
        'registration_form', 'receipt', 'correction_notice', 'reasons_notice', 'extension_notice',
        'third_party_consultation', 'consultation_notice', 'joint_maker_consultation',
        'coordination_letter', 'delay_notice', 'fee_notice', 'reply_already_public', 'reply_provided',
        'reply_partial', 'reply_withheld_secret', 'reply_withheld_third_party',
        'reply_withheld_internal', 'reply_query', 'reply_not_existing', 'reply_not_ours',
        'reply_needs_creation', 'reply_still_unclear', 'reply_petition', 'reply_duplicate',
        'reply_publication', 'reply_excessive', 'reply_reissue', 'reply_other',
        'record_correction_reply', 'uncorrected_notice', 'unpaid_notice', 'third_party_decision',
        'delivery_slip', 'approval_sheet', 'file_index'
    )),
    title TEXT NOT NULL,
    document_no TEXT,
    addressee TEXT NOT NULL,
    about TEXT,
    issued_on DATE NOT NULL,
    issued_at TIMESTAMP NOT NULL,
    issued_by TEXT NOT NULL,
    replaces TEXT REFERENCES letters (id),
    reason TEXT NOT NULL,
    template_version INTEGER NOT NULL,
    template_sha256 TEXT NOT NULL,
    particulars TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    docx BYTEA NOT NULL,
    CONSTRAINT letters_document_no_once UNIQUE (agency_id, document_no)
);
CREATE INDEX letters_of_case ON letters (case_id, issued_at, id);

-- A number typed by hand must not be given out again.
CREATE INDEX replies_by_no ON replies (reply_no) WHERE reply_no IS NOT NULL;

-- Issued letters and templates are appended to, never changed.
CREATE FUNCTION letters_are_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'issued letters and templates are kept'; END $$;
CREATE TRIGGER letters_no_change BEFORE UPDATE OR DELETE ON letters
FOR EACH STATEMENT EXECUTE FUNCTION letters_are_append_only();
CREATE TRIGGER letter_templates_no_change BEFORE UPDATE OR DELETE ON letter_templates
FOR EACH STATEMENT EXECUTE FUNCTION letters_are_append_only();
