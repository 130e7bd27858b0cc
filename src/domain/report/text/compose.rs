//! The report as a whole: texts and facts in, paragraphs with their figures out, and what is missing.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::domain::labels::Coded;
use crate::domain::report::statistics::checks::Severity;
use crate::domain::report::text::derived::{Derived, fee_words};
use crate::domain::report::text::indicator::{IndicatorLine, built_in};
use crate::domain::report::text::lack::{Contradiction, Lack, MendIn, Missing};
use crate::domain::report::text::template;
use crate::domain::report::text::template::{Facts, Filter, Tag, Token};
use crate::domain::report::text::{Part, Problem, names, words};

/// A part of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Words as the office wrote them.
    Text(String),
    /// Words that follow from facts.
    Figure {
        /// What is said.
        text: String,
        /// The name in braces it came from.
        from: String,
    },
    /// What cannot be said yet.
    Missing {
        /// The name in braces.
        from: String,
        /// The reason.
        why: String,
    },
}

/// What a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParagraphKind {
    /// Running text.
    Body,
    /// A heading within a section: （一）2021年度问题整改情况.
    Heading,
    /// The place of the table of the fee; it has no pieces.
    FeeTable,
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// Its kind.
    pub kind: ParagraphKind,
    /// Its words and figures.
    pub pieces: Vec<Piece>,
}

impl Paragraph {
    /// What it says; what is missing in a mark that cannot be overlooked.
    pub fn text(&self) -> String {
        let text = |it: &Piece| match it {
            Piece::Text(text) | Piece::Figure { text, .. } => text.clone(),
            Piece::Missing { from, .. } => {
                format!("【缺：{}】", from.trim_matches(['{', '}', '｛', '｝']))
            }
        };
        self.pieces.iter().map(text).collect()
    }
}

/// The text of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartText {
    /// The part it is.
    pub part: Part,
    /// Its paragraphs.
    pub paragraphs: Vec<Paragraph>,
}

/// The report as a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Narrative {
    /// Every part, in order.
    pub parts: Vec<PartText>,
    /// What cannot be said yet.
    pub missing: Vec<Missing>,
    /// What contradicts the tables.
    pub contradictions: Vec<Contradiction>,
}

impl Narrative {
    /// The text of a part.
    pub fn part(&self, part: Part) -> &[Paragraph] {
        self.parts.iter().find(|it| it.part == part).map_or(&[], |it| it.paragraphs.as_slice())
    }

    /// Whether everything can be said, and nothing contradicts.
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty() && self.contradictions.is_empty()
    }

    /// Whether the table of the fee stands in the text.
    pub fn has_fee_table(&self) -> bool {
        self.parts.iter().flat_map(|it| &it.paragraphs).any(|it| it.kind == ParagraphKind::FeeTable)
    }

    /// Everything it says, a line for each paragraph, parts under their names: to compare two of them.
    pub fn lines(&self) -> Vec<String> {
        let paragraphs = self.parts.iter().flat_map(|it| &it.paragraphs);
        paragraphs.filter(|it| it.kind != ParagraphKind::FeeTable).map(Paragraph::text).collect()
    }
}

/// Composes the report from the office's texts.
pub fn compose(facts: &Facts<'_>, texts: &BTreeMap<Part, String>) -> Narrative {
    let mut missing = Vec::new();
    let mut parts = Vec::new();
    for part in Part::ALL {
        let text = texts.get(part).map_or("", String::as_str);
        parts.push(PartText { part: *part, paragraphs: part_text(facts, *part, text, &mut missing) });
        if *part == Part::Proactive {
            let n: usize = facts
                .this
                .table2
                .lines
                .iter()
                .map(|it| it.cells.iter().filter(|it| it.is_none()).count())
                .sum();
            if n != 0 {
                let why = format!("表二还有{n}个数没有填报；没有发生的，填0");
                let lack = Lack::in_(MendIn::Table2, why);
                missing.push(Missing { part: *part, sentence: String::new(), lack });
            }
        }
    }
    let disagreements = facts.indicators.iter().filter_map(|it| disagreement(facts, it));
    let mut contradictions: Vec<_> = disagreements.map(Contradiction::Indicator).collect();
    let broken = facts.this.checks.iter().filter(|it| !it.holds && it.severity == Severity::Error);
    contradictions.extend(broken.map(|it| Contradiction::Tables(it.detail.clone())));
    Narrative { parts, missing, contradictions }
}

