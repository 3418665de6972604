//! All parameters of all regimes, by path.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use juyi_domain::codes::District;
use juyi_domain::effective::{Gap, Printed};

use crate::catalogue::catalogue;
use crate::figure;
use crate::file::{Group, LawFile, RegimeFile, Unit};
use crate::{LoadError, overlay};

/// A regime's own facts.
#[derive(Clone, Debug)]
pub(crate) struct Regime {
    pub name: String,
    pub policy_year: i32,
    pub districts: Vec<District>,
}

/// One parameter with its dated values, ascending; none when the document prints no figure.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub unit: Unit,
    /// Place in the files, so that a group is read in the order it is written.
    pub order: usize,
    pub gap: Gap,
    pub values: Vec<Dated>,
}

/// One dated value.
#[derive(Clone, Debug)]
pub(crate) struct Dated {
    pub since: NaiveDate,
    pub value: toml::Value,
    pub reference: &'static Printed,
    pub provisional: bool,
}

impl Parameter {
    /// The latest value that holds on a day, or the first one: windows open before their year does.
    pub(crate) fn on(&self, day: NaiveDate) -> Option<&Dated> {
        self.values.iter().rfind(|dated| dated.since <= day).or(self.values.first())
    }
}

/// Every parameter by its path, and the regimes they belong to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    pub regimes: Vec<Regime>,
    pub parameters: BTreeMap<String, Parameter>,
}

impl Store {
    /// Reads law files, `regime.toml` files first.
    pub(crate) fn load(files: &[(&str, &str)]) -> Result<Self, LoadError> {
        let mut store = Self::default();
        let (regimes, laws): (Vec<_>, Vec<_>) = files.iter().partition(|(path, _)| path.ends_with("regime.toml"));
        for (path, text) in regimes {
            let file: RegimeFile = parse(path, text)?;
            store.regimes.push(Regime { name: file.regime, policy_year: file.policy_year, districts: file.districts });
        }
        for (path, text) in laws {
            let file: LawFile = parse(path, text)?;
            if !store.regimes.iter().any(|regime| regime.name == file.regime) {
                return Err(LoadError::UnknownRegime { file: (*path).to_owned(), regime: file.regime });
            }
            for group in file.group {
                store.add(&file.regime, &file.document, group)?;
            }
        }
        Ok(store)
    }

    fn add(&mut self, regime: &str, document: &str, group: Group) -> Result<(), LoadError> {
        let path = |key: Option<&str>| match key {
            Some(key) => format!("{regime}.{}.{key}", group.name),
            None => format!("{regime}.{}", group.name),
        };
        let mut declared: BTreeMap<String, Parameter> = BTreeMap::new();
        let order = self.parameters.len();
        for entry in group.values {
            let name = path(entry.key.as_deref());
            let since = figure::day(&entry.since).ok_or_else(|| LoadError::NotADate { parameter: name.clone() })?;
            let reference = Printed::of_law(Printed {
                name: Cow::Owned(name.clone()),
                since,
                document: Cow::Owned(document.to_owned()),
                section: Cow::Owned(entry.section),
                rule_id: Cow::Owned(entry.rule_id),
            });
            check(&name, reference)?;
            let dated = Dated { since, value: entry.value, reference, provisional: entry.provisional };
            let next = order + declared.len();
            let parameter = declared.entry(name.clone()).or_insert_with(|| Parameter {
                unit: group.unit,
                order: next,
                gap: gap(&name, &dated.reference.rule_id, true),
                values: Vec::new(),
            });
            if parameter.values.last().is_some_and(|last| last.since >= since) {
                return Err(LoadError::DatesNotIncreasing { parameter: name });
            }
            parameter.values.push(dated);
        }
        for unset in group.unset {
            let keys = unset.keys.map_or_else(|| vec![None], |keys| keys.into_iter().map(Some).collect());
            for key in keys {
                let name = path(key.as_deref());
                if catalogue().find(&unset.rule_id).is_none() {
                    return Err(unknown(&name, &unset.rule_id, document, ""));
                }
                let reported = unset.reported_as.as_ref().map_or_else(|| name.clone(), |own| format!("{regime}.{own}"));
                let gap = gap(&reported, &unset.rule_id, unset.configurable);
                let parameter = Parameter { unit: group.unit, order: order + declared.len(), gap, values: Vec::new() };
                if declared.insert(name.clone(), parameter).is_some() {
                    return Err(LoadError::Duplicate { parameter: name });
                }
            }
        }
        for (name, parameter) in declared {
            if self.parameters.insert(name.clone(), parameter).is_some() {
                return Err(LoadError::Duplicate { parameter: name });
            }
        }
        Ok(())
    }

    /// Sets the values of an overlay over those of the law.
    pub(crate) fn apply(&mut self, overlay_toml: &str) -> Result<(), LoadError> {
        for set in overlay::parse(overlay_toml)? {
            let Some(parameter) = self.parameters.get_mut(&set.parameter) else {
                return Err(LoadError::UnknownParameter { parameter: set.parameter });
            };
            let rule_id = parameter.gap.rule_id.clone();
            let rule_id = parameter.on(set.since).map_or(rule_id, |dated| dated.reference.rule_id.clone());
            let reference = Printed::of_law(Printed {
                name: set.parameter.into(),
                since: set.since,
                document: set.document.into(),
                section: set.section.into(),
                rule_id,
            });
            let dated = Dated { since: set.since, value: set.value, reference, provisional: false };
            match parameter.values.binary_search_by_key(&dated.since, |own| own.since) {
                Ok(same) => parameter.values[same] = dated,
                Err(place) => parameter.values.insert(place, dated),
            }
        }
        Ok(())
    }

    /// The days on which some value of a regime begins to hold.
    pub(crate) fn turning_days(&self, regime: &str) -> BTreeSet<NaiveDate> {
        let prefix = format!("{regime}.");
        let own = self.parameters.iter().filter(|(name, _)| name.starts_with(&prefix));
        own.flat_map(|(_, parameter)| parameter.values.iter().map(|dated| dated.since)).collect()
    }
}

/// Parses a file of the tree.
pub(crate) fn parse<T: serde::de::DeserializeOwned>(path: &str, text: &str) -> Result<T, LoadError> {
    toml::from_str(text).map_err(|source| LoadError::Malformed { file: path.to_owned(), source: Box::new(source) })
}

fn gap(parameter: &str, rule_id: &str, configurable: bool) -> Gap {
    Gap { parameter: Cow::Owned(parameter.to_owned()), rule_id: Cow::Owned(rule_id.to_owned()), configurable }
}

/// A reference cites a rule of the catalogue at the clause the catalogue prints for it.
fn check(parameter: &str, reference: &Printed) -> Result<(), LoadError> {
    let rule = catalogue().find(&reference.rule_id);
    if rule.is_some_and(|rule| rule.document == reference.document && rule.clause == reference.section) {
        Ok(())
    } else {
        Err(unknown(parameter, &reference.rule_id, &reference.document, &reference.section))
    }
}

fn unknown(parameter: &str, rule_id: &str, document: &str, section: &str) -> LoadError {
    LoadError::UnknownReference {
        parameter: parameter.to_owned(),
        rule_id: rule_id.to_owned(),
        document: document.to_owned(),
        section: section.to_owned(),
    }
}
