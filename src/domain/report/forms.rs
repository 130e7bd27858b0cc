//! The official forms of the annual report as data, walked by everything that prints or checks a table.
//!
//! Form 2021-30 is 国办公开办函〔2021〕30号, used for reports of 2021 and later; form 2019-60 is its
//! predecessor 国办公开办函〔2019〕60号, for reports of 2019 and 2020. A changed form is a new entry
//! here, never an edit of an old one.

use crate::coded;

coded! {
    /// The leaves of table 3 under 三、本年度办理结果: where a closed application is counted.
    ///
    /// Form 2019-60 has one row for the last three ([`FORM_2019`]).
    pub enum Leaf: "row of table 3" {
        /// Granted.
        Granted = "granted", "（一）予以公开";
        /// Granted in part; counted here and nowhere else.
        Partial = "partial", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）";
        /// A state secret.
        DenyStateSecret = "deny_state_secret", "1.属于国家秘密";
        /// Forbidden by another law or administrative regulation.
        DenyLawForbids = "deny_law_forbids", "2.其他法律行政法规禁止公开";
        /// Endangers security or stability.
        DenyThreeSecurities = "deny_three_securities", "3.危及“三安全一稳定”";
        /// Protects a third party.
        DenyThirdParty = "deny_third_party", "4.保护第三方合法权益";
        /// Internal affairs.
        DenyInternalAffairs = "deny_internal_affairs", "5.属于三类内部事务信息";
        /// Process information.
        DenyProcessInfo = "deny_process_info", "6.属于四类过程性信息";
        /// Enforcement file.
        DenyEnforcementFile = "deny_enforcement_file", "7.属于行政执法案卷";
        /// Administrative query.
        DenyAdminQuery = "deny_admin_query", "8.属于行政查询事项";
        /// Not held by this agency.
        UnableNotHeld = "unable_not_held", "1.本机关不掌握相关政府信息";
        /// Would have to be made.
        UnableNeedsCreation = "unable_needs_creation", "2.没有现成信息需要另行制作";
        /// Still unclear after correction.
        UnableStillUnclear = "unable_still_unclear", "3.补正后申请内容仍不明确";
        /// Petition, complaint or report.
        RefusePetition = "refuse_petition", "1.信访举报投诉类申请";
        /// Repeated.
        RefuseDuplicate = "refuse_duplicate", "2.重复申请";
        /// Publication on sale.
        RefusePublication = "refuse_publication", "3.要求提供公开出版物";
        /// Excessive.
        RefuseExcessive = "refuse_excessive", "4.无正当理由大量反复申请";
        /// Confirmation or re-issue.
        RefuseReissue = "refuse_reissue", "5.要求行政机关确认或重新出具已获取信息";
        /// Not corrected in time.
        OtherNoCorrection = "other_no_correction", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请";
        /// Fee not paid in time.
        OtherUnpaidFee = "other_unpaid_fee", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请";
        /// Anything else.
        OtherOther = "other_other", "3.其他";
    }
}

/// What fills a row of table 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// Applications received in the year.
    New,
    /// Applications received before the year and not closed before it.
    CarriedIn,
    /// Applications closed in the year with an outcome of one of these leaves.
    Closed(&'static [Leaf]),
    /// The sum of all rows that count closed applications.
    Total,
    /// Applications not closed by the end of the year.
    CarriedOut,
}

/// A row of table 3.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The code in files, fixed.
    pub code: &'static str,
    /// The label as printed.
    pub label: &'static str,
    /// The heading the row stands under in the second column, such as （三）不予公开; none where
    /// the label itself spans both columns.
    pub group: Option<&'static str>,
    /// What is counted.
    pub fills: Fill,
}

/// The corner cell of table 3, which states its identity.
pub const TABLE3_CORNER: &str = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）";
/// The heading over the rows of outcomes.
pub const OUTCOMES_HEADING: &str = "三、本年度办理结果";

/// Code of the row of new applications.
pub const NEW: &str = "new";
/// Code of the row carried in from last year.
pub const CARRIED_IN: &str = "carried_in";
/// Code of the row of the sum of outcomes.
pub const TOTAL: &str = "total";
/// Code of the row carried out to next year.
pub const CARRIED_OUT: &str = "carried_out";
/// Code of the only 其他处理 row of form 2019-60.
pub const OTHER_ALL: &str = "other_all";

