//! The columns of a register of applications, with the headings agencies write for them.

use crate::import::header::{Column, ColumnRule};

/// The columns of a register of applications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CaseColumn {
    CaseNo,
    ReceivedOn,
    Channel,
    ApplicantKind,
    ApplicantName,
    IdNumber,
    Phone,
    Email,
    Address,
    Content,
    PreferredForm,
    Department,
    CorrectionNotifiedOn,
    CorrectionReceivedOn,
    ConsultationSentOn,
    ConsultationReturnedOn,
    ExtensionNotifiedOn,
    ExtensionDays,
    FeeNotifiedOn,
    FeePaidOn,
    LegalReviewOn,
    ClosedOn,
    Outcome,
    ReplyNo,
    DeliveryMethod,
    Remarks,
}

impl Column for CaseColumn {
    const ALL: &'static [Self] = &[
        Self::CaseNo,
        Self::ReceivedOn,
        Self::Channel,
        Self::ApplicantKind,
        Self::ApplicantName,
        Self::IdNumber,
        Self::Phone,
        Self::Email,
        Self::Address,
        Self::Content,
        Self::PreferredForm,
        Self::Department,
        Self::CorrectionNotifiedOn,
        Self::CorrectionReceivedOn,
        Self::ConsultationSentOn,
        Self::ConsultationReturnedOn,
        Self::ExtensionNotifiedOn,
        Self::ExtensionDays,
        Self::FeeNotifiedOn,
        Self::FeePaidOn,
        Self::LegalReviewOn,
        Self::ClosedOn,
        Self::Outcome,
        Self::ReplyNo,
        Self::DeliveryMethod,
        Self::Remarks,
    ];

    fn rule(self) -> ColumnRule {
        let (name, synonyms, fallbacks): (_, &[&str], &[&str]) = match self {
            Self::CaseNo => (
                "登记号",
                &[
                    "登记编号",
                    "受理编号",
                    "申请编号",
                    "登记序号",
                    "受理号",
                    "案件编号",
                    "办件编号",
                    "申请件编号",
                ],
                &["编号", "流水号", "收件编号", "回执编号"],
            ),
            Self::ReceivedOn => (
                "收到日期",
                &["收到申请日期", "收到时间", "收到申请时间", "收到申请之日", "收到日"],
                &[
                    "申请日期",
                    "申请时间",
                    "受理日期",
                    "受理时间",
                    "登记日期",
                    "收件日期",
                    "接收日期",
                    "收文日期",
                ],
            ),
            Self::Channel => (
                "申请渠道",
                &["申请方式", "提交方式", "提交渠道", "申请途径", "受理渠道", "来源渠道"],
                &["渠道", "来源"],
            ),
            Self::ApplicantKind => (
                "申请人类型",
                &["申请人类别", "申请人性质", "申请人身份", "申请主体类型", "申请主体类别", "申请人信息类型"],
                &["类型", "类别"],
            ),
            Self::ApplicantName => (
                "申请人",
                &[
                    "申请人姓名",
                    "申请人名称",
                    "姓名或单位名称",
                    "姓名或名称",
                    "申请人姓名或名称",
                    "申请人姓名名称",
                ],
                &["姓名", "单位名称", "名称", "姓名单位名称"],
            ),
            Self::IdNumber => (
                "证件号码",
                &[
                    "证件号",
                    "身份证号",
                    "身份证号码",
                    "有效证件号码",
                    "统一社会信用代码",
                    "证照号码",
                    "身份证件号码",
                ],
                &[],
            ),
            Self::Phone => (
                "联系电话",
                &["电话", "手机", "手机号", "手机号码", "电话号码", "联系方式电话"],
                &["联系方式"],
            ),
            Self::Email => {
                ("电子邮箱", &["邮箱", "电子邮件", "邮箱地址", "电子邮件地址", "电子邮箱地址", "email"], &[])
            }
            Self::Address => {
                ("通讯地址", &["通信地址", "联系地址", "地址", "邮寄地址", "住址", "收件地址"], &[])
            }
            Self::Content => (
                "申请内容",
                &[
                    "申请公开内容",
                    "申请事项",
                    "所需信息",
                    "所需政府信息",
                    "申请信息内容",
                    "信息内容",
                    "申请公开信息内容",
                    "申请公开的内容",
                    "申请公开的政府信息",
                    "所需信息内容描述",
                    "内容描述",
                ],
                &["内容", "申请标题", "事项"],
            ),
            Self::PreferredForm => (
                "获取方式",
                &[
                    "获取信息方式",
                    "获取信息的方式",
                    "获取形式",
                    "信息获取方式",
                    "提供方式",
                    "获取政府信息的方式",
                    "所需信息的获取方式",
                    "信息提供方式",
                ],
                &[],
            ),
            Self::Department => (
                "承办部门",
                &[
                    "承办处室",
                    "承办科室",
                    "承办单位",
                    "经办部门",
                    "办理部门",
                    "责任科室",
                    "主办部门",
                    "承办处科室",
                ],
                &["科室", "处室", "部门"],
            ),
            Self::CorrectionNotifiedOn => (
                "补正告知日期",
                &["补正通知日期", "补正告知时间", "告知补正日期", "补正发出日期", "通知补正日期"],
                &["补正日期"],
            ),
            Self::CorrectionReceivedOn => (
                "补正收到日期",
                &[
                    "收到补正日期",
                    "补正收到时间",
                    "补正回复日期",
                    "补正完成日期",
                    "收到补正材料日期",
                    "补正材料收到日期",
                ],
                &[],
            ),
            Self::ConsultationSentOn => (
                "征求意见日期",
                &[
                    "征求意见发出日期",
                    "征求意见时间",
                    "征求第三方意见日期",
                    "征求第三方意见发出日期",
                    "征询意见日期",
                    "征求意见征求日期",
                ],
                &[],
            ),
            Self::ConsultationReturnedOn => (
                "征求意见收回日期",
                &[
                    "征求意见回复日期",
                    "意见收回日期",
                    "意见回复日期",
                    "第三方回复日期",
                    "征求意见反馈日期",
                    "征求第三方意见收回日期",
                    "征求第三方意见回复日期",
                    "意见反馈日期",
                ],
                &[],
            ),
            Self::ExtensionNotifiedOn => (
                "延期告知日期",
                &[
                    "延期通知日期",
                    "延期告知时间",
                    "告知延期日期",
                    "延期答复告知日期",
                    "延长期限告知日期",
                    "延期日期",
                ],
                &[],
            ),
            Self::ExtensionDays => (
                "延期工作日",
                &["延期天数", "延期工作日数", "延长工作日", "延长天数", "延期日数", "延长期限工作日"],
                &[],
            ),
            Self::FeeNotifiedOn => {
                ("收费通知日期", &["收费告知日期", "缴费通知日期", "收费通知时间", "信息处理费通知日期"], &[])
            }
            Self::FeePaidOn => {
                ("缴费日期", &["缴费时间", "付费日期", "缴纳日期", "收费缴费日期", "实际缴费日期"], &[])
            }
            Self::LegalReviewOn => (
                "法律审核日期",
                &["法制审核日期", "合法性审核日期", "合法性审查日期", "法律审核时间", "法审日期"],
                &[],
            ),
            Self::ClosedOn => (
                "答复日期",
                &["答复时间", "回复日期", "答复之日", "书面答复日期"],
                &["办结日期", "办结时间", "办理日期", "结案日期", "出件日期"],
            ),
            Self::Outcome => (
                "办理结果",
                &[
                    "答复类型",
                    "答复结果",
                    "处理结果",
                    "办理情况类型",
                    "答复情况类型",
                    "办理结果类型",
                    "答复种类",
                ],
                &["答复内容", "答复情况", "办理情况", "公开情况", "是否公开"],
            ),
            Self::ReplyNo => (
                "答复文号",
                &["答复书文号", "回复文号", "答复书编号", "答复编号", "答复文书号"],
                &["文号", "发文字号"],
            ),
            Self::DeliveryMethod => ("送达方式", &["答复方式", "答复送达方式", "送达途径", "寄送方式"], &[]),
            Self::Remarks => ("备注", &["备注说明", "其他说明"], &["说明", "附注"]),
        };
        ColumnRule {
            name,
            synonyms,
            fallbacks,
            is_required: matches!(self, Self::CaseNo | Self::ReceivedOn | Self::ApplicantKind),
            is_private: matches!(self, Self::IdNumber | Self::Phone),
        }
    }
}
