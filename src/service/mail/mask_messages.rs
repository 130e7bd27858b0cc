//! Messages as people see them: without the address of an applicant.

use crate::domain::ids::CaseId;
use crate::domain::masking;
use crate::service::ServiceError;
use crate::storage::DbConnection;
use crate::storage::mail::outbox;
use crate::storage::mail::outbox::MessageLine;

/// Without what an administrator must not see.
pub fn masked(mut line: MessageLine) -> MessageLine {
    if line.account_id.is_none() {
        let address = masking::email(&line.address);
        line.last_error = line.last_error.map(|it| it.replace(&line.address, &address));
        line.address = address;
        line.recipient_name = "申请人".to_owned();
    }
    line
}

/// The messages to the applicant of a case, for those who see the case; addresses masked.
pub fn of_case(conn: &mut DbConnection, case: CaseId) -> Result<Vec<MessageLine>, ServiceError> {
    Ok(outbox::to_applicant(conn, case)?.into_iter().map(masked).collect())
}
