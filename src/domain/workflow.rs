//! Who may do what when: one table, from which come the refusals, the permitted actions, the
//! documentation and the exhaustive test.
//!
//! Waiting for a correction, an opinion or a payment is no status: these are facts of the clock
//! ([`crate::domain::response_clock`]), for work goes on beside them. There is no transfer to another
//! agency either: that the information is not this agency's is an outcome (Regulation art. 36(5)).

use crate::coded;
use crate::domain::labels::Coded;
use crate::domain::outcome::Outcome;

coded! {
    /// Where a case stands.
    pub enum Status: "status" {
        /// It has arrived; the day of receipt may still need the applicant's confirmation.
        Received = "received", "收到";
        /// Registered with a number, not yet in anyone's hands.
        Registered = "registered", "已登记";
        /// A handler works on it.
        Handled = "handled", "办理中";
        /// The draft reply is with the legal adviser.
        UnderReview = "under_review", "法律审核";
        /// The draft reply is with the head for signature.
        AwaitingSignOff = "awaiting_sign_off", "待签发";
        /// Signed, not yet delivered.
        AwaitingIssue = "awaiting_issue", "待送达";
        /// The reply has been delivered.
        Answered = "answered", "已答复";
        /// Ended without a reply on the substance: withdrawn, not corrected, not paid.
        Ended = "ended", "已终止";
    }
}

impl Status {
    /// Whether work is still to be done.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Answered | Self::Ended)
    }

    /// Whether the reply is due on some day: the day of receipt is confirmed (art. 31), and nothing has ended it.
    pub fn has_due_date(self) -> bool {
        self.is_open() && self != Self::Received
    }
}

coded! {
    /// What an account is for. One account may have several.
    pub enum Role: "role" {
        /// Logs what comes in and sends what goes out.
        Clerk = "clerk", "登记人员";
        /// Finds the information and drafts the reply (承办人).
        Handler = "handler", "承办人";
        /// Reviews replies (法律顾问).
        LegalAdviser = "legal_adviser", "法律顾问";
        /// The head of the disclosure office, who signs and grants extensions (art. 33).
        Approver = "approver", "负责人";
        /// Oversees the work and exports the year's statistics.
        Manager = "manager", "管理人员";
        /// Keeps accounts, agencies and settings; sees no case.
        Administrator = "administrator", "系统管理员";
        /// Reads the journal and every case, changes nothing.
        Auditor = "auditor", "审计员";
    }
}

coded! {
    /// What can be done with a case.
    pub enum Action: "action" {
        /// Give it a number.
        Register = "register", "登记";
        /// Hand it to a department and a handler.
        Assign = "assign", "派办";
        /// Take it up.
        Claim = "claim", "认领";
        /// Give it back to be assigned anew.
        GiveBack = "give_back", "退回派办";
        /// Ask the applicant to correct it, once (art. 30).
        RequestCorrection = "request_correction", "告知补正";
        /// The correction has arrived.
        ReceiveCorrection = "receive_correction", "收到补正";
        /// Consult a third party or another agency (art. 32, 34).
        Consult = "consult", "征求意见";
        /// The opinion has come back.
        ReceiveOpinion = "receive_opinion", "收到意见";
        /// Extend the period (art. 33).
        Extend = "extend", "延长答复期限";
        /// Set a reasonable delay for an excessive number of applications (art. 35).
        Delay = "delay", "合理延迟答复";
        /// Ask for the information processing fee (art. 42).
        NoticeFee = "notice_fee", "通知缴费";
        /// The fee has been paid.
        ReceivePayment = "receive_payment", "收到缴费";
        /// Send the draft reply on its way.
        SubmitDraft = "submit_draft", "提交答复稿";
        /// Take the draft back.
        Recall = "recall", "撤回答复稿";
        /// The legal adviser agrees.
        Agree = "agree", "审核同意";
        /// The legal adviser agrees, with changes.
        AgreeWithChanges = "agree_with_changes", "修改后同意";
        /// The legal adviser returns the draft.
        ReturnDraft = "return_draft", "审核退回";
        /// The head signs.
        SignOff = "sign_off", "签发";
        /// The head does not sign.
        RefuseSignOff = "refuse_sign_off", "不予签发";
        /// Deliver the reply.
        Issue = "issue", "送达答复";
        /// Note the day the applicant signed for the reply.
        RecordDelivery = "record_delivery", "登记签收";
        /// The applicant withdraws.
        Withdraw = "withdraw", "申请人撤回";
        /// End it, for it was not corrected in time (art. 30).
        EndUncorrected = "end_uncorrected", "逾期不补正，不再处理";
        /// End it, for the fee was not paid in time (〔2020〕109号 art. 6).
        EndUnpaid = "end_unpaid", "逾期未缴费，不再处理";
        /// Take it up again, for a decision or judgment orders a new reply.
        Reopen = "reopen", "重新办理";
        /// Make one application into several cases.
        Split = "split", "拆分";
        /// Link it to another case.
        Link = "link", "关联";
        /// Add an internal note.
        AddNote = "add_note", "备注";
        /// Set right what was recorded wrongly.
        Amend = "amend", "更正登记";
    }
}

