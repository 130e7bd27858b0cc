//! Every letter filled for a sample case and read again.

use crate::documents::filler::{Template, text};
use crate::documents::letters::{built_in, faults};
use crate::domain::labels::Coded;
use crate::domain::letters::{Addressee, LetterKind, sample, values};

/// What the letter of this kind reads for a sample case.
fn letter(kind: LetterKind, is_full: bool) -> String {
    let template = Template::open(built_in(kind).unwrap()).unwrap();
    text::plain(&template.fill(&values(kind, &sample(kind, is_full))).unwrap()).unwrap()
}

#[test]
fn every_letter_has_a_template_without_faults() {
    for kind in LetterKind::ALL {
        let file = built_in(*kind).unwrap();
        assert_eq!(faults(*kind, &file), Vec::<String>::new(), "{kind:?}");
    }
}

#[test]
fn every_letter_says_what_it_must() {
    for kind in LetterKind::ALL.iter().copied() {
        let rule = kind.rule();
        for is_full in [true, false] {
            let text = letter(kind, is_full);
            assert!(text.contains(rule.title), "{kind:?}: {text}");
            assert!(text.contains("聊城市自然资源和规划局"), "{kind:?}: {text}");
            for rest in ["{{", "{%", "}}", "【", "None", "null", "。。", "，，", "，。", "“”"] {
                assert!(!text.contains(rest), "{kind:?} has {rest}: {text}");
            }
            if rule.addressee != Addressee::File {
                let basis = rule.article.split(['、', '，']).filter_map(|it| it.strip_prefix("条例第"));
                for article in basis.filter(|it| !it.starts_with("四十五")) {
                    assert!(text.contains(&format!("第{article}")), "{kind:?} without {article}: {text}");
                }
                assert!(text.contains("联系电话：0635-0000000"), "{kind:?}: {text}");
            }
            if kind.series().is_some() {
                assert!(text.contains("聊自然资规公开复〔2026〕12号"), "{kind:?}: {text}");
            }
            if kind.is_decision() {
                assert!(text.contains("申请行政复议") && text.contains("提起行政诉讼"), "{kind:?}: {text}");
            }
        }
    }
}

#[test]
fn names_with_rare_characters_and_markup_stay_as_they_are() {
    let kind = LetterKind::ProvidedReply;
    let mut facts = sample(kind, true);
    facts.case.applicant_name = "张<喆&堃>㐂𠮷{{ 7*7 }}".to_owned();
    let template = Template::open(built_in(kind).unwrap()).unwrap();
    let text = text::plain(&template.fill(&values(kind, &facts)).unwrap()).unwrap();
    assert!(text.contains("张<喆&堃>㐂𠮷{{ 7*7 }}：\n"), "{text}");
    assert!(text.contains("“位于<东昌府区>“A&B”地块的征地补偿安置方案批复及其附件”"), "{text}");
}

#[test]
fn a_signed_text_that_cites_its_law_stands_alone() {
    let kind = LetterKind::NotExistingReply;
    let mut facts = sample(kind, true);
    let template = Template::open(built_in(kind).unwrap()).unwrap();
    let mut check = |body: &str, has_standard: bool| {
        facts.case.reply.as_mut().unwrap().body = body.to_owned();
        let text = text::plain(&template.fill(&values(kind, &facts)).unwrap()).unwrap();
        assert!(text.contains(body), "{text}");
        assert_eq!(text.contains("检索情况："), has_standard, "{text}");
    };
    check("经检索，没有该信息。", true);
    check("经检索，根据条例第三十六条第四项的规定，该政府信息不存在。", false);
}
