//! Assistance that is granted once a year.

use juyi_domain::effective::Effective;
use juyi_domain::money::{Fen, Rate};

use crate::LoadError;
use crate::reader::Reader;

/// One yearly program.
#[derive(Clone, Debug, PartialEq)]
pub struct YearlyProgram {
    /// Code, for example `MAJOR_ILLNESS`.
    pub code: String,
    /// Burden above which it pays (J-5.5.3-b); `None` where it pays from the first fen.
    pub threshold: Option<Effective<Fen>>,
    /// Share of the burden (J-5.5.3-b, J-5.5.4-c).
    pub rate: Effective<Rate>,
    /// Grants a year (J-5.5.3-c, J-5.5.4-d).
    pub times_per_year: Effective<u32>,
    /// Maximum of the year (J-5.5.3-d, J-5.5.4-e).
    pub maximum: Effective<Fen>,
    /// True when grants and maximum are those of the family, false when of the person.
    pub per_family: Effective<bool>,
}

pub(super) fn read(reader: &Reader<'_>) -> Result<Vec<YearlyProgram>, LoadError> {
    let mut programs = Vec::new();
    for (code, rate) in reader.each::<Rate>("assistance.program_rate")? {
        programs.push(YearlyProgram {
            code: code.to_owned(),
            threshold: reader.maybe(&format!("assistance.program_threshold.{code}"))?,
            rate,
            times_per_year: reader.required(&format!("assistance.program_times.{code}"))?,
            maximum: reader.required(&format!("assistance.program_maximum.{code}"))?,
            per_family: reader.required(&format!("assistance.program_per_family.{code}"))?,
        });
    }
    Ok(programs)
}