/// Where an action leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// The status stays.
    Same,
    /// To this status.
    Status(Status),
    /// To legal review where the policy demands it, else on as [`To::AfterReview`].
    AfterDraft,
    /// To the head's signature where the policy demands it, else to delivery.
    AfterReview,
}

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// What is done.
    pub action: Action,
    /// In which statuses.
    pub from: &'static [Status],
    /// Where it leads.
    pub to: To,
    /// The roles that may take it.
    pub by: &'static [Role],
}

const fn rule(action: Action, from: &'static [Status], to: To, by: &'static [Role]) -> Rule {
    Rule { action, from, to, by }
}

use Action as A;
use Role::{Approver, Clerk, Handler, LegalAdviser, Manager};
use Status::{Answered, AwaitingIssue, AwaitingSignOff, Ended, Handled, Received, Registered, UnderReview};

const BEFORE_DRAFT: &[Status] = &[Registered, Handled];
const RUNNING: &[Status] = &[Registered, Handled, UnderReview, AwaitingSignOff, AwaitingIssue];
const OPEN: &[Status] = &[Received, Registered, Handled, UnderReview, AwaitingSignOff, AwaitingIssue];
const CLOSED: &[Status] = &[Answered, Ended];
const DESK: &[Role] = &[Clerk, Handler];

/// The table of the workflow: one line per action.
pub const RULES: &[Rule] = &[
    rule(A::Register, &[Received], To::Status(Registered), &[Clerk]),
    rule(A::Assign, BEFORE_DRAFT, To::Status(Handled), &[Clerk, Approver, Manager]),
    rule(A::Claim, &[Registered], To::Status(Handled), &[Handler]),
    rule(A::GiveBack, &[Handled], To::Status(Registered), &[Handler]),
    rule(A::RequestCorrection, BEFORE_DRAFT, To::Same, DESK),
    rule(A::ReceiveCorrection, BEFORE_DRAFT, To::Same, DESK),
    rule(A::Consult, BEFORE_DRAFT, To::Same, DESK),
    rule(A::ReceiveOpinion, RUNNING, To::Same, DESK),
    rule(A::Extend, RUNNING, To::Same, &[Approver]),
    rule(A::Delay, RUNNING, To::Same, &[Approver]),
    rule(A::NoticeFee, BEFORE_DRAFT, To::Same, DESK),
    rule(A::ReceivePayment, BEFORE_DRAFT, To::Same, DESK),
    rule(A::SubmitDraft, &[Handled], To::AfterDraft, &[Handler]),
    rule(A::Recall, &[UnderReview, AwaitingSignOff], To::Status(Handled), &[Handler]),
    rule(A::Agree, &[UnderReview], To::AfterReview, &[LegalAdviser]),
    rule(A::AgreeWithChanges, &[UnderReview], To::AfterReview, &[LegalAdviser]),
    rule(A::ReturnDraft, &[UnderReview], To::Status(Handled), &[LegalAdviser]),
    rule(A::SignOff, &[AwaitingSignOff], To::Status(AwaitingIssue), &[Approver]),
    rule(A::RefuseSignOff, &[AwaitingSignOff], To::Status(Handled), &[Approver]),
    rule(A::Issue, &[AwaitingIssue], To::Status(Answered), DESK),
    rule(A::RecordDelivery, &[Answered], To::Same, DESK),
    rule(A::Withdraw, OPEN, To::Status(Ended), DESK),
    rule(A::EndUncorrected, BEFORE_DRAFT, To::Status(Ended), DESK),
    rule(A::EndUnpaid, BEFORE_DRAFT, To::Status(Ended), DESK),
    rule(A::Reopen, CLOSED, To::Status(Handled), &[Approver, Manager]),
    rule(A::Split, BEFORE_DRAFT, To::Same, DESK),
    rule(A::Link, Status::ALL, To::Same, &[Clerk, Handler, LegalAdviser, Manager]),
    rule(A::AddNote, Status::ALL, To::Same, &[Clerk, Handler, LegalAdviser, Approver, Manager]),
    rule(A::Amend, Status::ALL, To::Same, &[Clerk, Manager]),
];

