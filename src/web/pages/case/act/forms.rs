//! The short form of each action: the facts it needs, with their defaults and what the law says of them.

use chrono::NaiveDate;

use crate::domain::applicant::ApplicantKind;
use crate::domain::case::{Case, Reply};
use crate::domain::fees;
use crate::domain::labels::Coded;
use crate::domain::mail::{BY_EMAIL, address_fault};
use crate::domain::masking;
use crate::domain::outcome::Outcome;
use crate::domain::request::{Channel, PreferredForm, Request};
use crate::domain::response_clock::{self, Measure, Party};
use crate::domain::terms;
use crate::domain::wording;
use crate::domain::workflow::Action;
use crate::service::Rules;
use crate::service::case::look_up_applicant::LookedUp;
use crate::service::case::open_case::CaseFile;
use crate::web::form::{Control, Fields, Shown};
use crate::web::pages::case::act::commands::PART_FIELD;

/// What forms are made of.
pub struct Surroundings<'a> {
    /// The case.
    pub file: &'a CaseFile,
    /// The rules.
    pub rules: &'a Rules,
    /// The day in Beijing.
    pub today: NaiveDate,
    /// What is known of the applicant, where the form asks for it.
    pub applicant: &'a LookedUp,
}

/// Who can be given the case: departments, and the people in them.
fn assignees(file: &CaseFile) -> Vec<(String, String)> {
    let mut options = Vec::new();
    for (id, name) in &file.names.departments {
        options.push((id.to_string(), format!("{name}（由该部门认领）")));
        for it in file.handlers.iter().filter(|it| i64::from(it.department.0) == *id) {
            options.push((format!("{id}/{}", it.id), format!("{name}　{}", it.name)));
        }
    }
    options
}

fn safe_day(it: &Surroundings<'_>, measure: Measure) -> Option<NaiveDate> {
    response_clock::last_safe_day(&it.file.case.clock, &it.rules.calendar, &it.rules.clock, it.today, measure)
}

/// The last day for a measure, in words.
pub fn until(day: Option<NaiveDate>) -> String {
    match day {
        Some(day) => format!("最迟{}", wording::day_with_weekday(day)),
        None => "现在已经不能办理".to_owned(),
    }
}

/// The letter that is to be delivered, or that there is none yet.
fn reply_letter(make: &Shown, file: &CaseFile) -> Control {
    let issued = file.letters.iter().rfind(|it| it.round == file.case.round && it.kind.is_decision());
    match issued {
        Some(it) => {
            let no = it.document_no.as_deref().unwrap_or_default();
            make.note("done", format!("已出具{}（{no}）", it.title), "送达的应当是已经出具的文书。")
        }
        None => make.note(
            "warn",
            "还没有出具答复文书",
            "可以先在本件页面的“出具文书”中出具答复文书，再登记送达；文书不由本系统出具的，可以直接登记。",
        ),
    }
}

