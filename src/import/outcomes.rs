//! Results of handling as registers have them, brought to the fine outcomes.
//!
//! Read are the labels of the fine outcomes, the rows of the form with any numbering and any
//! quotation marks, alone or behind the heading they stand under, and the natural words for both.
//! A heading alone is refused, with the results under it: it is not enough to fill a row of the report.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::domain::labels::Coded;
use crate::domain::normal;
use crate::domain::outcome::Outcome;
use crate::domain::report::forms::Leaf;
use crate::import::words::{index, without_numbering};

/// Words beside the labels of [`Outcome`] and [`Leaf`].
const WORDS: &[(Outcome, &[&str])] = &[
    (
        Outcome::AlreadyPublic,
        &[
            "已主动公开",
            "已经主动公开",
            "已公开",
            "主动公开",
            "属于主动公开",
            "属于已主动公开",
            "告知获取方式和途径",
        ],
    ),
    (
        Outcome::Provided,
        &["公开", "全部公开", "同意公开", "予以全部公开", "提供", "予以提供", "同意提供", "全部予以公开"],
    ),
    (Outcome::Partial, &["部分公开", "区分处理", "予以部分公开", "部分予以公开", "部分公开区分处理"]),
    (Outcome::StateSecret, &["国家秘密", "涉及国家秘密", "涉密", "属国家秘密", "依法确定为国家秘密"]),
    (
        Outcome::LawForbids,
        &["法律行政法规禁止公开", "其他法律法规禁止公开", "法律法规禁止公开", "其他法律和行政法规禁止公开"],
    ),
    (
        Outcome::ThreeSecurities,
        &["三安全一稳定", "危及国家安全公共安全经济安全社会稳定", "可能危及国家安全公共安全经济安全社会稳定"],
    ),
    (
        Outcome::ThirdParty,
        &[
            "第三方合法权益",
            "涉及第三方合法权益",
            "商业秘密",
            "涉及商业秘密",
            "个人隐私",
            "涉及个人隐私",
            "涉及商业秘密个人隐私",
            "商业秘密个人隐私",
        ],
    ),
    (
        Outcome::InternalAffairs,
        &["三类内部事务信息", "内部事务信息", "属于内部事务信息", "内部管理信息", "属于内部管理信息"],
    ),
    (Outcome::ProcessInfo, &["四类过程性信息", "过程性信息", "属于过程性信息"]),
    (Outcome::EnforcementFile, &["行政执法案卷", "行政执法案卷信息", "属于行政执法案卷信息", "执法案卷"]),
    (Outcome::AdminQuery, &["行政查询事项", "行政查询", "属行政查询事项"]),
    (
        Outcome::NotExisting,
        &["不存在", "政府信息不存在", "申请信息不存在", "经检索不存在", "该信息不存在", "所申请信息不存在"],
    ),
    (
        Outcome::NotOurs,
        &[
            "不属于本机关",
            "非本机关负责公开",
            "不属于本机关公开",
            "不属于本机关公开范围",
            "不属本机关负责公开",
            "不由本机关负责公开",
            "非本机关公开",
        ],
    ),
    (Outcome::NotHeld, &["不掌握", "本机关不掌握", "不掌握相关政府信息", "本机关不掌握相关信息"]),
    (
        Outcome::NeedsCreation,
        &[
            "没有现成信息",
            "需要另行制作",
            "需另行制作",
            "没有现成信息需另行制作",
            "需要加工分析",
            "需加工分析",
        ],
    ),
    (
        Outcome::StillUnclear,
        &["申请内容仍不明确", "补正后仍不明确", "补正后内容仍不明确", "经补正申请内容仍不明确"],
    ),
    (
        Outcome::Petition,
        &[
            "信访投诉举报类申请",
            "信访举报投诉",
            "信访投诉举报",
            "信访",
            "投诉",
            "举报",
            "投诉举报",
            "信访举报投诉类",
        ],
    ),
    (Outcome::Duplicate, &["重复", "重复申请不予处理", "重复提出申请"]),
    (Outcome::Publication, &["公开出版物", "申请公开出版物", "提供公开出版物"]),
    (Outcome::Excessive, &["大量反复申请", "无正当理由反复大量申请", "大量反复"]),
    (
        Outcome::Reissue,
        &[
            "要求确认或重新出具已获取信息",
            "要求行政机关确认或者重新出具已获取信息",
            "确认或重新出具已获取信息",
            "要求确认或者重新出具已获取信息",
            "重新出具已获取信息",
        ],
    ),
    (
        Outcome::NoCorrection,
        &[
            "逾期未补正",
            "申请人逾期不补正",
            "申请人逾期未补正",
            "无正当理由逾期不补正",
            "申请人无正当理由逾期不补正",
        ],
    ),
    (
        Outcome::UnpaidFee,
        &[
            "逾期不缴费",
            "逾期未缴纳费用",
            "申请人逾期未缴费",
            "申请人逾期未按收费通知要求缴纳费用",
            "未按期缴费",
        ],
    ),
    (
        Outcome::Withdrawn,
        &["撤回", "撤回申请", "主动撤回", "申请人主动撤回", "申请人撤回申请", "申请人主动撤回申请"],
    ),
    (Outcome::Other, &["其它"]),
];

