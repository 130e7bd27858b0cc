//! `gongkai calendar`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, bail};
use chrono::NaiveDate;
use clap::Subcommand;

use crate::cli::Office;
use crate::domain::calendar::{NamedDay, NoticeSource, YearNotice, notice_text};
use crate::domain::wording;
use crate::service::calendar::import_notice::{Applied, Preview, apply_notice, preview_notice};

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
    /// 导入一年的节假日安排：json，或者通知原文
    Import {
        /// 文件
        file: PathBuf,
        /// 只显示哪些在办申请的期限会变动，不导入
        #[arg(long)]
        dry_run: bool,
        /// 年份；通知原文的标题写明年份的，可以不填
        #[arg(long, value_name = "YYYY")]
        year: Option<i32>,
        /// 通知的网址；只用于通知原文
        #[arg(long, value_name = "URL", default_value = "")]
        source: String,
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
        Command::Import { file, dry_run, year, source } => {
            let text =
                fs::read_to_string(&file).with_context(|| format!("无法读取文件 {}", file.display()))?;
            let notice = notice(&text, year, &source)?;
            let caller = office.caller();
            if dry_run {
                let preview = db.snapshot(|conn| preview_notice(conn, &rules, &notice, caller.today()))?;
                show_preview(&preview);
                println!("以上是导入后的变化；没有导入");
                return Ok(());
            }
            match db.write(|conn| apply_notice(conn, &caller, &rules, &notice, None))? {
                Applied::Done(preview) => {
                    let moved = preview.moves.len();
                    println!("已导入{}年节假日安排，{moved}件的期限随之变动", notice.year());
                    show_preview(&preview);
                }
                Applied::Changed(_) => anyhow::bail!("没有导入：有申请的情况变了，请重新运行"),
            }
        }
    }
    Ok(())
}

/// A notice from the text of a file: JSON, or the sentences of the notice itself.
fn notice(text: &str, year: Option<i32>, source: &str) -> anyhow::Result<YearNotice> {
    if text.trim_start().starts_with('{') {
        let notice = YearNotice::from_json(text)?;
        return Ok(match year {
            Some(year) => notice.for_year(year)?,
            None => notice,
        });
    }
    let read = notice_text::read(text, year).map_err(|unclear| {
        let line = |it: notice_text::Unclear| match it.line {
            0 => it.message,
            line => format!("第{line}行：{}", it.message),
        };
        anyhow::anyhow!(unclear.into_iter().map(line).collect::<Vec<_>>().join("\n"))
    })?;
    if source.is_empty() {
        bail!("请用 --source 写明通知的网址，以便查对");
    }
    let source = NoticeSource { source: source.to_owned() };
    Ok(YearNotice::new(read.year, vec![source], read.rest, read.work)?)
}

/// How many cases move, how, and the first of them.
fn show_preview(preview: &Preview) {
    const SHOWN: usize = 50;
    let tally = preview.tally;
    println!(
        "核对在办申请{}件：提前{}件，推迟{}件，变为超期{}件，不再超期{}件，不再暂定{}件",
        preview.n_looked,
        tally.earlier,
        tally.later,
        tally.newly_overdue,
        tally.no_longer_overdue,
        tally.settled
    );
    for (shift, n) in &preview.shifts {
        println!("  {} → {}  {n}件", shift.before, shift.after);
    }
    for it in preview.moves.iter().filter(|it| it.days() != 0).take(SHOWN) {
        println!("{}  {} → {}  {:+}天", it.case_no, it.before.on, it.after.on, it.days());
    }
    let n_moved = preview.moves.iter().filter(|it| it.days() != 0).count();
    if SHOWN < n_moved {
        println!("其余{}件未列出", n_moved - SHOWN);
    }
}

fn show_days(heading: &str, days: &[NamedDay]) {
    if !days.is_empty() {
        let days: Vec<_> = days.iter().map(|it| format!("{}（{}）", it.date, it.name)).collect();
        println!("{heading}：{}", days.join("、"));
    }
}
