use std::collections::BTreeSet;
use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::documents::docx::render;
use crate::documents::layout::grids;
use crate::documents::sample::{report, troubled_report};
use crate::domain::report::statistics::report::Report;

/// The parts of the file by name.
fn parts(report: &Report) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(render(report).unwrap())).unwrap();
    (0..zip.len())
        .map(|i| {
            let mut part = zip.by_index(i).unwrap();
            let mut text = String::new();
            part.read_to_string(&mut text).unwrap();
            let name = part.name().unwrap().into_owned();
            (name, text)
        })
        .collect()
}

fn part(report: &Report, name: &str) -> String {
    parts(report).into_iter().find(|(it, _)| it == name).unwrap().1
}

/// A row of a table as the file has it.
#[derive(Debug, Default)]
struct Row {
    is_header: bool,
    can_split: bool,
    spans: Vec<usize>,
    merges: Vec<Option<String>>,
    text: Vec<String>,
}

/// A table as the file has it: its columns and rows.
#[derive(Debug, Default)]
struct Table {
    n_columns: usize,
    rows: Vec<Row>,
}

fn value(element: &BytesStart<'_>) -> Option<String> {
    let attribute = element.attributes().map(Result::unwrap).find(|it| it.key.as_ref() == "w:val")?;
    Some(attribute.value.into_owned())
}

fn tables(document: &str) -> Vec<Table> {
    let mut reader = Reader::from_str(document);
    let mut tables: Vec<Table> = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(it) | Event::Empty(it) => {
                let name = it.name().as_ref().to_owned();
                if name == "w:tbl" {
                    tables.push(Table::default());
                }
                let Some(table) = tables.last_mut() else { continue };
                match name.as_str() {
                    "w:gridCol" => table.n_columns += 1,
                    "w:tr" => table.rows.push(Row { can_split: true, ..Row::default() }),
                    _ => {
                        let Some(row) = table.rows.last_mut() else { continue };
                        match name.as_str() {
                            "w:tblHeader" => row.is_header = true,
                            "w:cantSplit" => row.can_split = false,
                            "w:tc" => {
                                row.spans.push(1);
                                row.merges.push(None);
                                row.text.push(String::new());
                            }
                            "w:gridSpan" => {
                                *row.spans.last_mut().unwrap() = value(&it).unwrap().parse().unwrap()
                            }
                            "w:vMerge" => {
                                *row.merges.last_mut().unwrap() = Some(value(&it).unwrap_or_default())
                            }
                            _ => {}
                        }
                    }
                }
            }
            Event::Text(it) => {
                let row = tables.last_mut().and_then(|it| it.rows.last_mut());
                if let Some(text) = row.and_then(|it| it.text.last_mut()) {
                    text.push_str(&it);
                }
            }
            Event::Eof => return tables,
            _ => {}
        }
    }
}

#[test]
fn spans_of_every_row_fill_the_table() {
    for report in [report(2020), report(2022)] {
        let tables = tables(&part(&report, "word/document.xml"));
        for (table, grid) in tables.iter().zip(grids(&report)) {
            assert_eq!(table.n_columns, usize::from(grid.n_columns()));
            assert_eq!(table.rows.len(), usize::from(grid.n_rows));
            for (row, at) in table.rows.iter().zip(0..) {
                assert_eq!(row.spans.iter().sum::<usize>(), table.n_columns, "{} row {at}", grid.name);
                assert_eq!(row.is_header, at < grid.n_head_rows, "{} row {at}", grid.name);
                assert!(!row.can_split);
            }
        }
        assert_eq!(tables.len(), 3);
    }
}

#[test]
fn merged_cells_go_on_below_where_they_begin() {
    let tables = tables(&part(&report(2022), "word/document.xml"));
    let [_, table, _] = &tables[..] else { panic!() };
    let first: Vec<_> = table.rows.iter().map(|it| it.merges[0].as_deref()).collect();
    assert_eq!(first[..6], [Some("restart"), Some(""), Some(""), None, None, Some("restart")]);
    assert_eq!(first.iter().filter(|it| **it == Some("")).count(), 2 + 21);
    assert_eq!(table.rows[5].text[..3], ["三、本年度办理结果", "（一）予以公开", "186"]);
    assert_eq!(table.rows[6].text[0], "");
}

#[test]
fn every_part_is_declared_related_and_well_formed() {
    let parts = parts(&troubled_report());
    for (name, text) in &parts {
        let mut reader = Reader::from_str(text);
        while !matches!(reader.read_event().unwrap_or_else(|it| panic!("{name}: {it}")), Event::Eof) {}
    }
    let (_, types) = &parts[0];
    let (_, document_rels) = parts.iter().find(|(it, _)| it == "word/_rels/document.xml.rels").unwrap();
    for (name, _) in parts.iter().filter(|(it, _)| !it.ends_with(".rels") && it != "[Content_Types].xml") {
        assert!(types.contains(&format!("PartName=\"/{name}\"")), "{name}");
        let target = name.strip_prefix("word/").filter(|it| *it != "document.xml");
        assert!(target.is_none_or(|it| document_rels.contains(&format!("Target=\"{it}\""))), "{name}");
    }
}

/// The values of an attribute, over all elements of a name.
fn attributes(text: &str, element: &str, attribute: &str) -> BTreeSet<String> {
    let mut reader = Reader::from_str(text);
    let mut found = BTreeSet::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(it) | Event::Empty(it) if it.name().as_ref() == element => {
                let values = it.attributes().map(Result::unwrap).filter(|it| it.key.as_ref() == attribute);
                found.extend(values.map(|it| it.value.into_owned()));
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

#[test]
fn every_style_used_is_defined() {
    let report = troubled_report();
    let defined = attributes(&part(&report, "word/styles.xml"), "w:style", "w:styleId");
    let used = attributes(&part(&report, "word/document.xml"), "w:pStyle", "w:val");
    assert!(used.contains("Notice") && used.is_subset(&defined), "{used:?} {defined:?}");
}

#[test]
fn names_are_escaped_and_broken_checks_are_said() {
    let document = part(&troubled_report(), "word/document.xml");
    assert!(document.contains("&lt;b&gt;市局&lt;/b&gt; &amp; “测试”<"));
    assert!(document.contains("〔错误〕“自然人”列：新收398＋上年结转21＝419，总计397＋结转下年21＝418"));
    assert!(document.contains(">未填报<"));
    assert!(!part(&report(2022), "word/document.xml").contains("校验"));
}
