//! Places by their GB/T 2260 code.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The city of the suite.
const TIANJIN: &str = "12";

/// Codes of the provinces, autonomous regions and municipalities of the mainland.
const PROVINCES: &[&str] = &[
    "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43", "44",
    "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65",
];

/// A region of the mainland: a province, a prefecture city, or something below.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Region(String);

/// How large a region is, by the form of its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Province: four zeros.
    Province,
    /// Prefecture city, also the districts of a municipality together: two zeros.
    Prefecture,
    /// County or district of a city.
    County,
}

impl Region {
    /// A region; `None` for a text that is no code of the mainland.
    #[must_use]
    pub fn maybe_parse(code: &str) -> Option<Self> {
        let digits = code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit());
        // A county of the province itself has the zeros of no city before it, but never those behind.
        let whole = digits && !(code[2..4] == *"00" && code[4..] != *"00");
        (whole && PROVINCES.contains(&&code[..2])).then(|| Self(code.to_owned()))
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How large it is.
    #[must_use]
    pub fn scale(&self) -> Scale {
        match (&self.0[2..4], &self.0[4..]) {
            ("00", _) => Scale::Province,
            (_, "00") => Scale::Prefecture,
            _ => Scale::County,
        }
    }

    /// True outside the city.
    #[must_use]
    pub fn is_elsewhere(&self) -> bool {
        !self.0.starts_with(TIANJIN)
    }

    /// True when the other region is this one or lies in it.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        let known = match self.scale() {
            Scale::Province => 2,
            Scale::Prefecture => 4,
            Scale::County => 6,
        };
        other.0[..known] == self.0[..known]
    }

    /// True when both lie in one province.
    #[must_use]
    pub fn shares_province(&self, other: &Self) -> bool {
        self.0[..2] == other.0[..2]
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::region;
    use super::*;

    /// J-10.2.1-b.
    #[test]
    fn the_form_of_the_code_tells_the_scale() {
        assert_eq!(region("130000").scale(), Scale::Province);
        assert_eq!(region("130100").scale(), Scale::Prefecture);
        assert_eq!(region("110105").scale(), Scale::County);
        for wrong in ["", "13000", "1300000", "13000a", "990000", "810000", "130001", "１３００００"] {
            assert_eq!(Region::maybe_parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_region_contains_what_lies_in_it() {
        let (province, city, county) = (region("130000"), region("130100"), region("130102"));
        assert!(province.contains(&city) && province.contains(&county) && city.contains(&county));
        assert!(!city.contains(&province) && !county.contains(&city) && !city.contains(&region("130202")));
        assert!(county.contains(&county) && city.shares_province(&region("130202")));
        assert!(city.is_elsewhere() && !region("120118").is_elsewhere());
    }
}
