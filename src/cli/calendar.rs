//! `gongkai calendar`.

use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use chrono::NaiveDate;
use clap::Subcommand;

use crate::cli::{Office, actor};
use crate::domain::calendar::{NamedDay, YearNotice};
use crate::domain::wording;
use crate::service::import_notice::import_notice;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// 自收到之日的次日起第 N 个工作日
    Due {
        /// 收到之日，不计入期限
        #[arg(long, value_name = "YYYY-MM-DD")]
        received: NaiveDate,
        /// 工作日数
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
        days: u32,
    },
    /// 导入一年的节假日安排（json）
    Import {
        /// 文件
        file: PathBuf,
    },
}

pub(super) fn run(office: &Office, command: Command) -> anyhow::Result<()> {
    let db = office.db()?;
    let rules = office.rules(&db)?;
    match command {
        Command::Due { received, days } => {
            let counted = rules.calendar.add_working_days(received, days);
            // The date alone first, for scripts; how it came about after it.
            println!("{}", counted.on);
            println!(
                "{}收到，次日起第{days}个工作日为{}",
                wording::day_with_weekday(received),
                wording::day_with_weekday(counted.on)
            );
            show_days("跳过的休息日", &counted.rest_days);
            show_days("计入的调休上班日", &counted.make_up);
            if counted.provisional {
                let missing = rules.calendar.first_missing_notice(received, counted.on);
                let year = missing.map_or_else(String::new, |it| format!("{it}年"));
                println!("暂定：国务院办公厅{year}节假日安排尚未公布或者尚未导入");
            }
        }
        Command::Import { file } => {
            let text =
                fs::read_to_string(&file).with_context(|| format!("无法读取文件 {}", file.display()))?;
            let notice = YearNotice::from_json(&text)?;
            let actor = actor();
            let moved = db.write(|conn| import_notice(conn, &actor, &rules, &notice))?;
            println!("已导入{}年节假日安排，{moved}件的期限随之变动", notice.year());
        }
    }
    Ok(())
}

fn show_days(heading: &str, days: &[NamedDay]) {
    if !days.is_empty() {
        let days: Vec<_> = days.iter().map(|it| format!("{}（{}）", it.date, it.name)).collect();
        println!("{heading}：{}", days.join("、"));
    }
}
