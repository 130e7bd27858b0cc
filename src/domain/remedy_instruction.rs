//! What a reply tells the applicant about challenging it: standard words by the class of remedy.
//!
//! The words follow the articles (Reconsideration Law art. 20, 23; Administrative Litigation Law art.
//! 45, 46); no official text has been published. They are offered in the draft and may be edited.

use crate::domain::outcome::RemedyClass;

/// What stands where the body is not set.
const BODY: &str = "【复议机关】";
/// What stands where the court is not set.
const COURT: &str = "【人民法院】";

/// Who is named in the words; empty where the office has not set it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RemedyBodies<'a> {
    /// The reconsideration body.
    pub reconsideration: &'a str,
    /// The court of first instance.
    pub court: &'a str,
}

/// The paragraph for a class of remedy; none where there is nothing to challenge.
pub fn paragraph(class: RemedyClass, bodies: RemedyBodies<'_>) -> Option<String> {
    let named = |name: &str, blank: &str| if name.is_empty() { blank.to_owned() } else { name.to_owned() };
    let (body, court) = (named(bodies.reconsideration, BODY), named(bodies.court, COURT));
    let first = format!(
        "如对本答复中不予公开的内容不服，应当自收到本答复之日起六十日内先向{body}申请行政复议；对行政复议决定不服的，可以自收到行政复议决定书之日起十五日内向{court}提起行政诉讼。"
    );
    let free = |what: &str| {
        format!(
            "如对{what}不服，可以自收到本答复之日起六十日内向{body}申请行政复议，或者自收到本答复之日起六个月内向{court}提起行政诉讼。"
        )
    };
    match class {
        RemedyClass::ReconsiderationFirst => Some(first),
        RemedyClass::Free => Some(free("本答复")),
        RemedyClass::FirstForWithheldPart => Some(format!("{first}\n{}", free("本答复的其他内容"))),
        RemedyClass::Nothing => None,
    }
}

/// In a word, for the review.
pub fn in_a_word(class: RemedyClass) -> &'static str {
    match class {
        RemedyClass::ReconsiderationFirst => "复议前置：应当先申请行政复议",
        RemedyClass::Free => "可以申请行政复议，也可以直接提起行政诉讼",
        RemedyClass::FirstForWithheldPart => "不予公开的部分复议前置，其他部分可以自由选择",
        RemedyClass::Nothing => "没有可以申请救济的决定",
    }
}

/// Whether a text tells of the remedies its class demands.
pub fn is_told(class: RemedyClass, body: &str) -> bool {
    let has_review = body.contains("行政复议") && (body.contains("六十日") || body.contains("60日"));
    match class {
        RemedyClass::Nothing => true,
        RemedyClass::Free => has_review && body.contains("行政诉讼"),
        RemedyClass::ReconsiderationFirst | RemedyClass::FirstForWithheldPart => {
            has_review && body.contains('先') && body.contains("行政诉讼")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_tells_what_it_demands() {
        let classes =
            [RemedyClass::ReconsiderationFirst, RemedyClass::Free, RemedyClass::FirstForWithheldPart];
        for class in classes {
            let bodies = RemedyBodies { reconsideration: "江州市人民政府", court: "" };
            let text = paragraph(class, bodies).unwrap();
            assert!(is_told(class, &text) && text.contains("江州市人民政府") && text.contains(COURT));
            assert!(!is_told(class, "答复如下。"));
        }
        assert_eq!(paragraph(RemedyClass::Nothing, RemedyBodies::default()), None);
        let free = paragraph(RemedyClass::Free, RemedyBodies::default()).unwrap();
        assert!(!is_told(RemedyClass::ReconsiderationFirst, &free));
    }
}