/// The paragraphs of a part.
pub fn part_text(facts: &Facts<'_>, part: Part, text: &str, missing: &mut Vec<Missing>) -> Vec<Paragraph> {
    let mut paragraphs = Vec::new();
    for line in text.lines().map(str::trim).filter(|it| !it.is_empty()) {
        let mut filling = Filling { facts, part, missing };
        paragraphs.extend(filling.line(line));
    }
    paragraphs
}

/// How an indicator contradicts the tables or its own list; none where it does not.
fn disagreement(facts: &Facts<'_>, line: &IndicatorLine) -> Option<String> {
    let value = line.this.as_ref()?.value;
    let name = &line.indicator.name;
    let unit = &line.indicator.unit;
    if let Some(derived) = built_in(&line.indicator.code).and_then(|it| it.agrees_with)
        && let Ok(counted) = derived.value(facts.this, facts.fees)
        && counted != value
    {
        return Some(format!(
            "指标“{name}”填报{value}{unit}，而报表中“{}”是{counted}{}，两者不一致",
            derived.label(),
            derived.unit()
        ));
    }
    let n = Decimal::from(line.items.len());
    (!line.items.is_empty() && n != value)
        .then(|| format!("指标“{name}”填报{value}{unit}，而逐项清单有{n}项，两者不一致"))
}

/// Filling lines, noting what is missing.
struct Filling<'a, 'b> {
    facts: &'a Facts<'b>,
    part: Part,
    missing: &'a mut Vec<Missing>,
}

impl Filling<'_, '_> {
    /// A line of the text: one paragraph, or as many as the problems it lists.
    fn line(&mut self, line: &str) -> Vec<Paragraph> {
        let tokens = template::tokens(line);
        if let [Token::Tag { raw, tag: Ok(Tag { names, filter: None }) }] = tokens.as_slice()
            && let [name] = names.as_slice()
        {
            if name == names::FEE_TABLE {
                return vec![Paragraph { kind: ParagraphKind::FeeTable, pieces: Vec::new() }];
            }
            if let Some(points) = self.points(name) {
                return match points {
                    Ok(points) => {
                        let body = |pieces| Paragraph { kind: ParagraphKind::Body, pieces };
                        points.into_iter().map(body).collect()
                    }
                    Err(lack) => {
                        let pieces = vec![self.lack(line, raw, lack)];
                        vec![Paragraph { kind: ParagraphKind::Body, pieces }]
                    }
                };
            }
        }
        let pieces = self.pieces(line, false);
        let kind = if is_heading(line) { ParagraphKind::Heading } else { ParagraphKind::Body };
        vec![Paragraph { kind, pieces }]
    }

