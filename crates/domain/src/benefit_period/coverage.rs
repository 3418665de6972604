//! Whether a day is covered.

use chrono::NaiveDate;

use super::derive::Span;
use crate::codes::Insurance;

/// The span of an insurance that covers a day, if one does.
#[must_use]
pub fn maybe_covering(spans: &[Span], insurance: Insurance, day: NaiveDate) -> Option<&Span> {
    spans.iter().find(|span| span.insurance == insurance && span.period.contains(day))
}

/// True when one does.
#[must_use]
pub fn covered_on(spans: &[Span], insurance: Insurance, day: NaiveDate) -> bool {
    maybe_covering(spans, insurance, day).is_some()
}

#[cfg(test)]
mod tests {
    use super::super::derive::derive;
    use super::super::fixtures::{adult, tianjin_2021};
    use super::*;
    use crate::dates::written::day;

    /// S-22: an accident on 2021-02-28 lies before the cover that begins on 2021-03-01.
    #[test]
    fn the_first_and_the_last_day_are_covered() {
        let mut facts = adult("2021-02-26");
        facts.previous_year_insured = Some(true);
        let spans = derive(&facts, &tianjin_2021()).unwrap().spans;
        let covered = |on: &str| covered_on(&spans, Insurance::Accident, day(on));
        assert_eq!(["2021-02-28", "2021-03-01", "2021-12-31", "2022-01-01"].map(covered), [false, true, true, false]);
        assert_eq!(maybe_covering(&spans, Insurance::Basic, day("2021-04-01")).unwrap().benefit_year, 2021);
    }
}
