//! Reconsiderations and suits as registers have them: kind, capacity and result.
//!
//! The same word may stand for a result of either kind of proceeding (撤销), so a result is read
//! for a kind, and one that the kind cannot have is a problem.

use crate::domain::labels::Coded;
use crate::domain::normal;
use crate::domain::remedy::{Capacity, RemedyKind, RemedyResult};
use crate::import::words::{quoted_labels, without_numbering};

/// Words beside the labels of [`RemedyResult`].
const WORDS: &[(RemedyResult, &[&str])] = &[
    (RemedyResult::ReviewUpheld, &["维持原行政行为", "复议维持", "维持决定", "决定维持"]),
    (
        RemedyResult::ReviewClaimDismissed,
        &["驳回复议请求", "驳回请求", "驳回申请人的行政复议请求", "决定驳回行政复议请求"],
    ),
    (RemedyResult::ReviewChanged, &["决定变更"]),
    (
        RemedyResult::ReviewRevoked,
        &["决定撤销", "撤销原行政行为", "撤销并责令重新作出", "撤销并责令重新答复"],
    ),
    (RemedyResult::ReviewPartlyRevoked, &["决定部分撤销"]),
    (RemedyResult::ReviewUnlawful, &["决定确认违法"]),
    (RemedyResult::ReviewPerform, &["责令履行", "责令限期履行", "限期履行职责", "决定履行", "履行"]),
    (RemedyResult::ReviewVoid, &["决定确认无效"]),
    (RemedyResult::ReviewApplicationDismissed, &["驳回复议申请", "驳回申请", "决定驳回行政复议申请"]),
    (
        RemedyResult::ReviewTerminated,
        &[
            "终止",
            "终止复议",
            "撤回",
            "撤回申请",
            "撤回复议申请",
            "撤回行政复议申请",
            "申请人撤回",
            "复议终止",
        ],
    ),
    (RemedyResult::ReviewSettled, &["和解结案", "达成和解"]),
    (RemedyResult::ReviewMediated, &["调解", "调解书", "调解结案", "复议调解书", "达成调解"]),
    (RemedyResult::ReviewNotAccepted, &["复议不予受理"]),
    (
        RemedyResult::SuitClaimDismissed,
        &["驳回诉讼请求", "驳回原告诉讼请求", "驳回请求", "判决驳回原告诉讼请求"],
    ),
    (RemedyResult::SuitRevoked, &["撤销"]),
    (RemedyResult::SuitPartlyRevoked, &["部分撤销"]),
    (
        RemedyResult::SuitRemade,
        &[
            "撤销并重作",
            "撤销重作",
            "重作",
            "判决重作",
            "撤销并责令重新作出",
            "撤销并责令重新答复",
            "责令重新答复",
        ],
    ),
    (
        RemedyResult::SuitPerform,
        &["履行", "责令履行", "限期履行", "责令限期履行", "判决限期履行", "判令履行"],
    ),
    (RemedyResult::SuitPay, &["给付"]),
    (RemedyResult::SuitUnlawful, &["确认违法"]),
    (RemedyResult::SuitVoid, &["确认无效"]),
    (RemedyResult::SuitChanged, &["变更"]),
    (RemedyResult::SuitDismissed, &["驳回起诉"]),
    (
        RemedyResult::SuitWithdrawn,
        &["撤诉", "准予撤诉", "裁定准许撤诉", "裁定准予撤诉", "原告撤诉", "撤回起诉"],
    ),
    (RemedyResult::SuitDeemedWithdrawn, &["视为撤诉", "按自动撤诉处理", "裁定按撤诉处理"]),
    (
        RemedyResult::SuitEnded,
        &[
            "移送",
            "终结",
            "移送管辖",
            "终结诉讼",
            "诉讼终结",
            "移送或终结",
            "终止",
            "裁定终结诉讼",
            "裁定移送",
        ],
    ),
    (RemedyResult::SuitNotAccepted, &["不立案", "裁定不予立案", "不予受理", "不予立案受理"]),
    (RemedyResult::Upheld, &["结果维持"]),
    (RemedyResult::Corrected, &["纠正"]),
    (RemedyResult::OtherResult, &["其他", "其它", "其它结果"]),
];

/// Words that say a proceeding is not concluded.
const PENDING: &[&str] =
    &["尚未审结", "未审结", "审理中", "正在审理", "在审", "未结", "待审", "未结案", "中止"];

/// Reads the kind of a proceeding.
///
/// # Errors
/// What is wrong with the word and which words are right, in Chinese.
pub fn remedy_kind(text: &str) -> Result<RemedyKind, String> {
    let bare = without_numbering(text);
    let rest = bare.strip_prefix("行政诉讼").map(without_numbering).filter(|it| !normal::key(it).is_empty());
    match normal::key(rest.unwrap_or(bare)).as_str() {
        "行政复议" | "复议" => Ok(RemedyKind::Reconsideration),
        "未经复议直接起诉" | "直接起诉" | "未经复议起诉" | "直接诉讼" | "未经复议直接诉讼" => {
            Ok(RemedyKind::DirectSuit)
        }
        "复议后起诉" | "经复议后起诉" | "复议后诉讼" | "复议后提起诉讼" | "经复议起诉" => {
            Ok(RemedyKind::SuitAfterReconsideration)
        }
        "行政诉讼" | "诉讼" | "起诉" | "行政起诉" | "应诉" | "行政应诉" => Err(format!(
            "“{text}”分不清起诉前是否经过复议；请写{}之一",
            quoted_labels(&[RemedyKind::DirectSuit, RemedyKind::SuitAfterReconsideration])
        )),
        _ => Err(format!("不认识的类型“{text}”；请写{}之一", quoted_labels(RemedyKind::ALL))),
    }
}

