//! Citizen identity numbers (GB 11643): parsed once, never printed.

use std::fmt;

use chrono::{Datelike, NaiveDate};

use crate::refusal::{Reason, Refusal};

/// Province codes of GB/T 2260. Counties are not checked: numbers keep the code of the place and time of
/// their first issue, such as those of the former Jinghai (120223) and Baodi (120224) counties.
const PROVINCES: &[&str] = &[
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "71", "81", "82", "83",
];
/// Check characters by remainder (ISO 7064, MOD 11-2).
const CHECK: &[u8; 11] = b"10X98765432";

/// Nobody who ever held a number was born earlier.
const OLDEST: i32 = 1850;

/// Sex as the number states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// Odd sequence number.
    Male,
    /// Even sequence number.
    Female,
}

/// A valid 18-character citizen identity number (公民身份号码).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct IdentityNumber {
    number: String,
    born_on: NaiveDate,
}

impl IdentityNumber {
    /// Checks length, characters, province, birth date and check character; a final `x` becomes `X`.
    ///
    /// Whether the birth date lies in the future is the caller's question: only it knows today.
    ///
    /// # Errors
    /// `IDENTITY_NUMBER_INVALID`, with metadata `form` naming the failing part and never the number.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if text.len() == 15 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(invalid(
                "15_DIGIT",
                "numbers of 15 digits have not been valid since 2013; use the 18 characters of the current card",
            ));
        }
        if text.len() != 18 {
            return Err(invalid("LENGTH", "an identity number has 18 characters"));
        }
        let number = text.to_ascii_uppercase();
        let (digits, check) = number.as_bytes().split_at(17);
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(invalid("CHARACTER", "17 digits and a check character (a digit or X) are needed"));
        }
        if !PROVINCES.iter().any(|province| number.starts_with(province)) {
            return Err(invalid("PROVINCE", "the first two digits are no province of GB/T 2260"));
        }
        let born_on = number
            .get(6..14)
            .and_then(|digits| NaiveDate::parse_from_str(digits, "%Y%m%d").ok())
            .filter(|born_on| born_on.year() >= OLDEST)
            .ok_or_else(|| invalid("BIRTH_DATE", "digits 7 to 14 are no calendar date from 1850 on"))?;
        if check.first() != Some(&check_character(digits)) {
            return Err(invalid("CHECK_CHARACTER", "the check character does not fit the other 17"));
        }
        Ok(Self { number, born_on })
    }

    /// The number itself, for storage and comparison only; never for logs or errors.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.number
    }

    /// The 17 digits as a number: the check character follows from them, so that equal keys are equal numbers.
    #[must_use]
    pub fn key(&self) -> u64 {
        let digits = self.number.bytes().take(17);
        digits.fold(0, |key, digit| key * 10 + u64::from(digit - b'0'))
    }

    /// Date of birth.
    #[must_use]
    pub const fn born_on(&self) -> NaiveDate {
        self.born_on
    }

    /// Sex.
    #[must_use]
    pub fn sex(&self) -> Sex {
        let odd = self.number.as_bytes().get(16).is_some_and(|digit| digit % 2 == 1);
        if odd { Sex::Male } else { Sex::Female }
    }
}

impl fmt::Debug for IdentityNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdentityNumber(masked)")
    }
}

impl fmt::Display for IdentityNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("******************")
    }
}

/// The check character: place `i` from the right (from 0) weighs 2^i modulo 11.
fn check_character(digits: &[u8]) -> u8 {
    let sum = digits.iter().fold(0_usize, |sum, digit| (sum + usize::from(digit - b'0')) * 2 % 11);
    CHECK[sum]
}

fn invalid(form: &'static str, detail: &'static str) -> Refusal {
    Refusal::new(Reason::IdentityNumberInvalid, detail).at("identity_number").with("form", form)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number of these 17 digits with its right check character.
    fn number(digits: &str) -> String {
        format!("{digits}{}", char::from(check_character(digits.as_bytes())))
    }

    fn form(text: &str) -> String {
        let refusal = IdentityNumber::parse(text).unwrap_err();
        assert_eq!(refusal.reason, Reason::IdentityNumberInvalid);
        assert!(!format!("{refusal:?}").contains(text), "the refusal repeats the number");
        refusal.metadata[0].1.clone()
    }

    #[test]
    fn the_example_of_the_standard_is_valid() {
        let id = IdentityNumber::parse("11010519491231002X").unwrap();
        assert_eq!(id.born_on().to_string(), "1949-12-31");
        assert_eq!(id.sex(), Sex::Female);
        assert_eq!(IdentityNumber::parse("440524188001010014").unwrap().sex(), Sex::Male);
    }

    #[test]
    fn a_small_x_is_stored_as_a_capital() {
        let small = IdentityNumber::parse("11010519491231002x").unwrap();
        assert_eq!(small.as_str(), "11010519491231002X");
    }

    #[test]
    fn former_counties_of_the_city_are_accepted() {
        for area in ["120223", "120224", "120118", "120115"] {
            assert!(IdentityNumber::parse(&number(&format!("{area}20030510001"))).is_ok());
        }
    }

    #[test]
    fn every_wrong_digit_is_found() {
        let valid = number("12022320030510001");
        for place in 0..18 {
            for other in b'0'..=b'9' {
                let mut bytes = valid.clone().into_bytes();
                if bytes[place] != other {
                    bytes[place] = other;
                    assert!(IdentityNumber::parse(&String::from_utf8(bytes).unwrap()).is_err());
                }
            }
        }
    }

    #[test]
    fn each_failing_part_is_named() {
        assert_eq!(form("120223030510001"), "15_DIGIT");
        assert_eq!(form("12022320030510"), "LENGTH");
        assert_eq!(form("120223200305100一"), "CHARACTER");
        assert_eq!(form("1202232003O5100010"), "CHARACTER");
        assert_eq!(form(&number("99022320030510001")), "PROVINCE");
        assert_eq!(form(&number("12022320030229001")), "BIRTH_DATE");
        assert_eq!(form("110105194912310021"), "CHECK_CHARACTER");
    }

    #[test]
    fn the_key_tells_numbers_apart() {
        assert_eq!(IdentityNumber::parse("11010519491231002x").unwrap().key(), 11_010_519_491_231_002);
        assert_eq!(IdentityNumber::parse("440524188001010014").unwrap().key(), 44_052_418_800_101_001);
    }

    #[test]
    fn it_never_prints_itself() {
        let id = IdentityNumber::parse("11010519491231002X").unwrap();
        for text in [format!("{id}"), format!("{id:?}"), format!("{:?}", Some(&id))] {
            assert!(!text.contains("1949") && !text.contains("110105"));
        }
    }
}
