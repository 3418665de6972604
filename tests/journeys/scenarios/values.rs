//! Values as a policy officer writes them: amounts in yuan, ISO dates, and what an answer is expected to be.

use std::collections::BTreeMap;
use std::fmt;

use juyi_domain::money::Fen;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};
use toml::value::Datetime;

/// An amount written in yuan with two decimals: `"13650.00"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Yuan(pub(crate) i64);

impl Yuan {
    fn parse(text: &str) -> Option<Self> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (yuan, fen) = digits.split_once('.')?;
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if fen.len() != 2 || !plain(yuan) || !plain(fen) {
            return None;
        }
        Some(Self(sign * format!("{yuan}{fen}").parse::<i64>().ok()?))
    }
}

impl<'de> Deserialize<'de> for Yuan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom(format!("{text:?} is not yuan with two decimals")))
    }
}

impl fmt::Display for Yuan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Fen::new(self.0).fmt(f)
    }
}

/// A day, as the wire spells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Day(pub(crate) String);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Datetime::deserialize(deserializer)?;
        match (written.date, written.time, written.offset) {
            (Some(date), None, None) => Ok(Self(date.to_string())),
            _ => Err(D::Error::custom(format!("{written} is not a day"))),
        }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A code, an amount or a day, where the place decides which: compared as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Written(pub(crate) String);

impl<'de> Deserialize<'de> for Written {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match toml::Value::deserialize(deserializer)? {
            toml::Value::String(text) => Ok(Self(text)),
            toml::Value::Integer(number) => Ok(Self(number.to_string())),
            toml::Value::Datetime(day) => Ok(Self(day.to_string())),
            other => Err(D::Error::custom(format!("{other} is not a code, a number or a day"))),
        }
    }
}

/// What a step is expected to lead to: an answer, or a refusal, which is written with the key `refused`.
#[derive(Clone, Debug)]
pub(crate) enum Expect<A> {
    /// An answer with these values.
    Answer(A),
    /// A refusal.
    Refusal(Refused),
}

/// A refusal: all its reasons, in any order, and some of its metadata.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refused {
    /// The reasons.
    pub(crate) refused: OneOrMore,
    /// Metadata of the gravest reason, for example `right_desk` or `last_day`.
    #[serde(default)]
    pub(crate) because: BTreeMap<String, Written>,
}

/// One code, or several.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMore {
    /// One.
    One(String),
    /// Several.
    More(Vec<String>),
}

impl OneOrMore {
    /// The codes.
    pub(crate) fn codes(&self) -> Vec<String> {
        match self {
            Self::One(code) => vec![code.clone()],
            Self::More(codes) => codes.clone(),
        }
    }
}

impl<'de, A: DeserializeOwned> Deserialize<'de> for Expect<A> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let table = toml::Table::deserialize(deserializer)?;
        if table.is_empty() {
            return Err(D::Error::custom("nothing is expected"));
        }
        let read = if table.contains_key("refused") {
            table.try_into().map(Self::Refusal)
        } else {
            table.try_into().map(Self::Answer)
        };
        read.map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_has_two_decimals() {
        assert_eq!(Yuan::parse("13650.00"), Some(Yuan(1_365_000)));
        assert_eq!(Yuan::parse("-0.01"), Some(Yuan(-1)));
        for text in ["13650", "13650.0", ".00", "1.000", "1e3.00", "+1.00", "--1.00"] {
            assert_eq!(Yuan::parse(text), None, "{text}");
        }
    }
}
