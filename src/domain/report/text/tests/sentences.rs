//! Sentences filled from the tables and the indicators.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::domain::applicant::ApplicantKind;
use crate::domain::labels::Coded;
use crate::domain::outcome::Outcome;
use crate::domain::remedy::{RemedyKind, RemedyResult};
use crate::domain::report::forms::{Leaf, NORMATIVE_DOCUMENTS, form};
use crate::domain::report::statistics::Measure;
use crate::domain::report::statistics::report::{Report, Unit};
use crate::domain::report::statistics::table2::Table2;
use crate::domain::report::statistics::tables::{CaseTally, RemedyTally, Table3, Table4};
use crate::domain::report::text::compose::{Narrative, ParagraphKind, compose, part_text};
use crate::domain::report::text::derived::{Derived, FeeSums, fee_words, yuan};
use crate::domain::report::text::indicator::{
    BUILT_IN, Indicator, IndicatorLine, Item, Sourced, effective, name_fault,
};
use crate::domain::report::text::lack::Contradiction;
use crate::domain::report::text::template::{Facts, faults, sentences};
use crate::domain::report::text::{Part, Problem, defaults};

pub(super) fn report(year: i32, received: u64) -> Report {
    let form = form(year).unwrap();
    let mut cases = CaseTally::default();
    cases.add(Measure::New, ApplicantKind::NaturalPerson, None, received - 10);
    cases.add(Measure::New, ApplicantKind::Other, None, 10);
    for (outcome, n) in
        [(Outcome::Provided, received - 12), (Outcome::ThirdParty, 7), (Outcome::ProcessInfo, 3)]
    {
        cases.add(Measure::Closed, ApplicantKind::NaturalPerson, Some(outcome), n);
    }
    cases.add(Measure::CarriedOut, ApplicantKind::Other, None, 2);
    let mut remedies = RemedyTally::default();
    remedies.add_concluded(RemedyKind::Reconsideration, RemedyResult::ReviewUpheld, 1);
    remedies.add_concluded(RemedyKind::SuitAfterReconsideration, RemedyResult::SuitRevoked, 2);
    remedies.add_pending(RemedyKind::DirectSuit, 1);
    let mut table2 = Table2::empty(form);
    let line = table2.row_mut(NORMATIVE_DOCUMENTS).unwrap();
    line.cells = ["3", "1", "42"].iter().map(|it| Some(it.parse().unwrap())).collect();
    Report {
        agency: Unit { code: "A".to_owned(), name: "甲局".to_owned() },
        year,
        as_of: None,
        form,
        table2,
        table3: Table3::fill(form, &cases),
        table4: Table4::fill(&remedies),
        checks: Vec::new(),
        rollup: None,
    }
}

fn sourced(value: &str) -> Option<Sourced> {
    let value = value.parse().unwrap();
    Some(Sourced { value, told_by: "办公室".to_owned(), document: "台账".to_owned() })
}

pub(super) fn lines(values: &[(&str, &str, &str)]) -> Vec<IndicatorLine> {
    let known = |code: &str, last: bool| {
        let found = values.iter().find(|(it, ..)| *it == code)?;
        sourced(if last { found.2 } else { found.1 })
    };
    let line = |indicator: Indicator| IndicatorLine {
        this: known(&indicator.code, false),
        last: known(&indicator.code, true),
        items: Vec::new(),
        indicator,
    };
    effective(&[]).into_iter().map(line).collect()
}

