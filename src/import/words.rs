//! Words of closed sets as registers have them: channels, kinds of applicant, forms of the information.
//!
//! Official labels and the natural words for the same thing are read. A word that can mean several
//! values is a problem that lists them; none is guessed, because the kind of applicant decides a
//! column of the annual report and the channel the day of receipt.

use std::collections::HashMap;

use crate::domain::applicant::ApplicantKind;
use crate::domain::labels::Coded;
use crate::domain::normal;
use crate::domain::request::{Channel, PreferredForm};

/// The labels of a set without what they add in brackets, for messages: “甲”“乙”.
pub(crate) fn quoted_labels<T: Coded>(values: &[T]) -> String {
    let short = |it: &T| it.label().split('（').next().unwrap_or_default();
    values.iter().map(|it| format!("“{}”", short(it))).collect()
}

/// The values of a set by the keys of their labels and of further words.
pub(crate) fn index<T: Coded>(words: &[(T, &[&str])]) -> HashMap<String, T> {
    let labels = T::ALL.iter().map(|it| (normal::key(it.label()), *it));
    let more = words.iter().flat_map(|(it, words)| words.iter().map(|word| (normal::key(word), *it)));
    labels.chain(more).collect()
}

/// A text without numbering before it: `1.`, `1、`, `（一）`, `①`, `第一项`, `一、`, `三-1 `.
///
/// Chinese numerals count as numbering only with a sign behind them, for 三安全一稳定 is none.
pub(crate) fn without_numbering(text: &str) -> &str {
    let mut rest = text.trim_start_matches(is_filler);
    loop {
        let numeral_end = rest.find(|it| !is_numeral(it)).unwrap_or(rest.len());
        let (numeral, after) = rest.split_at(numeral_end);
        if numeral.is_empty() || after.is_empty() {
            return rest;
        }
        let is_plain = numeral.chars().all(|it| it.is_ascii_digit() || is_circled(it));
        if !is_plain && !after.starts_with(is_filler) {
            return rest;
        }
        rest = after.trim_start_matches(is_filler);
    }
}

fn is_numeral(character: char) -> bool {
    let character = normal::narrow(character);
    character.is_ascii_digit() || "一二三四五六七八九十".contains(character) || is_circled(character)
}

fn is_circled(character: char) -> bool {
    matches!(character, '①'..='⒛' | '㈠'..='㈩')
}

/// Blanks, brackets and punctuation, which may stand around a number.
fn is_filler(character: char) -> bool {
    !character.is_alphanumeric() && !is_circled(character)
}

/// Reads a channel.
///
/// # Errors
/// What is wrong with the word and which words are right, in Chinese.
pub fn channel(text: &str) -> Result<Channel, String> {
    match normal::key(without_numbering(text)).as_str() {
        "当面" | "当面提交" | "现场" | "现场申请" | "现场提交" | "现场递交" | "窗口" | "窗口提交"
        | "窗口申请" | "当面递交" | "当面申请" | "上门" | "上门提交" | "来访" | "直接递交" | "直接提交"
        | "面交" => Ok(Channel::InPerson),
        "邮寄" | "邮寄签收" | "信函" | "信件" | "来信" | "寄信" | "邮政" | "邮局" | "邮政寄送"
        | "邮寄申请" | "信函邮寄" | "邮寄信函" | "书信" | "挂号信" | "挂号" | "挂号邮寄" | "ems"
        | "特快专递" | "邮政ems" | "快递" | "邮政快递" | "邮寄ems" | "ems邮寄" => {
            Ok(Channel::SignedPost)
        }
        "平信" | "普通信函" | "平常信函" | "普通邮寄" => Ok(Channel::OrdinaryPost),
        "网络"
        | "网上"
        | "网站"
        | "网络申请"
        | "网上申请"
        | "网站申请"
        | "在线"
        | "在线申请"
        | "在线提交"
        | "网上提交"
        | "网络提交"
        | "互联网"
        | "互联网渠道"
        | "网络平台"
        | "网上平台"
        | "政府网站"
        | "门户网站"
        | "政府门户网站"
        | "网络渠道"
        | "依申请公开系统"
        | "依申请公开平台"
        | "线上"
        | "网页" => Ok(Channel::Web),
        "传真" | "传真申请" => Ok(Channel::Fax),
        "电子邮件" | "电子邮箱" | "email" | "邮箱" | "电邮" | "mail" => Ok(Channel::Email),
        "口头" | "口头申请" | "当面口头" => Ok(Channel::Oral),
        "其他" | "其它" | "其他渠道" | "其他方式" | "其它方式" => Ok(Channel::Other),
        "邮件" => Err("“邮件”分不清是邮寄还是电子邮件；请写“邮寄”或者“电子邮件”".to_owned()),
        "书面" => Err("“书面”看不出申请渠道；请写“当面”“邮寄”“传真”等".to_owned()),
        _ => Err(format!(
            "不认识的申请渠道“{text}”；请写“当面”“邮寄”“平信”“网络”“传真”“电子邮件”“口头”“其他”之一"
        )),
    }
}