/// The parts of the form of an action. Drafts and reviews have forms of their own.
pub fn controls(action: Action, make: &Shown, around: &Surroundings<'_>) -> Vec<Control> {
    let today = Some(around.today);
    let file = around.file;
    match action {
        Action::Register => vec![
            make.note("info", "双方确认之日为收到申请之日", receipt_words(file.case.channel)),
            make.day("confirmed_on", "确认日期", today).required(),
            make.text("confirmed_how", "确认方式", "").hint("例如：电话 15:20 与申请人本人确认，短信回复。").required(),
        ],
        Action::Assign => {
            let current = match (file.case.department_id, file.case.handler_id) {
                (Some(department), Some(handler)) => format!("{}/{handler}", department.0),
                (Some(department), None) => department.0.to_string(),
                _ => String::new(),
            };
            vec![make.select("assignee", "承办", assignees(file), &current).required()]
        }
        Action::Claim => vec![make.note("info", "认领后由您承办", "本件将列入您的待办。")],
        Action::Recall => vec![make.note("info", "撤回后回到办理环节", "答复稿保留，可以修改后重新提交。")],
        Action::GiveBack => vec![make.area("reason", "退回原因", "").required()],
        Action::RequestCorrection => {
            let reply_by = around.rules.calendar.nth_working_day_after(around.today, 10).on;
            vec![
                make.note(
                    "info",
                    format!("补正只能一次性告知，{}", until(safe_day(around, Measure::CorrectionNotice))),
                    "告知书应当写明需要补正的事项和合理的补正期限（条例第三十条）。告知之后停止计算，自收到补正之日起重新计算 20 个工作日。",
                ),
                make.day("notified_on", "告知日期", today).required(),
                make.day("reply_by", "补正期限", Some(reply_by)).required().hint("条例没有规定天数，应当合理；默认 10 个工作日。"),
            ]
        }
        Action::ReceiveCorrection => vec![
            make.note("info", "自收到补正之日起重新计算答复期限", "补正后仍不明确的，不能再次告知补正，应当答复“补正后申请内容仍不明确”。"),
            make.day("received_on", "收到补正的日期", today).required(),
        ],
        Action::Consult => vec![
            make.note(
                "info",
                format!("征求意见所需时间不计入答复期限，{}", until(safe_day(around, Measure::Consultation))),
                "第三方和共同制作机关自收到征求意见书之日起 15 个工作日内提出意见（条例第三十二条、第三十四条）。",
            ),
            make.choices(
                "party",
                "对象",
                &Party::ALL.iter().map(|it| (it.code(), it.label(), silence(*it))).collect::<Vec<_>>(),
                "",
            )
            .required(),
            make.text("name", "名称", "").required(),
            make.day("sent_on", "征求意见书发出日期", today).required(),
            make.day("delivered_on", "对方收到日期", None).hint("尚不知道的可以不填。"),
        ],
        Action::ReceiveOpinion => {
            let pending: Vec<_> = pending_opinions(file)
                .map(|it| (it.id.to_string(), format!("{}（{}发出）", it.name, wording::short_day(it.sent_on))))
                .collect();
            let first = pending.first().map(|(id, _)| id.clone()).unwrap_or_default();
            vec![
                make.select("id", "征求意见的对象", pending, &first).required(),
                make.day("returned_on", "意见收回日期", today).required(),
                make.choices("consent", "意见", &[("yes", "同意公开", ""), ("no", "不同意公开", ""), ("", "没有明确表示", "")], "")
                    .hint("第三方不同意公开且有合理理由的，不予公开；不公开可能对公共利益造成重大影响的，可以决定公开并书面告知第三方（条例第三十二条）。"),
            ]
        }
        Action::Extend => {
            let used: u32 = file.case.clock.extensions.iter().map(|it| it.working_days).sum();
            let left = terms::EXTENSION_CAP.length.saturating_sub(used);
            vec![
                make.note(
                    "info",
                    format!("提交即表示您同意延长，{}", until(safe_day(around, Measure::Extension))),
                    format!("延长答复期限由政府信息公开工作机构负责人同意并告知申请人，合计不超过 20 个工作日（条例第三十三条第二款）；还可以延长 {left} 个工作日。"),
                ),
                make.number("working_days", "延长的工作日", &left.to_string()).required(),
                make.day("notified_on", "告知申请人日期", today).required(),
            ]
        }
        Action::Delay => vec![
            make.note("info", "申请数量、频次明显超过合理范围，理由合理但不能按期答复的，可以确定合理的延迟期限", "延迟的期限应当告知申请人（条例第三十五条）。"),
            make.day("notified_on", "告知申请人日期", today).required(),
            make.day("until", "延迟答复至", None).required(),
        ],
        Action::NoticeFee => fee(make, around),
        Action::ReceivePayment => vec![
            make.note("info", "自缴费之日的次日起重新计算答复期限", ""),
            make.day("paid_on", "缴费日期", today).required(),
        ],
        Action::SignOff => {
            let no = file.case.reply.as_ref().and_then(|it| it.reply_no.clone()).unwrap_or_default();
            vec![
                make.note("info", "签发后交由经办人送达", draft_in_words(file.case.reply.as_ref())),
                make.text("reply_no", "答复文号", &no).width("w4").hint("不填的，出具答复文书时自动编号。例如：江自然资依复〔2026〕12号"),
            ]
        }
        Action::RefuseSignOff => vec![make.area("reason", "不予签发的原因", "").required()],
        Action::Issue => vec![
            reply_letter(make, file),
            make.note("info", "送达之日为办结之日", "直接送达的，以申请人签收之日为准；邮寄的，以交邮之日为准，应当通过邮政企业寄送（国办公开办函〔2016〕235号）；电子方式的，以发出之日为准。"),
            make.note("info", "选择“电子邮件”的", by_email(around)),
            make.select("method", "送达方式", METHODS.iter().map(|it| ((*it).to_owned(), (*it).to_owned())).collect(), METHODS[0])
                .required()
                .width("w4"),
            make.day("on", "送达日期（交邮之日）", today).required(),
            make.text("tracking_no", "邮件号", "").width("w3").hint("邮寄的填写 EMS 或者挂号信号码。"),
        ],
        Action::RecordDelivery => vec![
            make.note("info", "自签收之日起计算申请行政复议和提起行政诉讼的期限", ""),
            make.day("signed_for_on", "申请人签收日期", today).required(),
        ],
        Action::Withdraw => vec![
            make.note("warn", "登记撤回后本件终止，不能恢复", "年度报告计入（六）其他处理 3.其他。"),
            make.day("on", "撤回日期", today).required(),
            make.area("record", "撤回的方式和记录", "").required().hint("例如：申请人 3 月 5 日来函撤回，原件入卷。"),
        ],
        Action::EndUncorrected => vec![
            make.note("warn", "终止后不再处理，不能恢复", "申请人无正当理由逾期不补正的，视为放弃申请（条例第三十条）。请先核对没有收到补正，也没有正当理由。"),
            make.day("on", "决定日期", today).required(),
        ],
        Action::EndUnpaid => vec![
            make.note("warn", "终止后不再处理，不能恢复", "申请人逾期未按收费通知缴纳费用的，视为放弃申请（国办函〔2020〕109号第六条）。"),
            make.day("on", "决定日期", today).required(),
        ],
        Action::Reopen => vec![
            make.note("info", "重新办理不再计入年度报告的办理结果", "首次答复的办理结果保持不变。"),
            make.text("order", "责令重新答复的决定或者判决", "").required().hint("写明机关和文号。"),
            make.day("on", "收到决定或者判决的日期", today).required(),
            make.day("by", "限定的答复日期", None).hint("决定或者判决没有限定的不填，按 20 个工作日计算。"),
        ],
        Action::Split => split(make, file),
        Action::Link => vec![
            make.text("case_no", "对方登记号", "").required().width("w3"),
            make.text("reason", "关联的原因", "").required().hint("例如：同一申请人重复申请；同一地块。"),
        ],
        Action::AddNote => vec![make.area("text", "备注", "").required().hint("只在本机关内部显示，并写入办理经过。")],
        Action::Amend => amend(make, file),
        Action::SubmitDraft | Action::Agree | Action::AgreeWithChanges | Action::ReturnDraft => Vec::new(),
    }
}