/// What a text says, and what it lacks, of a bureau with 112 applications after 74.
fn say_of(
    text: &str,
    change: impl FnOnce(&mut Vec<IndicatorLine>, &mut Vec<Problem>),
) -> (String, Vec<String>) {
    let mut indicators = lines(&[
        ("published_items", "2962", "2500"),
        ("press_conferences", "6", "6"),
        ("deputies_proposals", "21", "20"),
        ("advisers_proposals", "31", "30"),
        ("proposals_answered", "52", "50"),
        ("open_days", "3", "1"),
    ]);
    let mut problems = Vec::new();
    change(&mut indicators, &mut problems);
    let (this, last, fees) = (report(2022, 112), report(2021, 74), FeeSums::default());
    let facts = Facts {
        agency: "甲局",
        year: 2022,
        period: "2022年1月1日至2022年12月31日",
        this: &this,
        last: Some(&last),
        fees: &fees,
        last_fees: &fees,
        indicators: &indicators,
        problems: &problems,
        last_problems: &problems,
    };
    let mut missing = Vec::new();
    let said: Vec<_> =
        part_text(&facts, Part::Overview, text, &mut missing).iter().map(|it| it.text()).collect();
    (said.join("\n"), missing.iter().map(ToString::to_string).collect())
}

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(say_of(text, |_, _| ()), (expected.to_owned(), Vec::new()));
}

#[track_caller]
fn check_missing(text: &str, why: &str) {
    let (said, missing) = say_of(text, |_, _| ());
    assert!(said.contains("【缺："), "{said}");
    assert_eq!(missing.len(), 1, "{missing:?}");
    assert!(missing[0].contains(why), "{missing:?}");
    assert!(missing[0].contains(text.trim()), "the sentence is named: {missing:?}");
}

#[test]
fn figures_of_the_tables() {
    check(
        "{年}年，共收到依申请政府信息{收到申请}件，{收到申请：较上年}；",
        "2022年，共收到依申请政府信息112件，较2021年度增加38件；",
    );
    check(
        "因依申请公开引发的行政复议案件{行政复议}件（败诉{行政复议败诉}件），行政诉讼案件{行政诉讼}件（败诉{行政诉讼败诉}件）。",
        "因依申请公开引发的行政复议案件1件（败诉0件），行政诉讼案件3件（败诉2件）。",
    );
    check("尚未审结{行政诉讼尚未审结}件，维持{行政复议维持}件", "尚未审结1件，维持1件");
    check(
        "予以公开{予以公开}件，不予公开{不予公开}件，占{不予公开：占比（办结申请）}",
        "予以公开100件，不予公开10件，占9.09%",
    );
    check("自然人{自然人申请}件，组织{法人或者其他组织申请}件", "自然人102件，组织10件");
    check("结转{结转下年申请}件，{收到申请：增幅}", "结转2件，增长51.35%");
    check(
        "年内印发的{规范性文件制发}个文件，现行有效{现行有效规范性文件}件",
        "年内印发的3个文件，现行有效42件",
    );
}

#[test]
fn figures_of_the_indicators() {
    check("发布{主动公开信息}条，{主动公开信息：较上年}", "发布2962条，较2021年度增加462条");
    check("参加{新闻发布会}次，{新闻发布会：较上年}", "参加6次，与2021年度持平");
    check(
        "收到人大建议{人大建议}件、政协提案{政协提案}件，{按时办结的建议提案：办结情况（人大建议＋政协提案）}。",
        "收到人大建议21件、政协提案31件，均按时办理完毕，办结率100%。",
    );
    check(
        "建议提案共{人大建议＋政协提案}件，{人大建议＋政协提案：较上年}",
        "建议提案共52件，较2021年度增加2件",
    );
    // Signs of either width are the same.
    check("｛人大建议+政协提案:较上年｝", "较2021年度增加2件");
    check("{ 新闻发布会 }次", "6次");
}

#[test]
fn what_is_not_there_is_an_error_that_names_the_sentence() {
    check_missing("对{办公会议}次会议作了发布。", "指标“办公会议”还没有填报2022年的数");
    check_missing("参加{记者招待会}次。", "没有名为“记者招待会”");
    check_missing("制发规章{规章制发}件。", "表二还没有填报“规章制发”");
    check_missing("{收到申请＋主动公开信息}件", "单位不同");
    check_missing("{行政许可：增长}", "没有“增长”这种说法");
    check_missing("共{收到申请件", "花括号没有成对");
    check_missing("{政策解读：首项}等", "还没有逐项清单");
    check_missing("问题是{上年问题}等。", "2021年度的报告里没有存在的问题");
    let (said, missing) = say_of("第一句{收到申请}件。第二句{办公会议}次。", |_, _| ());
    assert_eq!(said, "第一句112件。第二句【缺：办公会议】次。");
    assert!(missing[0].contains("“第二句{办公会议}次。”"), "{missing:?}");
}

