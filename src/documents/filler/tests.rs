//! Templates as offices leave them, filled and read again.

use std::io::{Cursor, Write};

use serde_json::json;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::*;

/// A package with this body and these further members.
fn package(body: &str, further: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let document = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>"#
    );
    zip.start_file("word/document.xml", SimpleFileOptions::default()).unwrap();
    zip.write_all(document.as_bytes()).unwrap();
    for (name, bytes) in further {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn paragraph(text: &str) -> String {
    format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")
}

fn row(cells: &[&str]) -> String {
    let cells: String = cells.iter().map(|it| format!("<w:tc>{}</w:tc>", paragraph(it))).collect();
    format!("<w:tr>{cells}</w:tr>")
}

/// What the filled document reads, or why it cannot be filled.
fn filled(body: &str, values: serde_json::Value) -> Result<String, FillError> {
    let bytes = Template::open(package(body, &[]))?.fill(&values)?;
    text::plain(&bytes)
}

#[track_caller]
fn check(body: &str, values: serde_json::Value, expected: &str) {
    assert_eq!(filled(body, values).unwrap(), expected);
}

#[test]
fn tags_split_over_runs_are_put_together() {
    let runs = [
        "{",
        "{申请",
        "人.姓名 }</w:t></w:r><w:proofErr w:type=\"spellEnd\"/><w:r><w:rPr><w:b/></w:rPr><w:t>",
        "}：",
    ];
    let body = format!("<w:p><w:r><w:t>致{}</w:t></w:r></w:p>", runs.join("</w:t></w:r><w:r><w:t>"));
    check(&body, json!({"申请人": {"姓名": "张喆堃"}}), "致张喆堃：\n");
}

#[test]
fn values_are_text_and_never_markup_or_tags() {
    let values =
        json!({"甲": "<w:p>&\"A&B\"㐂𠮷喆堃{{ 7*7 }}{% for x in y %}\u{1}", "乙": "第一行\r\n第二行\t完"});
    let expected = "<w:p>&\"A&B\"㐂𠮷喆堃{{ 7*7 }}{% for x in y %}｜第一行\n第二行\t完\n";
    check(&paragraph("{{ 甲 }}｜{{ 乙 }}"), values, expected);
}

#[test]
fn paragraphs_and_rows_of_blocks_alone_disappear() {
    let body = [
        paragraph("{% if 有 %}"),
        paragraph("有"),
        paragraph("{% endif %}"),
        format!(
            "<w:tbl>{}{}{}{}</w:tbl>",
            row(&["序号", "名称"]),
            row(&["{% for 件 in 附件 %}", ""]),
            row(&["{{ loop.index|中文数字 }}", "{{ 件.名称 }}"]),
            row(&["{% endfor %}{# 完 #}", ""])
        ),
    ]
    .concat();
    let files = json!([{"名称": "甲.pdf"}, {"名称": "乙.pdf"}]);
    check(&body, json!({"有": true, "附件": files}), "有\n序号\t名称\n一\t甲.pdf\n二\t乙.pdf\n");
    check(&body, json!({"有": false, "附件": []}), "序号\t名称\n");
}

#[test]
fn the_end_of_a_section_is_never_lost() {
    let body = "<w:p><w:pPr><w:sectPr/></w:pPr><w:r><w:t>{% if 有 %}{% endif %}</w:t></w:r></w:p>";
    let bytes = Template::open(package(body, &[])).unwrap().fill(&json!({"有": true})).unwrap();
    assert!(package::part(&bytes, "word/document.xml").unwrap().unwrap().contains("<w:sectPr/>"));
}

#[test]
fn days_and_numbers_are_written_in_words_of_papers() {
    let body =
        paragraph("{{ 日|中文日期 }}，{{ 日｜中文日期（‘汉字’） }}，{{ 日|中文日期('月日') }}，{{ 是 }}");
    check(&body, json!({"日": "2026-03-05", "是": true}), "2026年3月5日，二〇二六年三月五日，3月5日，是\n");
    let error = filled(&paragraph("{{ 日|中文日期 }}"), json!({"日": "昨天"})).unwrap_err();
    assert!(error.explain().contains("不是日期"), "{}", error.explain());
}

#[test]
fn typography_within_quotation_marks_stays() {
    check(&paragraph("{{ “（无）” if 无 else ‘，’ }}"), json!({"无": true}), "（无）\n");
}

#[test]
fn half_tags_are_refused_with_their_paragraph() {
    for text in ["尊敬的{{ 申请人.姓名", "尊敬的申请人 }}", "{{ 甲 }}{% if 甲", "{{ 甲 }} %}", "{# 说明"]
    {
        let error = filled(&paragraph(text), json!({"甲": 1})).unwrap_err();
        let FillError::Unclosed { near, .. } = &error else { panic!("{text}: {error}") };
        assert_eq!(near, text);
        assert!(error.explain().contains(text), "{}", error.explain());
    }
    // A tag that begins in one paragraph and ends in another.
    let error = filled(&[paragraph("{{ 甲"), paragraph("}}")].concat(), json!({"甲": 1})).unwrap_err();
    assert!(matches!(error, FillError::Unclosed { marker: "{{", .. }), "{error}");
    // Single braces are text.
    check(&paragraph("{甲}"), json!({}), "{甲}\n");
}

#[test]
fn faults_are_explained_where_they_are() {
    let fault = |text: &str| match filled(&paragraph(text), json!({"甲": {"乙": 1}})) {
        Err(FillError::Tag { fault, near, .. }) => (fault, near),
        other => panic!("{other:?}"),
    };
    assert_eq!(fault("称呼{{ 甲.丙 }}。"), (TagFault::NoValue, "称呼{{ 甲.丙 }}。".to_owned()));
    assert_eq!(fault("{{ 丁 }}").0, TagFault::NoValue);
    assert!(matches!(fault("{% if 甲 %}").0, TagFault::Syntax(_)));
    assert!(matches!(fault("{{ 甲.乙|中文日其 }}").0, TagFault::UnknownFilter(_)));
    assert!(matches!(fault("{{ 甲 }}").0, TagFault::Value(_)));
    let loops = "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}";
    assert_eq!(fault(loops).0, TagFault::TooLong);
}

#[test]
fn pairs_that_cut_through_a_table_are_refused() {
    let body = format!(
        "{}<w:tbl>{}{}</w:tbl>{}",
        paragraph("{% for 件 in 附件 %}"),
        row(&["{{ 件 }}"]),
        row(&["{% endfor %}"]),
        paragraph("完")
    );
    let error = filled(&body, json!({"附件": ["甲", "乙"]})).unwrap_err();
    assert!(matches!(error, FillError::Structure { .. }), "{error}");
    assert!(error.explain().contains("表格"));
}

#[test]
fn names_are_listed_without_those_of_loops() {
    let body = [
        paragraph("{{ 申请人.姓名 }}{% if 延期 %}{{ 延期.天数 }}{% endif %}"),
        paragraph("{% for 件 in 附件 %}"),
        paragraph("{{ loop.index }}{{ 件.名称 }}"),
        paragraph("{% endfor %}"),
    ]
    .concat();
    let names = Template::open(package(&body, &[])).unwrap().names().unwrap();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    assert_eq!(names, ["延期", "延期.天数", "申请人.姓名", "附件"]);
}

#[test]
fn heads_are_filled_and_other_members_copied() {
    let head = format!("<w:hdr>{}</w:hdr>", paragraph("{{ 机关 }}"));
    let further: [(&str, &[u8]); 2] =
        [("word/header1.xml", head.as_bytes()), ("word/media/1.bin", b"{{ x }}")];
    let bytes = Template::open(package(&paragraph("正文"), &further))
        .unwrap()
        .fill(&json!({"机关": "甲局"}))
        .unwrap();
    assert!(package::part(&bytes, "word/header1.xml").unwrap().unwrap().contains("甲局"));
    assert_eq!(package::part(&bytes, "word/media/1.bin").unwrap().unwrap(), "{{ x }}");
}

#[test]
fn markup_that_looks_like_a_tag_stays_markup() {
    let body = r#"<w:p w:x="{{ y }}"><w:r><w:instrText>{% z %}</w:instrText><w:t>甲</w:t></w:r></w:p>"#;
    check(body, json!({}), "甲\n");
}

#[test]
fn files_that_are_no_templates_are_refused() {
    let open = |file: Vec<u8>| Template::open(file).unwrap_err();
    assert!(matches!(open(b"no zip".to_vec()), FillError::NotDocx(_)));
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("xl/workbook.xml", SimpleFileOptions::default()).unwrap();
    assert!(matches!(open(zip.finish().unwrap().into_inner()), FillError::NotDocx(_)));
    let macros: [(&str, &[u8]); 1] = [("word/vbaProject.bin", b"x")];
    assert_eq!(open(package("", &macros)), FillError::Macros);
    let link = |kind: &str| {
        format!(
            r#"<Relationships><Relationship Type="x/{kind}" Target="http://example.com/a" TargetMode="External"/></Relationships>"#
        )
    };
    let outside = link("image");
    let outside: [(&str, &[u8]); 1] = [("word/_rels/document.xml.rels", outside.as_bytes())];
    assert_eq!(open(package("", &outside)), FillError::Outside);
    let harmless = link("hyperlink");
    let harmless: [(&str, &[u8]); 1] = [("word/_rels/document.xml.rels", harmless.as_bytes())];
    assert!(Template::open(package("", &harmless)).is_ok());
    assert!(matches!(open(package("<w:p>", &[])), FillError::Xml { .. }));
    // 20 MB of one letter take 20 kB of the file.
    let bomb = package(&paragraph(&"a".repeat(20 * 1024 * 1024)), &[]);
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    assert!(matches!(open(bomb), FillError::TooLarge { .. }));
}

/// Tags that send the engine one call deeper for each repetition, with where the repetition is.
const DEEP: &[(&str, &str, &str)] = &[
    ("{{ ", "not ", "1 }}"),
    ("{{ ", "-", "1 }}"),
    ("{{ 1", ".a", " }}"),
    ("{{ 1", "|abs", " }}"),
    ("{{ 1", " ~ 1", " }}"),
    ("{{ 1", " + 1", " }}"),
    ("{{ 1", " ** 1", " }}"),
    ("{{ 1", " and 1", " }}"),
    ("{{ 1", " or 1", " }}"),
    ("{{ 1", " == 1", " }}"),
    ("{{ 1", " is odd", " }}"),
    ("{{ 1", " if 1", " }}"),
    ("{{ 1", " if 1 else 1", " }}"),
    ("{{ x", "[0]", " }}"),
    ("{{ x", "()", " }}"),
    ("{{ ", "(", "1 }}"),
    ("{{ ", "[", "1 }}"),
    ("{{ ", "{ 1:", "1 }}"),
    ("{{ ", "x(", "1 }}"),
    ("{% for ", "(", "a in x %}"),
    ("{% set a", ".b", " = 1 %}"),
    ("{% filter abs", "|abs", " %}x{% endfilter %}"),
    ("{% if 1 %}", "{% elif 1 %}", "{% endif %}"),
    ("", "{% if 1 %}", "x"),
    ("", "{% for a in x %}", "x"),
    ("", "{% with a = 1 %}", "x"),
    ("", "{% filter abs %}", "x"),
    ("", "{% autoescape true %}", "x"),
    ("", "{% set a %}", "x"),
    ("{% set a = 1 %}", "{% set a = [a] %}", "{{ a }}"),
    ("{% if 1 %}{% set a|replace(b=1) %}{% endset %}", "{% elif 1 %}", "{% endif %}"),
    // What looks like the end of a block is a name here.
    ("", "{% if 1 %}{{ endif }}", "x"),
    // A string that is closed in the text after the tag: the engine goes on there.
    ("{{ 'a }}' ", "not ", "1"),
];

/// The engine counts the columns of a line in 16 bits, and a build that watches for overflow stops there.
#[test]
fn what_the_engine_fails_on_is_refused() {
    let failed = bounds::on_own_stack(|| -> Result<(), FillError> { panic!("as the engine does") });
    assert_eq!(failed, Err(FillError::BeyondEngine));
    let long = paragraph(&format!("{}{{% raw %}}", "字".repeat(70_000)));
    assert!(Template::open(package(&long, &[])).is_err(), "never closed");
}

#[test]
fn no_template_is_long_or_deep_enough_to_end_the_program() {
    for (before, repeated, after) in DEEP {
        for body in [
            paragraph(&format!("前文{before}{}{after}", repeated.repeat(8000))),
            format!(
                "{}{}",
                paragraph("前文"),
                paragraph(&format!("{before}{}{after}", repeated.repeat(8000)))
            ),
        ] {
            let error = Template::open(package(&body, &[])).unwrap_err();
            let (is_bound, said) = (
                matches!(
                    error,
                    FillError::Tag {
                        fault: TagFault::LongTag { .. } | TagFault::Deep { .. } | TagFault::ManySets { .. },
                        ..
                    }
                ),
                error.explain(),
            );
            assert!(is_bound && said.contains("最多"), "{before}{repeated}{after}: {said}");
        }
    }
    let said = filled(&paragraph(&format!("本机关{{{{ {}甲 }}}}", "not ".repeat(8000))), json!({}));
    let said = said.unwrap_err().explain();
    assert!(
        said.starts_with("正文中有一处标记过长") && said.contains("所在段落：“本机关{{ not not"),
        "{said}"
    );
}

#[test]
fn within_the_bounds_the_engine_has_stack_enough() {
    let nested = |n: usize, open: &str, inner: &str, close: &str| {
        paragraph(&format!("{}{inner}{}", open.repeat(n), close.repeat(n)))
    };
    check(&nested(100, "{% if 1 %}", "x", "{% endif %}"), json!({}), "x\n");
    check(&nested(100, "{% for a in [1] %}", "x", "{% endfor %}"), json!({}), "x\n");
    check(&paragraph(&format!("{{% if 0 %}}{}{{% endif %}}x", "{% elif 0 %}".repeat(99))), json!({}), "x\n");
    check(&paragraph(&format!("{{{{ {}1 }}}}", "not ".repeat(198))), json!({}), "是\n");
    check(&paragraph(&format!("{{{{ 1{} }}}}", "|abs".repeat(99))), json!({}), "1\n");
    // Values in many layers, by loops that call themselves and by names that outlive the turns of a loop.
    let calls = format!(
        "{{% for a in [1] recursive %}}{{{{ loop({}a{}) }}}}{{% endfor %}}",
        "[".repeat(60),
        "]".repeat(60)
    );
    let fault = |text: &str| match filled(&paragraph(text), json!({})) {
        Err(FillError::Tag { fault, .. }) => fault,
        other => panic!("{other:?}"),
    };
    assert!(matches!(fault(&calls), TagFault::Value(_)));
    let outlives = "{% set n = namespace(a=1) %}{% for i in range(9000) %}{% for k in range(20) %}{% set n.a = [n.a] %}{% endfor %}{% endfor %}";
    assert!(matches!(fault(outlives), TagFault::UnknownFilter(_)));
}
