ALTER TABLE cases
    ADD CONSTRAINT cases_status_check CHECK (status IN (
        'received', 'registered', 'handled', 'under_review', 'awaiting_sign_off', 'awaiting_issue',
        'answered', 'ended'
    )),
    ADD CONSTRAINT cases_channel_check CHECK (channel IN (
        'in_person', 'signed_post', 'ordinary_post', 'web', 'fax', 'email', 'oral', 'other'
    )),
    ADD CONSTRAINT cases_applicant_kind_check CHECK (applicant_kind IN (
        'natural_person', 'commercial_enterprise', 'research_institute',
        'public_welfare_organization', 'legal_service_organization', 'other'
    )),
    ADD CONSTRAINT cases_outcome_check CHECK (outcome IN (
        'already_public', 'provided', 'partial', 'state_secret', 'law_forbids', 'three_securities',
        'third_party', 'internal_affairs', 'process_info', 'enforcement_file', 'admin_query',
        'not_existing', 'not_ours', 'not_held', 'needs_creation', 'still_unclear', 'petition',
        'duplicate', 'publication', 'excessive', 'reissue', 'no_correction', 'unpaid_fee',
        'withdrawn', 'other'
    )),
    ADD CONSTRAINT cases_waiting_for_check CHECK (waiting_for IN ('correction', 'consultation', 'fee'));
ALTER TABLE requests
    ADD CONSTRAINT requests_preferred_form_check CHECK (preferred_form IN (
        'paper', 'email', 'disc', 'collect', 'inspect', 'transcribe', 'other'
    ));
ALTER TABLE replies
    ADD CONSTRAINT replies_outcome_check CHECK (outcome IN (
        'already_public', 'provided', 'partial', 'state_secret', 'law_forbids', 'three_securities',
        'third_party', 'internal_affairs', 'process_info', 'enforcement_file', 'admin_query',
        'not_existing', 'not_ours', 'not_held', 'needs_creation', 'still_unclear', 'petition',
        'duplicate', 'publication', 'excessive', 'reissue', 'no_correction', 'unpaid_fee',
        'withdrawn', 'other'
    ));
ALTER TABLE remedies
    DROP CONSTRAINT remedies_result_fkey,
    DROP CONSTRAINT remedies_capacity_fkey,
    DROP CONSTRAINT remedies_kind_fkey,
    ADD CONSTRAINT remedies_kind_check CHECK (kind IN (
        'review', 'direct_suit', 'suit_after_review'
    )),
    ADD CONSTRAINT remedies_capacity_check CHECK (capacity IN (
        'acting_agency', 'reconsideration_body'
    )),
    ADD CONSTRAINT remedies_result_check CHECK (result IN (
        'review_upheld', 'review_claim_dismissed', 'review_changed', 'review_revoked',
        'review_partly_revoked', 'review_unlawful', 'review_perform', 'review_void',
        'review_application_dismissed', 'review_terminated', 'review_settled', 'review_mediated',
        'review_not_accepted', 'suit_claim_dismissed', 'suit_revoked', 'suit_partly_revoked',
        'suit_remade', 'suit_perform', 'suit_pay', 'suit_unlawful', 'suit_void', 'suit_changed',
        'suit_dismissed', 'suit_withdrawn', 'suit_deemed_withdrawn', 'suit_ended',
        'suit_not_accepted', 'upheld', 'corrected', 'other'
    ));
ALTER TABLE journal
    ADD CONSTRAINT journal_subject_check CHECK (subject IN ('agency', 'case', 'remedy', 'report', 'calendar', 'account'));
ALTER TABLE account_roles
    DROP CONSTRAINT account_roles_role_fkey,
    ADD CONSTRAINT account_roles_role_check CHECK (role IN (
        'clerk', 'handler', 'legal_adviser', 'approver', 'manager', 'administrator', 'auditor'
    ));
ALTER TABLE remedy_stages
    DROP CONSTRAINT remedy_stages_result_fkey,
    DROP CONSTRAINT remedy_stages_paper_fkey,
    DROP CONSTRAINT remedy_stages_procedure_fkey,
    DROP CONSTRAINT remedy_stages_kind_fkey,
    ADD CONSTRAINT remedy_stages_kind_check CHECK (kind IN (
        'reconsideration', 'first_instance', 'second_instance', 'retrial'
    )),
    ADD CONSTRAINT remedy_stages_procedure_check CHECK (procedure IN ('ordinary', 'simplified')),
    ADD CONSTRAINT remedy_stages_paper_check CHECK (paper IN ('decision', 'judgment', 'ruling')),
    ADD CONSTRAINT remedy_stages_result_check CHECK (result IN (
        'review_upheld', 'review_claim_dismissed', 'review_changed', 'review_revoked',
        'review_partly_revoked', 'review_unlawful', 'review_perform', 'review_void',
        'review_application_dismissed', 'review_terminated', 'review_settled', 'review_mediated',
        'review_not_accepted', 'suit_claim_dismissed', 'suit_revoked', 'suit_partly_revoked',
        'suit_remade', 'suit_perform', 'suit_pay', 'suit_unlawful', 'suit_void', 'suit_changed',
        'suit_dismissed', 'suit_withdrawn', 'suit_deemed_withdrawn', 'suit_ended',
        'suit_not_accepted', 'upheld', 'corrected', 'other'
    ));
