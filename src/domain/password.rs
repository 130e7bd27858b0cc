//! Which passwords are good enough.
//!
//! Length counts, and that nobody guesses it first: not the name one signs in with, none of those that
//! everybody tries, no run of one character or of neighbours. Kinds of characters are not prescribed, for
//! that makes people write `Abc@2026` and change the year.

/// The fewest characters of a password.
pub const MIN_CHARS: usize = 10;
/// The most, so that nobody keeps the server busy with a book.
pub const MAX_CHARS: usize = 128;
/// The number of last passwords that are refused, the one in use among them.
pub const N_REMEMBERED: usize = 5;
/// The fewest different characters.
const MIN_DIFFERENT: usize = 5;

/// What guessers try first, without the digits and signs people put at the end. None may be the whole of a
/// password once these are taken off.
const COMMON: &[&str] = &[
    "password",
    "passw0rd",
    "p@ssword",
    "p@ssw0rd",
    "mypassword",
    "admin",
    "administrator",
    "adminadmin",
    "root",
    "rootroot",
    "test",
    "testtest",
    "guest",
    "welcome",
    "letmein",
    "iloveyou",
    "woaini",
    "woainiwoaini",
    "nihao",
    "zhongguo",
    "zhonghua",
    "beijing",
    "shanghai",
    "gongkai",
    "zhengfu",
    "xinxigongkai",
    "mima",
    "wodemima",
    "changeme",
    "default",
    "computer",
    "superman",
    "sunshine",
    "princess",
    "monkey",
    "dragon",
    "football",
    "baseball",
    "master",
    "michael",
    "qwerty",
    "qwertyuiop",
    "qwer",
    "qwerasdf",
    "qwerasdfzxcv",
    "asdf",
    "asdfghjkl",
    "zxcvbnm",
    "zxcv",
    "qazwsx",
    "qazwsxedc",
    "1qaz2wsx",
    "1qaz2wsx3edc",
    "1q2w3e4r",
    "1q2w3e4r5t",
    "1q2w3e4r5t6y",
    "q1w2e3r4",
    "q1w2e3r4t5",
    "a1b2c3d4",
    "a1b2c3d4e5",
    "abcdefg",
    "abcdefghij",
    "abc",
    "aa",
    "qq",
    "woaizhongguo",
];

/// Why a password is refused, in words for the person.
///
/// # Errors
/// What is wrong with it, and what to do.
pub fn check_password(password: &str, login: &str) -> Result<(), String> {
    let n_chars = password.chars().count();
    if n_chars < MIN_CHARS {
        return Err(format!("密码至少{MIN_CHARS}个字符，现在是{n_chars}个"));
    }
    if MAX_CHARS < n_chars {
        return Err(format!("密码至多{MAX_CHARS}个字符"));
    }
    let small = password.to_lowercase();
    let login = login.trim().to_lowercase();
    if !login.is_empty() && small.contains(&login) {
        return Err("密码不能包含用户名".to_owned());
    }
    let stem = small.trim_matches(|c: char| c.is_ascii_digit() || c.is_ascii_punctuation());
    let bare = small.trim_end_matches(|c: char| c.is_ascii_punctuation());
    if stem.is_empty() && is_run(bare) || COMMON.iter().any(|it| *it == stem || *it == bare) {
        return Err("这个密码太常见，容易被猜到，请换一个".to_owned());
    }
    let mut different: Vec<char> = small.chars().collect();
    different.sort_unstable();
    different.dedup();
    if different.len() < MIN_DIFFERENT {
        return Err(format!("密码中不同的字符至少{MIN_DIFFERENT}个"));
    }
    Ok(())
}

/// Whether every character is the one before it or its neighbour, as in 1234567890 and 9876543210.
fn is_run(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().map(u32::from).collect();
    let near = digits.windows(2).filter(|pair| {
        pair[0].abs_diff(pair[1]) <= 1 || [pair[0], pair[1]] == [u32::from('9'), u32::from('0')]
    });
    near.count() + 1 >= digits.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_people_guess_are_refused() {
        let check = |password: &str, expected: &str| {
            let said = check_password(password, "limin").err().unwrap_or_default();
            assert!(said.contains(expected) && said.is_empty() == expected.is_empty(), "{password}: {said}");
        };
        check("征收科的钥匙放左边", "至少10个字符，现在是9个");
        check("征收科的钥匙放在左边抽屉", "");
        check("LiMin20260101", "不能包含用户名");
        check("Password2026!", "太常见");
        check("1234567890", "太常见");
        check("9876543210!!", "太常见");
        check("1qaz2wsx3edc", "太常见");
        check("1qaz2wsx!!!!", "太常见");
        check("aaaabbbbcccc", "至少5个");
        check("88-6625-1403", "");
        check(&"长".repeat(129), "至多128个");
    }
}