#[test]
fn a_rate_that_cannot_be_is_an_error() {
    let (_, missing) = say_of("{按时办结的建议提案：办结情况（人大建议）}", |_, _| ());
    assert!(missing[0].contains("办结52件，收到21件"), "{missing:?}");
}

#[test]
fn last_year_is_compared_only_where_it_is_known() {
    let (this, fees) = (report(2022, 112), FeeSums::default());
    let facts = Facts {
        agency: "甲局",
        year: 2022,
        period: "",
        this: &this,
        last: None,
        fees: &fees,
        last_fees: &fees,
        indicators: &[],
        problems: &[],
        last_problems: &[],
    };
    let mut missing = Vec::new();
    part_text(&facts, Part::Overview, "{收到申请：较上年}", &mut missing);
    assert!(missing[0].to_string().contains("系统里没有2021年度的数据"), "{missing:?}");
}

fn problem(summary: &str, problem: &str, measure: &str, done: &str) -> Problem {
    let text = str::to_owned;
    Problem { summary: text(summary), problem: text(problem), measure: text(measure), done: text(done) }
}

#[test]
fn problems_are_told_point_by_point() {
    let fill = |_: &mut Vec<IndicatorLine>, problems: &mut Vec<Problem>| {
        problems.push(problem("及时性不够", "公开不够及时", "加强培训。", "及时召开调度会"));
        problems.push(problem(
            "开放日不够丰富",
            "渠道不宽；",
            "拓宽渠道",
            "组织了{政府开放日}次“政府开放日”活动。",
        ));
    };
    let (said, missing) = say_of(defaults::text(Part::Problems, 2022).as_str(), fill);
    assert_eq!(
        said,
        "（一）2021年度问题整改情况\n\
         2021年度主要存在的问题是及时性不够、开放日不够丰富等。针对这些问题，2022年，主要从以下方面进行了改进：\
         一是及时召开调度会。二是组织了3次“政府开放日”活动。\n\
         （二）2022年度存在的问题\n一是公开不够及时。\n二是渠道不宽。\n改进措施\n一是加强培训。\n二是拓宽渠道。"
    );
    assert!(missing.is_empty(), "{missing:?}");
    let (said, missing) = say_of("{本年问题}\n{上年问题整改}", |_, problems| {
        problems.push(problem("及时性不够", "公开不够及时", "", ""));
    });
    assert!(said.starts_with("公开不够及时。\n"), "one point has no number: {said}");
    assert!(missing[0].contains("“及时性不够”还没有写整改情况"), "{missing:?}");
    let (_, missing) =
        say_of("{本年问题}", |_, problems| problems.push(problem("", "见{改进措施}", "", "")));
    assert!(missing[0].contains("不能再引用"), "{missing:?}");
}

#[test]
fn a_contradiction_with_table_2_is_told() {
    let compose_with = |documents: &str, items: usize| -> Narrative {
        let mut indicators = lines(&[("published_documents", documents, "5")]);
        let line = indicators.iter_mut().find(|it| it.indicator.code == "published_documents").unwrap();
        line.items = vec![Item { title: "办法".to_owned(), ..Item::default() }; items];
        let (this, fees) = (report(2022, 112), FeeSums::default());
        let facts = Facts {
            agency: "甲局",
            year: 2022,
            period: "",
            this: &this,
            last: None,
            fees: &fees,
            last_fees: &fees,
            indicators: &indicators,
            problems: &[],
            last_problems: &[],
        };
        compose(&facts, &BTreeMap::new())
    };
    assert!(compose_with("3", 0).contradictions.is_empty());
    assert!(compose_with("3", 3).contradictions.is_empty());
    let wrong = compose_with("4", 0).contradictions;
    let text = "指标“公开的规范性文件”填报4个，而报表中“规范性文件制发”是3件，两者不一致";
    assert_eq!(wrong, [Contradiction::Indicator(text.to_owned())]);
    assert!(compose_with("3", 2).contradictions[0].to_string().contains("逐项清单有2项"));
    assert!(!compose_with("3", 0).is_complete(), "table 2 is not filled");
}

