//! The wording a report starts from where the office has written none yet.
//!
//! It says only what every office's report says; what an office did is for the office to write. A
//! sentence that does not fit is deleted.

use crate::domain::report::text::names::{FEE_TABLE, FEE_WORDS};
use crate::domain::report::text::{FIRST_YEAR_OF_FEE_TABLE, Part};

/// The text of a part for the report of a year.
pub fn text(part: Part, year: i32) -> String {
    let text = match part {
        Part::Preface => PREFACE,
        Part::Overview => OVERVIEW,
        Part::Proactive | Part::Applications | Part::Remedies => "",
        Part::Problems => PROBLEMS,
        Part::OtherMatters => OTHER_MATTERS,
    };
    carried_over(part, text, year)
}

/// An earlier year's text as the start of a later report's: reports of 2025 and later have the table of
/// the fee, which earlier texts do not name.
pub fn carried_over(part: Part, text: &str, year: i32) -> String {
    let has_table = text.contains(FEE_TABLE);
    match (part, FIRST_YEAR_OF_FEE_TABLE <= year && !has_table) {
        (Part::OtherMatters, true) => {
            // After the paragraph that tells of the fee, where there is one.
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            let at = lines.iter().position(|it| it.contains(FEE_WORDS)).map_or(lines.len(), |it| it + 1);
            lines.insert(at, format!("{{{FEE_TABLE}}}"));
            lines.join("\n")
        }
        _ => text.to_owned(),
    }
}

const PREFACE: &str = "\
根据《中华人民共和国政府信息公开条例》（以下称《条例》）要求，现向社会公布{年}年{机关}政府信息公开工作年度报告。本报告包括政府信息公开总体情况、主动公开政府信息情况、收到和处理政府信息公开申请情况、政府信息公开行政复议和行政诉讼情况、存在的主要问题及改进情况、其他需要报告的事项等。
本报告所列数据的统计期限为{统计期限}。如对本年度报告有疑问，请与{机关}联系。";

const OVERVIEW: &str = "\
一是主动公开情况。通过政府网站、政务新媒体等平台，主动公开各类政府信息{主动公开信息}条，参加新闻发布会{新闻发布会}次，解读政策文件{政策解读}个。
二是依申请公开情况。共收到政府信息公开申请{收到申请}件，{收到申请：较上年}；因政府信息公开引发的行政复议案件{行政复议}件（败诉{行政复议败诉}件），行政诉讼案件{行政诉讼}件（败诉{行政诉讼败诉}件）。
三是政府信息管理情况。年内制发规范性文件{规范性文件制发}件，废止{规范性文件废止}件，现行有效{现行有效规范性文件}件。
四是平台建设情况。更新网站专栏{网站专栏}个，通过微信公众号发布信息{微信公众号信息}篇。
五是监督保障情况。明确专人负责政务公开工作，对拟公开的政府信息严格履行审查程序。";

const PROBLEMS: &str = "\
（一）{上年}年度问题整改情况
{上年}年度主要存在的问题是{上年问题}等。针对这些问题，{年}年，主要从以下方面进行了改进：{上年问题整改}
（二）{年}年度存在的问题
{本年问题}
改进措施
{改进措施}";

const OTHER_MATTERS: &str = "\
一是依申请公开信息处理费收费情况。{年}年，{机关}{信息处理费情况}。
二是建议提案办理情况。{年}年共收到人大建议{人大建议}件、政协提案{政协提案}件，{按时办结的建议提案：办结情况（人大建议＋政协提案）}。";