const DENIED: Option<&str> = Some("（三）不予公开");
const UNABLE: Option<&str> = Some("（四）无法提供");
const REFUSED: Option<&str> = Some("（五）不予处理");
const OTHERWISE: Option<&str> = Some("（六）其他处理");

impl Row {
    /// The heading it stands under; its label where that is the heading, without the remark that the printed form
    /// adds for whoever fills it in.
    pub fn heading(&self) -> &'static str {
        match self.fills {
            Fill::Closed([Leaf::Partial]) => "（二）部分公开",
            _ => self.group.unwrap_or(self.label),
        }
    }
}

const fn row(code: &'static str, label: &'static str, group: Option<&'static str>, fills: Fill) -> Row {
    Row { code, label, group, fills }
}

macro_rules! leaf {
    ($leaf:ident, $code:literal, $group:expr, $label:literal) => {
        row($code, $label, $group, Fill::Closed(&[Leaf::$leaf]))
    };
}

const ROW_NEW: Row = row(NEW, "一、本年新收政府信息公开申请数量", None, Fill::New);
const ROW_CARRIED_IN: Row = row(CARRIED_IN, "二、上年结转政府信息公开申请数量", None, Fill::CarriedIn);
const ROW_TOTAL: Row = row(TOTAL, "（七）总计", None, Fill::Total);
const ROW_CARRIED_OUT: Row = row(CARRIED_OUT, "四、结转下年度继续办理", None, Fill::CarriedOut);
const ROW_GRANTED: Row = leaf!(Granted, "granted", None, "（一）予以公开");
const ROW_PARTIAL: Row =
    leaf!(Partial, "partial", None, "（二）部分公开（区分处理的，只计这一情形，不计其他情形）");
const ROW_DENY_1: Row = leaf!(DenyStateSecret, "deny_state_secret", DENIED, "1.属于国家秘密");
const ROW_DENY_2: Row = leaf!(DenyLawForbids, "deny_law_forbids", DENIED, "2.其他法律行政法规禁止公开");
const ROW_DENY_3: Row = leaf!(DenyThreeSecurities, "deny_three_securities", DENIED, "3.危及“三安全一稳定”");
const ROW_DENY_4: Row = leaf!(DenyThirdParty, "deny_third_party", DENIED, "4.保护第三方合法权益");
const ROW_DENY_5: Row = leaf!(DenyInternalAffairs, "deny_internal_affairs", DENIED, "5.属于三类内部事务信息");
const ROW_DENY_6: Row = leaf!(DenyProcessInfo, "deny_process_info", DENIED, "6.属于四类过程性信息");
const ROW_DENY_7: Row = leaf!(DenyEnforcementFile, "deny_enforcement_file", DENIED, "7.属于行政执法案卷");
const ROW_DENY_8: Row = leaf!(DenyAdminQuery, "deny_admin_query", DENIED, "8.属于行政查询事项");
const ROW_UNABLE_1: Row = leaf!(UnableNotHeld, "unable_not_held", UNABLE, "1.本机关不掌握相关政府信息");
const ROW_UNABLE_2: Row =
    leaf!(UnableNeedsCreation, "unable_needs_creation", UNABLE, "2.没有现成信息需要另行制作");
const ROW_UNABLE_3: Row =
    leaf!(UnableStillUnclear, "unable_still_unclear", UNABLE, "3.补正后申请内容仍不明确");
const ROW_REFUSE_1: Row = leaf!(RefusePetition, "refuse_petition", REFUSED, "1.信访举报投诉类申请");
const ROW_REFUSE_2: Row = leaf!(RefuseDuplicate, "refuse_duplicate", REFUSED, "2.重复申请");
const ROW_REFUSE_3: Row = leaf!(RefusePublication, "refuse_publication", REFUSED, "3.要求提供公开出版物");
const ROW_REFUSE_4: Row = leaf!(RefuseExcessive, "refuse_excessive", REFUSED, "4.无正当理由大量反复申请");
const ROW_REFUSE_5: Row =
    leaf!(RefuseReissue, "refuse_reissue", REFUSED, "5.要求行政机关确认或重新出具已获取信息");
