//! Charts drawn on the server: pure functions from figures to SVG.
//!
//! Looks are the stylesheet's, by classes. Every chart says in words that the figures stand in the
//! table beside it, for nobody should have to measure a bar.

use std::fmt::Write;

use crate::web::view::words::escaped;

/// The figures of one kind of bar.
#[derive(Debug, Clone, Copy)]
pub struct Series<'a> {
    /// The class of its bars: `bar`, `bar-2`, `bar-3` or `bar-4`.
    pub class: &'static str,
    /// One figure per group of bars.
    pub values: &'a [u64],
}

const WIDTH: u64 = 640;
const LEFT: u64 = 44;
const TOP: u64 = 12;
const FLOOR: u64 = 210;
const HEIGHT: u64 = 240;

/// The step between lines of the grid, 1, 2 or 5 times a power of ten, so that about four make `max`.
fn step(max: u64) -> u64 {
    let mut power = 1_u64;
    loop {
        for n in [1, 2, 5] {
            if max <= n * power * 4 {
                return n * power;
            }
        }
        power = power.saturating_mul(10);
    }
}

/// A number with commas between thousands.
fn shown(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if 0 < i && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Writing to a string cannot fail.
fn put(out: &mut String, args: std::fmt::Arguments<'_>) {
    out.write_fmt(args).expect("writing to a string cannot fail");
}

fn open(out: &mut String, label: &str, height: u64) {
    let label = escaped(label);
    put(
        out,
        format_args!(
            "<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{label}，数字见旁边的表\">"
        ),
    );
}

/// The lines of a grid from 0 to `top`, with their numbers and an ending such as `%`.
fn grid(out: &mut String, top: u64, step: u64, ending: &str) {
    let mut n = 0;
    while n <= top {
        let y = height_of(n, top);
        let class = if n == 0 { "axis" } else { "grid" };
        put(
            out,
            format_args!("<line class=\"{class}\" x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{y}\" y2=\"{y}\"/>"),
        );
        let (x, y) = (LEFT - 6, y + 4);
        put(out, format_args!("<text x=\"{x}\" y=\"{y}\" text-anchor=\"end\">{}{ending}</text>", shown(n)));
        n += step;
    }
}

/// The height at which a value stands.
fn height_of(n: u64, top: u64) -> u64 {
    FLOOR - n * (FLOOR - TOP) / top.max(1)
}

/// Bars that stand, in groups: one group a name.
pub fn columns(label: &str, names: &[&str], series: &[Series<'_>]) -> String {
    let max = series.iter().flat_map(|it| it.values).copied().max().unwrap_or(0).max(1);
    let step = step(max);
    let top = max.div_ceil(step) * step;
    let mut out = String::new();
    open(&mut out, label, HEIGHT);
    grid(&mut out, top, step, "");
    let n_groups = u64::try_from(names.len()).unwrap_or(1).max(1);
    let n_series = u64::try_from(series.len()).unwrap_or(1).max(1);
    let slot = (WIDTH - LEFT) / n_groups;
    let wide = (slot * 7 / 10 / n_series).clamp(2, 56);
    for (i, name) in (0_u64..).zip(names) {
        let middle = LEFT + slot * i + slot / 2;
        let first = middle - wide * n_series / 2;
        let index = usize::try_from(i).unwrap_or(0);
        for (j, it) in (0_u64..).zip(series) {
            let n = it.values.get(index).copied().unwrap_or(0);
            let y = height_of(n, top);
            let (x, wide, high) = (first + wide * j, wide.saturating_sub(1).max(1), FLOOR - y);
            put(
                &mut out,
                format_args!(
                    "<rect class=\"{}\" x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"{high}\"/>",
                    it.class
                ),
            );
            // With one series there is room for the number itself.
            if n_series == 1 {
                let y = y.saturating_sub(4);
                put(
                    &mut out,
                    format_args!(
                        "<text class=\"value\" x=\"{middle}\" y=\"{y}\" text-anchor=\"middle\">{}</text>",
                        shown(n)
                    ),
                );
            }
        }
        let y = FLOOR + 18;
        put(
            &mut out,
            format_args!("<text x=\"{middle}\" y=\"{y}\" text-anchor=\"middle\">{}</text>", escaped(name)),
        );
    }
    out + "</svg>"
}

/// Bars that lie, one under the other, each with its name and number.
pub fn rows(label: &str, items: &[(&str, u64)]) -> String {
    const NAME: u64 = 150;
    const ROW: u64 = 30;
    let max = items.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    let n_items = u64::try_from(items.len()).unwrap_or(0);
    let mut out = String::new();
    open(&mut out, label, n_items * ROW + 8);
    for (i, (name, n)) in (0_u64..).zip(items) {
        let (y, high) = (i * ROW + 4, ROW - 10);
        let long = n * (WIDTH - NAME - 60) / max;
        let base = y + high / 2 + 4;
        // A name that does not fit is cut here and whole in the table.
        let short: String = if 10 < name.chars().count() {
            name.chars().take(9).chain(['…']).collect()
        } else {
            (*name).to_owned()
        };
        put(
            &mut out,
            format_args!(
                "<text x=\"{}\" y=\"{base}\" text-anchor=\"end\">{}</text>\
                 <rect class=\"bar\" x=\"{NAME}\" y=\"{y}\" width=\"{long}\" height=\"{high}\"/>\
                 <text class=\"value\" x=\"{}\" y=\"{base}\">{}</text>",
                NAME - 8,
                escaped(&short),
                NAME + long + 6,
                shown(*n)
            ),
        );
    }
    put(
        &mut out,
        format_args!(
            "<line class=\"axis\" x1=\"{NAME}\" x2=\"{NAME}\" y1=\"0\" y2=\"{}\"/>",
            n_items * ROW + 4
        ),
    );
    out + "</svg>"
}

/// A line of shares in tenths of a percent; a month without a share breaks the line.
pub fn shares(label: &str, names: &[&str], values: &[Option<u64>]) -> String {
    let mut out = String::new();
    open(&mut out, label, HEIGHT);
    grid(&mut out, 100, 25, "%");
    let n = u64::try_from(names.len()).unwrap_or(1).max(1);
    let slot = (WIDTH - LEFT) / n;
    let at = |i: u64, share: u64| (LEFT + slot * i + slot / 2, height_of(share, 1000));
    let mut run = String::new();
    let mut marks = String::new();
    let flush = |run: &mut String, out: &mut String| {
        if !run.is_empty() {
            put(out, format_args!("<polyline class=\"line\" points=\"{}\"/>", run.trim_end()));
            run.clear();
        }
    };
    for (i, (name, share)) in (0_u64..).zip(names.iter().zip(values)) {
        let (x, _) = at(i, 0);
        let base = FLOOR + 18;
        put(
            &mut marks,
            format_args!("<text x=\"{x}\" y=\"{base}\" text-anchor=\"middle\">{}</text>", escaped(name)),
        );
        let Some(share) = share else {
            flush(&mut run, &mut out);
            continue;
        };
        let (x, y) = at(i, *share);
        put(&mut run, format_args!("{x},{y} "));
        // Under the line near the top, where there is no room above.
        let text_y = if y < 30 { y + 18 } else { y - 9 };
        put(
            &mut marks,
            format_args!(
                "<circle class=\"dot\" cx=\"{x}\" cy=\"{y}\" r=\"3.5\"/>\
                 <text class=\"value\" x=\"{x}\" y=\"{text_y}\" text-anchor=\"middle\">{}</text>",
                percent(*share)
            ),
        );
    }
    flush(&mut run, &mut out);
    out + &marks + "</svg>"
}

/// Tenths of a percent as a percentage: `98.5%`.
pub fn percent(share: u64) -> String {
    if share.is_multiple_of(10) {
        format!("{}%", share / 10)
    } else {
        format!("{}.{}%", share / 10, share % 10)
    }
}

/// `part` of `whole` in tenths of a percent, rounded down so that one late reply never shows as 100%.
pub fn share(part: u64, whole: u64) -> Option<u64> {
    (part * 1000).checked_div(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_has_few_and_round_lines() {
        let lines = |max: u64| (step(max), max.div_ceil(step(max)));
        assert_eq!(lines(1), (1, 1));
        assert_eq!(lines(4), (1, 4));
        assert_eq!(lines(9), (5, 2));
        assert_eq!(lines(31), (10, 4));
        assert_eq!(lines(1_000_000), (500_000, 2));
    }

    #[test]
    fn a_chart_has_its_bars_and_no_style_of_its_own() {
        let svg = columns("按<月>", &["1月", "2月"], &[Series { class: "bar", values: &[3, 0] }]);
        assert_eq!(svg.matches("<rect").count(), 2);
        assert!(svg.contains("按&lt;月&gt;") && !svg.contains("style"), "{svg}");
        let svg = rows("部门", &[("征收科", 12)]);
        assert!(svg.contains(">12</text>"), "{svg}");
    }

    #[test]
    fn a_month_without_replies_breaks_the_line() {
        let svg = shares("率", &["1", "2", "3", "4"], &[Some(1000), None, Some(500), Some(985)]);
        assert_eq!(svg.matches("<polyline").count(), 2);
        assert!(svg.contains("98.5%"), "{svg}");
        assert_eq!(share(999, 1000), Some(999));
        assert_eq!(share(1, 0), None);
    }
}
