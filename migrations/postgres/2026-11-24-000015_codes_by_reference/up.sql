-- Columns refer to the tables of codes, in place of a list of their own. Not those that every application
-- and every act writes: looking each code up made an import a seventh slower (docs/decisions/020).

ALTER TABLE cases
    DROP CONSTRAINT cases_status_check,
    DROP CONSTRAINT cases_channel_check,
    DROP CONSTRAINT cases_applicant_kind_check,
    DROP CONSTRAINT cases_outcome_check,
    DROP CONSTRAINT cases_waiting_for_check;

ALTER TABLE requests
    DROP CONSTRAINT requests_preferred_form_check;

ALTER TABLE replies
    DROP CONSTRAINT replies_outcome_check;

ALTER TABLE remedies
    DROP CONSTRAINT remedies_kind_check,
    ADD CONSTRAINT remedies_kind_fkey FOREIGN KEY (kind) REFERENCES remedy_kind_codes (code),
    DROP CONSTRAINT remedies_capacity_check,
    ADD CONSTRAINT remedies_capacity_fkey FOREIGN KEY (capacity) REFERENCES capacity_codes (code),
    DROP CONSTRAINT remedies_result_check,
    ADD CONSTRAINT remedies_result_fkey FOREIGN KEY (result) REFERENCES remedy_result_codes (code);

ALTER TABLE journal
    DROP CONSTRAINT journal_subject_check;

ALTER TABLE account_roles
    DROP CONSTRAINT account_roles_role_check,
    ADD CONSTRAINT account_roles_role_fkey FOREIGN KEY (role) REFERENCES role_codes (code);

ALTER TABLE remedy_stages
    DROP CONSTRAINT remedy_stages_kind_check,
    ADD CONSTRAINT remedy_stages_kind_fkey FOREIGN KEY (kind) REFERENCES stage_kind_codes (code),
    DROP CONSTRAINT remedy_stages_procedure_check,
    ADD CONSTRAINT remedy_stages_procedure_fkey FOREIGN KEY (procedure) REFERENCES procedure_codes (code),
    DROP CONSTRAINT remedy_stages_paper_check,
    ADD CONSTRAINT remedy_stages_paper_fkey FOREIGN KEY (paper) REFERENCES paper_codes (code),
    DROP CONSTRAINT remedy_stages_result_check,
    ADD CONSTRAINT remedy_stages_result_fkey FOREIGN KEY (result) REFERENCES remedy_result_codes (code);

ALTER TABLE letter_templates
    DROP CONSTRAINT letter_templates_kind_check,
    ADD CONSTRAINT letter_templates_kind_fkey FOREIGN KEY (kind) REFERENCES letter_kind_codes (code);

ALTER TABLE letter_counters
    DROP CONSTRAINT letter_counters_series_check,
    ADD CONSTRAINT letter_counters_series_fkey FOREIGN KEY (series) REFERENCES document_series_codes (code);

ALTER TABLE letters
    DROP CONSTRAINT letters_kind_check,
    ADD CONSTRAINT letters_kind_fkey FOREIGN KEY (kind) REFERENCES letter_kind_codes (code);

ALTER TABLE attachments
    DROP CONSTRAINT attachments_kind_check,
    ADD CONSTRAINT attachments_kind_fkey FOREIGN KEY (kind) REFERENCES attachment_kind_codes (code),
    DROP CONSTRAINT attachments_file_type_check,
    ADD CONSTRAINT attachments_file_type_fkey FOREIGN KEY (file_type) REFERENCES file_type_codes (code),
    DROP CONSTRAINT attachments_scan_check,
    ADD CONSTRAINT attachments_scan_fkey FOREIGN KEY (scan) REFERENCES scan_state_codes (code);

ALTER TABLE indicators
    DROP CONSTRAINT indicators_part_check,
    ADD CONSTRAINT indicators_part_fkey FOREIGN KEY (part) REFERENCES report_part_codes (code);

ALTER TABLE report_wordings
    DROP CONSTRAINT report_wordings_part_check,
    ADD CONSTRAINT report_wordings_part_fkey FOREIGN KEY (part) REFERENCES report_part_codes (code);

ALTER TABLE filed_reports
    DROP CONSTRAINT filed_reports_filing_check,
    ADD CONSTRAINT filed_reports_filing_fkey FOREIGN KEY (filing) REFERENCES filing_codes (code);

ALTER TABLE outbox
    DROP CONSTRAINT outbox_kind_check,
    ADD CONSTRAINT outbox_kind_fkey FOREIGN KEY (kind) REFERENCES mail_kind_codes (code),
    DROP CONSTRAINT outbox_state_check,
    ADD CONSTRAINT outbox_state_fkey FOREIGN KEY (state) REFERENCES mail_state_codes (code);
