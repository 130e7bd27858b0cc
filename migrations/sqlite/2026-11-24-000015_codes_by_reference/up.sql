-- Columns refer to the tables of codes, in place of a list of their own.
--
-- SQLite cannot take a CHECK off a column, and to copy the tables would take as long as they are large, past
-- triggers that refuse to lose a row. What a row holds stays as it is, so the definitions alone are changed:
-- the way SQLite's manual gives for it (lang_altertable, "other kinds of table schema changes"). Every row was
-- checked against the same codes when it was written.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (status IN (
        ''received'', ''registered'', ''handled'', ''under_review'', ''awaiting_sign_off'', ''awaiting_issue'',
        ''answered'', ''ended''
    ))', 'REFERENCES status_codes (code)')
WHERE type = 'table' AND name = 'cases';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (channel IN (
        ''in_person'', ''signed_post'', ''ordinary_post'', ''web'', ''fax'', ''email'', ''oral'', ''other''
    ))', 'REFERENCES channel_codes (code)')
WHERE type = 'table' AND name = 'cases';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (applicant_kind IN (
        ''natural_person'', ''commercial_enterprise'', ''research_institute'',
        ''public_welfare_organization'', ''legal_service_organization'', ''other''
    ))', 'REFERENCES applicant_kind_codes (code)')
WHERE type = 'table' AND name = 'cases';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (outcome IN (
        ''already_public'', ''provided'', ''partial'', ''state_secret'', ''law_forbids'', ''three_securities'',
        ''third_party'', ''internal_affairs'', ''process_info'', ''enforcement_file'', ''admin_query'',
        ''not_existing'', ''not_ours'', ''not_held'', ''needs_creation'', ''still_unclear'', ''petition'',
        ''duplicate'', ''publication'', ''excessive'', ''reissue'', ''no_correction'', ''unpaid_fee'',
        ''withdrawn'', ''other''
    ))', 'REFERENCES outcome_codes (code)')
WHERE type = 'table' AND name = 'cases';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (waiting_for IN (''correction'', ''consultation'', ''fee''))', 'REFERENCES suspension_codes (code)')
WHERE type = 'table' AND name = 'cases';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (preferred_form IN (
        ''paper'', ''email'', ''disc'', ''collect'', ''inspect'', ''transcribe'', ''other''
    ))', 'REFERENCES preferred_form_codes (code)')
WHERE type = 'table' AND name = 'requests';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (outcome IN (
        ''already_public'', ''provided'', ''partial'', ''state_secret'', ''law_forbids'', ''three_securities'',
        ''third_party'', ''internal_affairs'', ''process_info'', ''enforcement_file'', ''admin_query'',
        ''not_existing'', ''not_ours'', ''not_held'', ''needs_creation'', ''still_unclear'', ''petition'',
        ''duplicate'', ''publication'', ''excessive'', ''reissue'', ''no_correction'', ''unpaid_fee'',
        ''withdrawn'', ''other''
    ))', 'REFERENCES outcome_codes (code)')
WHERE type = 'table' AND name = 'replies';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (kind IN (
        ''review'', ''direct_suit'', ''suit_after_review''
    ))', 'REFERENCES remedy_kind_codes (code)')
WHERE type = 'table' AND name = 'remedies';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (capacity IN (
        ''acting_agency'', ''reconsideration_body''
    ))', 'REFERENCES capacity_codes (code)')
WHERE type = 'table' AND name = 'remedies';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (result IN (
        ''review_upheld'', ''review_claim_dismissed'', ''review_changed'', ''review_revoked'',
        ''review_partly_revoked'', ''review_unlawful'', ''review_perform'', ''review_void'',
        ''review_application_dismissed'', ''review_terminated'', ''review_settled'', ''review_mediated'',
        ''review_not_accepted'', ''suit_claim_dismissed'', ''suit_revoked'', ''suit_partly_revoked'',
        ''suit_remade'', ''suit_perform'', ''suit_pay'', ''suit_unlawful'', ''suit_void'', ''suit_changed'',
        ''suit_dismissed'', ''suit_withdrawn'', ''suit_deemed_withdrawn'', ''suit_ended'',
        ''suit_not_accepted'', ''upheld'', ''corrected'', ''other''
    ))', 'REFERENCES remedy_result_codes (code)')
WHERE type = 'table' AND name = 'remedies';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (subject IN (''agency'', ''case'', ''remedy'', ''report'', ''calendar'', ''account''))', 'REFERENCES subject_codes (code)')
WHERE type = 'table' AND name = 'journal';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (role IN (
        ''clerk'', ''handler'', ''legal_adviser'', ''approver'', ''manager'', ''administrator'', ''auditor''
    ))', 'REFERENCES role_codes (code)')
WHERE type = 'table' AND name = 'account_roles';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (kind IN (
        ''reconsideration'', ''first_instance'', ''second_instance'', ''retrial''
    ))', 'REFERENCES stage_kind_codes (code)')
WHERE type = 'table' AND name = 'remedy_stages';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (procedure IN (''ordinary'', ''simplified''))', 'REFERENCES procedure_codes (code)')
WHERE type = 'table' AND name = 'remedy_stages';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (paper IN (''decision'', ''judgment'', ''ruling''))', 'REFERENCES paper_codes (code)')
WHERE type = 'table' AND name = 'remedy_stages';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (result IN (
        ''review_upheld'', ''review_claim_dismissed'', ''review_changed'', ''review_revoked'',
        ''review_partly_revoked'', ''review_unlawful'', ''review_perform'', ''review_void'',
        ''review_application_dismissed'', ''review_terminated'', ''review_settled'', ''review_mediated'',
        ''review_not_accepted'', ''suit_claim_dismissed'', ''suit_revoked'', ''suit_partly_revoked'',
        ''suit_remade'', ''suit_perform'', ''suit_pay'', ''suit_unlawful'', ''suit_void'', ''suit_changed'',
        ''suit_dismissed'', ''suit_withdrawn'', ''suit_deemed_withdrawn'', ''suit_ended'',
        ''suit_not_accepted'', ''upheld'', ''corrected'', ''other''
    ))', 'REFERENCES remedy_result_codes (code)')
