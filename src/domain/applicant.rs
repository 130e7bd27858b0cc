//! Who asks: the kinds of applicant that are the columns of table 3.

use crate::coded;

coded! {
    /// The columns of table 3, left to right (form 2021-30, 申请人情况).
    ///
    /// The five after the first stand under 法人或其他组织 in the form. No definition of
    /// the kinds has been published; joint applicants count once, under the first one's kind.
    pub enum ApplicantKind: "applicant kind" {
        /// A natural person.
        NaturalPerson = "natural_person", "自然人";
        /// A commercial enterprise.
        CommercialEnterprise = "commercial_enterprise", "商业企业";
        /// A research institute.
        ResearchInstitute = "research_institute", "科研机构";
        /// A public welfare organisation.
        PublicWelfareOrganization = "public_welfare_organization", "社会公益组织";
        /// A legal service organisation.
        LegalServiceOrganization = "legal_service_organization", "法律服务机构";
        /// Any other legal person or organisation.
        Other = "other", "其他";
    }
}

/// The number of kinds: the columns of table 3 without its total.
pub const N_KINDS: usize = 6;

impl ApplicantKind {
    /// The column of table 3, from 0 to 5.
    pub fn column(self) -> usize {
        match self {
            Self::NaturalPerson => 0,
            Self::CommercialEnterprise => 1,
            Self::ResearchInstitute => 2,
            Self::PublicWelfareOrganization => 3,
            Self::LegalServiceOrganization => 4,
            Self::Other => 5,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::labels::Coded;

    #[test]
    fn columns_follow_the_order_of_the_form() {
        assert_eq!(ApplicantKind::ALL.len(), N_KINDS);
        for (i, kind) in ApplicantKind::ALL.iter().enumerate() {
            assert_eq!(kind.column(), i);
        }
    }
}
