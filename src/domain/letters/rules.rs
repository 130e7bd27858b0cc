//! What each kind of letter belongs to, its law, and what the clerk writes of it.

use crate::domain::letters::{LetterKind, Part};
use crate::domain::outcome::Outcome;
use crate::domain::response_clock::Party;
use crate::domain::workflow::{Action, Role, may};

/// What of a case a letter belongs to: without it there is no such letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Belongs {
    /// To the registration.
    Registration,
    /// To an act of the clock.
    Act(Action),
    /// To the question whether the number of applications is excessive; no act of its own is recorded.
    Reasons,
    /// To a consultation of this party.
    Consultation(Party),
    /// To the consultations as a whole, of which the applicant is told.
    Consultations,
    /// To a reply with one of these outcomes, once it is signed.
    Reply(&'static [Outcome]),
    /// To the end of a case without a reply.
    Ending(Outcome),
    /// To a disclosure over the objection of a third party.
    Overruled,
    /// To the drafting and signing of a reply.
    Approval,
    /// To a letter that is delivered.
    Delivery,
    /// To a closed case.
    Closing,
}

/// The addressee of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Addressee {
    /// The applicant.
    Applicant,
    /// The party that is consulted.
    Consulted,
    /// Nobody: it stays in the file.
    File,
}

/// Everything that is fixed of a kind of letter.
#[derive(Debug, Clone, Copy)]
pub struct LetterRule {
    /// The title as printed.
    pub title: &'static str,
    /// Its basis, in official words.
    pub article: &'static str,
    /// What it belongs to.
    pub belongs: Belongs,
    /// The addressee.
    pub addressee: Addressee,
    /// What the clerk writes.
    pub parts: &'static [Part],
}

