//! Work in every state of the workflow, around today: made by the use cases, step by step.

use chrono::{Datelike, Days, NaiveDate};

use crate::domain::applicant::ApplicantKind;
use crate::domain::case::{Case, Command, Draft};
use crate::domain::ids::{AgencyId, DepartmentId};
use crate::domain::outcome::{Outcome, Particular};
use crate::domain::request::{Channel, PreferredForm, Request};
use crate::domain::response_clock::Party;
use crate::domain::workflow::Role;
use crate::service::case::act_on_case::act_on_case;
use crate::service::case::open_case::sighted_case;
use crate::service::case::register_case::{RegisterCase, register_case};
use crate::service::upkeep::demo_bureau::Person;
use crate::service::upkeep::demo_bureau::past::{DEPARTMENTS, Dice, SUBJECTS};
use crate::service::{Rules, ServiceError};
use crate::storage::DbConnection;
use crate::storage::access::agencies;

struct Bureau<'a> {
    conn: &'a mut DbConnection,
    rules: &'a Rules,
    agency: AgencyId,
    people: &'a [Person],
    today: NaiveDate,
    dice: Dice,
}

pub(super) fn add(
    conn: &mut DbConnection,
    rules: &Rules,
    agency: AgencyId,
    people: &[Person],
    today: NaiveDate,
) -> Result<(), ServiceError> {
    let mut bureau = Bureau { conn, rules, agency, people, today, dice: Dice::new(7) };
    bureau.not_yet_handled()?;
    bureau.being_handled()?;
    bureau.waiting()?;
    bureau.drafted()?;
    bureau.closed()
}

