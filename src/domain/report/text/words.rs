//! The words that follow from figures: more, less, by how much, first, second.

use std::cmp::Ordering;

use rust_decimal::{Decimal, RoundingStrategy};

/// `较2021年度增加38件`, `较2021年度减少3件`, `与2021年度持平`.
pub fn against_last_year(now: Decimal, last: Decimal, last_year: i32, unit: &str) -> String {
    let difference = (now - last).abs().normalize();
    match now.cmp(&last) {
        Ordering::Greater => format!("较{last_year}年度增加{difference}{unit}"),
        Ordering::Less => format!("较{last_year}年度减少{difference}{unit}"),
        Ordering::Equal => format!("与{last_year}年度持平"),
    }
}

/// `增长51.35%`, `下降10%`, `持平`; none where last year was 0, for nothing is a percentage of it.
pub fn growth(now: Decimal, last: Decimal) -> Option<String> {
    if last.is_zero() {
        return None;
    }
    let rate = percent((now - last).abs(), last)?;
    Some(match now.cmp(&last) {
        Ordering::Greater => format!("增长{rate}"),
        Ordering::Less => format!("下降{rate}"),
        Ordering::Equal => "持平".to_owned(),
    })
}

/// `51.35%`: at most two decimals, rounded half up, without zeros at the end. None of nothing.
pub fn percent(part: Decimal, whole: Decimal) -> Option<String> {
    let rate = part.checked_div(whole)?.checked_mul(Decimal::ONE_HUNDRED)?;
    let rate = rate.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero).normalize();
    // What is not all must not read as all, nor something as nothing.
    if rate == Decimal::ONE_HUNDRED && part < whole {
        return Some("99.99%".to_owned());
    }
    if rate.is_zero() && !part.is_zero() {
        return Some("0.01%".to_owned());
    }
    Some(format!("{rate}%"))
}

/// `均按时办理完毕，办结率100%`, or how many of them; none where more are done than there are, or
/// where there are none.
pub fn completion(done: Decimal, all: Decimal, unit: &str) -> Option<String> {
    if all.is_zero() || all < done {
        return None;
    }
    let rate = percent(done, all)?;
    Some(match done == all {
        true => format!("均按时办理完毕，办结率{rate}"),
        false => format!("按时办理完毕{}{unit}，办结率{rate}", done.normalize()),
    })
}

/// `一`, `二`, … `九十九`: the ordinals of points in a text.
pub fn ordinal(n: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match (n / 10, n % 10) {
        (0, ones) => DIGITS[ones].to_owned(),
        (1, ones) => format!("十{}", DIGITS[ones]),
        (tens, ones) if tens < 10 => format!("{}十{}", DIGITS[tens], DIGITS[ones]),
        _ => n.to_string(),
    }
}

/// A text as a sentence: with one full stop at its end.
pub fn as_sentence(text: &str) -> String {
    let text = text.trim().trim_end_matches(['。', '；', ';', '.']);
    if text.is_empty() { String::new() } else { format!("{text}。") }
}

/// A text as an item of a list: without a stop at its end.
pub fn as_item(text: &str) -> &str {
    text.trim().trim_end_matches(['。', '；', ';', '、', '，'])
}
