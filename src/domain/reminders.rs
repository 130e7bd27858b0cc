//! Reminders: which of them are due, from the facts, the calendar and the day.
//!
//! Pure: what is due follows from what is the case today, not from when somebody last looked. Each reminder
//! has a key made of its facts, and whoever sends it sends each key once: a day missed is made up for by the
//! next, and seven days missed by one mail, not seven.

/// How many days before a last day who is reminded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReminderPolicy {
    /// Working days before the due date on which the handler is reminded, 0 for the day itself.
    pub handler_days: Vec<u32>,
    /// The same for the clerks.
    pub clerk_days: Vec<u32>,
    /// The same for the legal adviser, of drafts under review.
    pub legal_adviser_days: Vec<u32>,
    /// The same for the head.
    pub approver_days: Vec<u32>,
    /// The same for managers.
    pub manager_days: Vec<u32>,
    /// Working days overdue from which the head is told.
    pub escalate_after: u32,
    /// Working days before the last day of a correction, an opinion or a payment.
    pub waiting_days: Vec<u32>,
    /// Working days before a deadline or a hearing in a reconsideration or a suit.
    pub remedy_days: Vec<u32>,
    /// Days of the calendar before the annual report is due.
    pub report_days: Vec<u32>,
}

impl Default for ReminderPolicy {
    fn default() -> Self {
        Self {
            handler_days: vec![5, 2, 0],
            clerk_days: vec![1],
            legal_adviser_days: vec![2],
            approver_days: vec![1],
            manager_days: Vec::new(),
            escalate_after: 1,
            waiting_days: vec![2],
            remedy_days: vec![3, 1],
            report_days: vec![30, 10, 3],
        }
    }
}
