//! Reading one value of a law file as a typed figure.

use std::str::FromStr;

use chrono::NaiveDate;
use juyi_domain::assistance::params::BandScope;
use juyi_domain::benefit_period::params::{DeductionStart, Grace};
use juyi_domain::codes::{
    Area, Category, CertificateKind, Desk, Identity, InstitutionKind, Insurance, Insurer, LeavingReason, Office, Paper,
    PayingScheme, PaymentMethod, ProviderLevel, RefundGround, Tier,
};
use juyi_domain::contribution::codes::Bank;
use juyi_domain::dates::{EARLIEST, Period};
use juyi_domain::money::{Fen, Rate};
use juyi_domain::registry::params::{ForeignVillage, Place};
use juyi_domain::settlement::claims::codes::{ClaimDesk, ClaimPaper};
use juyi_domain::settlement::filings::codes::{FilingChannel, ResidenceKind, TripReason};
use juyi_domain::settlement::outpatient::params::{FamilyDoctorScope, Venue};
use juyi_domain::settlement::params::{Account, CrossYearStay, Cumulation, MaximumBasis};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use toml::Value;
use toml::value::Datetime;

use crate::file::Unit;

/// A type that a value of the law can be read as.
pub(crate) trait Figure: Sized {
    /// The units it reads.
    const UNITS: &'static [Unit];
    /// Reads a value; the error says what is wrong with it.
    fn read(value: &Value) -> Result<Self, String>;
}

fn decimal(value: &Value) -> Result<Decimal, String> {
    match value {
        Value::Integer(whole) => Ok(Decimal::from(*whole)),
        Value::String(text) => Decimal::from_str(text).map_err(|_| format!("`{text}` is not a number")),
        other => Err(format!("a whole number or a text is needed, not a {}", other.type_str())),
    }
}

impl Figure for Fen {
    const UNITS: &'static [Unit] = &[Unit::Yuan];
    fn read(value: &Value) -> Result<Self, String> {
        let fen = decimal(value)?.checked_mul(Decimal::from(100)).ok_or("too large")?;
        let whole = if fen.fract().is_zero() { fen.to_i64() } else { None };
        match whole.map(Self::new) {
            Some(amount) if !amount.is_negative() && amount <= Self::MAX_INPUT => Ok(amount),
            _ => Err("an amount of whole fen, not below zero, is needed".to_owned()),
        }
    }
}

impl Figure for Rate {
    const UNITS: &'static [Unit] = &[Unit::Percent];
    fn read(value: &Value) -> Result<Self, String> {
        let share = decimal(value)?.checked_div(Decimal::from(100)).ok_or("too large")?;
        Self::maybe_from_decimal(share).ok_or_else(|| "a percentage between 0 and 100 is needed".to_owned())
    }
}

impl Figure for u32 {
    const UNITS: &'static [Unit] = &[Unit::Points, Unit::Count, Unit::Months, Unit::Days, Unit::Years];
    fn read(value: &Value) -> Result<Self, String> {
        let whole = value.as_integer().ok_or("a whole number is needed")?;
        Self::try_from(whole).map_err(|_| "a number not below zero is needed".to_owned())
    }
}

impl Figure for bool {
    const UNITS: &'static [Unit] = &[Unit::Flag];
    fn read(value: &Value) -> Result<Self, String> {
        value.as_bool().ok_or_else(|| "true or false is needed".to_owned())
    }
}

impl Figure for String {
    const UNITS: &'static [Unit] = &[Unit::Text];
    fn read(value: &Value) -> Result<Self, String> {
        value.as_str().map(ToOwned::to_owned).ok_or_else(|| "a text is needed".to_owned())
    }
}

/// A plain date; neither a time nor an offset.
pub(crate) fn day(value: &Datetime) -> Option<NaiveDate> {
    let date = value.date.filter(|_| value.time.is_none() && value.offset.is_none())?;
    NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day))
}