/// Reads a kind of applicant.
///
/// # Errors
/// What is wrong with the word and which words are right, in Chinese.
pub fn applicant_kind(text: &str) -> Result<ApplicantKind, String> {
    let whole = normal::key(without_numbering(text));
    // 法人或其他组织 is the heading of five columns: followed by one of them it says nothing more.
    let organisation =
        ["法人或其他组织", "法人或者其他组织", "法人和其他组织", "法人其他组织", "法人及其他组织"];
    let rest = organisation.iter().find_map(|it| whole.strip_prefix(it)).unwrap_or(&whole);
    let rest = if rest.is_empty() { whole.as_str() } else { rest };
    match rest {
        "自然人" | "公民" | "个人" | "公民个人" | "自然人公民" | "公民自然人" | "个人申请" | "自然人个人" => {
            Ok(ApplicantKind::NaturalPerson)
        }
        "商业企业" | "企业" | "公司" | "企业法人" | "工商企业" | "企业单位" | "商业公司" => {
            Ok(ApplicantKind::CommercialEnterprise)
        }
        "科研机构" | "科研院所" | "科研单位" | "研究机构" | "科学研究机构" | "研究院" | "研究所" => {
            Ok(ApplicantKind::ResearchInstitute)
        }
        "社会公益组织" | "公益组织" | "公益社会组织" | "公益机构" | "慈善组织" | "社会公益" => {
            Ok(ApplicantKind::PublicWelfareOrganization)
        }
        "法律服务机构" | "律师事务所" | "律所" | "法律服务所" | "基层法律服务所" | "法律机构" => {
            Ok(ApplicantKind::LegalServiceOrganization)
        }
        "其他" | "其它" | "其他法人或其他组织" => Ok(ApplicantKind::Other),
        "法人或其他组织"
        | "法人或者其他组织"
        | "法人和其他组织"
        | "法人其他组织"
        | "法人及其他组织"
        | "法人"
        | "其他组织"
        | "组织"
        | "单位"
        | "机构"
        | "团体"
        | "社会团体"
        | "社会组织"
        | "法人单位"
        | "非法人组织"
        | "事业单位"
        | "机关"
        | "非自然人" => {
            Err(format!("“{text}”分不清是哪一类；请写{}之一", quoted_labels(&ApplicantKind::ALL[1..])))
        }
        _ => Err(format!("不认识的申请人类型“{text}”；请写{}之一", quoted_labels(ApplicantKind::ALL))),
    }
}

