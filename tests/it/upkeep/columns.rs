//! The columns of the database are those of `schema.rs`, and keep what is put into them.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel::sql_types::Text;
use gongkai::domain::event::Subject;
use gongkai::storage::codes::Code;
use gongkai::storage::journal::Entry;
use gongkai::storage::upkeep::job_runs::JobRun;
use gongkai::storage::{Address, Db, StorageError, schema};

use crate::support::full_rows::FULL_ROWS;
use crate::support::office::{day, execute};
use crate::support::on_both_databases;

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// The tables of a database, in alphabetical order.
pub fn tables(db: &Db) -> Vec<String> {
    let sql = match db.address() {
        Address::Sqlite(_) => "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
        Address::Postgres(_) => {
            "SELECT CAST(tablename AS TEXT) AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY name"
        }
    };
    names(db, sql)
}

/// What a query finds in a column `name`.
pub fn names(db: &Db, sql: &str) -> Vec<String> {
    let rows: Vec<Name> =
        db.read(|conn| diesel::sql_query(sql).load(conn).map_err(StorageError::from)).unwrap();
    rows.into_iter().map(|it| it.name).collect()
}

/// The columns of a table as `schema.rs` has them, in its order.
macro_rules! columns {
    ($table:ident) => {{
        let query = schema::$table::table.select(schema::$table::all_columns);
        let sql = diesel::debug_query::<diesel::sqlite::Sqlite, _>(&query).to_string();
        let (list, _) = sql.split_once(" FROM ").unwrap();
        list.rsplit('`').skip(1).step_by(4).map(str::to_owned).collect::<Vec<_>>().into_iter().rev().collect()
    }};
}

/// The columns of a table as the database has them.
pub fn columns_of(db: &Db, table: &str) -> Vec<String> {
    let sql = match db.address() {
        Address::Sqlite(_) => format!("SELECT name FROM pragma_table_xinfo('{table}') ORDER BY cid"),
        Address::Postgres(_) => format!(
            "SELECT CAST(column_name AS TEXT) AS name FROM information_schema.columns \
             WHERE table_name = '{table}' ORDER BY ordinal_position"
        ),
    };
    names(db, &sql)
}

/// That a table of the database has the columns of `schema.rs`, and that all can be read as rows of a
/// type: none where there are none, and these. What a
/// row holds must come back as it was written.
macro_rules! check_table {
    ($db:expr, $table:ident, $row:ty, $expected:expr) => {{
        let known: Vec<String> = columns!($table);
        assert_eq!(columns_of($db, stringify!($table)), known);
        let load = |limit: i64| -> Vec<$row> {
            $db.read(|conn| {
                let rows = schema::$table::table.select(schema::$table::all_columns);
                let rows = rows.order(schema::$table::all_columns).limit(limit).load(conn);
                rows.map_err(StorageError::from)
            })
            .unwrap()
        };
        assert_eq!(load(0), []);
        let expected: $row = $expected;
        assert_eq!(load(1), [expected]);
    }};
}

#[derive(Debug, PartialEq, Queryable)]
struct CaseColumns {
    id: String,
    agency_id: i32,
    case_no: String,
    status: String,
    is_open: bool,
    version: i32,
    channel: Option<String>,
    received_on: NaiveDate,
    applicant_kind: String,
    applicant_name: String,
    department_id: Option<i32>,
    handler_id: Option<String>,
    closed_on: Option<NaiveDate>,
    outcome: Option<String>,
    round: i32,
    clock: String,
    due_on: NaiveDate,
    due_provisional: bool,
    waiting_for: Option<String>,
    registered_at: NaiveDateTime,
    changed_at: NaiveDateTime,
    closing_year: i32,
}

fn full_case() -> CaseColumns {
    CaseColumns {
        id: text("c"),
        agency_id: 2,
        case_no: text("2026-0001"),
        status: text("answered"),
        is_open: false,
        version: 7,
        channel: Some(text("web")),
        received_on: day("2026-03-02"),
        applicant_kind: text("other"),
        applicant_name: text("𠮷野㐂"),
        department_id: Some(3),
        handler_id: Some(text("u")),
        closed_on: Some(day("2026-03-20")),
        outcome: Some(text("provided")),
        round: 2,
        clock: text("{}"),
        due_on: day("2026-03-30"),
        due_provisional: true,
        waiting_for: Some(text("fee")),
        registered_at: instant("2026-03-02T02:00:00.123456"),
        changed_at: instant("2026-03-20T23:59:59.999999"),
        closing_year: 2026,
    }
}