impl Figure for NaiveDate {
    const UNITS: &'static [Unit] = &[Unit::Date];
    fn read(value: &Value) -> Result<Self, String> {
        value.as_datetime().and_then(day).ok_or_else(|| "a date is needed".to_owned())
    }
}

/// First and last day as the law names them; no `first` where the law prints only an end.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Days {
    first: Option<Datetime>,
    last: Datetime,
}

impl Figure for Period {
    const UNITS: &'static [Unit] = &[Unit::Period];
    fn read(value: &Value) -> Result<Self, String> {
        let days = row::<Days>(value)?;
        let first = days.first.as_ref().map_or(Some(EARLIEST), day);
        first
            .zip(day(&days.last))
            .and_then(|(first, last)| Self::maybe_inclusive(first, last))
            .ok_or_else(|| "a first day not after the last day is needed".to_owned())
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum GraceValue {
    Months(u32),
    Days(u32),
}

impl Figure for Grace {
    const UNITS: &'static [Unit] = &[Unit::Grace];
    fn read(value: &Value) -> Result<Self, String> {
        Ok(match row(value)? {
            GraceValue::Months(months) => Self::Months(months),
            GraceValue::Days(days) => Self::Days(days),
        })
    }
}

macro_rules! code_figures {
    ($($type:ty),*) => {$(
        impl Figure for $type {
            const UNITS: &'static [Unit] = &[Unit::Code];
            fn read(value: &Value) -> Result<Self, String> {
                row(value)
            }
        }
    )*};
}
code_figures!(
    Tier,
    ProviderLevel,
    FamilyDoctorScope,
    Insurer,
    juyi_domain::information::params::CardWay,
    Desk,
    juyi_domain::settlement::care::CareKind,
    ClaimDesk
);

impl Figure for MaximumBasis {
    const UNITS: &'static [Unit] = &[Unit::Code];
    fn read(value: &Value) -> Result<Self, String> {
        among(value, &[Self::FundPayment, Self::EligibleCost], |reading| reading.as_str())
    }
}

impl Figure for CrossYearStay {
    const UNITS: &'static [Unit] = &[Unit::Code];
    fn read(value: &Value) -> Result<Self, String> {
        among(value, &[Self::AdmissionYear, Self::BothYears], |reading| reading.as_str())
    }
}

impl Figure for DeductionStart {
    const UNITS: &'static [Unit] = &[Unit::Code];
    fn read(value: &Value) -> Result<Self, String> {
        among(value, &[Self::JanuaryFirst, Self::LateRule], |reading| reading.as_str())
    }
}

impl Figure for Account {
    const UNITS: &'static [Unit] = &[Unit::Code];
    fn read(value: &Value) -> Result<Self, String> {
        among(value, Self::ALL, |account| account.as_str())
    }
}

impl Figure for BandScope {
    const UNITS: &'static [Unit] = &[Unit::Code];
    fn read(value: &Value) -> Result<Self, String> {
        among(value, &[Self::CalendarYear, Self::PerSettlement], |reading| reading.as_str())
    }
}

impl Figure for Cumulation {
    const UNITS: &'static [Unit] = &[Unit::Code];
    fn read(value: &Value) -> Result<Self, String> {
        among(value, &[Self::Year, Self::PerBill], |reading| reading.as_str())
    }
}

impl Figure for Place {
    const UNITS: &'static [Unit] = &[Unit::Code];
    fn read(value: &Value) -> Result<Self, String> {
        among(value, Self::ALL, |place| place.as_str())
    }
}

impl Figure for PayingScheme {
    const UNITS: &'static [Unit] = &[Unit::Code];
    fn read(value: &Value) -> Result<Self, String> {
        among(value, Self::ALL, |scheme| scheme.as_str())
    }
}

impl Figure for ForeignVillage {
    const UNITS: &'static [Unit] = &[Unit::Code];
    fn read(value: &Value) -> Result<Self, String> {
        among(value, Self::ALL, |reading| reading.as_str())
    }
}

fn among<T: Copy>(value: &Value, readings: &[T], code: impl Fn(T) -> &'static str) -> Result<T, String> {
    let found = readings.iter().copied().find(|reading| value.as_str() == Some(code(*reading)));
    found.ok_or_else(|| {
        format!("one of {:?} is needed", readings.iter().map(|reading| code(*reading)).collect::<Vec<_>>())
    })
}

macro_rules! codes_figures {
    ($($type:ty),*) => {$(
        impl Figure for Vec<$type> {
            const UNITS: &'static [Unit] = &[Unit::Codes];
            fn read(value: &Value) -> Result<Self, String> {
                row(value)
            }
        }
    )*};
}
codes_figures!(
    Area,
    Category,
    CertificateKind,
    ClaimPaper,
    Desk,
    Identity,
    Insurance,
    InstitutionKind,
    LeavingReason,
    Office,
    Paper,
    PaymentMethod,
    ProviderLevel,
    RefundGround,
    Bank,
    FilingChannel,
    ResidenceKind,
    TripReason,
    Venue
);

/// A table row with named columns, unknown columns rejected by its type.
pub(crate) struct Row<T>(pub(crate) T);

impl<T: DeserializeOwned> Figure for Row<T> {
    const UNITS: &'static [Unit] = &[Unit::Row];
    fn read(value: &Value) -> Result<Self, String> {
        row(value).map(Row)
    }
}

fn row<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    value.clone().try_into().map_err(|error: toml::de::Error| error.message().to_owned())
}

/// A column in yuan.
pub(crate) fn yuan<'de, D: Deserializer<'de>>(source: D) -> Result<Fen, D::Error> {
    Fen::read(&Value::deserialize(source)?).map_err(D::Error::custom)
}

/// A column in percent.
pub(crate) fn percent<'de, D: Deserializer<'de>>(source: D) -> Result<Rate, D::Error> {
    Rate::read(&Value::deserialize(source)?).map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: Figure>(text: &str) -> Result<T, String> {
        let table: toml::Table = format!("value = {text}").parse().unwrap();
        T::read(&table["value"])
    }

    #[test]
    fn amounts_are_whole_fen() {
        assert_eq!(read("910"), Ok(Fen::yuan(910)));
        assert_eq!(read("'0.05'"), Ok(Fen::new(5)));
        for wrong in ["'0.005'", "-1", "1.5", "'much'", "9223372036854775807"] {
            assert!(read::<Fen>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn rates_lie_between_0_and_100_percent() {
        assert_eq!(read("85"), Ok(Rate::percent(85)));
        assert_eq!(read::<Rate>("'2.5'").map(Rate::basis_points), Ok(250));
        assert!(read::<Rate>("101").is_err());
    }

    #[test]
    fn periods_include_the_last_day() {
        let period: Period = read("{ first = 2020-09-01, last = 2020-12-31 }").unwrap();
        assert_eq!(period.to_string(), "2020-09-01 to 2020-12-31");
        assert_eq!(read::<Period>("{ last = 2020-12-31 }").unwrap().start(), EARLIEST);
        assert!(read::<Period>("{ first = 2021-01-01, last = 2020-12-31 }").is_err());
        assert!(read::<Period>("{ first = 2021-01-01, last = 2021-12-31, end = 1 }").is_err());
        assert!(read::<NaiveDate>("2021-01-01T00:00:00").is_err());
    }

    #[test]
    fn codes_are_those_of_the_glossary() {
        assert_eq!(read("'ELIGIBLE_COST'"), Ok(MaximumBasis::EligibleCost));
        assert_eq!(read("'PER_SETTLEMENT'"), Ok(BandScope::PerSettlement));
        assert!(read::<Tier>("'BEST'").is_err());
        assert_eq!(read("{ days = 90 }"), Ok(Grace::Days(90)));
    }
}
