//! What is known of a part of a letter before anybody writes it.

use crate::domain::letters::{LetterFacts, Part};

impl Part {
    /// What is known of it already.
    pub fn known(self, facts: &LetterFacts) -> String {
        let settings = &facts.settings;
        let reply = facts.case.reply.as_ref();
        match self {
            Self::SubmitTo => {
                let postcode = match settings.postcode.as_str() {
                    "" => String::new(),
                    it => format!("（邮编{it}）"),
                };
                if settings.address.is_empty() {
                    String::new()
                } else {
                    format!("{}{postcode}，{}", settings.address, facts.agency_name)
                }
            }
            Self::ConsultedInformation => facts.request.content.clone(),
            Self::FeePayment => settings.payment.clone(),
            Self::Recipient => facts
                .about_letter
                .as_ref()
                .map_or_else(|| facts.case.applicant_name.clone(), |it| it.addressee.clone()),
            Self::DeliveryPlace => facts.request.address.clone().unwrap_or_default(),
            Self::DeliveryMethod => reply
                .filter(|_| facts.about_letter.as_ref().is_some_and(|it| it.kind.is_decision()))
                .and_then(|it| it.delivery_method.clone())
                .unwrap_or_default(),
            Self::DisclosedContent => facts.request.content.clone(),
            _ => String::new(),
        }
    }
}

/// What is written of a part, or where nothing was, what is known.
pub(super) fn written(facts: &LetterFacts, part: Part) -> String {
    facts.parts.get(&part).map_or_else(|| part.known(facts), |it| it.trim().replace("\r\n", "\n"))
}