impl Bureau<'_> {
    /// The working day `n` working days before today; today, or the last working day, for 0.
    fn back(&self, n: u32) -> NaiveDate {
        let mut day = self.today;
        let mut left = n;
        loop {
            if self.rules.calendar.is_working_day(day) {
                if left == 0 {
                    return day;
                }
                left -= 1;
            }
            day = day.checked_sub_days(Days::new(1)).unwrap_or(day);
        }
    }

    fn person(&self, role: Role) -> &Person {
        self.people.iter().find(|it| it.account.roles.contains(&role)).expect("the bureau has everyone")
    }

    /// Registers an application received `back` working days ago.
    fn register(&mut self, back: u32, channel: Channel, kind: ApplicantKind) -> Result<Case, ServiceError> {
        let received_on = self.back(back);
        let (subject, department) = self.dice.pick(&SUBJECTS);
        let name = match kind {
            ApplicantKind::NaturalPerson => self.dice.person(),
            ApplicantKind::LegalServiceOrganization => "山东某律师事务所".to_owned(),
            _ => "聊城某建设有限公司".to_owned(),
        };
        let is_confirmed = channel.receipt_rule().needs_confirmation && back > 0;
        let command = RegisterCase {
            agency: self.agency,
            channel,
            received_on,
            applicant_kind: kind,
            applicant_name: name,
            request: Request {
                content: format!("申请公开{subject}"),
                preferred_form: Some(PreferredForm::Paper),
                phone: Some(format!("0635-83{:05}", self.dice.below(100_000))),
                address: Some("山东省聊城市东昌府区".to_owned()),
                arrived_on: Some(received_on),
                confirmed_on: is_confirmed.then_some(received_on),
                confirmed_how: is_confirmed.then(|| "电话确认".to_owned()),
                ..Request::default()
            },
            department: None,
        };
        let caller = self.person(Role::Clerk).on(received_on);
        let case = register_case(self.conn, &caller, self.rules, &command)?;
        Ok(Case { department_id: Some(self.department(department)?), ..case })
    }

    fn department(&mut self, i: usize) -> Result<DepartmentId, ServiceError> {
        Ok(agencies::department(self.conn, self.agency, DEPARTMENTS[i])?)
    }

    fn act(&mut self, case: &Case, role: Role, back: u32, command: &Command) -> Result<Case, ServiceError> {
        let caller = self.person(role).on(self.back(back));
        let sighted = sighted_case(self.conn, &caller, case.id)?;
        act_on_case(self.conn, &caller, self.rules, &sighted, case.version, command)
    }

    /// Registers a case and puts it into the first handler's hands the next working day.
    fn handled(&mut self, back: u32, kind: ApplicantKind) -> Result<Case, ServiceError> {
        let case = self.register(back, Channel::SignedPost, kind)?;
        let handler = self.person(Role::Handler);
        let command = Command::Assign {
            department: handler.account.department_id.expect("handlers have a department"),
            handler: Some(handler.account.id),
        };
        self.act(&case, Role::Clerk, back.saturating_sub(1), &command)
    }

    fn drafted_case(&mut self, back: u32, outcome: Outcome) -> Result<Case, ServiceError> {
        let case = self.handled(back, ApplicantKind::NaturalPerson)?;
        let particulars = outcome.rule().required.iter().map(|it| (*it, stated(*it).to_owned())).collect();
        let draft = Draft {
            outcome,
            particulars,
            body: "经审查，您申请公开的政府信息，现答复如下。".to_owned(),
            reply_no: None,
        };
        self.act(&case, Role::Handler, back.saturating_sub(6), &Command::SubmitDraft(draft))
    }

    fn not_yet_handled(&mut self) -> Result<(), ServiceError> {
        self.register(0, Channel::Web, ApplicantKind::NaturalPerson)?;
        self.register(0, Channel::Email, ApplicantKind::NaturalPerson)?;
        self.register(1, Channel::InPerson, ApplicantKind::NaturalPerson)?;
        self.register(2, Channel::SignedPost, ApplicantKind::CommercialEnterprise)?;
        self.register(4, Channel::Web, ApplicantKind::NaturalPerson)?;
        Ok(())
    }

    fn being_handled(&mut self) -> Result<(), ServiceError> {
        // Just begun, in the middle, due in three days, due today, and two working days late.
        for back in [3, 9, 17, 20, 22] {
            self.handled(back, ApplicantKind::NaturalPerson)?;
        }
        let case = self.handled(19, ApplicantKind::LegalServiceOrganization)?;
        let notified_on = self.back(2);
        self.act(&case, Role::Approver, 2, &Command::Extend { notified_on, working_days: 10 })?;
        Ok(())
    }

    fn waiting(&mut self) -> Result<(), ServiceError> {
        let correction = |bureau: &Self, back: u32, period: u64| Command::RequestCorrection {
            notified_on: bureau.back(back),
            reply_by: bureau.back(back) + Days::new(period),
        };
        let case = self.handled(6, ApplicantKind::NaturalPerson)?;
        let command = correction(self, 3, 15);
        self.act(&case, Role::Handler, 3, &command)?;
        // One whose applicant has let the period go by.
        let case = self.handled(25, ApplicantKind::NaturalPerson)?;
        let command = correction(self, 20, 15);
        self.act(&case, Role::Handler, 20, &command)?;

        let case = self.handled(10, ApplicantKind::NaturalPerson)?;
        let sent_on = self.back(6);
        let command = Command::Consult {
            party: Party::ThirdParty,
            name: "聊城某置业有限公司".to_owned(),
            sent_on,
            delivered_on: Some(self.back(4)),
        };
        self.act(&case, Role::Handler, 4, &command)?;

        let case = self.handled(12, ApplicantKind::CommercialEnterprise)?;
        let command = Command::NoticeFee {
            sent_on: self.back(5),
            delivered_on: Some(self.back(3)),
            amount: "700".to_owned(),
        };
        self.act(&case, Role::Handler, 3, &command)?;
        Ok(())
    }

    fn drafted(&mut self) -> Result<(), ServiceError> {
        // With the legal adviser, one of them sent back once.
        self.drafted_case(8, Outcome::Provided)?;
        let case = self.drafted_case(14, Outcome::ProcessInfo)?;
        let opinion = "理由部分没有说明属于哪一份过程稿，请补充。".to_owned();
        let case = self.act(&case, Role::LegalAdviser, 7, &Command::ReturnDraft { opinion })?;
        let reply = case.reply.clone().unwrap_or_default();
        let draft = Draft {
            outcome: Outcome::ProcessInfo,
            particulars: reply.particulars,
            body: "经审查，您申请公开的会议讨论稿属于过程性信息，本机关决定不予公开。".to_owned(),
            reply_no: None,
        };
        self.act(&case, Role::Handler, 6, &Command::SubmitDraft(draft))?;
        // With the head.
        let case = self.drafted_case(11, Outcome::NotExisting)?;
        self.agreed(&case, 4)?;
        let case = self.drafted_case(18, Outcome::Partial)?;
        self.agreed(&case, 3)?;
        // Signed, to be delivered.
        let case = self.drafted_case(13, Outcome::AlreadyPublic)?;
        let case = self.agreed(&case, 5)?;
        self.act(
            &case,
            Role::Approver,
            1,
            &Command::SignOff {
                reply_no: Some(format!("聊自然资规公开〔{}〕101号", self.today.year()))
            },
        )?;
        Ok(())
    }

    fn agreed(&mut self, case: &Case, back: u32) -> Result<Case, ServiceError> {
        self.act(case, Role::LegalAdviser, back, &Command::Agree { opinion: "同意。".to_owned() })
    }

    fn closed(&mut self) -> Result<(), ServiceError> {
        for (received, outcome) in [(16, Outcome::Provided), (19, Outcome::NotOurs)] {
            let case = self.drafted_case(received, outcome)?;
            let case = self.agreed(&case, 6)?;
            let case = self.act(&case, Role::Approver, 5, &Command::SignOff { reply_no: None })?;
            let issue = Command::Issue {
                on: self.back(4),
                method: "邮政特快专递".to_owned(),
                tracking_no: Some("1138000000000".to_owned()),
            };
            self.act(&case, Role::Clerk, 4, &issue)?;
        }
        let case = self.handled(9, ApplicantKind::NaturalPerson)?;
        let on = self.back(2);
        let record = "申请人到场书面撤回，撤回书存卷".to_owned();
        self.act(&case, Role::Clerk, 2, &Command::Withdraw { on, record })?;
        Ok(())
    }
}

/// What a demonstration states where an outcome demands it.
fn stated(particular: Particular) -> &'static str {
    match particular {
        Particular::WhereToFind => "聊城市自然资源和规划局门户网站“政府信息公开”栏目",
        Particular::WithheldPart => "合同中载明的企业银行账号和联系人身份证号码",
        Particular::SearchRecord => "经检索本局档案管理系统和公文系统（2015年以来），未检索到相关文件",
        Particular::ProcessClass => "讨论记录",
        _ => "依据有关规定和事实认定",
    }
}
