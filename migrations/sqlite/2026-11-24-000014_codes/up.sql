-- The closed sets of the domain that columns are written in, a table each. A new code is one INSERT in a
-- migration of its own, in the same words for both databases.

CREATE TABLE status_codes (code TEXT NOT NULL PRIMARY KEY);
INSERT INTO status_codes (code) VALUES
    ('received'), ('registered'), ('handled'), ('under_review'), ('awaiting_sign_off'), ('awaiting_issue'),
    ('answered'), ('ended');

CREATE TABLE channel_codes (code TEXT NOT NULL PRIMARY KEY);
INSERT INTO channel_codes (code) VALUES
    ('in_person'), ('signed_post'), ('ordinary_post'), ('web'), ('fax'), ('email'), ('oral'), ('other');

CREATE TABLE applicant_kind_codes (code TEXT NOT NULL PRIMARY KEY);
INSERT INTO applicant_kind_codes (code) VALUES
    ('natural_person'), ('commercial_enterprise'), ('research_institute'), ('public_welfare_organization'),
    ('legal_service_organization'), ('other');

CREATE TABLE outcome_codes (code TEXT NOT NULL PRIMARY KEY);
INSERT INTO outcome_codes (code) VALUES
    ('already_public'), ('provided'), ('partial'), ('state_secret'), ('law_forbids'), ('three_securities'),
    ('third_party'), ('internal_affairs'), ('process_info'), ('enforcement_file'), ('admin_query'),
    ('not_existing'), ('not_ours'), ('not_held'), ('needs_creation'), ('still_unclear'), ('petition'),
    ('duplicate'), ('publication'), ('excessive'), ('reissue'), ('no_correction'), ('unpaid_fee'),
    ('withdrawn'), ('other');

CREATE TABLE suspension_codes (code TEXT NOT NULL PRIMARY KEY);
INSERT INTO suspension_codes (code) VALUES
    ('correction'), ('consultation'), ('fee');

CREATE TABLE preferred_form_codes (code TEXT NOT NULL PRIMARY KEY);
INSERT INTO preferred_form_codes (code) VALUES
    ('paper'), ('email'), ('disc'), ('collect'), ('inspect'), ('transcribe'), ('other');

CREATE TABLE remedy_kind_codes (code TEXT NOT NULL PRIMARY KEY);
INSERT INTO remedy_kind_codes (code) VALUES
    ('review'), ('direct_suit'), ('suit_after_review');

CREATE TABLE capacity_codes (code TEXT NOT NULL PRIMARY KEY);
INSERT INTO capacity_codes (code) VALUES
    ('acting_agency'), ('reconsideration_body');

CREATE TABLE remedy_result_codes (code TEXT NOT NULL PRIMARY KEY);
INSERT INTO remedy_result_codes (code) VALUES
    ('review_upheld'), ('review_claim_dismissed'), ('review_changed'), ('review_revoked'),
    ('review_partly_revoked'), ('review_unlawful'), ('review_perform'), ('review_void'),
    ('review_application_dismissed'), ('review_terminated'), ('review_settled'), ('review_mediated'),
    ('review_not_accepted'), ('suit_claim_dismissed'), ('suit_revoked'), ('suit_partly_revoked'),
    ('suit_remade'), ('suit_perform'), ('suit_pay'), ('suit_unlawful'), ('suit_void'), ('suit_changed'),
    ('suit_dismissed'), ('suit_withdrawn'), ('suit_deemed_withdrawn'), ('suit_ended'),
    ('suit_not_accepted'), ('upheld'), ('corrected'), ('other');

CREATE TABLE subject_codes (code TEXT NOT NULL PRIMARY KEY);
INSERT INTO subject_codes (code) VALUES
    ('agency'), ('case'), ('remedy'), ('report'), ('calendar'), ('account');

CREATE TABLE role_codes (code TEXT NOT NULL PRIMARY KEY);
INSERT INTO role_codes (code) VALUES
    ('clerk'), ('handler'), ('legal_adviser'), ('approver'), ('manager'), ('administrator'), ('auditor');

