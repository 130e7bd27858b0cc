-- The files of cases. The content lies beside the database, named by its hash; several rows may name one
-- file. A row is never deleted: what is removed from a case says by whom, when and why.
CREATE TABLE attachments (
    id TEXT NOT NULL PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id),
    kind TEXT NOT NULL CHECK (kind IN (
        'application', 'identity_proof', 'evidence', 'information_supplied', 'delivery_proof', 'other'
    )),
    name TEXT NOT NULL,
    size BIGINT NOT NULL CHECK (size > 0),
    file_type TEXT NOT NULL CHECK (file_type IN (
        'pdf', 'ofd', 'docx', 'xlsx', 'pptx', 'doc', 'xls', 'ppt', 'wps', 'et', 'dps', 'jpeg', 'png', 'gif',
        'bmp', 'tiff', 'webp'
    )),
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    scan TEXT NOT NULL CHECK (scan IN ('clean', 'not_scanned')),
    account_id TEXT NOT NULL,
    added_by TEXT NOT NULL,
    added_at TIMESTAMP NOT NULL,
    removed_by TEXT,
    removed_at TIMESTAMP,
    removal_reason TEXT,
    CONSTRAINT attachments_removed_with_reason CHECK (
        (removed_at IS NULL) = (removed_by IS NULL) AND (removed_at IS NULL) = (removal_reason IS NULL)
    )
);
CREATE INDEX attachments_by_case ON attachments (case_id, added_at, id);
CREATE INDEX attachments_by_file ON attachments (sha256);