impl LetterKind {
    /// What is fixed of this kind.
    pub fn rule(self) -> LetterRule {
        use Addressee::{Applicant, Consulted, File};
        use Belongs as B;
        use Outcome as O;
        use Part as P;
        const NONE: &[Part] = &[];
        const GIVEN: &[Part] = &[Part::Attachments];
        let rule = |title, article, belongs, addressee, parts| LetterRule {
            title,
            article,
            belongs,
            addressee,
            parts,
        };
        let reply = |title, article, outcomes, parts| LetterRule {
            title,
            article,
            belongs: B::Reply(outcomes),
            addressee: Applicant,
            parts,
        };
        match self {
            Self::RegistrationForm => rule(
                "政府信息公开申请登记表",
                "条例第二十九条、第四十五条",
                B::Registration,
                File,
                &[P::Remark],
            ),
            Self::Receipt => rule(
                "政府信息公开申请登记回执",
                "条例第三十一条、第四十五条",
                B::Registration,
                Applicant,
                NONE,
            ),
            Self::CorrectionNotice => rule(
                "政府信息公开申请补正告知书",
                "条例第三十条",
                B::Act(Action::RequestCorrection),
                Applicant,
                &[P::CorrectionMatters, P::CorrectionGuidance, P::SubmitTo],
            ),
            Self::ReasonsNotice => rule(
                "政府信息公开申请说明理由告知书",
                "条例第三十五条",
                B::Reasons,
                Applicant,
                &[P::Excess, P::ReasonsPeriod, P::SubmitTo],
            ),
            Self::ExtensionNotice => rule(
                "政府信息公开申请延期答复告知书",
                "条例第三十三条第二款",
                B::Act(Action::Extend),
                Applicant,
                &[P::ExtensionReason],
            ),
            Self::ThirdPartyConsultation => rule(
                "政府信息公开征求第三方意见书",
                "条例第十五条、第三十二条",
                B::Consultation(Party::ThirdParty),
                Consulted,
                &[P::ConsultedInformation, P::ConcernedInterest, P::SubmitTo],
            ),
            Self::ConsultationNotice => {
                rule("政府信息公开征求意见告知书", "条例第三十三条第三款", B::Consultations, Applicant, NONE)
            }
            Self::JointMakerConsultation => rule(
                "政府信息公开征求意见书",
                "条例第三十四条",
                B::Consultation(Party::JointMaker),
                Consulted,
                &[P::ConsultedInformation, P::SubmitTo],
            ),
            Self::Coordination => rule(
                "政府信息公开申请协办函",
                "条例第十一条、第三十三条第三款",
                B::Consultation(Party::OtherAgency),
                Consulted,
                &[P::ConsultedInformation, P::CoordinationMatters, P::SubmitTo],
            ),
            Self::DelayNotice => rule(
                "政府信息公开申请延迟答复告知书",
                "条例第三十五条",
                B::Act(Action::Delay),
                Applicant,
                &[P::DelayReason],
            ),
            Self::FeeNotice => rule(
                "政府信息公开信息处理费收费通知书",
                "条例第四十二条、国办函〔2020〕109号",
                B::Act(Action::NoticeFee),
                Applicant,
                &[P::FeeBasis, P::FeePayment],
            ),
            Self::AlreadyPublicReply => {
                reply("政府信息已主动公开告知书", "条例第三十六条第一项", &[O::AlreadyPublic], NONE)
            }
            Self::ProvidedReply => reply("政府信息公开告知书", "条例第三十六条第二项", &[O::Provided], GIVEN),
            Self::PartialReply => reply("政府信息部分公开告知书", "条例第三十七条", &[O::Partial], GIVEN),
            Self::SecretReply => reply(
                "政府信息不予公开告知书",
                "条例第十四条、第三十六条第三项",
                &[O::StateSecret, O::LawForbids, O::ThreeSecurities],
                NONE,
            ),
            Self::ThirdPartyReply => reply(
                "政府信息不予公开告知书",
                "条例第十五条、第三十二条、第三十六条第三项",
                &[O::ThirdParty],
                NONE,
            ),
            Self::InternalReply => reply(
                "政府信息不予公开告知书",
                "条例第十六条、第三十六条第三项",
                &[O::InternalAffairs, O::ProcessInfo, O::EnforcementFile],
                NONE,
            ),
            Self::QueryReply => reply("行政查询事项告知书", "条例第三十六条第七项", &[O::AdminQuery], NONE),
            Self::NotExistingReply => {
                reply("政府信息不存在告知书", "条例第三十六条第四项", &[O::NotExisting], NONE)
            }
            Self::NotOursReply => {
                reply("非本机关政府信息告知书", "条例第三十六条第五项", &[O::NotOurs], NONE)
            }
            Self::NeedsCreationReply => {
                reply("政府信息无法提供告知书", "条例第三十八条", &[O::NeedsCreation], NONE)
            }
            Self::StillUnclearReply => {
                reply("政府信息无法提供告知书", "条例第三十条", &[O::StillUnclear], NONE)
            }
            Self::PetitionReply => {
                reply("不作为政府信息公开申请处理告知书", "条例第三十九条第一款", &[O::Petition], NONE)
            }
            Self::DuplicateReply => {
                reply("政府信息公开申请不予重复处理告知书", "条例第三十六条第六项", &[O::Duplicate], NONE)
            }
            Self::PublicationReply => {
                reply("公开出版物获取途径告知书", "条例第三十九条第二款", &[O::Publication], NONE)
            }
            Self::ExcessiveReply => {
                reply("政府信息公开申请不予处理告知书", "条例第三十五条", &[O::Excessive], NONE)
            }
            Self::ReissueReply => reply(
                "政府信息公开申请不予处理告知书",
                "条例无明文，依年度报告格式（五）5",
                &[O::Reissue],
                NONE,
            ),
            Self::OtherReply => {
                reply("政府信息公开申请处理告知书", "依年度报告格式（六）3", &[O::Other], GIVEN)
            }
            Self::RecordCorrectionReply => {
                reply("更正政府信息答复书", "条例第四十一条", &[O::Other], &[P::RecordChange])
            }
            Self::UncorrectedNotice => rule(
                "政府信息公开申请不再处理告知书",
                "条例第三十条",
                B::Ending(O::NoCorrection),
                Applicant,
                NONE,
            ),
            Self::UnpaidNotice => rule(
                "政府信息公开申请不再处理告知书",
                "条例第四十二条、国办函〔2020〕109号第六条",
                B::Ending(O::UnpaidFee),
                Applicant,
                NONE,
            ),
            Self::ThirdPartyDecision => rule(
                "政府信息决定公开告知书",
                "条例第三十二条",
                B::Overruled,
                Consulted,
                &[P::DisclosedContent, P::DisclosureReason],
            ),
            Self::DeliverySlip => rule(
                "送达回证",
                "国办公开办函〔2016〕235号",
                B::Delivery,
                File,
                &[P::Recipient, P::DeliveryPlace, P::DeliveryMethod, P::Remark],
            ),
            Self::ApprovalSheet => rule(
                "政府信息公开申请答复审批单",
                "条例第十七条、第四十五条",
                B::Approval,
                File,
                &[P::Remark],
            ),
            Self::FileIndex => {
                rule("政府信息公开申请案卷目录", "条例第四十五条", B::Closing, File, &[P::Remark])
            }
        }
    }

