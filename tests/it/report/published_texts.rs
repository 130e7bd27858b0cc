//! The report of a bureau as it was published, sentence by sentence, made from figures and wordings.

use gongkai::documents::filler::text::{Block, blocks, plain};
use gongkai::documents::report;
use gongkai::domain::report::text::Filing;
use gongkai::domain::report::text::compose::Piece;
use gongkai::domain::report::text::indicator::Entry;
use gongkai::domain::report::text::lack::Contradiction;
use gongkai::domain::report::text::whole::WholeReport;
use gongkai::service::report::derive_tables::ReportQuery;
use gongkai::service::report::enter_figures::{RowFigures, enter_figures};
use gongkai::service::report::text::enter_indicators::enter_indicators;
use gongkai::service::report::text::file_report::{
    FileReport, file_drawn_by, file_report, filed_files, filings, since,
};
use gongkai::service::report::text::whole_report;
use gongkai::service::upkeep::demo_bureau;
use gongkai::service::upkeep::demo_bureau::CODE;
use gongkai::service::{Caller, ServiceError};
use gongkai::storage::Db;
use gongkai::storage::report::text::filed::FiledFiles;

use crate::case::letters_pdf::{libreoffice, pdf_text};
use crate::support::office::rules;
use crate::support::{TestDatabase, on_both};

/// The text as published.
const PUBLISHED: &str = include_str!("../../data/annual-report-liaocheng-2022.txt");

fn actor() -> Caller {
    let now = "2026-11-24T02:00:00Z".parse().unwrap();
    Caller::at_command_line("测试", now)
}

fn bureau(url: &str) -> Db {
    let db = Db::open(url, 1).unwrap();
    db.migrate().unwrap();
    db.write(|conn| demo_bureau::fill(conn, &actor(), rules())).unwrap();
    db
}

fn query() -> ReportQuery {
    ReportQuery { agency: CODE.to_owned(), year: 2022, rollup: false, as_of: None }
}

fn whole_of(db: &Db) -> WholeReport {
    db.snapshot(|conn| whole_report(conn, &actor(), &query())).unwrap()
}

fn files_of(whole: &WholeReport) -> FiledFiles {
    FiledFiles {
        figures: String::from_utf8(gongkai::documents::json::render(&whole.report).unwrap()).unwrap(),
        page: String::from_utf8(report::html::render(whole).unwrap()).unwrap(),
        document: report::docx::render(whole, None).unwrap(),
    }
}

/// Sentences, without blanks and line ends.
fn sentences(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines() {
        for sentence in line.split_inclusive(['。', '；']) {
            let sentence: String = sentence.chars().filter(|it| !it.is_whitespace()).collect();
            if !sentence.is_empty() {
                found.push(sentence);
            }
        }
    }
    found
}

#[test]
fn every_sentence_of_the_published_text_is_said_with_its_figures() {
    on_both(|url| {
        let db = bureau(url);
        let whole = whole_of(&db);
        assert!(
            whole.narrative.is_complete(),
            "{:?} {:?}",
            whole.narrative.missing,
            whole.narrative.contradictions
        );
        let said = sentences(&whole.narrative.lines().join("\n"));
        // Headings, title and signature are drawn with the document, not said in its text.
        let drawn_elsewhere = |it: &String| {
            it.ends_with("总体情况")
                || it.ends_with("存在的主要问题及改进情况")
                || it.ends_with("其他需要报告的事项")
                || it == "聊城市自然资源和规划局"
                || it == "2022年政府信息公开工作年度报告"
                || it == "2023年1月28日"
        };
        let published: Vec<_> = sentences(PUBLISHED).into_iter().filter(|it| !drawn_elsewhere(it)).collect();
        assert!(40 < published.len(), "{}", published.len());
        assert_eq!(said, published);
        // No figure was typed: each comes from a name.
        let figures: Vec<_> = whole
            .narrative
            .parts
            .iter()
            .flat_map(|it| &it.paragraphs)
            .flat_map(|it| &it.pieces)
            .filter_map(|it| match it {
                Piece::Figure { text, .. } => Some(text.as_str()),
                _ => None,
            })
            .collect();
        for figure in ["2962", "6", "10", "21", "112", "较2021年度增加38件", "1060", "634", "31"] {
            assert!(figures.contains(&figure), "{figure}: {figures:?}");
        }
    });
}

#[test]
fn the_document_holds_the_text_the_tables_and_the_signature() {
    on_both(|url| {
        let db = bureau(url);
        let whole = whole_of(&db);
        let file = report::docx::render(&whole, None).unwrap();
        let text = plain(&file).unwrap();
        for line in whole.narrative.lines() {
            assert!(text.contains(&line), "{line}");
        }
        assert!(!text.contains('\u{e2f0}'), "no mark of a table is left");
        assert!(!text.contains("【缺"), "nothing is missing");
        assert!(!text.contains("草稿"), "{text}");
        let tables: Vec<_> = blocks(&file)
            .unwrap()
            .into_iter()
            .filter_map(|it| match it {
                Block::Table(rows) => Some(rows),
                Block::Paragraph(_) => None,
            })
            .collect();
        assert_eq!(tables.len(), 3);
        let row = |table: usize, row: usize| -> String {
            tables[table][row].iter().flatten().map(|it| it.text.clone()).collect::<Vec<_>>().join("|")
        };
        assert!((0..tables[0].len()).any(|it| row(0, it) == "行政规范性文件|3|1|42"), "{:?}", tables[0]);
        let new =
            (0..tables[1].len()).map(|it| row(1, it)).find(|it| it.starts_with("一、本年新收")).unwrap();
        assert!(new.ends_with("|112"), "{new}");
        let headings = ["一、总体情况", "二、主动公开政府信息情况", "五、存在的主要问题及改进情况"];
        let places: Vec<_> = headings.iter().map(|it| text.find(it).unwrap()).collect();
        assert!(places.is_sorted());
        let page = String::from_utf8(report::html::render(&whole).unwrap()).unwrap();
        assert!(page.contains("<h3>（一）2021年度问题整改情况</h3>"), "{page}");
        assert_eq!(page.matches("<table").count(), 3);
    });
}

