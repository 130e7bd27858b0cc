//! The tables, as both databases have them. Generated from the migrations; a test selects every column on both.
#![allow(missing_docs)] // The macro writes the items; the columns are described in the migrations.

diesel::table! {
    agencies (id) {
        id -> Integer,
        code -> Text,
        name -> Text,
        parent_id -> Nullable<Integer>,
        path -> Text,
    }
}

diesel::table! {
    departments (id) {
        id -> Integer,
        agency_id -> Integer,
        name -> Text,
    }
}

diesel::table! {
    case_counters (agency_id, year) {
        agency_id -> Integer,
        year -> Integer,
        last_no -> BigInt,
    }
}

diesel::table! {
    cases (id) {
        id -> Text,
        agency_id -> Integer,
        case_no -> Text,
        status -> Text,
        is_open -> Bool,
        version -> Integer,
        channel -> Nullable<Text>,
        received_on -> Date,
        applicant_kind -> Text,
        applicant_name -> Text,
        department_id -> Nullable<Integer>,
        handler_id -> Nullable<Text>,
        closed_on -> Nullable<Date>,
        outcome -> Nullable<Text>,
        round -> Integer,
        clock -> Text,
        due_on -> Date,
        due_provisional -> Bool,
        waiting_for -> Nullable<Text>,
        registered_at -> Timestamp,
        changed_at -> Timestamp,
        closing_year -> Integer,
    }
}

diesel::table! {
    requests (case_id) {
        case_id -> Text,
        content -> Text,
        preferred_form -> Nullable<Text>,
        id_number -> Nullable<Text>,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        address -> Nullable<Text>,
        submitted_on -> Nullable<Date>,
        arrived_on -> Nullable<Date>,
        confirmed_on -> Nullable<Date>,
        confirmed_how -> Nullable<Text>,
        remarks -> Text,
    }
}

diesel::table! {
    replies (case_id, round) {
        case_id -> Text,
        round -> Integer,
        outcome -> Nullable<Text>,
        particulars -> Text,
        body -> Text,
        reply_no -> Nullable<Text>,
        legal_reviewed_on -> Nullable<Date>,
        signed_off_on -> Nullable<Date>,
        closed_on -> Nullable<Date>,
        delivery_method -> Nullable<Text>,
        tracking_no -> Nullable<Text>,
        signed_for_on -> Nullable<Date>,
    }
}

diesel::table! {
    case_links (case_id, other_id) {
        case_id -> Text,
        other_id -> Text,
        reason -> Text,
    }
}

diesel::table! {
    remedies (id) {
        id -> Text,
        agency_id -> Integer,
        remedy_no -> Text,
        case_id -> Nullable<Text>,
        version -> Integer,
        kind -> Text,
        capacity -> Text,
        body -> Text,
        accepted_on -> Date,
        concluded_on -> Nullable<Date>,
        result -> Nullable<Text>,
        remarks -> Text,
    }
}

diesel::table! {
    remedy_stages (remedy_id, seq) {
        remedy_id -> Text,
        seq -> Integer,
        kind -> Text,
        docket_no -> Text,
        body -> Text,
        accepted_on -> Date,
        procedure -> Text,
        copy_received_on -> Nullable<Date>,
        answered_on -> Nullable<Date>,
        hearing_on -> Nullable<Date>,
        notes -> Text,
        ended_on -> Nullable<Date>,
        served_on -> Nullable<Date>,
        paper -> Nullable<Text>,
        result -> Nullable<Text>,
    }
}

diesel::table! {
    journal (subject_id, seq) {
        subject_id -> Text,
        seq -> Integer,
        subject -> Text,
        agency_id -> Nullable<Integer>,
        action -> Text,
        actor -> Text,
        recorded_at -> Timestamp,
        known_on -> Date,
        details -> Text,
        opened_on -> Nullable<Date>,
        closed_on -> Nullable<Date>,
        kind -> Nullable<Text>,
        result -> Nullable<Text>,
        previous_hash -> Text,
        hash -> Text,
    }
}

diesel::table! {
    report_figures (agency_id, year, row_code, cell) {
        agency_id -> Integer,
        year -> Integer,
        row_code -> Text,
        cell -> Integer,
        value -> Text,
    }
}

diesel::table! {
    calendar_notices (year) {
        year -> Integer,
        notice -> Text,
    }
}

