//! The whole law, and the snapshot of it that governs a request.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use chrono::NaiveDate;
use juyi_domain::codes::District;
use juyi_domain::refusal::{Reason, Refusal};

use crate::LoadError;
use crate::reader::Reader;
use crate::snapshot::Snapshot;
use crate::sources::SOURCES;
use crate::store::Store;

/// The law of every loaded year. Built once at start and shared.
#[derive(Debug)]
pub struct Policy {
    store: Store,
    regimes: Vec<RegimeSnapshots>,
}

#[derive(Debug)]
struct RegimeSnapshots {
    policy_year: i32,
    districts: Vec<District>,
    /// One epoch per day on which a value changes, ascending, never empty.
    epochs: Vec<Epoch>,
}

#[derive(Debug)]
struct Epoch {
    since: NaiveDate,
    /// The snapshot of the first district; the others are copies made when asked for.
    model: Arc<Snapshot>,
    by_district: BTreeMap<District, OnceLock<Arc<Snapshot>>>,
}

impl Policy {
    /// The law built into the program.
    ///
    /// # Errors
    /// [`LoadError`] when a built-in file is faulty, which the tests of this crate exclude.
    pub fn embedded() -> Result<Self, LoadError> {
        Self::from_sources(SOURCES)
    }

    /// The law of given files, each as its path in the tree and its text.
    pub(crate) fn from_sources(files: &[(&str, &str)]) -> Result<Self, LoadError> {
        Self::build(Store::load(files)?, true)
    }

    /// The same law with an operator's figures over it. Overlays may follow one another; the later one wins.
    ///
    /// # Errors
    /// [`LoadError`] when the text is malformed, a path is unknown, a source is missing or a value does not
    /// have the parameter's unit.
    pub fn with_overlay(self, overlay_toml: &str) -> Result<Self, LoadError> {
        let mut store = self.store;
        store.apply(overlay_toml)?;
        Self::build(store, false)
    }

    fn build(store: Store, all_read: bool) -> Result<Self, LoadError> {
        let mut regimes = Vec::with_capacity(store.regimes.len());
        for regime in &store.regimes {
            let mut epochs = Vec::new();
            let mut days = store.turning_days(&regime.name);
            if days.is_empty() {
                days.insert(NaiveDate::MIN);
            }
            for since in days {
                let reader = Reader::new(&store, &regime.name, since);
                let first = regime.districts.first().copied().unwrap_or(District::Heping);
                let model = Arc::new(Snapshot::build(&reader, first, regime.policy_year)?);
                if let Some(parameter) = reader.unread().filter(|_| all_read) {
                    return Err(LoadError::Unread { parameter: parameter.to_owned() });
                }
                let by_district = regime.districts.iter().map(|district| (*district, OnceLock::new())).collect();
                epochs.push(Epoch { since, model, by_district });
            }
            let (policy_year, districts) = (regime.policy_year, regime.districts.clone());
            regimes.push(RegimeSnapshots { policy_year, districts, epochs });
        }
        Ok(Self { store, regimes })
    }

    /// The law of a policy year in a district, as it stands on the governing date: the values in force on
    /// that day, and before the first of them the first (windows open before their year does).
    ///
    /// # Errors
    /// `POLICY_YEAR_NOT_LOADED` when no document governs the year; `DISTRICT_OUT_OF_SCOPE` when the year's
    /// document does not speak for the district.
    pub fn for_(&self, district: District, policy_year: i32, on: NaiveDate) -> Result<Arc<Snapshot>, Refusal> {
        let mut of_year = self.regimes.iter().filter(|regime| regime.policy_year == policy_year).peekable();
        if of_year.peek().is_none() {
            let loaded: Vec<_> = self.policy_years().iter().map(i32::to_string).collect();
            return Err(Refusal::new(
                Reason::PolicyYearNotLoaded,
                format!("no document governs {policy_year}; loaded: {}", loaded.join(", ")),
            )
            .with("policy_year", policy_year));
        }
        let found = of_year.find(|regime| regime.districts.contains(&district));
        found.and_then(|regime| regime.snapshot(district, on)).ok_or_else(|| {
            Refusal::new(
                Reason::DistrictOutOfScope,
                format!("the document of {policy_year} does not speak for district {district}"),
            )
            .with("policy_year", policy_year)
            .with("district", district)
        })
    }

    /// The policy years loaded, ascending.
    #[must_use]
    pub fn policy_years(&self) -> Vec<i32> {
        let mut years: Vec<_> = self.regimes.iter().map(|regime| regime.policy_year).collect();
        years.sort_unstable();
        years.dedup();
        years
    }

    /// The path of every parameter an overlay may set, ascending.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.store.parameters.keys().map(String::as_str)
    }
}

