-- The stages of a proceeding, each instance kept: reconsideration, first instance, appeal. Deadlines
-- are derived from the days; none is stored.
CREATE TABLE remedy_stages (
    remedy_id TEXT NOT NULL REFERENCES remedies (id),
    seq INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN (
        'reconsideration', 'first_instance', 'second_instance', 'retrial'
    )),
    docket_no TEXT NOT NULL,
    body TEXT NOT NULL,
    accepted_on DATE NOT NULL,
    procedure TEXT NOT NULL CHECK (procedure IN ('ordinary', 'simplified')),
    copy_received_on DATE,
    answered_on DATE,
    hearing_on DATE,
    notes TEXT NOT NULL,
    ended_on DATE,
    served_on DATE,
    paper TEXT CHECK (paper IN ('decision', 'judgment', 'ruling')),
    result TEXT CHECK (result IN (
        'review_upheld', 'review_claim_dismissed', 'review_changed', 'review_revoked',
        'review_partly_revoked', 'review_unlawful', 'review_perform', 'review_void',
        'review_application_dismissed', 'review_terminated', 'review_settled', 'review_mediated',
        'review_not_accepted', 'suit_claim_dismissed', 'suit_revoked', 'suit_partly_revoked',
        'suit_remade', 'suit_perform', 'suit_pay', 'suit_unlawful', 'suit_void', 'suit_changed',
        'suit_dismissed', 'suit_withdrawn', 'suit_deemed_withdrawn', 'suit_ended',
        'suit_not_accepted', 'upheld', 'corrected', 'other'
    )),
    PRIMARY KEY (remedy_id, seq),
    CONSTRAINT remedy_stages_ended_with_result CHECK (
        (ended_on IS NULL) = (result IS NULL) AND (ended_on IS NULL) = (paper IS NULL)
    )
);

-- The list of proceedings, the latest first.
CREATE INDEX remedies_by_acceptance ON remedies (agency_id, accepted_on, id);

-- The charts of a year: every column they group by, so that a million cases are not read one by one.
CREATE INDEX cases_for_charts_received ON cases (agency_id, received_on, department_id);
CREATE INDEX cases_for_charts_closed ON cases (
    agency_id, closed_on, department_id, received_on, due_on, round, outcome
);

-- The journal as an auditor looks through it: by time.
CREATE INDEX journal_by_time ON journal (agency_id, recorded_at, subject_id, seq);