    /// Whether these roles may issue it: whoever may do the act it belongs to, and the desk that sends papers.
    pub fn may_be_issued_by(self, roles: &[Role]) -> bool {
        let may_do_its_act = match self.rule().belongs {
            Belongs::Act(action) => may(roles, action),
            Belongs::Approval => may(roles, Action::SignOff),
            _ => false,
        };
        may_do_its_act || may(roles, Action::Issue)
    }

    /// The letter for a reply or an end with this outcome; none where there is nothing to tell, or where
    /// the basis was never recorded.
    pub fn for_outcome(outcome: Outcome) -> Option<Self> {
        use crate::domain::labels::Coded;
        Self::ALL.iter().copied().find(|it| match it.rule().belongs {
            Belongs::Reply(outcomes) => outcomes.contains(&outcome),
            Belongs::Ending(of) => of == outcome,
            _ => false,
        })
    }

    /// Whether it is a reply, or ends the case: what the applicant may challenge.
    pub fn is_decision(self) -> bool {
        matches!(self.rule().belongs, Belongs::Reply(_) | Belongs::Ending(_) | Belongs::Overruled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::labels::Coded;

    #[test]
    fn every_outcome_but_two_has_its_letter() {
        let without: Vec<_> =
            Outcome::ALL.iter().filter(|it| LetterKind::for_outcome(**it).is_none()).collect();
        // Nothing to tell, and a basis that nobody recorded.
        assert_eq!(without, [&Outcome::NotHeld, &Outcome::Withdrawn]);
    }

    /// The law of a letter is that of the outcomes it is for.
    #[test]
    fn letters_and_outcomes_rest_on_the_same_law() {
        for kind in LetterKind::ALL {
            let rule = kind.rule();
            let outcomes = match rule.belongs {
                Belongs::Reply(outcomes) => outcomes.to_vec(),
                Belongs::Ending(outcome) => vec![outcome],
                _ => continue,
            };
            if *kind == LetterKind::RecordCorrectionReply {
                continue;
            }
            for outcome in outcomes {
                for part in rule.article.split('、') {
                    let cited = part.trim_end_matches("第一款").trim_start_matches("条例");
                    assert!(outcome.rule().article.contains(cited), "{kind:?} {outcome:?}: {cited}");
                }
            }
        }
    }

    #[test]
    fn extensions_are_for_the_head_too() {
        assert!(LetterKind::ExtensionNotice.may_be_issued_by(&[Role::Approver]));
        assert!(!LetterKind::ProvidedReply.may_be_issued_by(&[Role::Approver]));
        for kind in LetterKind::ALL {
            let may = |role| kind.may_be_issued_by(&[role]);
            assert!(may(Role::Clerk) && may(Role::Handler), "{kind:?}");
            assert!(!may(Role::Auditor) && !may(Role::Administrator));
        }
    }
}