ALTER TABLE letter_templates
    DROP CONSTRAINT letter_templates_kind_fkey,
    ADD CONSTRAINT letter_templates_kind_check CHECK (kind IN (
        'registration_form', 'receipt', 'correction_notice', 'reasons_notice', 'extension_notice',
        'third_party_consultation', 'consultation_notice', 'joint_maker_consultation',
        'coordination_letter', 'delay_notice', 'fee_notice', 'reply_already_public', 'reply_provided',
        'reply_partial', 'reply_withheld_secret', 'reply_withheld_third_party',
        'reply_withheld_internal', 'reply_query', 'reply_not_existing', 'reply_not_ours',
        'reply_needs_creation', 'reply_still_unclear', 'reply_petition', 'reply_duplicate',
        'reply_publication', 'reply_excessive', 'reply_reissue', 'reply_other',
        'record_correction_reply', 'uncorrected_notice', 'unpaid_notice', 'third_party_decision',
        'delivery_slip', 'approval_sheet', 'file_index'
    ));
ALTER TABLE letter_counters
    DROP CONSTRAINT letter_counters_series_fkey,
    ADD CONSTRAINT letter_counters_series_check CHECK (series IN ('reply', 'notice', 'consultation', 'fee'));
ALTER TABLE letters
    DROP CONSTRAINT letters_kind_fkey,
    ADD CONSTRAINT letters_kind_check CHECK (kind IN (
        'registration_form', 'receipt', 'correction_notice', 'reasons_notice', 'extension_notice',
        'third_party_consultation', 'consultation_notice', 'joint_maker_consultation',
        'coordination_letter', 'delay_notice', 'fee_notice', 'reply_already_public', 'reply_provided',
        'reply_partial', 'reply_withheld_secret', 'reply_withheld_third_party',
        'reply_withheld_internal', 'reply_query', 'reply_not_existing', 'reply_not_ours',
        'reply_needs_creation', 'reply_still_unclear', 'reply_petition', 'reply_duplicate',
        'reply_publication', 'reply_excessive', 'reply_reissue', 'reply_other',
        'record_correction_reply', 'uncorrected_notice', 'unpaid_notice', 'third_party_decision',
        'delivery_slip', 'approval_sheet', 'file_index'
    ));
ALTER TABLE attachments
    DROP CONSTRAINT attachments_scan_fkey,
    DROP CONSTRAINT attachments_file_type_fkey,
    DROP CONSTRAINT attachments_kind_fkey,
    ADD CONSTRAINT attachments_kind_check CHECK (kind IN (
        'application', 'identity_proof', 'evidence', 'information_supplied', 'delivery_proof', 'other'
    )),
    ADD CONSTRAINT attachments_file_type_check CHECK (file_type IN (
        'pdf', 'ofd', 'docx', 'xlsx', 'pptx', 'doc', 'xls', 'ppt', 'wps', 'et', 'dps', 'jpeg', 'png', 'gif',
        'bmp', 'tiff', 'webp'
    )),
    ADD CONSTRAINT attachments_scan_check CHECK (scan IN ('clean', 'not_scanned'));
ALTER TABLE indicators
    DROP CONSTRAINT indicators_part_fkey,
    ADD CONSTRAINT indicators_part_check CHECK (part IN (
        'preface', 'overview', 'proactive', 'applications', 'remedies', 'problems', 'other_matters'
    ));
ALTER TABLE report_wordings
    DROP CONSTRAINT report_wordings_part_fkey,
    ADD CONSTRAINT report_wordings_part_check CHECK (part IN (
        'preface', 'overview', 'proactive', 'applications', 'remedies', 'problems', 'other_matters'
    ));
ALTER TABLE filed_reports
    DROP CONSTRAINT filed_reports_filing_fkey,
    ADD CONSTRAINT filed_reports_filing_check CHECK (filing IN ('submitted', 'published'));
ALTER TABLE outbox
    DROP CONSTRAINT outbox_state_fkey,
    DROP CONSTRAINT outbox_kind_fkey,
    ADD CONSTRAINT outbox_kind_check CHECK (kind IN (
        'assigned', 'returned', 'due_soon', 'overdue', 'escalation', 'waiting', 'remedy', 'report', 'digest',
        'calendar_change', 'calendar_missing', 'undelivered', 'trial',
        'receipt', 'correction_notice', 'extension_notice', 'reply'
    )),
    ADD CONSTRAINT outbox_state_check CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'held'));