#[test]
fn libreoffice_sets_it_as_pdf() {
    let Some(office) = libreoffice() else { return };
    let database = TestDatabase::sqlite();
    let whole = whole_of(&bureau(database.url()));
    let document = report::docx::render(&whole, None).unwrap();
    let text = pdf_text(&office.to_pdf(&[&document]).unwrap()[0]);
    for sentence in sentences(PUBLISHED) {
        if sentence.ends_with('。') && sentence.chars().count() < 40 {
            assert!(text.contains(&sentence), "{sentence}");
        }
    }
    for words in
        ["主动公开各类政府信息2962条", "较2021年度增加38件", "行政规范性文件3142", "四、结转下年度继续办理"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn a_filed_report_stays_as_it_was() {
    on_both(|url| {
        let db = bureau(url);
        let day = |text: &str| text.parse().unwrap();
        let files = files_of(&WholeReport { dated: Some(day("2023-01-28")), ..whole_of(&db) });
        let file = |filing, on: &str| {
            let wanted = FileReport { filing, filed_on: day(on) };
            file_report(&db, &actor(), &query(), &wanted)
        };
        assert!(file(Filing::Submitted, "2022-12-31").unwrap_err().to_string().contains("2022年结束以后"));
        assert!(file(Filing::Submitted, "2026-11-25").unwrap_err().to_string().contains("还没有到"));
        file(Filing::Submitted, "2023-01-28").unwrap();
        file(Filing::Published, "2023-01-30").unwrap();
        let dated = whole_of(&db);
        assert_eq!(dated.dated, Some(day("2023-01-28")));
        let text = plain(&report::docx::render(&dated, None).unwrap()).unwrap();
        assert!(text.trim_end().ends_with("聊城市自然资源和规划局\n2023年1月28日"), "{text}");

        // The figures change afterwards; what was filed does not.
        let entry = Entry {
            code: "press_conferences".to_owned(),
            value: "7".to_owned(),
            told_by: "办公室".to_owned(),
            ..Entry::default()
        };
        // They change while another one is drawn: it is not filed, and nobody had to wait to change them.
        let wanted = FileReport { filing: Filing::Published, filed_on: day("2023-02-01") };
        let refused = file_drawn_by(&db, &actor(), &query(), &wanted, |whole, _| {
            db.write(|conn| enter_indicators(conn, &actor(), CODE, 2022, &[entry], None))?;
            Ok(files_of(whole))
        });
        assert!(refused.unwrap_err().to_string().contains("有人改动"));
        let now = whole_of(&db);
        let (filed, kept, changed) = db
            .snapshot(|conn| -> Result<_, ServiceError> {
                let filed = filings(conn, CODE, 2022)?;
                let kept = filed_files(conn, CODE, 2022, 1)?;
                let changed = since(conn, &actor(), &query(), &filed[0], &now)?;
                Ok((filed, kept, changed))
            })
            .unwrap();
        assert_eq!(
            filed.iter().map(|it| it.filing).collect::<Vec<_>>(),
            [Filing::Published, Filing::Submitted]
        );
        assert_eq!(kept, files);
        assert_eq!(changed.gone.len(), 1);
        assert!(changed.gone[0].contains("新闻发布会6次") && changed.come[0].contains("新闻发布会7次"));

        // A contradiction with table 2 is a reason not to file.
        let rows = [RowFigures {
            row: "normative_documents".to_owned(),
            values: ["4", "1", "43"].map(str::to_owned).to_vec(),
        }];
        db.write(|conn| enter_figures(conn, &actor(), CODE, 2022, &rows)).unwrap();
        let wrong = whole_of(&db);
        let text = "指标“公开的规范性文件”填报3个，而报表中“规范性文件制发”是4件，两者不一致";
        assert_eq!(wrong.narrative.contradictions, [Contradiction::Indicator(text.to_owned())]);
        let wanted = FileReport { filing: Filing::Published, filed_on: day("2023-02-01") };
        let refused = file_report(&db, &actor(), &query(), &wanted);
        assert!(refused.unwrap_err().to_string().contains("两者不一致"));
    });
}

#[test]
fn the_next_year_starts_from_this_one() {
    on_both(|url| {
        let db = bureau(url);
        let next = ReportQuery { year: 2023, ..query() };
        let whole = db.snapshot(|conn| whole_report(conn, &actor(), &next)).unwrap();
        let text = whole.narrative.lines().join("\n");
        assert!(
            text.contains("2022年度主要存在的问题是对政务公开工作的认识有待提高、政府信息公开渠道不够宽"),
            "{text}"
        );
        assert!(text.contains("共收到依申请政府信息公开97件，较2022年度减少15件"), "{text}");
        let missing: Vec<_> = whole.narrative.missing.iter().map(ToString::to_string).collect();
        assert!(missing.iter().any(|it| it.contains("“新闻发布会”还没有填报2023年的数")), "{missing:?}");
        assert!(missing.iter().any(|it| it.contains("还没有写整改情况")), "{missing:?}");
        for line in whole.indicators {
            assert_eq!(line.this, None);
            assert!(line.last.is_some(), "{:?}", line.indicator);
        }
    });
}