/// When a draft reply goes to the legal adviser. No national rule demands it, so it is a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReviewPolicy {
    /// Every reply. The default.
    Always,
    /// Replies with one of these outcomes.
    ForOutcomes(Vec<Outcome>),
    /// No reply.
    Never,
}

/// The steps of this office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Which replies the legal adviser reviews.
    pub legal_review: ReviewPolicy,
    /// Whether the head signs every reply.
    pub sign_off: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self { legal_review: ReviewPolicy::Always, sign_off: true }
    }
}

impl Policy {
    /// Whether a reply with this outcome goes to the legal adviser; one without an outcome does
    /// unless nothing does.
    pub fn demands_review(&self, outcome: Option<Outcome>) -> bool {
        match &self.legal_review {
            ReviewPolicy::Always => true,
            ReviewPolicy::Never => false,
            ReviewPolicy::ForOutcomes(outcomes) => outcome.is_none_or(|it| outcomes.contains(&it)),
        }
    }

    fn target(&self, to: To, status: Status, outcome: Option<Outcome>) -> Status {
        match to {
            To::Same => status,
            To::Status(status) => status,
            To::AfterDraft if self.demands_review(outcome) => UnderReview,
            To::AfterDraft | To::AfterReview if self.sign_off => AwaitingSignOff,
            To::AfterDraft | To::AfterReview => AwaitingIssue,
        }
    }
}

/// Why an action is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WorkflowError {
    /// Not in this status.
    #[error("案件处于“{}”环节，不能“{}”", .status.label(), .action.label())]
    WrongStatus {
        /// The action that was wanted.
        action: Action,
        /// Where the case stands.
        status: Status,
    },
    /// Not by these roles.
    #[error("您的职责不包括“{}”", .action.label())]
    NotPermitted {
        /// The action that was wanted.
        action: Action,
    },
}

/// The line of the table for an action.
pub fn rule_of(action: Action) -> &'static Rule {
    RULES.iter().find(|it| it.action == action).expect("a test proves that every action has a rule")
}

/// The status after `action`, or why it is refused. `outcome` is that of the draft reply, where there is one.
///
/// # Errors
/// [`WorkflowError`]: a wrong status is said before a missing permission, for it is true for everyone.
pub fn next_status(
    policy: &Policy,
    status: Status,
    action: Action,
    roles: &[Role],
    outcome: Option<Outcome>,
) -> Result<Status, WorkflowError> {
    let rule = rule_of(action);
    if !rule.from.contains(&status) {
        return Err(WorkflowError::WrongStatus { action, status });
    }
    if !may(roles, action) {
        return Err(WorkflowError::NotPermitted { action });
    }
    Ok(policy.target(rule.to, status, outcome))
}

/// Whether these roles may do this, where the case stands so that it can be done.
pub fn may(roles: &[Role], action: Action) -> bool {
    rule_of(action).by.iter().any(|it| roles.contains(it))
}

/// What these roles may do in this status: the same table, read the other way round.
pub fn permitted_actions(status: Status, roles: &[Role]) -> Vec<Action> {
    RULES.iter().filter(|it| it.from.contains(&status) && may(roles, it.action)).map(|it| it.action).collect()
}