/// The ways of delivery (letter 〔2016〕235号, and electronically where the applicant asked for it).
const METHODS: &[&str] =
    &["直接送达", "邮寄送达（EMS）", "邮寄送达（挂号信）", "委托送达", BY_EMAIL, "网上答复"];

/// What becomes of a reply that is delivered by e-mail.
fn by_email(at: &Surroundings<'_>) -> String {
    let email = at.file.request.email.as_deref().map(str::trim).unwrap_or_default();
    if !at.rules.mail.is_on || !at.rules.mail.writes_to_applicants {
        "本系统没有启用给申请人的邮件，须自行发送，发出之后再登记。".to_owned()
    } else if address_fault(email).is_some() {
        "申请没有登记有效的电子邮箱，系统不能发送；请先更正登记，或者自行发送之后再登记。".to_owned()
    } else {
        format!("登记之后，系统即将答复发往 {}，附上已经出具的答复文书。", masking::email(email))
    }
}

fn silence(party: Party) -> &'static str {
    match party {
        Party::ThirdParty => "逾期未提出的，由本机关决定",
        Party::JointMaker => "逾期未提出的，视为同意",
        Party::OtherAgency => "法律没有规定期限",
    }
}

/// Why the day of confirmation counts.
fn receipt_words(channel: Option<Channel>) -> String {
    channel
        .map(Channel::receipt_rule)
        .map_or_else(String::new, |rule| format!("{}（{}）。", rule.explanation, rule.article))
}

