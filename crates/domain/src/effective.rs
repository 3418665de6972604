//! Values of the law with the day they hold from and the clause that prints them.

use std::borrow::Cow;
use std::ops::Deref;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Where a figure is printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// Document: `J2021`, `B2017`, or the source named in an operator's overlay.
    pub document: Cow<'static, str>,
    /// Clause path in the document's own words, for example `附件3.1 五（一）表`.
    pub section: Cow<'static, str>,
    /// Rule id of the catalogue, for example `J-5.1.T-c`.
    pub rule_id: Cow<'static, str>,
}

/// A value in force since a day, with its parameter name, its source and whether it is provisional.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective<T> {
    /// The value.
    pub value: T,
    /// Name of the parameter, as an operator's overlay spells it (path in the law's tree).
    pub name: Cow<'static, str>,
    /// First day it holds.
    pub since: NaiveDate,
    /// Where it is printed.
    pub reference: Reference,
}

impl<T> Effective<T> {
    /// The same reference on a value derived from this one.
    pub fn map<U>(&self, f: impl FnOnce(&T) -> U) -> Effective<U> {
        Effective {
            value: f(&self.value),
            name: self.name.clone(),
            since: self.since,
            reference: self.reference.clone(),
        }
    }
}

impl<T> Deref for Effective<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

/// A figure the law needs and the loaded data does not hold. A gap refuses; nothing is guessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Name of the missing parameter.
    pub parameter: Cow<'static, str>,
    /// Rule that needs it.
    pub rule_id: Cow<'static, str>,
    /// True when an operator may supply it (`PARAMETER_NOT_SET`), false when no rule is printed at all
    /// (`RULE_NOT_DEFINED`). Either way an overlay entry with a source closes the gap.
    pub configurable: bool,
}

#[cfg(test)]
impl<T> Effective<T> {
    /// A value as a test needs it: of a rule, in force since 2000.
    pub(crate) fn printed(value: T, rule_id: &'static str) -> Self {
        let reference = Reference { document: "test".into(), section: "test".into(), rule_id: rule_id.into() };
        let since = NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default();
        Self { value, name: rule_id.into(), since, reference }
    }
}