/// The headings of the form, and how far the results under each reach in [`Outcome::ALL`].
const HEADINGS: &[(&str, Outcome, Outcome)] = &[
    ("不予公开", Outcome::StateSecret, Outcome::AdminQuery),
    ("无法提供", Outcome::NotExisting, Outcome::StillUnclear),
    ("不予处理", Outcome::Petition, Outcome::Reissue),
    ("其他处理", Outcome::NoCorrection, Outcome::Other),
];

/// Words that say a case is not closed.
const OPEN: &[&str] =
    &["办理中", "正在办理", "在办", "未办结", "待办", "未答复", "待答复", "延期中", "补正中"];

static OUTCOMES: LazyLock<HashMap<String, Outcome>> = LazyLock::new(|| {
    let mut outcomes = index(WORDS);
    for leaf in Leaf::ALL {
        if let Some(outcome) = of_leaf(*leaf) {
            outcomes.entry(normal::key(without_numbering(leaf.label()))).or_insert(outcome);
        }
    }
    outcomes
});

/// The outcome that says as much as a row of the form and no more.
fn of_leaf(leaf: Leaf) -> Option<Outcome> {
    match leaf {
        Leaf::Granted => Some(Outcome::Provided),
        Leaf::UnableNotHeld => Some(Outcome::NotHeld),
        Leaf::OtherOther => Some(Outcome::Other),
        other => Outcome::ALL.iter().copied().find(|it| it.leaf() == other),
    }
}

/// Reads a result. None where it says that the case is still open.
///
/// # Errors
/// What is wrong with the word and which words are right, in Chinese.
pub fn outcome(text: &str) -> Result<Option<Outcome>, String> {
    let text = text.trim();
    let bare = without_numbering(text);
    // 三、本年度办理结果 is the heading of them all.
    let bare = bare.strip_prefix("本年度办理结果").map_or(bare, without_numbering);
    if let Some(outcome) = OUTCOMES.get(&normal::key(bare)) {
        return Ok(Some(*outcome));
    }
    if OPEN.contains(&normal::key(bare).as_str()) {
        return Ok(None);
    }
    for (heading, first, last) in HEADINGS {
        let Some(rest) = bare.strip_prefix(heading) else { continue };
        let rest = without_numbering(rest);
        let choices = between(*first, *last);
        if normal::key(rest).is_empty() {
            return Err(format!("“{text}”没有写明是哪一种；请写{}之一", quoted(choices)));
        }
        // Any result may stand behind any heading but 其他, which means one thing behind its own only.
        return match OUTCOMES.get(&normal::key(rest)) {
            Some(found) if *found != Outcome::Other || choices.contains(found) => Ok(Some(*found)),
            _ => Err(format!("不认识的办理结果“{text}”；{heading}的，请写{}之一", quoted(choices))),
        };
    }
    Err(format!("不认识的办理结果“{text}”；请写年度报告表三的项目，例如{}", quoted(Outcome::ALL)))
}

/// The outcomes from one to another, in the official order.
fn between(first: Outcome, last: Outcome) -> &'static [Outcome] {
    let at = |outcome| Outcome::ALL.iter().position(|it| *it == outcome).unwrap_or_default();
    Outcome::ALL.get(at(first)..=at(last)).unwrap_or_default()
}

