use insta::assert_snapshot;
use quick_xml::Reader;
use quick_xml::events::Event;

use crate::documents::html::{render, table};
use crate::documents::layout::grids;
use crate::documents::sample::{report, troubled_report};

/// The names of all elements, of a text in which every element is closed and every reference known.
#[track_caller]
fn elements(html: &str) -> Vec<String> {
    let mut reader = Reader::from_str(html);
    reader.config_mut().check_end_names = true;
    let mut names = Vec::new();
    let mut depth = 0;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(it) => {
                depth += 1;
                names.push(it.name().as_ref().to_owned());
            }
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    names
}

#[test]
fn pages_are_well_formed_and_need_nothing_else() {
    for report in [report(2020), report(2022), troubled_report()] {
        let html = String::from_utf8(render(&report).unwrap()).unwrap();
        let names = elements(&html);
        assert_eq!(names.iter().filter(|it| *it == "table").count(), 3);
        for foreign in ["http:", "https:", "url(", "@import", "<script", "<link"] {
            assert!(!html.contains(foreign), "{foreign}");
        }
        for heading in &report.form.sections[1..4] {
            assert!(html.contains(heading), "{heading}");
        }
    }
}

#[test]
fn names_are_escaped() {
    let html = String::from_utf8(render(&troubled_report()).unwrap()).unwrap();
    assert!(!html.contains("<b>") && !html.contains('\u{1}'));
    assert!(html.contains("&#60;b&#62;市局"));
}

#[test]
fn the_page_says_what_is_missing_broken_and_summed() {
    let html = String::from_utf8(render(&troubled_report()).unwrap()).unwrap();
    for text in [
        "统计期限：2022年1月1日至2022年6月30日",
        "数据截至：2022年6月30日",
        "表二尚有10项未填报。",
        "<td class=\"missing\">未填报</td>",
        "共42项校验，40项成立，2项不成立。",
        "〔错误〕“自然人”列",
        "汇总4个单位（含本机关），其中2个单位本年度没有申请件：东昌府分局、茌平分局。",
    ] {
        assert!(html.contains(text), "{text}");
    }
    let sound = String::from_utf8(render(&report(2022)).unwrap()).unwrap();
    assert!(
        sound.contains("共42项校验，全部成立。") && !sound.contains("数据截至") && !sound.contains("汇总")
    );
}

#[test]
fn a_fragment_links_every_number_with_a_list_behind_it() {
    let [entered, cases, proceedings] = grids(&report(2022));
    assert!(!table(&entered, Some("/cells/")).contains("<a "));
    assert_eq!(table(&cases, Some("/cells/")).matches("<a href=\"/cells/").count(), 25 * 7);
    assert!(
        table(&cases, Some("?a=1&cell="))
            .contains("<td><a href=\"?a=1&amp;cell=granted/natural_person\">186</a></td>")
    );
    assert!(!table(&proceedings, None).contains("<a "));
}

#[test]
fn a_block_of_table_2_is_a_group_of_rows() {
    let [grid, ..] = grids(&report(2022));
    let html = table(&grid, None);
    elements(&html);
    let block = html.split("<tbody>\n").nth(3).unwrap();
    assert_snapshot!(block.replace("><t", ">\n<t"), @r#"
    <tr>
    <th scope="rowgroup" class="block" colspan="4">第二十条第（六）项</th></tr>
    <tr>
    <th scope="col">信息内容</th>
    <th scope="col" colspan="3">本年处理决定数量</th></tr>
    <tr>
    <th scope="row">行政处罚</th>
    <td colspan="3">3985</td></tr>
    <tr>
    <th scope="row">行政强制</th>
    <td class="missing" colspan="3">未填报</td></tr>
    </tbody>
    "#);
}

#[test]
fn headings_span_and_name_what_they_head() {
    let [_, cases, proceedings] = grids(&report(2020));
    let html = table(&proceedings, None);
    let head: Vec<_> = html.lines().skip_while(|it| *it != "<thead>").take(3).collect();
    assert_snapshot!(head.join("\n"), @r#"
    <thead>
    <tr><th scope="col" colspan="5">行政复议</th><th scope="col" colspan="10">行政诉讼</th></tr>
    <tr><th scope="col" rowspan="2">结果维持</th><th scope="col" rowspan="2">结果纠正</th><th scope="col" rowspan="2">其他结果</th><th scope="col" rowspan="2">尚未审结</th><th scope="col" rowspan="2">总计</th><th scope="col" colspan="5">未经复议直接起诉</th><th scope="col" colspan="5">复议后起诉</th></tr>
    "#);
    assert!(table(&cases, None).contains(r#"<th scope="row" rowspan="20">三、本年度办理结果</th>"#));
}