/// Reads the capacity in which the agency takes part.
///
/// # Errors
/// What is wrong with the word and which words are right, in Chinese.
pub fn capacity(text: &str) -> Result<Capacity, String> {
    match normal::key(text).as_str() {
        "原行为机关被申请人被告"
        | "原行为机关"
        | "被申请人"
        | "被告"
        | "原行政行为机关"
        | "原机关"
        | "原行为主体"
        | "作出原行政行为的机关"
        | "作出原行政行为的行政机关" => Ok(Capacity::ActingAgency),
        "复议机关共同被告" | "复议机关" | "行政复议机关" | "共同被告复议机关" => {
            Ok(Capacity::ReconsiderationBody)
        }
        "共同被告" => {
            Err("“共同被告”分不清是原行为机关还是复议机关；请写“原行为机关”或者“复议机关”".to_owned())
        }
        _ => Err(format!("不认识的身份“{text}”；请写{}之一", quoted_labels(Capacity::ALL))),
    }
}

/// Reads a result of a kind of proceeding. None where it says that the proceeding is pending.
///
/// # Errors
/// What is wrong with the word and which words are right, in Chinese.
pub fn result(text: &str, kind: RemedyKind) -> Result<Option<RemedyResult>, String> {
    let key = normal::key(without_numbering(text));
    if PENDING.contains(&key.as_str()) {
        return Ok(None);
    }
    let of_label = RemedyResult::ALL.iter().copied().filter(|it| normal::key(it.label()) == key);
    let of_word = WORDS
        .iter()
        .filter(|(_, words)| words.iter().any(|it| normal::key(it) == key))
        .map(|(result, _)| *result);
    let mut found = of_label.chain(of_word).peekable();
    let is_known = found.peek().is_some();
    if let Some(result) = found.find(|it| it.fits(kind)) {
        return Ok(Some(result));
    }
    let fitting: Vec<_> = RemedyResult::ALL.iter().copied().filter(|it| it.fits(kind)).collect();
    let choices = quoted_labels(&fitting);
    Err(if is_known {
        format!("“{text}”不是“{}”会有的结果；请写{choices}之一", kind.label())
    } else {
        format!("不认识的结果“{text}”；请写{choices}之一")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUIT: RemedyKind = RemedyKind::DirectSuit;
    const REVIEW: RemedyKind = RemedyKind::Reconsideration;

    #[test]
    fn every_label_is_read_for_the_kinds_it_fits() {
        for it in RemedyResult::ALL {
            for kind in RemedyKind::ALL {
                let read = result(it.label(), *kind);
                if it.fits(*kind) {
                    assert_eq!(read, Ok(Some(*it)));
                } else {
                    assert!(read.is_err() || read.is_ok_and(|it| it.is_some_and(|it| it.fits(*kind))));
                }
            }
        }
        for it in RemedyKind::ALL {
            assert_eq!(remedy_kind(it.label()), Ok(*it));
        }
        for it in Capacity::ALL {
            assert_eq!(capacity(it.label()), Ok(*it));
        }
    }

    #[test]
    fn one_word_means_what_the_kind_makes_of_it() {
        for (text, kind, expected) in [
            ("撤销", REVIEW, RemedyResult::ReviewRevoked),
            ("撤销", SUIT, RemedyResult::SuitRevoked),
            ("确认违法", SUIT, RemedyResult::SuitUnlawful),
            ("限期履行", SUIT, RemedyResult::SuitPerform),
            ("驳回请求", REVIEW, RemedyResult::ReviewClaimDismissed),
            ("驳回请求", SUIT, RemedyResult::SuitClaimDismissed),
            ("不予受理", REVIEW, RemedyResult::ReviewNotAccepted),
            ("不予受理", SUIT, RemedyResult::SuitNotAccepted),
            ("撤诉", SUIT, RemedyResult::SuitWithdrawn),
            ("1. 结果维持", SUIT, RemedyResult::Upheld),
            ("其他结果", REVIEW, RemedyResult::OtherResult),
            ("纠正", REVIEW, RemedyResult::Corrected),
        ] {
            assert_eq!(result(text, kind), Ok(Some(expected)), "{text}");
        }
        assert_eq!(result("审理中", SUIT), Ok(None));
        assert!(result("维持", SUIT).unwrap_err().contains("不是“未经复议直接起诉”会有的结果"));
        assert!(result("判决撤销", REVIEW).unwrap_err().contains("不是“行政复议”会有的结果"));
        assert!(result("胜诉", SUIT).unwrap_err().contains("不认识"));
    }

    #[test]
    fn kinds_and_capacities_are_read() {
        assert_eq!(remedy_kind("复议"), Ok(REVIEW));
        assert_eq!(remedy_kind("行政诉讼-未经复议直接起诉"), Ok(SUIT));
        assert_eq!(remedy_kind("行政诉讼（复议后起诉）"), Ok(RemedyKind::SuitAfterReconsideration));
        assert!(remedy_kind("行政诉讼").unwrap_err().contains("分不清"));
        assert!(remedy_kind("信访").unwrap_err().contains("不认识"));
        assert_eq!(capacity("被告"), Ok(Capacity::ActingAgency));
        assert_eq!(capacity("复议机关"), Ok(Capacity::ReconsiderationBody));
        assert!(capacity("共同被告").unwrap_err().contains("分不清"));
    }
}
