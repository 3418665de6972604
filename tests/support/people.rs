//! People who do not exist, with valid identity numbers.

/// A valid citizen identity number: area code, birth date as YYYYMMDD, sequence number.
#[must_use]
pub fn identity_number(area: &str, born: &str, sequence: u32) -> String {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let body = format!("{area}{born}{sequence:03}");
    assert_eq!(body.len(), 17, "area, birth date and sequence make 17 digits");
    let sum: u32 = body.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    format!("{body}{}", char::from(b"10X98765432"[(sum % 11) as usize]))
}

/// The numbers of so many people of an area, adults all of them.
#[must_use]
pub fn many(area: &str, people: u32) -> Vec<String> {
    let born = |index: u32| format!("{}{:02}{:02}", 1950 + index / 900 % 50, index / 75 % 12 + 1, index / 3 % 25 + 1);
    (0..people).map(|index| identity_number(area, &born(index), index % 3 + 1 + index / 45_000 * 3)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_check_character() {
        // The example of GB 11643.
        assert_eq!(identity_number("110105", "19491231", 2), "11010519491231002X");
    }

    #[test]
    fn no_two_people_share_a_number() {
        let numbers: std::collections::BTreeSet<_> = many("120223", 100_000).into_iter().collect();
        assert_eq!(numbers.len(), 100_000);
    }
}