    /// The pieces of a line. Within a point of a list, lists cannot stand.
    fn pieces(&mut self, line: &str, is_point: bool) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for sentence in template::sentences(line) {
            for token in template::tokens(sentence) {
                match token {
                    Token::Text(text) => pieces.push(Piece::Text(text)),
                    Token::Tag { raw, tag } => {
                        let said = tag.map_err(Lack::from).and_then(|it| self.said(&it, is_point));
                        match said {
                            Ok(Said::Words(text)) => pieces.push(Piece::Figure { text, from: raw }),
                            Ok(Said::Pieces(more)) => pieces.extend(more),
                            Err(lack) => {
                                let piece = self.lack(sentence, &raw, lack);
                                pieces.push(piece);
                            }
                        }
                    }
                }
            }
        }
        pieces
    }

    fn lack(&mut self, sentence: &str, from: &str, lack: Lack) -> Piece {
        let (sentence, why) = (sentence.trim().to_owned(), lack.why.clone());
        self.missing.push(Missing { part: self.part, sentence, lack });
        Piece::Missing { from: from.to_owned(), why }
    }

    /// What a name in braces says.
    fn said(&mut self, tag: &Tag, is_point: bool) -> Result<Said, Lack> {
        if let ([name], None) = (tag.names.as_slice(), &tag.filter) {
            if let Some(words) = self.words(name) {
                return Ok(Said::Words(words?));
            }
            if name == names::FEE_TABLE {
                return Err("“信息处理费表”应单独成行".to_owned().into());
            }
            if is_point && [names::PROBLEMS, names::MEASURES, names::LAST_DONE].contains(&name.as_str()) {
                return Err("问题和措施里不能再引用问题和措施".to_owned().into());
            }
            if let Some(points) = self.points(name) {
                return points.map(|it| Said::Pieces(it.into_iter().flatten().collect()));
            }
        }
        if let Some(Filter::FirstItem | Filter::AllItems) = tag.filter {
            return items(self.facts, tag).map(Said::Words);
        }
        let figure = figure(self.facts, &tag.names)?;
        let last_year = self.facts.year - 1;
        let said = match &tag.filter {
            None | Some(Filter::FirstItem | Filter::AllItems) => figure.value.to_string(),
            Some(Filter::AgainstLastYear) => {
                words::against_last_year(figure.value, figure.last?, last_year, &figure.unit)
            }
            Some(Filter::Growth) => words::growth(figure.value, figure.last?)
                .ok_or_else(|| format!("{last_year}年度是0，算不出增幅，请改用“较上年”"))?,
            Some(Filter::ShareOf(of)) => words::percent(figure.value, self::figure(self.facts, of)?.value)
                .ok_or_else(|| format!("“{}”是0，算不出百分比", of.join("＋")))?,
            Some(Filter::CompletionOf(of)) => {
                let all = self::figure(self.facts, of)?.value;
                words::completion(figure.value, all, &figure.unit).ok_or_else(|| {
                    format!("办结{}{}，收到{all}{}，说不出办结率", figure.value, figure.unit, figure.unit)
                })?
            }
        };
        Ok(Said::Words(said))
    }

    /// Words that are no figures; none where the name is not one of them.
    fn words(&mut self, name: &str) -> Option<Result<String, String>> {
        let facts = self.facts;
        Some(match name {
            "年" => Ok(facts.year.to_string()),
            "上年" => Ok((facts.year - 1).to_string()),
            "机关" => Ok(facts.agency.to_owned()),
            "统计期限" => Ok(facts.period.to_owned()),
            names::FEE_WORDS => fee_words(facts.fees),
            names::LAST_PROBLEMS => {
                let summaries: Vec<_> =
                    facts.last_problems.iter().map(|it| words::as_item(&it.summary)).collect();
                match (summaries.is_empty(), summaries.contains(&"")) {
                    (true, _) => Err(no_last_problems(facts.year)),
                    (_, true) => Err("上年度的问题有的没有简述".to_owned()),
                    _ => Ok(summaries.join("、")),
                }
            }
            _ => return None,
        })
    }

    /// The points of a list of problems or measures, numbered; none where the name is no such list.
    fn points(&mut self, name: &str) -> Option<Result<Vec<Vec<Piece>>, Lack>> {
        let facts = self.facts;
        let (from, of, lack): (&[Problem], fn(&Problem) -> &String, String) = match name {
            names::PROBLEMS => {
                (facts.problems, |it| &it.problem, format!("还没有填写{}年度存在的问题", facts.year))
            }
            names::MEASURES => {
                (facts.problems, |it| &it.measure, format!("还没有填写{}年度的改进措施", facts.year))
            }
            names::LAST_DONE => (facts.last_problems, |it| &it.done, no_last_problems(facts.year)),
            _ => return None,
        };
        if from.is_empty() {
            return Some(Err(Lack::in_(MendIn::Problems, lack)));
        }
        let is_one = from.len() == 1;
        let mut points = Vec::new();
        for (i, problem) in from.iter().enumerate() {
            let text = words::as_sentence(of(problem));
            let mut pieces = Vec::new();
            if !is_one {
                pieces.push(Piece::Text(format!("{}是", words::ordinal(i + 1))));
            }
            if text.is_empty() {
                let what = format!("{{{name}}}");
                let why = match name {
                    names::LAST_DONE => {
                        format!("“{}”还没有写整改情况", words::as_item(&problem.summary))
                    }
                    names::MEASURES => {
                        format!("“{}”还没有写改进措施", words::as_item(&problem.summary))
                    }
                    _ => format!("第{}个问题没有写明", i + 1),
                };
                let piece = self.lack(&what, &what, Lack::in_(MendIn::Problems, why));
                pieces.push(piece);
            } else {
                pieces.extend(self.pieces(&text, true));
            }
            points.push(pieces);
        }
        Some(Ok(points))
    }
}