/// The labels in quotation marks that stay readable where the label has some itself.
fn quoted(outcomes: &[Outcome]) -> String {
    let short =
        |it: &Outcome| it.label().split('，').next().unwrap_or_default().replace('“', "‘").replace('”', "’");
    outcomes.iter().map(|it| format!("“{}”", short(it))).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_label_and_every_row_is_read() {
        for it in Outcome::ALL {
            assert_eq!(outcome(it.label()), Ok(Some(*it)));
        }
        for leaf in Leaf::ALL {
            let read = outcome(leaf.label()).unwrap().unwrap();
            assert_eq!(read.leaf(), *leaf, "{}", leaf.label());
        }
    }

    #[test]
    fn no_word_means_two_outcomes() {
        let mut seen = HashMap::new();
        let labels = Outcome::ALL.iter().map(|it| (*it, it.label()));
        let words = WORDS.iter().flat_map(|(it, words)| words.iter().map(|word| (*it, *word)));
        for (outcome, word) in labels.chain(words) {
            let other = seen.insert(normal::key(word), outcome);
            assert!(other.is_none_or(|it| it == outcome), "{word}");
        }
    }

    #[test]
    fn the_words_of_registers_are_read() {
        for (text, expected) in [
            ("予以公开", Outcome::Provided),
            ("（一）予以公开", Outcome::Provided),
            ("已主动公开", Outcome::AlreadyPublic),
            ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", Outcome::Partial),
            ("(二) 部分公开(区分处理的,只计这一情形,不计其他情形)", Outcome::Partial),
            ("部分公开", Outcome::Partial),
            ("危及\"三安全一稳定\"", Outcome::ThreeSecurities),
            ("3．危及「三安全一稳定」", Outcome::ThreeSecurities),
            ("三安全一稳定", Outcome::ThreeSecurities),
            ("（三）不予公开-1.属于国家秘密", Outcome::StateSecret),
            ("三、本年度办理结果（三）不予公开1.属于国家秘密", Outcome::StateSecret),
            ("不予公开：5、属于三类内部事务信息", Outcome::InternalAffairs),
            ("不予公开（商业秘密）", Outcome::ThirdParty),
            ("（四）无法提供 1.本机关不掌握相关政府信息", Outcome::NotHeld),
            ("无法提供-信息不存在", Outcome::NotExisting),
            ("不予公开-信息不存在", Outcome::NotExisting),
            ("1.本机关不掌握相关政府信息", Outcome::NotHeld),
            ("（六）其他处理-3.其他", Outcome::Other),
            ("3.其他", Outcome::Other),
            ("其他", Outcome::Other),
            ("申请人主动撤回申请", Outcome::Withdrawn),
            ("要求行政机关确认或重新出具已获取信息", Outcome::Reissue),
        ] {
            assert_eq!(outcome(text), Ok(Some(expected)), "{text}");
        }
        assert_eq!(outcome("正在办理"), Ok(None));
    }

    #[test]
    fn a_heading_alone_is_not_enough() {
        for (text, named) in [
            ("不予公开", "“危及‘三安全一稳定’”"),
            ("（三）不予公开", "“属于行政查询事项”"),
            ("无法提供", "“信息不存在”“不属于本机关负责公开”"),
            ("不予处理。", "“重复申请”"),
            ("其他处理", "“逾期不补正”“逾期未缴费”“申请人撤回”“其他”"),
        ] {
            let message = outcome(text).unwrap_err();
            assert!(message.contains("没有写明是哪一种") && message.contains(named), "{message}");
        }
        for text in ["不予公开-其他", "不予公开：不想公开", "转办", "", "1.", "（三）"] {
            assert!(outcome(text).unwrap_err().contains("不认识"), "{text}");
        }
    }

    /// Numbering in the styles offices use; none of them is part of a label.
    fn numbering() -> impl Strategy<Value = String> {
        prop_oneof![
            Just(String::new()),
            "[1-9][.、．)）：: ]{1,2}",
            "[（(][一二三四五六七八九][）)] ?",
            "[一二三四五六七八九][、.．] ?",
            "[①-⑨]",
            "（[三四五六]）[1-8][.、]",
        ]
    }

    proptest! {
        #[test]
        fn numbering_and_quotation_marks_do_not_matter(
            before in numbering(),
            at in 0..Outcome::ALL.len(),
            marks in prop_oneof![Just(("“", "”")), Just(("\"", "\"")), Just(("‘", "’")), Just(("「", "」")), Just(("", ""))],
            around in any::<bool>(),
        ) {
            let expected = Outcome::ALL[at];
            let label = expected.label().replace('“', marks.0).replace('”', marks.1);
            let text = if around { format!("{before}{}{label}{}", marks.0, marks.1) } else { format!("{before}{label}") };
            prop_assert_eq!(outcome(&text), Ok(Some(expected)), "{}", text);
        }

        #[test]
        fn nothing_panics(text in any::<String>()) {
            prop_assert!(outcome(&text).map_err(|it| !it.is_empty()) != Err(false));
        }
    }
}
