//! Personal data with its middle hidden: enough to recognise, too little to misuse.
//!
//! The whole is shown only on demand, and that is written into the journal.

/// A text with all but its first `head` and last `tail` characters hidden. A text too short to keep
/// something hidden is hidden wholly.
fn hide(text: &str, head: usize, tail: usize) -> String {
    let characters: Vec<char> = text.trim().chars().collect();
    let n = characters.len();
    if n <= head + tail {
        return "*".repeat(n);
    }
    let shown = |from: usize, to: usize| characters[from..to].iter().collect::<String>();
    format!("{}{}{}", shown(0, head), "*".repeat(n - head - tail), shown(n - tail, n))
}

/// An identity number or a credit code: `320***********451X`.
pub fn id_number(text: &str) -> String {
    hide(text, 3, 4)
}

/// A telephone number: `138****4471`.
pub fn phone(text: &str) -> String {
    hide(text, 3, 4)
}

/// A mail address: `w***@example.com`.
pub fn email(text: &str) -> String {
    match text.trim().split_once('@') {
        Some((name, host)) => format!("{}@{host}", hide(name, 1, 0)),
        None => hide(text, 1, 0),
    }
}

/// A postal address: its first half, by which the place is known but not the door.
pub fn address(text: &str) -> String {
    let n = text.trim().chars().count();
    hide(text, n.min(12) / 2, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_hidden() {
        assert_eq!(id_number("32010219680312451X"), "320***********451X");
        assert_eq!(phone("13800004471"), "138****4471");
        assert_eq!(phone("12345"), "*****");
        assert_eq!(email("wang@example.com"), "w***@example.com");
        assert_eq!(address("江州市东湖区东湖路18号3幢502室"), "江州市东湖区************");
        assert_eq!(address(""), "");
    }
}