const ROW_OTHER_1: Row = leaf!(
    OtherNoCorrection,
    "other_no_correction",
    OTHERWISE,
    "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"
);
const ROW_OTHER_2: Row = leaf!(
    OtherUnpaidFee,
    "other_unpaid_fee",
    OTHERWISE,
    "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"
);
const ROW_OTHER_3: Row = leaf!(OtherOther, "other_other", OTHERWISE, "3.其他");
const ROW_OTHER_ALL: Row = row(
    OTHER_ALL,
    "（六）其他处理",
    None,
    Fill::Closed(&[Leaf::OtherNoCorrection, Leaf::OtherUnpaidFee, Leaf::OtherOther]),
);

/// The kind of number a cell of table 2 holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// A count, 0 or more.
    Count,
    /// A change against last year, which may be negative.
    Change,
    /// An amount in 万元, kept exactly as entered.
    Amount,
}

/// A row of table 2. Its cells are entered, not derived.
#[derive(Debug, Clone, Copy)]
pub struct EnteredRow {
    /// The code in files.
    pub code: &'static str,
    /// The label as printed.
    pub label: &'static str,
    /// One kind of number per column of the block.
    pub cells: &'static [Figure],
}

/// A block of table 2: one item of article 20 of the Regulation.
#[derive(Debug, Clone, Copy)]
pub struct Block {
    /// Such as 第二十条第（一）项.
    pub heading: &'static str,
    /// The headings of the numbers.
    pub columns: &'static [&'static str],
    /// The rows.
    pub rows: &'static [EnteredRow],
}

const fn entered(code: &'static str, label: &'static str, cells: &'static [Figure]) -> EnteredRow {
    EnteredRow { code, label, cells }
}

use Figure::{Amount, Change, Count};

/// Code of the row of rules (规章) in table 2.
pub const RULES: &str = "rules";
/// Code of the row of normative documents in table 2.
pub const NORMATIVE_DOCUMENTS: &str = "normative_documents";

const TABLE2_2021: &[Block] = &[
    Block {
        heading: "第二十条第（一）项",
        columns: &["本年制发件数", "本年废止件数", "现行有效件数"],
        rows: &[
            entered(RULES, "规章", &[Count, Count, Count]),
            entered(NORMATIVE_DOCUMENTS, "行政规范性文件", &[Count, Count, Count]),
        ],
    },
    Block {
        heading: "第二十条第（五）项",
        columns: &["本年处理决定数量"],
        rows: &[entered("licences", "行政许可", &[Count])],
    },
    Block {
        heading: "第二十条第（六）项",
        columns: &["本年处理决定数量"],
        rows: &[entered("penalties", "行政处罚", &[Count]), entered("coercions", "行政强制", &[Count])],
    },
    Block {
        heading: "第二十条第（八）项",
        columns: &["本年收费金额（单位：万元）"],
        rows: &[entered("fees_10k_yuan", "行政事业性收费", &[Amount])],
    },
];

const TABLE2_2019: &[Block] = &[
    Block {
        heading: "第二十条第（一）项",
        columns: &["本年新制作数量", "本年新公开数量", "对外公开总数量"],
        rows: &[
            entered(RULES, "规章", &[Count, Count, Count]),
            entered(NORMATIVE_DOCUMENTS, "规范性文件", &[Count, Count, Count]),
        ],
    },
    Block {
        heading: "第二十条第（五）项",
        columns: &["上一年项目数量", "本年增/减", "处理决定数量"],
        rows: &[
            entered("licences", "行政许可", &[Count, Change, Count]),
            entered("other_services", "其他对外管理服务事项", &[Count, Change, Count]),
        ],
    },
    Block {
        heading: "第二十条第（六）项",
        columns: &["上一年项目数量", "本年增/减", "处理决定数量"],
        rows: &[
            entered("penalties", "行政处罚", &[Count, Change, Count]),
            entered("coercions", "行政强制", &[Count, Change, Count]),
        ],
    },
    Block {
        heading: "第二十条第（八）项",
        columns: &["上一年项目数量", "本年增/减"],
        rows: &[entered("fees", "行政事业性收费", &[Count, Change])],
    },
    Block {
        heading: "第二十条第（九）项",
        columns: &["采购项目数量", "采购总金额"],
        rows: &[entered("procurement", "政府集中采购", &[Count, Amount])],
    },
];