/// What a name in braces came to.
enum Said {
    Words(String),
    Pieces(Vec<Piece>),
}

fn no_last_problems(year: i32) -> String {
    format!("{0}年度的报告里没有存在的问题；请在{0}年度补上，或者改写这一句", year - 1)
}

/// A figure with last year's.
struct Figure {
    value: Decimal,
    unit: String,
    last: Result<Decimal, Lack>,
}

/// The sum of what these names stand for.
fn figure(facts: &Facts<'_>, names: &[String]) -> Result<Figure, Lack> {
    let mut sum: Option<Figure> = None;
    for name in names {
        let one = one(facts, name)?;
        sum = Some(match sum {
            None => one,
            Some(so_far) if so_far.unit != one.unit => {
                return Err(format!("“{}”与“{name}”的单位不同，不能相加", names[0]).into());
            }
            Some(so_far) => Figure {
                value: so_far.value + one.value,
                last: so_far.last.and_then(|a| one.last.map(|b| a + b)),
                unit: so_far.unit,
            },
        });
    }
    sum.ok_or_else(|| "花括号里没有写名称".to_owned().into())
}

fn one(facts: &Facts<'_>, name: &str) -> Result<Figure, Lack> {
    let last_year = facts.year - 1;
    if let Some(derived) = Derived::ALL.iter().find(|it| it.label() == name) {
        let last = match facts.last {
            Some(last) => derived.value(last, facts.last_fees),
            None => Err(format!("系统里没有{last_year}年度的数据，不能比较").into()),
        };
        let value = derived.value(facts.this, facts.fees)?;
        return Ok(Figure { value, unit: derived.unit().to_owned(), last });
    }
    let Some(line) = indicator(facts, name) else {
        return Err(no_indicator(name));
    };
    let lack = |why| Lack::in_(MendIn::Indicators, why);
    let value = line.this.as_ref().map(|it| it.value);
    let last = line.last.as_ref().map(|it| it.value);
    Ok(Figure {
        value: value.ok_or_else(|| lack(format!("指标“{name}”还没有填报{}年的数", facts.year)))?,
        unit: line.indicator.unit.clone(),
        last: last.ok_or_else(|| lack(format!("指标“{name}”没有填报{last_year}年的数，不能比较"))),
    })
}

fn no_indicator(name: &str) -> Lack {
    format!("没有名为“{name}”的指标，或者已经停用").into()
}

fn indicator<'a>(facts: &Facts<'a>, name: &str) -> Option<&'a IndicatorLine> {
    facts.indicators.iter().find(|it| it.indicator.name == name)
}

/// The first of the things an indicator counts, or all of them.
fn items(facts: &Facts<'_>, tag: &Tag) -> Result<String, Lack> {
    let [name] = tag.names.as_slice() else { return Err("清单只能是一个指标的".to_owned().into()) };
    let line = indicator(facts, name).ok_or_else(|| no_indicator(name))?;
    let shown = |it: &crate::domain::report::text::indicator::Item| {
        let title = if it.policy.is_empty() { &it.title } else { &it.policy };
        if title.starts_with('《') { title.clone() } else { format!("《{title}》") }
    };
    let first = line
        .items
        .first()
        .ok_or_else(|| Lack::in_(MendIn::Indicators, format!("指标“{name}”还没有逐项清单")))?;
    match tag.filter {
        Some(Filter::FirstItem) => Ok(shown(first)),
        _ => Ok(line.items.iter().map(shown).collect::<Vec<_>>().join("、")),
    }
}

/// Whether a line is a heading: it begins with （一） or is short, and has no stop.
fn is_heading(line: &str) -> bool {
    let is_numbered = line
        .strip_prefix('（')
        .and_then(|it| it.split_once('）'))
        .is_some_and(|(n, _)| !n.is_empty() && n.chars().all(|it| "一二三四五六七八九十".contains(it)));
    let has_stop = line.contains(['。', '；', '：', '，']);
    is_numbered && !has_stop
}
