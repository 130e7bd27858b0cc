//! The articles of the Regulation (中华人民共和国政府信息公开条例, State Council order 711) on which a
//! reply can rest, in their words: shown beside the draft that cites them.

/// One article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Article {
    /// Its number as it is cited.
    pub no: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// The articles, in order.
pub const ARTICLES: &[Article] = &[
    Article {
        no: "第十四条",
        text: "依法确定为国家秘密的政府信息，法律、行政法规禁止公开的政府信息，以及公开后可能危及国家安全、公共安全、经济安全、社会稳定的政府信息，不予公开。",
    },
    Article {
        no: "第十五条",
        text: "涉及商业秘密、个人隐私等公开会对第三方合法权益造成损害的政府信息，行政机关不得公开。但是，第三方同意公开或者行政机关认为不公开会对公共利益造成重大影响的，予以公开。",
    },
    Article {
        no: "第十六条",
        text: "行政机关的内部事务信息，包括人事管理、后勤管理、内部工作流程等方面的信息，可以不予公开。\n行政机关在履行行政管理职能过程中形成的讨论记录、过程稿、磋商信函、请示报告等过程性信息以及行政执法案卷信息，可以不予公开。法律、法规、规章规定上述信息应当公开的，从其规定。",
    },
    Article {
        no: "第三十条",
        text: "政府信息公开申请内容不明确的，行政机关应当给予指导和释明，并自收到申请之日起7个工作日内一次性告知申请人作出补正，说明需要补正的事项和合理的补正期限。答复期限自行政机关收到补正的申请之日起计算。申请人无正当理由逾期不补正的，视为放弃申请，行政机关不再处理该政府信息公开申请。",
    },
    Article {
        no: "第三十二条",
        text: "依申请公开的政府信息公开会损害第三方合法权益的，行政机关应当书面征求第三方的意见。第三方应当自收到征求意见书之日起15个工作日内提出意见。第三方逾期未提出意见的，由行政机关依照本条例的规定决定是否公开。第三方不同意公开且有合理理由的，行政机关不予公开。行政机关认为不公开可能对公共利益造成重大影响的，可以决定予以公开，并将决定公开的政府信息内容和理由书面告知第三方。",
    },
    Article {
        no: "第三十五条",
        text: "申请人申请公开政府信息的数量、频次明显超过合理范围，行政机关可以要求申请人说明理由。行政机关认为申请理由不合理的，告知申请人不予处理；行政机关认为申请理由合理，但是无法在本条例第三十三条规定的期限内答复申请人的，可以确定延迟答复的合理期限并告知申请人。",
    },
    Article {
        no: "第三十六条",
        text: "对政府信息公开申请，行政机关根据下列情况分别作出答复：\n（一）所申请公开信息已经主动公开的，告知申请人获取该政府信息的方式、途径；\n（二）所申请公开信息可以公开的，向申请人提供该政府信息，或者告知申请人获取该政府信息的方式、途径和时间；\n（三）行政机关依据本条例的规定决定不予公开的，告知申请人不予公开并说明理由；\n（四）经检索没有所申请公开信息的，告知申请人该政府信息不存在；\n（五）所申请公开信息不属于本行政机关负责公开的，告知申请人并说明理由；能够确定负责公开该政府信息的行政机关的，告知申请人该行政机关的名称、联系方式；\n（六）行政机关已就申请人提出的政府信息公开申请作出答复、申请人重复申请公开相同政府信息的，告知申请人不予重复处理；\n（七）所申请公开信息属于工商、不动产登记资料等信息，有关法律、行政法规对信息的获取有特别规定的，告知申请人依照有关法律、行政法规的规定办理。",
    },
    Article {
        no: "第三十七条",
        text: "申请公开的信息中含有不应当公开或者不属于政府信息的内容，但是能够作区分处理的，行政机关应当向申请人提供可以公开的政府信息内容，并对不予公开的内容说明理由。",
    },
    Article {
        no: "第三十八条",
        text: "行政机关向申请人提供的信息，应当是已制作或者获取的政府信息。除依照本条例第三十七条的规定能够作区分处理的外，需要行政机关对现有政府信息进行加工、分析的，行政机关可以不予提供。",
    },
    Article {
        no: "第三十九条",
        text: "申请人以政府信息公开申请的形式进行信访、投诉、举报等活动，行政机关应当告知申请人不作为政府信息公开申请处理并可以告知通过相应渠道提出。\n申请人提出的申请内容为要求行政机关提供政府公报、报刊、书籍等公开出版物的，行政机关可以告知获取的途径。",
    },
    Article {
        no: "第四十二条",
        text: "行政机关依申请提供政府信息，不收取费用。但是，申请人申请公开政府信息的数量、频次明显超过合理范围的，行政机关可以收取信息处理费。",
    },
];

/// The articles a basis cites, such as `条例第十四条、第三十六条第三项`.
pub fn cited(basis: &str) -> Vec<Article> {
    // 第三十条 is no part of 第三十六条, for each number ends in 条.
    ARTICLES.iter().copied().filter(|it| basis.contains(it.no)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::labels::Coded;
    use crate::domain::outcome::Outcome;

    #[test]
    fn every_basis_in_the_regulation_can_be_shown() {
        for outcome in Outcome::ALL {
            let basis = outcome.rule().article;
            let in_regulation = basis.contains("条例第");
            assert_eq!(!cited(basis).is_empty(), in_regulation, "{basis}");
        }
        let nos: Vec<_> = cited(Outcome::ThirdParty.rule().article).iter().map(|it| it.no).collect();
        assert_eq!(nos, ["第十五条", "第三十二条", "第三十六条"]);
    }
}