impl RegimeSnapshots {
    fn snapshot(&self, district: District, on: NaiveDate) -> Option<Arc<Snapshot>> {
        let after = self.epochs.partition_point(|epoch| epoch.since <= on);
        let epoch = self.epochs.get(after.saturating_sub(1))?;
        let slot = epoch.by_district.get(&district)?;
        let copy = || {
            if epoch.model.district == district {
                Arc::clone(&epoch.model)
            } else {
                Arc::new(Snapshot { district, ..(*epoch.model).clone() })
            }
        };
        Some(Arc::clone(slot.get_or_init(copy)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REGIME: (&str, &str) =
        ("x-2021/regime.toml", "regime = 'x-2021'\ndescription = 'x'\npolicy_year = 2021\ndistricts = ['120118']\n");

    fn load(groups: &str) -> Result<Policy, LoadError> {
        let law = format!("regime = 'x-2021'\ndocument = 'J2021'\ndescription = 'x'\n{groups}");
        Policy::from_sources(&[REGIME, ("x-2021/x.toml", &law)])
    }

    fn group(values: &str) -> String {
        format!(
            "[[group]]\nname = 'inpatient.maximum'\ndescription = 'x'\nunit = 'yuan'\ngoverned_by = 'admission'\nvalues = [{values}]\n"
        )
    }

    const GOOD: &str = "{ since = 2021-01-01, value = 1, section = '附件3.1 五（一）表', rule_id = 'J-5.1.T-f' }";

    #[test]
    fn a_file_in_order_fails_only_for_what_is_not_there() {
        assert!(matches!(load(&group(GOOD)), Err(LoadError::Required { .. })));
    }

    #[test]
    fn a_regime_without_figures_is_rejected() {
        assert!(matches!(Policy::from_sources(&[REGIME]), Err(LoadError::Required { .. })));
    }

    #[test]
    fn rejects_unknown_keys() {
        for bad in [
            group(&GOOD.replace("value", "amount = 2, value")),
            format!("colour = 'red'\n{}", group(GOOD)),
            group(GOOD).replace("unit", "rounding = 'up'\nunit"),
        ] {
            assert!(matches!(load(&bad), Err(LoadError::Malformed { .. })), "{bad}");
        }
        let regime = format!("{}extra = 1\n", REGIME.1);
        assert!(matches!(Policy::from_sources(&[(REGIME.0, &regime)]), Err(LoadError::Malformed { .. })));
    }

    #[test]
    fn rejects_values_without_reference() {
        for missing in [", section = '附件3.1 五（一）表'", ", rule_id = 'J-5.1.T-f'"] {
            let bad = group(&GOOD.replace(missing, ""));
            assert!(matches!(load(&bad), Err(LoadError::Malformed { .. })), "{bad}");
        }
    }

    #[test]
    fn rejects_references_the_catalogue_does_not_hold() {
        for (from, to) in [("J-5.1.T-f", "J-5.1.T-z"), ("五（一）表", "五（一）1"), ("J-5.1.T-f", "B-5-a")] {
            let bad = group(&GOOD.replace(from, to));
            assert!(matches!(load(&bad), Err(LoadError::UnknownReference { .. })), "{bad}");
        }
    }

    #[test]
    fn rejects_dates_that_do_not_increase() {
        let earlier = GOOD.replace("2021-01-01", "2020-12-31");
        for bad in [format!("{GOOD}, {GOOD}"), format!("{GOOD}, {earlier}")] {
            assert!(matches!(load(&group(&bad)), Err(LoadError::DatesNotIncreasing { .. })), "{bad}");
        }
        let with_time = GOOD.replace("2021-01-01", "2021-01-01T08:00:00");
        assert!(matches!(load(&group(&with_time)), Err(LoadError::NotADate { .. })));
    }

    #[test]
    fn rejects_a_parameter_declared_twice_and_an_unknown_regime() {
        let twice = format!("{}{}", group(GOOD), group(GOOD));
        assert!(matches!(load(&twice), Err(LoadError::Duplicate { .. })));
        let law = format!("regime = 'y-2021'\ndocument = 'J2021'\ndescription = 'x'\n{}", group(GOOD));
        let loaded = Policy::from_sources(&[REGIME, ("y.toml", &law)]);
        assert!(matches!(loaded, Err(LoadError::UnknownRegime { .. })));
    }

    #[test]
    fn rejects_a_parameter_nothing_reads_and_a_wrong_unit() {
        let replace = |from: &str, to: &str| {
            let swap = |(path, text): &(&'static str, &str)| (*path, text.replace(from, to));
            let files: Vec<_> = SOURCES.iter().map(swap).collect();
            let files: Vec<_> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
            Policy::from_sources(&files)
        };
        assert!(matches!(replace("enrolment.late_window", "enrolment.late_windoww"), Err(LoadError::Unread { .. })));
        assert!(matches!(replace("unit = \"years\"", "unit = \"flag\""), Err(LoadError::Value { .. })));
        assert!(matches!(replace("key = \"ADULT.HIGH\"", "key = \"ADULT.TOP\""), Err(LoadError::Value { .. })));
    }

    #[test]
    fn every_law_file_is_built_in() {
        let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
        for regime in ["baodi-2017", "tianjin-2021"] {
            for file in std::fs::read_dir(data.join(regime)).unwrap() {
                let name = format!("{regime}/{}", file.unwrap().file_name().to_str().unwrap());
                assert!(SOURCES.iter().any(|(path, _)| *path == name), "{name} is not in sources.rs");
            }
        }
    }
}
