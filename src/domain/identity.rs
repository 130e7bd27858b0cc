//! Numbers that identify an applicant: resident identity numbers and unified social credit codes.
//!
//! The answer is a finding, never a refusal: applicants may use passports, permits of Hong Kong, Macao
//! and Taiwan residents or foreign papers, and old registers hold numbers of 15 digits. What is not
//! checked: whether the number was ever issued, and whether it belongs to the applicant.

use chrono::NaiveDate;

use crate::coded;

coded! {
    /// What a number looks like, and whether it is consistent in itself.
    pub enum IdentityFinding: "identity finding" {
        /// A resident identity number of 18 characters with the right check character (GB 11643).
        ResidentId = "resident_id", "居民身份证号码";
        /// A unified social credit code with the right check character (GB 32100).
        CreditCode = "credit_code", "统一社会信用代码";
        /// A number of a foreigner's permanent residence card: 9, a province, a country, then as above.
        PermanentResidentId = "permanent_resident_id", "外国人永久居留身份证号码";
        /// A resident identity number of 15 digits, in use until 2013; it has no check character.
        OldResidentId = "old_resident_id", "15位旧居民身份证号码";
        /// Shaped like a resident identity number, with a wrong check character.
        ResidentIdCheck = "resident_id_check", "像是居民身份证号码，但校验码不对";
        /// Shaped like a resident identity number, with a birthday that is in no calendar.
        ResidentIdDate = "resident_id_date", "像是居民身份证号码，但出生日期不存在";
        /// Shaped like a unified social credit code, with a wrong check character.
        CreditCodeCheck = "credit_code_check", "像是统一社会信用代码，但校验码不对";
        /// Only digits, one or two too many or too few for a resident identity number.
        WrongLength = "wrong_length", "像是居民身份证号码，但位数不对";
        /// Nothing this module knows: a passport, a permit, an old licence number.
        UnknownKind = "unknown_kind", "其他证件号码";
    }
}

impl IdentityFinding {
    /// Whether a person should look at the number again. An unknown kind is no reason to.
    pub fn is_doubtful(self) -> bool {
        matches!(
            self,
            Self::ResidentIdCheck | Self::ResidentIdDate | Self::CreditCodeCheck | Self::WrongLength
        )
    }
}

/// The characters of a credit code in the order of their values: no I, O, S, V, Z (GB 32100, table 2).
const CREDIT_CHARACTERS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// The weights of the first 17 digits of a resident identity number (GB 11643, 2^(18−i) mod 11).
const RESIDENT_WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// The check characters by remainder (GB 11643).
const RESIDENT_CHECKS: &[u8; 11] = b"10X98765432";

/// The first two digits of the codes of provinces and their equals (GB/T 2260), and 83, which the
/// residence permits of Taiwan residents use.
const PROVINCES: [u32; 35] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54,
    61, 62, 63, 64, 65, 71, 81, 82, 83,
];

/// Looks at a number as written; blanks and lower case do not matter.
pub fn examine(number: &str) -> IdentityFinding {
    let characters: Vec<u8> = number
        .chars()
        .filter(|it| !it.is_whitespace())
        .map(|it| u8::try_from(it.to_ascii_uppercase()).unwrap_or(b'?'))
        .collect();
    match characters.len() {
        18 => examine_18(&characters),
        15 if is_old_resident_id(&characters) => IdentityFinding::OldResidentId,
        16 | 17 | 19 | 20 if characters.iter().all(u8::is_ascii_digit) && has_province(&characters) => {
            IdentityFinding::WrongLength
        }
        _ => IdentityFinding::UnknownKind,
    }
}

/// Both standards use 18 characters, and a credit code may consist of digits only. What is right by
/// either is taken as that; what is wrong by both is named after the shape it has.
fn examine_18(characters: &[u8]) -> IdentityFinding {
    let resident = examine_resident_id(characters);
    let credit = examine_credit_code(characters);
    match (resident, credit) {
        (Some(IdentityFinding::ResidentId), _) => IdentityFinding::ResidentId,
        (_, Some(IdentityFinding::CreditCode)) => IdentityFinding::CreditCode,
        _ if is_permanent_resident_id(characters) => IdentityFinding::PermanentResidentId,
        (Some(finding), _) | (None, Some(finding)) => finding,
        (None, None) => IdentityFinding::UnknownKind,
    }
}

fn examine_resident_id(characters: &[u8]) -> Option<IdentityFinding> {
    let (body, check) = characters.split_at_checked(17)?;
    let check = *check.first()?;
    let is_shaped = body.iter().all(u8::is_ascii_digit)
        && (check.is_ascii_digit() || check == b'X')
        && has_province(body);
    if !is_shaped {
        return None;
    }
    // A credit code of digits only may begin like a province; the years then tell the two apart.
    let year = number(&body[6..10]);
    if !(1880..2100).contains(&year) {
        return None;
    }
    if !is_day(year, number(&body[10..12]), number(&body[12..14])) {
        return Some(IdentityFinding::ResidentIdDate);
    }
    Some(if resident_check(body) == Some(check) {
        IdentityFinding::ResidentId
    } else {
        IdentityFinding::ResidentIdCheck
    })
}