#[derive(Debug, PartialEq, Queryable)]
struct AccountColumns {
    id: String,
    login: String,
    name: String,
    agency_id: i32,
    department_id: Option<i32>,
    version: i32,
    password_hash: String,
    password_set_at: NaiveDateTime,
    must_change_password: bool,
    totp_secret: Option<String>,
    is_disabled: bool,
    n_failures: i32,
    locked_until: Option<NaiveDateTime>,
    created_at: NaiveDateTime,
}

fn full_account() -> AccountColumns {
    AccountColumns {
        id: text("u"),
        login: text("zhang"),
        name: text("张登记"),
        agency_id: 2,
        department_id: Some(3),
        version: 5,
        password_hash: text("h"),
        password_set_at: instant("2026-03-02T02:00:00"),
        must_change_password: true,
        totp_secret: some("s"),
        is_disabled: false,
        n_failures: 2,
        locked_until: Some(instant("2026-03-02T02:15:00.5")),
        created_at: instant("2026-01-04T01:00:00"),
    }
}

#[derive(Debug, PartialEq, Queryable)]
struct AttachmentColumns {
    id: String,
    case_id: String,
    kind: String,
    name: String,
    size: i64,
    file_type: String,
    sha256: String,
    scan: String,
    account_id: String,
    added_by: String,
    added_at: NaiveDateTime,
    removed_by: Option<String>,
    removed_at: Option<NaiveDateTime>,
    removal_reason: Option<String>,
}

fn full_attachment() -> AttachmentColumns {
    AttachmentColumns {
        id: text("f"),
        case_id: text("c"),
        kind: text("evidence"),
        name: text("㐂.pdf"),
        size: 5_000_000_000,
        file_type: text("pdf"),
        sha256: "a".repeat(64),
        scan: text("clean"),
        account_id: text("u"),
        added_by: text("李四"),
        added_at: instant("2026-03-02T02:00:00"),
        removed_by: some("张三"),
        removed_at: Some(instant("2026-03-03T02:00:00.5")),
        removal_reason: some("误传"),
    }
}

fn instant(it: &str) -> NaiveDateTime {
    it.parse().unwrap()
}

fn text(it: &str) -> String {
    it.to_owned()
}

fn some(it: &str) -> Option<String> {
    Some(text(it))
}