/// Reads the form the applicant wants. None for words that are no single form of the list: they are
/// worth keeping and decide nothing, so they are no problem.
pub fn preferred_form(text: &str) -> Option<PreferredForm> {
    Some(match normal::key(without_numbering(text)).as_str() {
        "纸质" | "纸面" | "书面" | "纸质文本" | "纸质件" | "纸质版" | "纸质材料" | "复印件"
        | "纸质复印件" | "邮寄" | "纸质邮寄" => PreferredForm::Paper,
        "电子邮件" | "邮箱" | "电子邮箱" | "email" | "电邮" => PreferredForm::Email,
        "光盘" | "磁盘" | "光盘磁盘" => PreferredForm::Disc,
        "自行领取" | "自取" | "当面领取" | "领取" | "现场领取" | "自行领取当面领取" => {
            PreferredForm::Collect
        }
        "当面查阅" | "查阅" | "现场查阅" | "阅览" => PreferredForm::Inspect,
        "抄录" | "当场抄录" | "现场抄录" => PreferredForm::Transcribe,
        "其他" | "其它" => PreferredForm::Other,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbering_is_taken_off() {
        for (text, rest) in [
            ("1.属于国家秘密", "属于国家秘密"),
            ("1、属于国家秘密", "属于国家秘密"),
            ("1属于国家秘密", "属于国家秘密"),
            ("（一）予以公开", "予以公开"),
            ("(二)部分公开", "部分公开"),
            ("三、1.（2）①甲", "甲"),
            ("⑴甲", "甲"),
            ("㈠甲", "甲"),
            ("三-1 甲", "甲"),
            ("三安全一稳定", "三安全一稳定"),
            ("“三安全一稳定”", "三安全一稳定”"),
            ("3.三类内部事务信息", "三类内部事务信息"),
            ("12", "12"),
            ("", ""),
        ] {
            assert_eq!(without_numbering(text), rest, "{text}");
        }
    }

    #[test]
    fn every_label_is_read_as_itself() {
        for it in Channel::ALL {
            assert_eq!(channel(it.label()), Ok(*it));
        }
        for it in ApplicantKind::ALL {
            assert_eq!(applicant_kind(it.label()), Ok(*it));
            assert_eq!(applicant_kind(&format!(" {}. {} ", it.column(), it.label())), Ok(*it));
        }
        for it in PreferredForm::ALL {
            assert_eq!(preferred_form(it.label()), Some(*it));
        }
    }

    #[test]
    fn channels_are_read() {
        for (text, expected) in [
            ("当面", Channel::InPerson),
            ("窗口", Channel::InPerson),
            ("现场提交", Channel::InPerson),
            ("邮寄", Channel::SignedPost),
            ("信函", Channel::SignedPost),
            ("信件", Channel::SignedPost),
            ("ＥＭＳ", Channel::SignedPost),
            ("挂号信", Channel::SignedPost),
            ("平信", Channel::OrdinaryPost),
            ("网上", Channel::Web),
            ("网 站", Channel::Web),
            ("E-mail", Channel::Email),
            ("口头申请", Channel::Oral),
        ] {
            assert_eq!(channel(text), Ok(expected), "{text}");
        }
        assert!(channel("邮件").unwrap_err().contains("分不清"));
        assert!(channel("飞鸽").unwrap_err().contains("不认识"));
        assert!(channel("网络、邮寄").unwrap_err().contains("不认识"));
    }

    #[test]
    fn kinds_of_applicant_are_read() {
        for (text, expected) in [
            ("公民", ApplicantKind::NaturalPerson),
            ("个人", ApplicantKind::NaturalPerson),
            ("企业", ApplicantKind::CommercialEnterprise),
            ("法人或其他组织-商业企业", ApplicantKind::CommercialEnterprise),
            ("法人或者其他组织（科研机构）", ApplicantKind::ResearchInstitute),
            ("律师事务所", ApplicantKind::LegalServiceOrganization),
            ("法人或其他组织：其他", ApplicantKind::Other),
        ] {
            assert_eq!(applicant_kind(text), Ok(expected), "{text}");
        }
        for text in ["法人", "法人或其他组织", "法人或者其他组织", "单位", "事业单位"]
        {
            assert_eq!(
                applicant_kind(text).unwrap_err(),
                format!(
                    "“{text}”分不清是哪一类；请写“商业企业”“科研机构”“社会公益组织”“法律服务机构”“其他”之一"
                )
            );
        }
        assert!(applicant_kind("外星人").unwrap_err().contains("不认识"));
    }
}