diesel::table! {
    accounts (id) {
        id -> Text,
        login -> Text,
        name -> Text,
        agency_id -> Integer,
        department_id -> Nullable<Integer>,
        version -> Integer,
        password_hash -> Text,
        password_set_at -> Timestamp,
        must_change_password -> Bool,
        totp_secret -> Nullable<Text>,
        is_disabled -> Bool,
        n_failures -> Integer,
        locked_until -> Nullable<Timestamp>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    account_roles (account_id, role) {
        account_id -> Text,
        role -> Text,
    }
}

diesel::table! {
    old_passwords (account_id, set_at) {
        account_id -> Text,
        set_at -> Timestamp,
        password_hash -> Text,
    }
}

diesel::table! {
    logins (token_hash) {
        token_hash -> Text,
        account_id -> Text,
        csrf -> Text,
        created_at -> Timestamp,
        seen_at -> Timestamp,
        ip -> Text,
        user_agent -> Text,
        awaits_second_factor -> Bool,
    }
}

diesel::table! {
    second_factors (account_id) {
        account_id -> Text,
        offered_secret -> Nullable<Text>,
        last_step -> BigInt,
    }
}

diesel::table! {
    submissions (agency_id, submission) {
        agency_id -> Integer,
        submission -> Text,
        case_id -> Text,
    }
}

diesel::table! {
    search_docs (agency_id, doc_id) {
        agency_id -> Integer,
        doc_id -> BigInt,
        case_id -> Text,
        words -> Text,
    }
}

diesel::table! {
    search_pending (doc_id) {
        doc_id -> BigInt,
    }
}

diesel::table! {
    saved_views (id) {
        id -> Text,
        account_id -> Text,
        name -> Text,
        query -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    attachments (id) {
        id -> Text,
        case_id -> Text,
        kind -> Text,
        name -> Text,
        size -> BigInt,
        file_type -> Text,
        sha256 -> Text,
        scan -> Text,
        account_id -> Text,
        added_by -> Text,
        added_at -> Timestamp,
        removed_by -> Nullable<Text>,
        removed_at -> Nullable<Timestamp>,
        removal_reason -> Nullable<Text>,
    }
}

diesel::table! {
    letter_settings (agency_id) {
        agency_id -> Integer,
        version -> Integer,
        document_words -> Text,
        reply_mark -> Text,
        notice_mark -> Text,
        consultation_mark -> Text,
        fee_mark -> Text,
        reconsideration_body -> Text,
        reconsideration_online -> Text,
        court -> Text,
        contact_name -> Text,
        contact_phone -> Text,
        address -> Text,
        postcode -> Text,
        payment -> Text,
        has_red_head -> Bool,
    }
}

diesel::table! {
    letter_templates (agency_id, kind, version_no) {
        agency_id -> Integer,
        kind -> Text,
        version_no -> Integer,
        file_name -> Text,
        sha256 -> Nullable<Text>,
        docx -> Nullable<Binary>,
        made_by -> Text,
        made_at -> Timestamp,
    }
}

diesel::table! {
    letter_counters (agency_id, series, year) {
        agency_id -> Integer,
        series -> Text,
        year -> Integer,
        last_no -> BigInt,
    }
}

diesel::table! {
    letters (id) {
        id -> Text,
        case_id -> Text,
        agency_id -> Integer,
        round -> Integer,
        kind -> Text,
        title -> Text,
        document_no -> Nullable<Text>,
        addressee -> Text,
        about -> Nullable<Text>,
        issued_on -> Date,
        issued_at -> Timestamp,
        issued_by -> Text,
        replaces -> Nullable<Text>,
        reason -> Text,
        template_version -> Integer,
        template_sha256 -> Text,
        particulars -> Text,
        sha256 -> Text,
        docx -> Binary,
    }
}

diesel::table! {
    mail_addresses (account_id) {
        account_id -> Text,
        address -> Text,
    }
}

diesel::table! {
    muted_mail (account_id, kind) {
        account_id -> Text,
        kind -> Text,
    }
}

diesel::table! {
    outbox (id) {
        id -> Text,
        agency_id -> Integer,
        kind -> Text,
        account_id -> Nullable<Text>,
        case_id -> Nullable<Text>,
        recipient_name -> Text,
        address -> Text,
        subject -> Text,
        body -> Text,
        letter_id -> Nullable<Text>,
        message_id -> Nullable<Text>,
        state -> Text,
        attempts -> Integer,
        next_attempt_at -> Timestamp,
        useful_until -> Nullable<Timestamp>,
        claimed_by -> Nullable<Text>,
        claimed_until -> Nullable<Timestamp>,
        last_error -> Nullable<Text>,
        written_at -> Timestamp,
        sent_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    told (once_key) {
        once_key -> Text,
        message_id -> Text,
    }
}

diesel::table! {
    jobs (name) {
        name -> Text,
        next_run_at -> Timestamp,
        last_run_at -> Nullable<Timestamp>,
        last_result -> Nullable<Text>,
        has_failed -> Bool,
        n_failures -> Integer,
        is_paused -> Bool,
        lease_holder -> Nullable<Text>,
        lease_until -> Nullable<Timestamp>,
    }
}

diesel::table! {
    indicators (agency_id, code) {
        agency_id -> Integer,
        code -> Text,
        name -> Text,
        unit -> Text,
        part -> Text,
        position -> Integer,
        is_retired -> Bool,
    }
}

diesel::table! {
    indicator_values (agency_id, year, code) {
        agency_id -> Integer,
        year -> Integer,
        code -> Text,
        value -> Text,
        told_by -> Text,
        document -> Text,
    }
}

diesel::table! {
    indicator_items (agency_id, year, code, seq) {
        agency_id -> Integer,
        year -> Integer,
        code -> Text,
        seq -> Integer,
        title -> Text,
        policy -> Text,
        address -> Text,
    }
}

diesel::table! {
    report_wordings (agency_id, year, part, version) {
        agency_id -> Integer,
        year -> Integer,
        part -> Text,
        version -> Integer,
        body -> Text,
        author -> Text,
        saved_at -> Timestamp,
    }
}

diesel::table! {
    report_problems (agency_id, year, seq) {
        agency_id -> Integer,
        year -> Integer,
        seq -> Integer,
        summary -> Text,
        problem -> Text,
        measure -> Text,
        done -> Text,
    }
}

diesel::table! {
    report_templates (agency_id, version) {
        agency_id -> Integer,
        version -> Integer,
        name -> Text,
        file -> Binary,
        author -> Text,
        saved_at -> Timestamp,
    }
}

diesel::table! {
    filed_reports (agency_id, year, seq) {
        agency_id -> Integer,
        year -> Integer,
        seq -> Integer,
        filing -> Text,
        filed_on -> Date,
        is_rollup -> Bool,
        lines -> Text,
        figures -> Text,
        page -> Text,
        document -> Binary,
        sha256 -> Text,
        author -> Text,
        filed_at -> Timestamp,
    }
}

diesel::joinable!(cases -> agencies (agency_id));
diesel::joinable!(attachments -> cases (case_id));
diesel::joinable!(cases -> departments (department_id));
diesel::table! {
    calendar_feeds (account_id) {
        account_id -> Text,
        token_hash -> Text,
        created_at -> Timestamp,
        fetched_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    feed_events (account_id, uid) {
        account_id -> Text,
        uid -> Text,
        digest -> Text,
        sequence -> Integer,
        changed_at -> Timestamp,
    }
}

diesel::joinable!(requests -> cases (case_id));
diesel::joinable!(replies -> cases (case_id));
diesel::joinable!(remedies -> cases (case_id));
diesel::joinable!(remedies -> agencies (agency_id));
diesel::joinable!(remedy_stages -> remedies (remedy_id));
diesel::joinable!(journal -> agencies (agency_id));
diesel::joinable!(accounts -> agencies (agency_id));
diesel::joinable!(accounts -> departments (department_id));
diesel::joinable!(account_roles -> accounts (account_id));
diesel::joinable!(logins -> accounts (account_id));
diesel::joinable!(mail_addresses -> accounts (account_id));
diesel::joinable!(outbox -> agencies (agency_id));
diesel::joinable!(letters -> cases (case_id));

diesel::allow_tables_to_appear_in_same_query!(
    agencies,
    departments,
    case_counters,
    cases,
    requests,
    case_links,
    replies,
    remedies,
    remedy_stages,
    journal,
    report_figures,
    calendar_notices,
    accounts,
    account_roles,
    old_passwords,
    logins,
    second_factors,
    submissions,
    search_docs,
    search_pending,
    saved_views,
    attachments,
    calendar_feeds,
    feed_events,
    letter_settings,
    letter_templates,
    letter_counters,
    letters,
    mail_addresses,
    muted_mail,
    outbox,
    told,
    jobs,
    indicators,
    indicator_values,
    indicator_items,
    report_wordings,
    report_problems,
    report_templates,
    filed_reports,
);
