//! Two ways of doing one thing, measured in turns, and the table of what came out.

use std::fmt::Write;
use std::time::{Duration, Instant};

/// How long the repetitions of one comparison go on, at least.
const AT_LEAST: Duration = Duration::from_secs(2);
/// And how many there are: so many at least, and no more than so many.
const REPETITIONS: std::ops::RangeInclusive<usize> = 15..=2_000;

/// What one comparison is held to.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// At most so many milliseconds; none where only the ratio counts.
    pub millis: Option<f64>,
    /// At most so many times as long as the bare statements; none where there is no target at all.
    pub ratio: Option<f64>,
}

/// One line of the table.
#[derive(Debug, Clone)]
pub struct Figure {
    database: &'static str,
    cases: u32,
    operation: String,
    ours: Times,
    bare: Times,
    n: usize,
    target: Target,
}

/// Of many repetitions.
#[derive(Debug, Clone, Copy)]
struct Times {
    /// The quickest: what it takes when nothing else runs.
    min: f64,
    median: f64,
}

impl Times {
    fn of(mut millis: Vec<f64>) -> Self {
        millis.sort_by(f64::total_cmp);
        Self { min: millis[0], median: millis[millis.len() / 2] }
    }
}

fn millis<T>(run: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<f64> {
    let start = Instant::now();
    let result = run()?;
    let time = start.elapsed();
    // Whatever was read is thrown away, after the clock has stopped.
    drop(result);
    Ok(time.as_secs_f64() * 1e3)
}

/// Where and on how much is measured.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// The database.
    pub database: &'static str,
    /// How many cases it holds.
    pub cases: u32,
    /// Measure only what has this in its name.
    pub only: Option<&'a str>,
}

impl Setting<'_> {
    /// Measures both in turns, so that whatever else the machine does slows both.
    pub fn compare<Ours, Theirs>(
        self,
        operation: impl Into<String>,
        target: Target,
        mut ours: impl FnMut() -> anyhow::Result<Ours>,
        mut bare: impl FnMut() -> anyhow::Result<Theirs>,
    ) -> anyhow::Result<Option<Figure>> {
        let operation = operation.into();
        if self.only.is_some_and(|it| !operation.contains(it)) {
            return Ok(None);
        }
        // The first ones prepare the statements and warm the caches. PostgreSQL settles on a plan after five.
        for _ in 0..6 {
            drop(ours()?);
            drop(bare()?);
        }
        let (mut of_ours, mut of_bare) = (Vec::new(), Vec::new());
        let start = Instant::now();
        while of_ours.len() < *REPETITIONS.start()
            || (start.elapsed() < AT_LEAST && of_ours.len() < *REPETITIONS.end())
        {
            // Neither always comes second.
            if of_ours.len().is_multiple_of(2) {
                of_ours.push(millis(&mut ours)?);
                of_bare.push(millis(&mut bare)?);
            } else {
                of_bare.push(millis(&mut bare)?);
                of_ours.push(millis(&mut ours)?);
            }
        }
        let n = of_ours.len();
        let (ours, bare) = (Times::of(of_ours), Times::of(of_bare));
        let figure = Figure { database: self.database, cases: self.cases, operation, ours, bare, n, target };
        eprintln!("{}", figure.line());
        Ok(Some(figure))
    }
}

const HEADINGS: [&str; 11] =
    ["Database", "Cases", "Operation", "Ours", "(min)", "Bare", "(min)", "Ratio", "(min)", "Target", "Met"];

impl Figure {
    /// Of the quickest of either: between a program and a server it depends on the scheduler which of two
    /// processes is woken late, for seconds on end, and so do medians.
    fn ratio(&self) -> f64 {
        self.ours.min / self.bare.min
    }

    fn cells(&self) -> [String; 11] {
        let Target { millis, ratio } = self.target;
        let target = match (millis, ratio) {
            (Some(millis), Some(ratio)) => format!("≤ {millis} ms, ≤ {ratio} ×"),
            (Some(millis), None) => format!("≤ {millis} ms"),
            (None, Some(ratio)) => format!("≤ {ratio} ×"),
            (None, None) => "–".to_owned(),
        };
        let in_time = millis.is_none_or(|it| self.ours.median <= it);
        let in_ratio = ratio.is_none_or(|it| self.ratio() <= it);
        let met = match (millis.or(ratio), in_time, in_ratio) {
            (None, ..) => "–",
            (_, true, true) => "yes",
            (_, false, true) => "**no: time**",
            (_, true, false) => "**no: ratio**",
            (_, false, false) => "**no**",
        };
        [
            self.database.to_owned(),
            thousands(self.cases),
            self.operation.clone(),
            in_millis(self.ours.median),
            in_millis(self.ours.min),
            in_millis(self.bare.median),
            in_millis(self.bare.min),
            format!("{:.2}", self.ours.median / self.bare.median),
            format!("{:.2}", self.ratio()),
            target,
            met.to_owned(),
        ]
    }

    fn line(&self) -> String {
        format!("{}  [{} repetitions]", self.cells().join(" | "), self.n)
    }
}

fn in_millis(it: f64) -> String {
    match it {
        ..1.0 => format!("{it:.3}"),
        1.0..10.0 => format!("{it:.2}"),
        _ => format!("{it:.1}"),
    }
}

/// 1000000 as 1,000,000.
pub fn thousands(n: u32) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i != 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The figures as a table in Markdown; times are in milliseconds.
pub fn table(figures: &[Figure]) -> String {
    let mut text = format!("| {} |\n|{}\n", HEADINGS.join(" | "), "---|".repeat(HEADINGS.len()));
    for it in figures {
        writeln!(text, "| {} |", it.cells().join(" | ")).expect("writing to a string cannot fail");
    }
    text
}