/// The table as text, for the documentation: one line per action.
pub fn describe() -> String {
    let labels = |set: &[Status]| set.iter().map(|it| it.label()).collect::<Vec<_>>().join("、");
    let mut text = String::from("| 操作 | 环节 | 之后 | 谁 |\n|---|---|---|---|\n");
    for it in RULES {
        let to = match it.to {
            To::Same => "不变".to_owned(),
            To::Status(status) => status.label().to_owned(),
            To::AfterDraft => "法律审核（依设置）、待签发（依设置）或者待送达".to_owned(),
            To::AfterReview => "待签发（依设置）或者待送达".to_owned(),
        };
        let by = it.by.iter().map(|role| role.label()).collect::<Vec<_>>().join("、");
        let from =
            if it.from.len() == Status::ALL.len() { "任何环节".to_owned() } else { labels(it.from) };
        text += &format!("| {} `{}` | {from} | {to} | {by} |\n", it.action.label(), it.action.code());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_one_rule() {
        for action in Action::ALL {
            assert_eq!(RULES.iter().filter(|it| it.action == *action).count(), 1, "{action:?}");
        }
    }

    /// Status × action × role, all of it: the refusals and the permissions are the table, read twice.
    #[test]
    fn the_table_is_all_there_is() {
        let policy = Policy::default();
        for status in Status::ALL {
            for role in Role::ALL {
                let permitted = permitted_actions(*status, &[*role]);
                for action in Action::ALL {
                    let rule = rule_of(*action);
                    let result = next_status(&policy, *status, *action, &[*role], None);
                    assert_eq!(result.is_ok(), permitted.contains(action));
                    match result {
                        Ok(_) => assert!(rule.from.contains(status) && rule.by.contains(role)),
                        Err(WorkflowError::WrongStatus { .. }) => assert!(!rule.from.contains(status)),
                        Err(WorkflowError::NotPermitted { .. }) => assert!(!rule.by.contains(role)),
                    }
                }
            }
        }
    }

    #[test]
    fn the_document_shows_this_table() {
        let document = include_str!("../../docs/workflow.md");
        assert!(document.ends_with(&describe()), "put this at the end of docs/workflow.md:\n{}", describe());
    }

    #[test]
    fn readers_change_nothing() {
        for status in Status::ALL {
            assert_eq!(permitted_actions(*status, &[Role::Administrator, Role::Auditor]), []);
        }
    }

    #[track_caller]
    fn check_draft(review: ReviewPolicy, sign_off: bool, outcome: Outcome, to: Status) {
        let policy = Policy { legal_review: review, sign_off };
        assert_eq!(next_status(&policy, Handled, A::SubmitDraft, &[Handler], Some(outcome)), Ok(to));
    }

    #[test]
    fn legal_review_is_a_setting() {
        let denials = || ReviewPolicy::ForOutcomes(vec![Outcome::StateSecret]);
        check_draft(ReviewPolicy::Always, true, Outcome::Provided, UnderReview);
        check_draft(ReviewPolicy::Never, true, Outcome::StateSecret, AwaitingSignOff);
        check_draft(ReviewPolicy::Never, false, Outcome::StateSecret, AwaitingIssue);
        check_draft(denials(), true, Outcome::StateSecret, UnderReview);
        check_draft(denials(), true, Outcome::Provided, AwaitingSignOff);
        assert_eq!(
            next_status(
                &Policy { sign_off: false, ..Policy::default() },
                UnderReview,
                A::Agree,
                &[LegalAdviser],
                None
            ),
            Ok(AwaitingIssue)
        );
    }

    /// From receipt to reply on the plain road.
    #[test]
    fn the_plain_road_leads_to_the_answer() {
        let policy = Policy::default();
        let mut status = Received;
        for (action, role) in [
            (A::Register, Clerk),
            (A::Assign, Clerk),
            (A::SubmitDraft, Handler),
            (A::ReturnDraft, LegalAdviser),
            (A::SubmitDraft, Handler),
            (A::Agree, LegalAdviser),
            (A::SignOff, Approver),
            (A::Issue, Clerk),
        ] {
            status = next_status(&policy, status, action, &[role], None).unwrap();
        }
        assert_eq!(status, Answered);
    }

    #[test]
    fn roles_add_up() {
        let both = [Clerk, LegalAdviser];
        assert!(next_status(&Policy::default(), UnderReview, A::Agree, &both, None).is_ok());
        assert_eq!(
            next_status(&Policy::default(), UnderReview, A::Agree, &[Clerk], None),
            Err(WorkflowError::NotPermitted { action: A::Agree })
        );
    }
}