CREATE TABLE stage_kind_codes (code TEXT NOT NULL PRIMARY KEY);
INSERT INTO stage_kind_codes (code) VALUES
    ('reconsideration'), ('first_instance'), ('second_instance'), ('retrial');

CREATE TABLE procedure_codes (code TEXT NOT NULL PRIMARY KEY);
INSERT INTO procedure_codes (code) VALUES
    ('ordinary'), ('simplified');

CREATE TABLE paper_codes (code TEXT NOT NULL PRIMARY KEY);
INSERT INTO paper_codes (code) VALUES
    ('decision'), ('judgment'), ('ruling');

CREATE TABLE letter_kind_codes (code TEXT NOT NULL PRIMARY KEY);
INSERT INTO letter_kind_codes (code) VALUES
    ('registration_form'), ('receipt'), ('correction_notice'), ('reasons_notice'), ('extension_notice'),
    ('third_party_consultation'), ('consultation_notice'), ('joint_maker_consultation'),
    ('coordination_letter'), ('delay_notice'), ('fee_notice'), ('reply_already_public'),
    ('reply_provided'), ('reply_partial'), ('reply_withheld_secret'), ('reply_withheld_third_party'),
    ('reply_withheld_internal'), ('reply_query'), ('reply_not_existing'), ('reply_not_ours'),
    ('reply_needs_creation'), ('reply_still_unclear'), ('reply_petition'), ('reply_duplicate'),
    ('reply_publication'), ('reply_excessive'), ('reply_reissue'), ('reply_other'),
    ('record_correction_reply'), ('uncorrected_notice'), ('unpaid_notice'), ('third_party_decision'),
    ('delivery_slip'), ('approval_sheet'), ('file_index');

CREATE TABLE document_series_codes (code TEXT NOT NULL PRIMARY KEY);
INSERT INTO document_series_codes (code) VALUES
    ('reply'), ('notice'), ('consultation'), ('fee');

CREATE TABLE attachment_kind_codes (code TEXT NOT NULL PRIMARY KEY);
INSERT INTO attachment_kind_codes (code) VALUES
    ('application'), ('identity_proof'), ('evidence'), ('information_supplied'), ('delivery_proof'),
    ('other');

CREATE TABLE file_type_codes (code TEXT NOT NULL PRIMARY KEY);
INSERT INTO file_type_codes (code) VALUES
    ('pdf'), ('ofd'), ('docx'), ('xlsx'), ('pptx'), ('doc'), ('xls'), ('ppt'), ('wps'), ('et'), ('dps'),
    ('jpeg'), ('png'), ('gif'), ('bmp'), ('tiff'), ('webp');

CREATE TABLE scan_state_codes (code TEXT NOT NULL PRIMARY KEY);
INSERT INTO scan_state_codes (code) VALUES
    ('clean'), ('not_scanned');

CREATE TABLE report_part_codes (code TEXT NOT NULL PRIMARY KEY);
INSERT INTO report_part_codes (code) VALUES
    ('preface'), ('overview'), ('proactive'), ('applications'), ('remedies'), ('problems'),
    ('other_matters');

CREATE TABLE filing_codes (code TEXT NOT NULL PRIMARY KEY);
INSERT INTO filing_codes (code) VALUES
    ('submitted'), ('published');

CREATE TABLE mail_kind_codes (code TEXT NOT NULL PRIMARY KEY);
INSERT INTO mail_kind_codes (code) VALUES
    ('assigned'), ('returned'), ('due_soon'), ('overdue'), ('escalation'), ('waiting'), ('remedy'),
    ('report'), ('digest'), ('calendar_change'), ('calendar_missing'), ('undelivered'), ('trial'),
    ('receipt'), ('correction_notice'), ('extension_notice'), ('reply');

CREATE TABLE mail_state_codes (code TEXT NOT NULL PRIMARY KEY);
INSERT INTO mail_state_codes (code) VALUES
    ('waiting'), ('sending'), ('sent'), ('failed'), ('held');
