//! The information processing fee (Regulation art. 42; 国办函〔2020〕109号 art. 3–5).
//!
//! Charged by the application or by the page, as the agency chooses, never by both. What is computed
//! here is a hint for the notice; the agency decides, and may decide to charge nothing.

/// The number of applications of one applicant in a calendar month that are free of charge.
pub const FREE_APPLICATIONS: u32 = 10;

/// The number of pages of one application that are free of charge.
pub const FREE_PAGES: u32 = 30;

/// The yuan for the application that is the `n`th of its applicant in its calendar month (art. 4):
/// the first 10 are free, the 11th to 30th cost 100 each, and from the 31st on each further ten are a
/// band of their own, dearer by 100 an application.
pub fn for_application(n: u32) -> u32 {
    match n {
        0..=10 => 0,
        11..=30 => 100,
        _ => 200 + (n - 31) / 10 * 100,
    }
}

/// The yuan for so many applications of one applicant in one calendar month.
pub fn for_applications(n: u32) -> u32 {
    (1..=n).map(for_application).sum()
}

/// The yuan for so many pages of one application (art. 5): the first 30 are free, then 10, from the
/// 101st on 20, and from the 201st on 40 a page.
pub fn for_pages(n: u32) -> u32 {
    let between = |from: u32, to: u32| n.min(to).saturating_sub(from);
    between(30, 100) * 10 + between(100, 200) * 20 + between(200, u32::MAX) * 40
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn applications_cost_more_by_the_band() {
        for (n, yuan) in
            [(0, 0), (10, 0), (11, 100), (30, 2000), (31, 2200), (40, 4000), (41, 4300), (50, 7000)]
        {
            assert_eq!(for_applications(n), yuan, "{n}");
        }
    }

    #[test]
    fn pages_cost_more_by_the_band() {
        for (n, yuan) in [(0, 0), (30, 0), (31, 10), (100, 700), (101, 720), (200, 2700), (201, 2740)] {
            assert_eq!(for_pages(n), yuan, "{n}");
        }
    }
}