#[test]
fn a_figure_of_the_tables_cannot_be_typed() {
    let names = ["主动公开信息", "新闻发布会"];
    for (text, words) in [
        ("共收到依申请政府信息公开112件。", "112件"),
        ("行政复议案件１件（败诉0件）", "１件"),
        ("对年内印发的3 个规范性文件进行了公开", "3个"),
        ("办理行政许可 1247 件", "1247件"),
    ] {
        let found = faults(text, &names);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(found[0].contains(words), "{found:?}");
    }
    for text in [
        "购置了自助查询机2台、制证一体机2台",
        "设置24小时“不打烊”数字自助服务专区",
        "依申请公开办理程序自2019年5月15日起施行",
        "围绕依申请公开，出台3项措施，举办2期培训",
        "健全依法行政的5个规章制度",
        "对《关于统筹做好2022年自然资源要素服务保障工作的通知》等{主动公开信息}个文件进行了解读",
        "依申请公开{收到申请}件，同一申请人三件以上的合并办理",
    ] {
        assert_eq!(faults(text, &names), Vec::<String>::new(), "{text}");
    }
    assert!(faults("参加{记者会}次", &names)[0].contains("没有名为“记者会”"));
    assert!(faults("参加{新闻发布会：占比}次", &names)[0].contains("没有“占比”这种说法"));
    assert!(faults("参加}次", &names)[0].contains("没有成对"));
}

#[test]
fn names_of_indicators_are_not_those_of_the_tables() {
    assert_eq!(name_fault("自助查询机", &["主动公开信息"]), None);
    for (name, why) in [
        ("收到申请", "由报表得出"),
        ("机关", "固定写法"),
        ("主动公开信息", "已有"),
        ("", "请填写"),
        ("甲：乙", "不能有"),
        ("一二三四五六七八九十一二三四五六七八九十一", "至多20个字"),
    ] {
        let fault = name_fault(name, &["主动公开信息"]).unwrap();
        assert!(fault.contains(why), "{fault}");
    }
    for it in BUILT_IN {
        assert_eq!(name_fault(it.name, &[]), None);
    }
}

#[test]
fn an_office_changes_what_is_built_in_and_adds_its_own() {
    let own = Indicator {
        code: "own_1".to_owned(),
        name: "自助查询机".to_owned(),
        unit: "台".to_owned(),
        part: Part::Overview,
        position: 15,
        is_retired: false,
    };
    let changed = Indicator {
        code: "columns".to_owned(),
        name: "专题专栏".to_owned(),
        is_retired: true,
        ..own.clone()
    };
    let all = effective(&[own, changed]);
    assert_eq!(all.len(), BUILT_IN.len() + 1);
    assert_eq!(all[1].name, "专题专栏");
    assert_eq!(all[2].name, "自助查询机");
}

#[test]
fn sentences_end_at_their_stops_and_not_in_braces() {
    assert_eq!(sentences("一{甲。乙}二。三；四"), ["一{甲。乙}二。", "三；", "四"]);
}

#[test]
fn what_built_in_texts_name_there_is() {
    let names: Vec<_> = BUILT_IN.iter().map(|it| it.name).collect();
    for part in Part::ALL {
        for year in [2022, 2025] {
            assert_eq!(faults(&defaults::text(*part, year), &names), Vec::<String>::new());
        }
    }
}

