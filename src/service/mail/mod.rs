//! Who is told of what: acts, reminders, the morning's lists, letters to applicants, and the outbox itself.

pub mod mail_to_applicant;
pub mod mask_messages;
pub mod notify;
pub mod remind;
pub(in crate::service) mod tell_of_act;
pub mod tell_of_notice;
pub mod tend_outbox;
pub mod write_digests;