#[test]
fn every_column_can_be_read_on_both_databases() {
    type Words = Option<String>;
    type Day = Option<NaiveDate>;
    on_both_databases(|db| {
        execute(db, FULL_ROWS).unwrap();
        check_table!(
            db,
            agencies,
            (i32, String, String, Option<i32>, String),
            (1, text("A"), text("甲局"), None, text("/1/"))
        );
        check_table!(db, departments, (i32, i32, String), (3, 2, text("政务公开科")));
        check_table!(db, case_counters, (i32, i32, i64), (2, 2026, 5_000_000_000));
        check_table!(db, cases, CaseColumns, full_case());
        check_table!(
            db,
            requests,
            (String, String, Words, Words, Words, Words, Words, Day, Day, Day, Words, String),
            (
                text("c"),
                text("内容"),
                some("paper"),
                some("i"),
                some("p"),
                some("e"),
                some("a"),
                Some(day("2026-02-27")),
                Some(day("2026-02-28")),
                Some(day("2026-03-02")),
                some("电话"),
                text("备注"),
            )
        );
        check_table!(
            db,
            replies,
            (String, i32, Words, String, String, Words, Day, Day, Day, Words, Words, Day),
            (
                text("c"),
                2,
                some("provided"),
                text("{}"),
                text("正文"),
                some("n"),
                Some(day("2026-03-17")),
                Some(day("2026-03-18")),
                Some(day("2026-03-20")),
                some("邮寄"),
                some("t"),
                Some(day("2026-03-21")),
            )
        );
        check_table!(db, case_links, (String, String, String), (text("c"), text("d"), text("重复")));
        check_table!(
            db,
            remedies,
            (String, i32, String, Words, i32, String, String, String, NaiveDate, Day, Words, String),
            (
                text("r"),
                2,
                text("聊政复〔2026〕1号"),
                some("c"),
                4,
                text("review"),
                text("acting_agency"),
                text("聊城市人民政府"),
                day("2026-04-01"),
                Some(day("2026-05-29")),
                some("review_upheld"),
                text("无"),
            )
        );
        check_table!(db, journal, Entry, full_entry());
        check_table!(
            db,
            report_figures,
            (i32, i32, String, i32, String),
            (2, 2025, text("fees_10k_yuan"), 0, text("24252.311082"))
        );
        check_table!(db, calendar_notices, (i32, String), (2027, text("{}")));
        check_table!(db, accounts, AccountColumns, full_account());
        check_table!(db, account_roles, (String, String), (text("u"), text("clerk")));
        check_table!(
            db,
            old_passwords,
            (String, NaiveDateTime, String),
            (text("u"), instant("2026-01-04T01:00:00"), text("h"))
        );
        check_table!(
            db,
            logins,
            (String, String, String, NaiveDateTime, NaiveDateTime, String, String, bool),
            (
                text("t"),
                text("u"),
                text("c"),
                instant("2026-03-02T02:00:00"),
                instant("2026-03-02T02:30:00"),
                text("::1"),
                text("Mozilla/5.0"),
                true,
            )
        );
        check_table!(db, second_factors, (String, Words, i64), (text("u"), some("o"), 58_000_000));
        check_table!(db, remedy_stages, StageColumns, full_stage());
        check_table!(db, submissions, (i32, String, String), (2, text("0197f3d2"), text("c")));
        check_table!(
            db,
            search_docs,
            (i32, i64, String, String),
            (2, 6_500_000_000_000_000_000, text("c"), text(" 征 收 "))
        );
        check_table!(db, search_pending, (i64,), (6_500_000_000_000_000_000_i64,));
        check_table!(
            db,
            saved_views,
            (String, String, String, String, NaiveDateTime),
            (text("v"), text("u"), text("征收"), text("q=%E5%BE%81"), instant("2026-03-02T02:00:00"))
        );
        check_table!(db, attachments, AttachmentColumns, full_attachment());
        check_table!(
            db,
            calendar_feeds,
            (String, String, NaiveDateTime, Option<NaiveDateTime>),
            (text("u"), text("h"), instant("2026-03-02T02:00:00"), Some(instant("2026-03-02T03:00:00")))
        );
        check_table!(
            db,
            feed_events,
            (String, String, String, i32, NaiveDateTime),
            (text("u"), text("c-reply"), text("d"), 2, instant("2026-03-02T02:00:00"))
        );
        check_table!(db, mail_addresses, (String, String), (text("u"), text("zhang@example.gov.cn")));
        check_table!(db, muted_mail, (String, String), (text("u"), text("digest")));
        check_table!(db, outbox, OutboxColumns, full_message());
        check_table!(db, told, (String, String), (text("k"), text("m")));
        check_table!(db, jobs, JobRun, full_job());
        check_table!(db, letter_settings, SettingsColumns, full_settings());
        check_table!(
            db,
            letter_templates,
            (i32, String, i32, String, Words, Option<Vec<u8>>, String, NaiveDateTime),
            (
                2,
                text("receipt"),
                2,
                text("回执.docx"),
                some("h"),
                Some(b"PK".to_vec()),
                text("管理员"),
                instant("2026-03-02T02:00:00"),
            )
        );
        check_table!(db, letter_counters, (i32, String, i32, i64), (2, text("reply"), 2026, 5_000_000_000));
        check_table!(db, letters, LetterColumns, full_letter());
        check_annual_tables(db);
        let mut known = tables(db);
        // Each database has its own index of words, which no row is read from.
        // Codes are referred to, and not read.
        known.retain(|it| {
            it != "__diesel_schema_migrations" && !it.starts_with("search_words") && !it.ends_with("_codes")
        });
        assert_eq!(known.len(), 40, "a table is not in this test: {known:?}");
    });
}