coded! {
    /// The columns of a group of table 4.
    pub enum RemedyColumn: "column of table 4" {
        /// The agency's act was upheld.
        Upheld = "upheld", "结果维持";
        /// The agency's act was corrected.
        Corrected = "corrected", "结果纠正";
        /// Another result.
        Other = "other", "其他结果";
        /// Accepted and not concluded at the end of the year.
        Pending = "pending", "尚未审结";
    }
}

/// A form of the annual report.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// Its name in files: `2021-30` or `2019-60`.
    pub code: &'static str,
    /// The paper that issued it.
    pub issued_by: &'static str,
    /// Headings of the six sections.
    pub sections: [&'static str; 6],
    /// Table 2: what was published unasked.
    pub table2: &'static [Block],
    /// Table 3: applications, in the order of the form.
    pub table3: &'static [Row],
}

impl PartialEq for Form {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

/// The form for reports of 2021 and later.
pub const FORM_2021: Form = Form {
    code: "2021-30",
    issued_by: "国办公开办函〔2021〕30号",
    sections: [
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
        "六、其他需要报告的事项",
    ],
    table2: TABLE2_2021,
    table3: &[
        ROW_NEW,
        ROW_CARRIED_IN,
        ROW_GRANTED,
        ROW_PARTIAL,
        ROW_DENY_1,
        ROW_DENY_2,
        ROW_DENY_3,
        ROW_DENY_4,
        ROW_DENY_5,
        ROW_DENY_6,
        ROW_DENY_7,
        ROW_DENY_8,
        ROW_UNABLE_1,
        ROW_UNABLE_2,
        ROW_UNABLE_3,
        ROW_REFUSE_1,
        ROW_REFUSE_2,
        ROW_REFUSE_3,
        ROW_REFUSE_4,
        ROW_REFUSE_5,
        ROW_OTHER_1,
        ROW_OTHER_2,
        ROW_OTHER_3,
        ROW_TOTAL,
        ROW_CARRIED_OUT,
    ],
};

/// The form for reports of 2019 and 2020: one row for （六）其他处理, and another table 2.
pub const FORM_2019: Form = Form {
    code: "2019-60",
    issued_by: "国办公开办函〔2019〕60号",
    sections: [
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、政府信息公开工作存在的主要问题及改进情况",
        "六、其他需要报告的事项",
    ],
    table2: TABLE2_2019,
    table3: &[
        ROW_NEW,
        ROW_CARRIED_IN,
        ROW_GRANTED,
        ROW_PARTIAL,
        ROW_DENY_1,
        ROW_DENY_2,
        ROW_DENY_3,
        ROW_DENY_4,
        ROW_DENY_5,
        ROW_DENY_6,
        ROW_DENY_7,
        ROW_DENY_8,
        ROW_UNABLE_1,
        ROW_UNABLE_2,
        ROW_UNABLE_3,
        ROW_REFUSE_1,
        ROW_REFUSE_2,
        ROW_REFUSE_3,
        ROW_REFUSE_4,
        ROW_REFUSE_5,
        ROW_OTHER_ALL,
        ROW_TOTAL,
        ROW_CARRIED_OUT,
    ],
};

/// A year before the first unified form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}年没有全国统一的年度报告格式（自2019年度起）")]
pub struct NoForm(pub i32);

/// The first year with a unified form.
pub const FIRST_YEAR: i32 = 2019;

/// The form a report of this year uses.
///
/// # Errors
/// [`NoForm`] before 2019, the first year of the unified format.
pub fn form(year: i32) -> Result<&'static Form, NoForm> {
    match year {
        ..FIRST_YEAR => Err(NoForm(year)),
        FIRST_YEAR..=2020 => Ok(&FORM_2019),
        2021.. => Ok(&FORM_2021),
    }
}

impl Form {
    /// The position of a row of table 3.
    pub fn row_index(&self, code: &str) -> Option<usize> {
        self.table3.iter().position(|it| it.code == code)
    }

    /// The row of table 3 in which applications with this leaf are counted.
    pub fn row_of(&self, leaf: Leaf) -> &'static Row {
        self.table3
            .iter()
            .find(|it| matches!(it.fills, Fill::Closed(leaves) if leaves.contains(&leaf)))
            .expect("a test proves that every form counts every leaf")
    }

    /// The rows of table 2, over all blocks.
    pub fn entered_rows(&self) -> impl Iterator<Item = &'static EnteredRow> {
        self.table2.iter().flat_map(|it| it.rows)
    }
}

#[cfg(test)]
mod tests;