fn resident_check(body: &[u8]) -> Option<u8> {
    let sum: u32 = body.iter().zip(RESIDENT_WEIGHTS).map(|(it, weight)| digit(*it) * weight).sum();
    usize::try_from(sum % 11).ok().and_then(|it| RESIDENT_CHECKS.get(it)).copied()
}

/// Only what is consistent counts, for credit codes of enterprises begin with 9 too.
fn is_permanent_resident_id(characters: &[u8]) -> bool {
    let Some((body, [check])) = characters.split_at_checked(17) else { return false };
    body.iter().all(u8::is_ascii_digit)
        && body[0] == b'9'
        && has_province(&body[1..])
        && is_day(number(&body[6..10]), number(&body[10..12]), number(&body[12..14]))
        && resident_check(body) == Some(*check)
}

/// Two characters for the registering body and the kind, six digits for the region, nine for the
/// organisation and one check character.
fn examine_credit_code(characters: &[u8]) -> Option<IdentityFinding> {
    let value = |it: &u8| CREDIT_CHARACTERS.iter().position(|known| known == it);
    let values: Vec<usize> = characters.iter().map(value).collect::<Option<_>>()?;
    if !characters.get(2..8)?.iter().all(u8::is_ascii_digit) || characters.first() == Some(&b'0') {
        return None;
    }
    let (check, body) = values.split_last()?;
    let (sum, _) = body.iter().fold((0, 1), |(sum, weight), it| (sum + it * weight, weight * 3 % 31));
    // Where the remainder is 0, 31 − 0 = 31 has no character: the standard takes 0.
    Some(if (31 - sum % 31) % 31 == *check {
        IdentityFinding::CreditCode
    } else {
        IdentityFinding::CreditCodeCheck
    })
}

/// Six digits for the region, a birthday of the 1900s in six digits, three digits.
fn is_old_resident_id(characters: &[u8]) -> bool {
    characters.iter().all(u8::is_ascii_digit)
        && has_province(characters)
        && is_day(1900 + number(&characters[6..8]), number(&characters[8..10]), number(&characters[10..12]))
}

fn has_province(characters: &[u8]) -> bool {
    characters.get(..2).is_some_and(|it| PROVINCES.contains(&number(it)))
}

fn is_day(year: u32, month: u32, day: u32) -> bool {
    i32::try_from(year).is_ok_and(|year| NaiveDate::from_ymd_opt(year, month, day).is_some())
}

fn digit(character: u8) -> u32 {
    u32::from(character.wrapping_sub(b'0'))
}

fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |sum, it| sum * 10 + digit(*it))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_examined() {
        use IdentityFinding as F;
        for (number, finding) in [
            ("11010519491231002X", F::ResidentId),
            ("11010519491231002x", F::ResidentId),
            ("110105 19491231 002X", F::ResidentId),
            ("110105194912310021", F::ResidentIdCheck),
            ("110105194913310021", F::ResidentIdDate),
            ("11010519490229002X", F::ResidentIdDate),
            ("911124198108030024", F::PermanentResidentId),
            ("110105491231002", F::OldResidentId),
            ("110105491331002", F::UnknownKind),
            ("1101051949123100", F::WrongLength),
            ("1101051949123100211", F::WrongLength),
            ("91350100M000100Y43", F::CreditCode),
            ("91350100m000100y43", F::CreditCode),
            ("12100000400009880K", F::CreditCode),
            ("91350100M000100Y44", F::CreditCodeCheck),
            ("91350100M000100I44", F::UnknownKind),
            ("E12345678", F::UnknownKind),
            ("H0123456700", F::UnknownKind),
            ("张三李四王五", F::UnknownKind),
            ("一二三四五六七八九〇一二三四五六七八", F::UnknownKind),
            ("", F::UnknownKind),
        ] {
            assert_eq!(examine(number), finding, "{number}");
        }
    }

    #[test]
    fn a_remainder_of_nothing_checks_as_0() {
        // The sum of this body is a multiple of 31.
        let body = b"91370000";
        let found = (0..31_usize.pow(2)).find_map(|n| {
            let mut code = body.to_vec();
            code.extend(b"1234567");
            code.push(CREDIT_CHARACTERS[n / 31]);
            code.push(CREDIT_CHARACTERS[n % 31]);
            let sum = |code: &[u8]| {
                code.iter()
                    .fold((0, 1), |(sum, weight), it| {
                        let value = CREDIT_CHARACTERS.iter().position(|known| known == it).unwrap();
                        (sum + value * weight, weight * 3 % 31)
                    })
                    .0
            };
            (sum(&code).is_multiple_of(31)).then_some(code)
        });
        let mut code = found.unwrap();
        code.push(b'0');
        assert_eq!(examine(std::str::from_utf8(&code).unwrap()), IdentityFinding::CreditCode);
    }

    proptest! {
        #[test]
        fn nothing_panics(number in any::<String>()) {
            examine(&number);
        }

        /// Two neighbouring digits exchanged are found, which is what the check character is for.
        #[test]
        fn a_typing_slip_is_found(at in 0_usize..17, digit in 0_u8..10) {
            let mut number = b"11010519491231002X".to_vec();
            let digit = b'0' + digit;
            prop_assume!(number[at] != digit);
            number[at] = digit;
            prop_assert_ne!(examine(std::str::from_utf8(&number).unwrap()), IdentityFinding::ResidentId);
        }
    }
}