/// What the annual report is made of besides its tables.
fn check_annual_tables(db: &Db) {
    check_table!(
        db,
        indicators,
        (i32, String, String, String, String, i32, bool),
        (2, text("own_1"), text("自助查询机"), text("台"), text("overview"), 101, true)
    );
    check_table!(
        db,
        indicator_values,
        (i32, i32, String, String, String, String),
        (2, 2025, text("own_1"), text("2.50"), text("李四"), text("采购合同"))
    );
    check_table!(
        db,
        indicator_items,
        (i32, i32, String, i32, String, String, String),
        (2, 2025, text("own_1"), 1, text("一号机"), text("《办法》"), text("https://example.cn/"))
    );
    check_table!(
        db,
        report_wordings,
        (i32, i32, String, i32, String, String, NaiveDateTime),
        (
            2,
            2025,
            text("overview"),
            3,
            text("收到{收到申请}件"),
            text("李四"),
            instant("2026-01-04T01:00:00")
        )
    );
    check_table!(
        db,
        report_problems,
        (i32, i32, i32, String, String, String, String),
        (2, 2025, 1, text("简述"), text("问题"), text("措施"), text("整改"))
    );
    check_table!(
        db,
        report_templates,
        (i32, i32, String, Vec<u8>, String, NaiveDateTime),
        (2, 4, text("模板.docx"), b"PK".to_vec(), text("李四"), instant("2026-01-04T01:00:00"))
    );
    check_table!(
        db,
        filed_reports,
        FiledColumns,
        FiledColumns {
            agency_id: 2,
            year: 2025,
            seq: 1,
            filing: text("submitted"),
            filed_on: day("2026-01-28"),
            is_rollup: true,
            lines: text("甲"),
            figures: text("{}"),
            page: text("<p>"),
            document: b"PK".to_vec(),
            sha256: text("h"),
            author: text("李四"),
            filed_at: instant("2026-01-28T01:00:00"),
        }
    );
}

#[derive(Debug, PartialEq, Queryable)]
struct FiledColumns {
    agency_id: i32,
    year: i32,
    seq: i32,
    filing: String,
    filed_on: NaiveDate,
    is_rollup: bool,
    lines: String,
    figures: String,
    page: String,
    document: Vec<u8>,
    sha256: String,
    author: String,
    filed_at: NaiveDateTime,
}

#[derive(Debug, PartialEq, Queryable)]
struct SettingsColumns {
    agency_id: i32,
    version: i32,
    document_words: String,
    reply_mark: String,
    notice_mark: String,
    consultation_mark: String,
    fee_mark: String,
    reconsideration_body: String,
    reconsideration_online: String,
    court: String,
    contact_name: String,
    contact_phone: String,
    address: String,
    postcode: String,
    payment: String,
    has_red_head: bool,
}

fn full_settings() -> SettingsColumns {
    SettingsColumns {
        agency_id: 2,
        version: 3,
        document_words: text("聊自然资规公开"),
        reply_mark: text("复"),
        notice_mark: text("告"),
        consultation_mark: text("询"),
        fee_mark: text("费"),
        reconsideration_body: text("聊城市人民政府"),
        reconsideration_online: text("https://fy.example"),
        court: text("聊城市东昌府区人民法院"),
        contact_name: text("刘某"),
        contact_phone: text("0635-1"),
        address: text("东昌路1号"),
        postcode: text("252000"),
        payment: text("银行转账"),
        has_red_head: true,
    }
}

#[derive(Debug, PartialEq, Queryable)]
struct LetterColumns {
    id: String,
    case_id: String,
    agency_id: i32,
    round: i32,
    kind: String,
    title: String,
    document_no: Option<String>,
    addressee: String,
    about: Option<String>,
    issued_on: NaiveDate,
    issued_at: NaiveDateTime,
    issued_by: String,
    replaces: Option<String>,
    reason: String,
    template_version: i32,
    template_sha256: String,
    particulars: String,
    sha256: String,
    docx: Vec<u8>,
}