#[test]
fn the_fee_table_stands_in_reports_of_2025_and_later() {
    assert!(!defaults::text(Part::OtherMatters, 2024).contains("信息处理费表"));
    let (this, fees) = (report(2025, 112), FeeSums::default());
    let facts = Facts {
        agency: "甲局",
        year: 2025,
        period: "",
        this: &this,
        last: None,
        fees: &fees,
        last_fees: &fees,
        indicators: &[],
        problems: &[],
        last_problems: &[],
    };
    let texts = BTreeMap::from([(Part::OtherMatters, defaults::text(Part::OtherMatters, 2025))]);
    let narrative = compose(&facts, &texts);
    assert!(narrative.has_fee_table());
    let kinds: Vec<_> = narrative.part(Part::OtherMatters).iter().map(|it| it.kind).collect();
    assert_eq!(kinds[1], ParagraphKind::FeeTable, "after the sentence on the fee");
    // A text of an earlier year is carried over with it, and one that has it gets no second.
    let earlier = "一是{信息处理费情况}。\n二是其他。";
    let carried = defaults::carried_over(Part::OtherMatters, earlier, 2025);
    assert_eq!(carried, "一是{信息处理费情况}。\n{信息处理费表}\n二是其他。");
    assert_eq!(defaults::carried_over(Part::OtherMatters, &carried, 2026), carried);
    assert_eq!(defaults::carried_over(Part::OtherMatters, earlier, 2024), earlier);
}

#[test]
fn the_fee_is_told_in_words() {
    let known = |n, noticed: &str, m, paid: &str| FeeSums {
        n_notices: n,
        noticed: noticed.parse().ok(),
        n_payments: m,
        paid: paid.parse().ok(),
        without_amount: vec!["2025-0001".to_owned()],
    };
    assert_eq!(fee_words(&FeeSums::default()).unwrap(), "未收取政府信息公开信息处理费");
    assert_eq!(
        fee_words(&known(3, "1080", 2, "700")).unwrap(),
        "发出政府信息公开信息处理费收费通知3件，金额1080元，实际收取2件，金额700元"
    );
    assert_eq!(fee_words(&known(3, "", 2, "700")).unwrap_err(), "收费金额没有登记：2025-0001");
    for (text, expected) in
        [("700", Some("700")), (" 1,080.50元", Some("1080.50")), ("七百", None), ("-3", None), ("", None)]
    {
        assert_eq!(yuan(text), expected.map(|it| it.parse::<Decimal>().unwrap()), "{text}");
    }
}

#[test]
fn every_derived_figure_has_a_value_on_the_form_of_2021() {
    let mut full = report(2022, 112);
    for line in &mut full.table2.lines {
        line.cells.fill(Some(Decimal::ONE));
    }
    let fees = FeeSums { noticed: Some(Decimal::ZERO), paid: Some(Decimal::ZERO), ..FeeSums::default() };
    for derived in Derived::ALL {
        assert!(derived.value(&full, &fees).is_ok(), "{derived:?}");
    }
    // The groups of table 3 hold every leaf: their sum is the total.
    let groups = [
        Derived::Granted,
        Derived::Partial,
        Derived::Denied,
        Derived::Unable,
        Derived::Refused,
        Derived::Otherwise,
    ];
    for year in [2019, 2022] {
        let mut counted = report(year, 112);
        let mut cases = CaseTally::default();
        for (n, outcome) in (1..).zip(Outcome::ALL) {
            cases.add(Measure::Closed, ApplicantKind::NaturalPerson, Some(*outcome), n);
        }
        counted.table3 = Table3::fill(counted.form, &cases);
        let sum: Decimal = groups.iter().map(|it| it.value(&counted, &fees).unwrap()).sum();
        assert_eq!(Ok(sum), Derived::Closed.value(&counted, &fees), "{year}");
    }
    assert!(Leaf::ALL.len() > groups.len());
    let old = report(2019, 112);
    assert!(Derived::DocumentsRepealed.value(&old, &fees).unwrap_err().why.contains("2019年的格式没有"));
}