/// The consultations that are still awaited.
pub fn pending_opinions(file: &CaseFile) -> impl Iterator<Item = &response_clock::Consultation> {
    file.case.clock.consultations.iter().filter(|it| it.returned_on.is_none())
}

fn draft_in_words(reply: Option<&Reply>) -> String {
    let outcome = reply.and_then(|it| it.outcome);
    outcome.map_or_else(String::new, |it| format!("办理结果：{}（{}）", it.label(), it.rule().article))
}

fn fee(make: &Shown, around: &Surroundings<'_>) -> Vec<Control> {
    // This application is among those of its month.
    let n = around.applicant.n_this_month + 1;
    let yuan = fees::for_application(n);
    let by_number = match yuan {
        0 => format!("按件：本件是该申请人当月第 {n} 件，{} 件以内不收费。", fees::FREE_APPLICATIONS),
        _ => format!(
            "按件：本件是该申请人当月第 {n} 件，应收 {yuan} 元（11 至 30 件每件 100 元，31 件起每增加 10 件每件加收 100 元）。"
        ),
    };
    let by_pages: Vec<_> =
        [31, 50, 100, 150, 200, 300].iter().map(|n| format!("{n} 页 {} 元", fees::for_pages(*n))).collect();
    let by_pages = format!(
        "按量：30 页以内不收费，31 至 100 页每页 10 元，101 至 200 页每页 20 元，201 页起每页 40 元；例如 {}。",
        by_pages.join("、")
    );
    vec![
        make.note("info", "收费通知应当在答复期限内发出", "按件和按量只能选择一种（国办函〔2020〕109号第三条）。通知应当写明依据、标准、数额和缴纳方式；申请人自收到次日起 20 个工作日内缴纳。"),
        make.note("info", "标准", format!("{by_number}{by_pages}")),
        make.text("amount", "金额（元）", &if yuan == 0 { String::new() } else { yuan.to_string() }).required().width("w2"),
        make.day("sent_on", "通知发出日期", Some(around.today)).required(),
        make.day("delivered_on", "申请人收到日期", None).hint("尚不知道的可以不填。"),
    ]
}

fn split(make: &Shown, file: &CaseFile) -> Vec<Control> {
    let mut controls = vec![make.note(
        "info",
        "第一项留在本件，其余各成一件",
        "各件收到日期和提交方式与本件相同，年度报告各计 1 件。空白的项目不登记。",
    )];
    for i in 1..=5 {
        let label = if i == 1 { "第 1 项（留在本件）".to_owned() } else { format!("第 {i} 项") };
        let mut control =
            make.area(PART_FIELD, &label, if i == 1 { file.request.content.as_str() } else { "" });
        if !make.is_blank() {
            control.value = make.nth(PART_FIELD, i - 1);
        } else if i > 1 {
            control.value.clear();
        }
        if i > 1 {
            control.error.clear();
        }
        control.required = i <= 2;
        controls.push(control);
    }
    controls
}

