//! A bureau to try the program with: years of closed cases, table 2, remedies, and work in every state.
//!
//! The figures of 2021 and 2022 are those a bureau of this kind published: 74 applications, then 112;
//! one reconsideration and one suit, none lost. Everything else is made up, the same each time but for
//! the open work, which lies around the day it is made.

mod accounts;
pub mod annual_text;
mod open_work;
mod past;

use chrono::NaiveDate;

use crate::domain::labels::Coded;
use crate::domain::letters::LetterSettings;
use crate::service::access::add_agency::add_agency;
use crate::service::case::import_cases::import_cases;
use crate::service::remedy::import_remedies::import_remedies;
use crate::service::report::enter_figures::{RowFigures, enter_figures};
use crate::service::{Caller, Rules, ServiceError};
use crate::storage::DbConnection;
use crate::storage::access::accounts::Account;
use crate::storage::case::letter_settings;
use crate::storage::mail::readers;

pub use accounts::PASSWORD;

/// The code of the bureau.
pub const CODE: &str = "LCZRZY";
const NAME: &str = "聊城市自然资源和规划局";

/// Fills an empty database with the bureau. Returns the names to sign in with, and whose they are.
///
/// # Errors
/// Where the database is not empty, or fails.
pub fn fill(
    conn: &mut DbConnection,
    caller: &Caller,
    rules: &Rules,
) -> Result<Vec<(String, String)>, ServiceError> {
    let agency = add_agency(conn, caller, CODE, NAME, None)?;
    let today = caller.today();
    import_cases(conn, caller, rules, CODE, "演示台账.xlsx", &past::cases(rules, today), &mut |_| {})?;
    import_remedies(conn, caller, CODE, "演示复议诉讼台账.xlsx", &past::remedies(today))?;
    enter_table2(conn, caller, today)?;
    letter_settings::keep(conn, agency.agency_id(), 0, &letters())?;
    let people = accounts::add(conn, caller, &agency)?;
    if let Some(clerk) = people.first() {
        annual_text::add(conn, &clerk.on(today))?;
    }
    open_work::add(conn, rules, agency.agency_id(), &people, today)?;
    for it in &people {
        // After the work, of which nobody is told in hindsight. The domain is nobody's, should mail be turned on.
        readers::set_address(conn, it.account.id, Some(&format!("{}@example.com", it.account.login)))?;
    }
    Ok(people.iter().map(|it| (it.account.login.clone(), it.words())).collect())
}

/// What the bureau's letters name.
fn letters() -> LetterSettings {
    LetterSettings {
        document_words: "聊自然资规公开".to_owned(),
        reconsideration_body: "聊城市人民政府".to_owned(),
        court: "聊城市东昌府区人民法院".to_owned(),
        contact_name: "政务公开科".to_owned(),
        contact_phone: "0635-0000000".to_owned(),
        address: "聊城市东昌府区昌润路1号".to_owned(),
        postcode: "252000".to_owned(),
        payment: "持本通知书到市政务服务大厅非税收入窗口缴纳。".to_owned(),
        has_red_head: true,
        ..LetterSettings::default()
    }
}

/// One who works in the bureau.
struct Person {
    /// Their account.
    account: Account,
    /// The path of the bureau.
    agency_path: String,
}

impl Person {
    fn words(&self) -> String {
        let roles: Vec<_> = self.account.roles.iter().map(|it| it.label()).collect();
        format!("{}，{}", self.account.name, roles.join("、"))
    }

    /// This person, acting in the morning of a day.
    fn on(&self, day: NaiveDate) -> Caller {
        let morning = day.and_hms_opt(2, 0, 0).expect("two o'clock UTC is ten in Beijing").and_utc();
        Caller::of(&self.account, &self.agency_path, morning)
    }
}

fn enter_table2(conn: &mut DbConnection, caller: &Caller, today: NaiveDate) -> Result<(), ServiceError> {
    use chrono::Datelike;
    // Made, repealed and in force follow from year to year; 2022 made three, as that bureau reports.
    let documents =
        [(2021, "5,2,40"), (2022, "3,1,42"), (2023, "4,2,44"), (2024, "2,5,41"), (2025, "6,1,46")];
    let decisions = [
        (2021, "1180", "96", "3", "3120.45"),
        (2022, "1247", "88", "5", "2874.3"),
        (2023, "1302", "104", "4", "2650.08"),
        (2024, "1275", "112", "2", "2433.9"),
        (2025, "1340", "97", "6", "2518.275"),
    ];
    for ((year, normative), (_, licences, penalties, coercions, fees)) in documents.into_iter().zip(decisions)
    {
        if today.year() <= year {
            break;
        }
        let row = |row: &str, values: &str| RowFigures {
            row: row.to_owned(),
            values: values.split(',').map(str::to_owned).collect(),
        };
        let rows = [
            row("rules", "0,0,0"),
            row("normative_documents", normative),
            row("licences", licences),
            row("penalties", penalties),
            row("coercions", coercions),
            row("fees_10k_yuan", fees),
        ];
        enter_figures(conn, caller, CODE, year, &rows)?;
    }
    Ok(())
}
