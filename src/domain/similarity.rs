//! How alike two applications read: a plain measure that anyone can check by hand.
//!
//! The share of pairs of neighbouring characters that two texts have in common (Jaccard). It knows
//! nothing of meaning: it points a person at two texts, who then reads them.

use std::collections::BTreeSet;

/// From here on two texts are shown to the clerk as alike, in percent.
pub const ALIKE: u32 = 35;

/// From here on a later application by the same applicant is likely a repeat (art. 36(6)), in percent.
pub const LIKELY_REPEAT: u32 = 60;

/// Words nearly every application contains, which say nothing about what is asked for.
const COMMON_WORDS: &[&str] = &[
    "申请公开",
    "申请获取",
    "政府信息公开",
    "政府信息",
    "请求公开",
    "请予公开",
    "本人",
    "贵局",
    "贵单位",
    "贵机关",
];

/// The pairs of neighbouring characters of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairs(BTreeSet<(char, char)>);

impl Pairs {
    /// Of letters, digits and Chinese characters alone, without case and without stock words.
    pub fn of(text: &str) -> Self {
        let mut text = text.to_lowercase();
        for word in COMMON_WORDS {
            text = text.replace(word, "");
        }
        let characters: Vec<char> = text.chars().filter(|it| it.is_alphanumeric()).collect();
        Self(characters.windows(2).map(|pair| (pair[0], pair[1])).collect())
    }

    /// How much of both texts together they have in common, in percent.
    pub fn in_common(&self, other: &Self) -> u32 {
        let n_common = self.0.intersection(&other.0).count();
        let n_all = self.0.len() + other.0.len() - n_common;
        if n_all == 0 {
            return 0;
        }
        u32::try_from(n_common * 100 / n_all).unwrap_or(100)
    }
}

/// How alike two texts are, in percent.
pub fn percent_alike(one: &str, other: &str) -> u32 {
    Pairs::of(one).in_common(&Pairs::of(other))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_same_wish_in_other_words_is_alike() {
        let asked = "申请公开东湖路18号地块国有土地上房屋征收补偿方案及分户评估报告";
        let again = "请求公开：东湖路 18 号地块房屋征收补偿方案、分户评估报告。";
        let other = "2019年至2025年全市住宅用地出让收入及支出明细";
        assert!(LIKELY_REPEAT <= percent_alike(asked, again), "{}", percent_alike(asked, again));
        assert!(percent_alike(asked, other) < ALIKE, "{}", percent_alike(asked, other));
    }

    #[test]
    fn stock_words_do_not_make_texts_alike() {
        assert_eq!(percent_alike("申请公开政府信息", "申请公开政府信息"), 0);
        assert_eq!(percent_alike("", "本人申请公开"), 0);
    }

    proptest! {
        #[test]
        fn a_text_is_wholly_like_itself_and_the_order_is_no_matter(one in "[甲乙丙丁]{2,20}", other in "[甲乙丙丁]{2,20}") {
            prop_assert_eq!(percent_alike(&one, &one), 100);
            prop_assert_eq!(percent_alike(&one, &other), percent_alike(&other, &one));
        }
    }
}