fn full_letter() -> LetterColumns {
    LetterColumns {
        id: text("l"),
        case_id: text("c"),
        agency_id: 2,
        round: 2,
        kind: text("reply_provided"),
        title: text("政府信息公开告知书"),
        document_no: some("聊自然资规公开复〔2026〕3号"),
        addressee: text("𠮷野㐂"),
        about: some("1"),
        issued_on: day("2026-03-18"),
        issued_at: instant("2026-03-18T02:00:00.5"),
        issued_by: text("李四"),
        replaces: None,
        reason: String::new(),
        template_version: 2,
        template_sha256: text("t"),
        particulars: text("{}"),
        sha256: text("h"),
        docx: b"PK".to_vec(),
    }
}

#[derive(Debug, PartialEq, Queryable)]
struct StageColumns {
    remedy_id: String,
    seq: i32,
    kind: String,
    docket_no: String,
    body: String,
    accepted_on: NaiveDate,
    procedure: String,
    copy_received_on: Option<NaiveDate>,
    answered_on: Option<NaiveDate>,
    hearing_on: Option<NaiveDate>,
    notes: String,
    ended_on: Option<NaiveDate>,
    served_on: Option<NaiveDate>,
    paper: Option<String>,
    result: Option<String>,
}

fn full_stage() -> StageColumns {
    StageColumns {
        remedy_id: text("r"),
        seq: 1,
        kind: text("reconsideration"),
        docket_no: text("31"),
        body: text("聊城市人民政府"),
        accepted_on: day("2026-04-01"),
        procedure: text("ordinary"),
        copy_received_on: Some(day("2026-04-03")),
        answered_on: Some(day("2026-04-10")),
        hearing_on: Some(day("2026-04-20")),
        notes: text("无"),
        ended_on: Some(day("2026-05-29")),
        served_on: Some(day("2026-06-01")),
        paper: some("decision"),
        result: some("review_upheld"),
    }
}

fn full_entry() -> Entry {
    Entry {
        subject_id: text("c"),
        seq: 1,
        subject: Code(Subject::Case),
        agency_id: Some(2),
        action: text("register"),
        actor: text("李四"),
        recorded_at: instant("2026-03-02T02:00:00.000001"),
        known_on: day("2026-03-02"),
        details: text("{}"),
        opened_on: Some(day("2026-03-02")),
        closed_on: Some(day("2026-03-20")),
        kind: some("other"),
        result: some("provided"),
        previous_hash: String::new(),
        hash: text("h"),
    }
}

#[derive(Debug, PartialEq, Queryable)]
struct OutboxColumns {
    id: String,
    agency_id: i32,
    kind: String,
    account_id: Option<String>,
    case_id: Option<String>,
    recipient_name: String,
    address: String,
    subject: String,
    body: String,
    letter_id: Option<String>,
    message_id: Option<String>,
    state: String,
    attempts: i32,
    next_attempt_at: NaiveDateTime,
    useful_until: Option<NaiveDateTime>,
    claimed_by: Option<String>,
    claimed_until: Option<NaiveDateTime>,
    last_error: Option<String>,
    written_at: NaiveDateTime,
    sent_at: Option<NaiveDateTime>,
}

fn full_message() -> OutboxColumns {
    OutboxColumns {
        id: text("m"),
        agency_id: 2,
        kind: text("assigned"),
        account_id: some("u"),
        case_id: some("c"),
        recipient_name: text("张登记"),
        address: text("zhang@example.gov.cn"),
        subject: text("派办"),
        body: text("正文"),
        letter_id: some("l"),
        message_id: some("<m@example.gov.cn>"),
        state: text("sending"),
        attempts: 3,
        next_attempt_at: instant("2026-03-02T02:00:00"),
        useful_until: Some(instant("2026-03-03T02:00:00")),
        claimed_by: some("h"),
        claimed_until: Some(instant("2026-03-02T02:00:30.5")),
        last_error: some("451"),
        written_at: instant("2026-03-02T01:00:00"),
        sent_at: None,
    }
}

fn full_job() -> JobRun {
    JobRun {
        name: text("outbox"),
        next_run_at: instant("2026-03-02T02:00:00"),
        last_run_at: Some(instant("2026-03-02T01:00:00")),
        last_result: some("发出1封"),
        has_failed: true,
        n_failures: 2,
        is_paused: true,
        lease_holder: some("h"),
        lease_until: Some(instant("2026-03-02T02:00:30.5")),
    }
}
