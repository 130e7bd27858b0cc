//! What is missing says where it is put in, whatever its words are.

use super::sentences::{lines, report};
use crate::domain::report::text::Part;
use crate::domain::report::text::compose::part_text;
use crate::domain::report::text::derived::FeeSums;
use crate::domain::report::text::lack::MendIn;
use crate::domain::report::text::template::Facts;

#[test]
fn what_is_missing_is_mended_where_it_belongs() {
    let check = |text: &str, mend_in: MendIn| {
        let (indicators, this, fees) = (lines(&[]), report(2022, 112), FeeSums::default());
        let facts = Facts {
            agency: "甲局",
            year: 2022,
            period: "",
            this: &this,
            last: None,
            fees: &fees,
            last_fees: &fees,
            indicators: &indicators,
            problems: &[],
            last_problems: &[],
        };
        let mut missing = Vec::new();
        part_text(&facts, Part::Overview, text, &mut missing);
        let found: Vec<_> = missing.iter().map(|it| it.lack.mend_in).collect();
        assert_eq!(found, [mend_in], "{text}: {missing:?}");
    };
    check("制发规章{规章制发}件。", MendIn::Table2);
    check("参加{新闻发布会}次。", MendIn::Indicators);
    check("{政策解读：首项}等", MendIn::Indicators);
    check("{本年问题}", MendIn::Problems);
    check("表二、指标“办公会议”见{记者招待会}次。", MendIn::Text);
    check("{指标“表二}", MendIn::Text);
}