fn amend(make: &Shown, file: &CaseFile) -> Vec<Control> {
    let (case, request) = (&file.case, &file.request);
    let masked = |text: &Option<String>, mask: fn(&str) -> String| match text {
        Some(text) if !text.is_empty() => format!("现为 {}。填写新的内容即更正，留空不变。", mask(text)),
        _ => "现在没有登记。".to_owned(),
    };
    let mut controls = vec![
        make.area("reason", "更正的原因", "").required(),
        make.day("received_on", "收到之日", Some(case.received_on)).required(),
        make.coded("channel", "提交方式", Channel::ALL, case.channel.map_or("", Coded::code)).width("w3"),
        make.text("applicant_name", "申请人姓名或者名称", &case.applicant_name).required().width("w3"),
        make.coded("applicant_kind", "申请人类别", ApplicantKind::ALL, case.applicant_kind.code())
            .width("w3"),
        make.area("content", "申请内容", &request.content).required(),
        make.coded(
            "preferred_form",
            "获取方式",
            PreferredForm::ALL,
            request.preferred_form.map_or("", Coded::code),
        )
        .width("w3"),
        make.text("id_number", "证件号码", "")
            .hint(masked(&request.id_number, masking::id_number))
            .width("w3"),
        make.text("phone", "联系电话", "").hint(masked(&request.phone, masking::phone)).width("w3"),
        make.text("email", "电子邮箱", "").hint(masked(&request.email, masking::email)).width("w3"),
        make.text("address", "通信地址", "").hint(masked(&request.address, masking::address)),
    ];
    let kept = [
        ("clear_id_number", "删除现有的证件号码", &request.id_number),
        ("clear_phone", "删除现有的联系电话", &request.phone),
        ("clear_email", "删除现有的电子邮箱", &request.email),
        ("clear_address", "删除现有的通信地址", &request.address),
    ];
    let kept = kept.into_iter().filter(|(_, _, text)| text.as_ref().is_some_and(|it| !it.is_empty()));
    controls.extend(kept.map(|(name, label, _)| make.tick(name, label)));
    if let Some((on, outcome)) = case.closed {
        controls.push(make.day("closed_on", "办结日期", Some(on)));
        controls.push(make.coded("outcome", "办理结果", Outcome::ALL, outcome.code()));
    }
    controls.extend(recorded(&file.case, &file.request).into_iter().map(|(name, value)| Control {
        kind: "hidden",
        name: format!("was_{name}"),
        value,
        ..Control::default()
    }));
    controls
}

/// What an amendment starts from: the field, what is recorded.
fn recorded(case: &Case, request: &Request) -> Vec<(&'static str, String)> {
    let mut recorded = vec![
        ("received_on", case.received_on.to_string()),
        ("channel", case.channel.map_or("", Coded::code).to_owned()),
        ("applicant_name", case.applicant_name.clone()),
        ("applicant_kind", case.applicant_kind.code().to_owned()),
        ("content", request.content.clone()),
        ("preferred_form", request.preferred_form.map_or("", Coded::code).to_owned()),
    ];
    if let Some((on, outcome)) = case.closed {
        recorded.push(("closed_on", on.to_string()));
        recorded.push(("outcome", outcome.code().to_owned()));
    }
    recorded
}

/// Puts what is recorded now into the fields that were left as the page showed them, so that what
/// somebody else has set right meanwhile is not set back.
pub fn refresh_untouched(fields: &mut Fields, case: &Case, request: &Request) {
    let plain = |text: &str| text.replace("\r\n", "\n");
    for (name, value) in recorded(case, request) {
        let was = format!("was_{name}");
        if fields.has(&was) && plain(fields.get(name)) == plain(fields.get(&was)) {
            fields.set(name, value);
        }
    }
}