WHERE type = 'table' AND name = 'remedy_stages';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (kind IN (
        ''registration_form'', ''receipt'', ''correction_notice'', ''reasons_notice'', ''extension_notice'',
        ''third_party_consultation'', ''consultation_notice'', ''joint_maker_consultation'',
        ''coordination_letter'', ''delay_notice'', ''fee_notice'', ''reply_already_public'', ''reply_provided'',
        ''reply_partial'', ''reply_withheld_secret'', ''reply_withheld_third_party'',
        ''reply_withheld_internal'', ''reply_query'', ''reply_not_existing'', ''reply_not_ours'',
        ''reply_needs_creation'', ''reply_still_unclear'', ''reply_petition'', ''reply_duplicate'',
        ''reply_publication'', ''reply_excessive'', ''reply_reissue'', ''reply_other'',
        ''record_correction_reply'', ''uncorrected_notice'', ''unpaid_notice'', ''third_party_decision'',
        ''delivery_slip'', ''approval_sheet'', ''file_index''
    ))', 'REFERENCES letter_kind_codes (code)')
WHERE type = 'table' AND name = 'letter_templates';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (series IN (''reply'', ''notice'', ''consultation'', ''fee''))', 'REFERENCES document_series_codes (code)')
WHERE type = 'table' AND name = 'letter_counters';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (kind IN (
        ''registration_form'', ''receipt'', ''correction_notice'', ''reasons_notice'', ''extension_notice'',
        ''third_party_consultation'', ''consultation_notice'', ''joint_maker_consultation'',
        ''coordination_letter'', ''delay_notice'', ''fee_notice'', ''reply_already_public'', ''reply_provided'',
        ''reply_partial'', ''reply_withheld_secret'', ''reply_withheld_third_party'',
        ''reply_withheld_internal'', ''reply_query'', ''reply_not_existing'', ''reply_not_ours'',
        ''reply_needs_creation'', ''reply_still_unclear'', ''reply_petition'', ''reply_duplicate'',
        ''reply_publication'', ''reply_excessive'', ''reply_reissue'', ''reply_other'',
        ''record_correction_reply'', ''uncorrected_notice'', ''unpaid_notice'', ''third_party_decision'',
        ''delivery_slip'', ''approval_sheet'', ''file_index''
    ))', 'REFERENCES letter_kind_codes (code)')
WHERE type = 'table' AND name = 'letters';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (kind IN (
        ''application'', ''identity_proof'', ''evidence'', ''information_supplied'', ''delivery_proof'', ''other''
    ))', 'REFERENCES attachment_kind_codes (code)')
WHERE type = 'table' AND name = 'attachments';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (file_type IN (
        ''pdf'', ''ofd'', ''docx'', ''xlsx'', ''pptx'', ''doc'', ''xls'', ''ppt'', ''wps'', ''et'', ''dps'', ''jpeg'', ''png'', ''gif'',
        ''bmp'', ''tiff'', ''webp''
    ))', 'REFERENCES file_type_codes (code)')
WHERE type = 'table' AND name = 'attachments';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (scan IN (''clean'', ''not_scanned''))', 'REFERENCES scan_state_codes (code)')
WHERE type = 'table' AND name = 'attachments';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (part IN (
        ''preface'', ''overview'', ''proactive'', ''applications'', ''remedies'', ''problems'', ''other_matters''
    ))', 'REFERENCES report_part_codes (code)')
WHERE type = 'table' AND name = 'indicators';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (part IN (
        ''preface'', ''overview'', ''proactive'', ''applications'', ''remedies'', ''problems'', ''other_matters''
    ))', 'REFERENCES report_part_codes (code)')
WHERE type = 'table' AND name = 'report_wordings';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (filing IN (''submitted'', ''published''))', 'REFERENCES filing_codes (code)')
WHERE type = 'table' AND name = 'filed_reports';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (kind IN (
        ''assigned'', ''returned'', ''due_soon'', ''overdue'', ''escalation'', ''waiting'', ''remedy'', ''report'', ''digest'',
        ''calendar_change'', ''calendar_missing'', ''undelivered'', ''trial'',
        ''receipt'', ''correction_notice'', ''extension_notice'', ''reply''
    ))', 'REFERENCES mail_kind_codes (code)')
WHERE type = 'table' AND name = 'outbox';
UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (state IN (''waiting'', ''sending'', ''sent'', ''failed'', ''held''))', 'REFERENCES mail_state_codes (code)')
WHERE type = 'table' AND name = 'outbox';
PRAGMA writable_schema = RESET;

-- Fails, and leaves everything as it was, where a list was not found: in a database that somebody changed.
CREATE TABLE columns_of_codes (n INTEGER NOT NULL CHECK (n = 27));
INSERT INTO columns_of_codes
SELECT SUM((length(sql) - length(replace(sql, '_codes (code)', ''))) / length('_codes (code)'))
FROM sqlite_schema WHERE type = 'table';
DROP TABLE columns_of_codes;
