//! The names a sentence may use that are no figures.

/// Words that are no figures, with what they stand for.
pub const WORDS: &[(&str, &str)] = &[
    ("年", "报告的年度，如 2022"),
    ("上年", "上一年度，如 2021"),
    ("机关", "本机关名称"),
    ("统计期限", "如 2022年1月1日至2022年12月31日"),
    (FEE_WORDS, "未收取，或者发出多少通知、收取多少"),
    (FEE_TABLE, "单独成行，在此处插入信息处理费收取情况表"),
    (LAST_PROBLEMS, "上年度的问题，简述，以顿号相连"),
    (LAST_DONE, "上年度问题的整改情况，一是、二是"),
    (PROBLEMS, "本年度的问题；单独成行的，每项一段"),
    (MEASURES, "改进措施；单独成行的，每项一段"),
];

pub(super) const FEE_WORDS: &str = "信息处理费情况";
pub(super) const FEE_TABLE: &str = "信息处理费表";
pub(super) const LAST_PROBLEMS: &str = "上年问题";
pub(super) const LAST_DONE: &str = "上年问题整改";
pub(super) const PROBLEMS: &str = "本年问题";
pub(super) const MEASURES: &str = "改进措施";
