//! Values of the law with the day they hold from and the clause that prints them.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;

/// Where a figure is printed, and from when it holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Printed {
    /// Name of the parameter, as an operator's overlay spells it (path in the law's tree).
    pub name: Cow<'static, str>,
    /// First day the figure holds.
    pub since: NaiveDate,
    /// Document: `J2021`, `B2017`, or the source named in an operator's overlay.
    pub document: Cow<'static, str>,
    /// Clause path in the document's own words, for example `附件3.1 五（一）表`.
    pub section: Cow<'static, str>,
    /// Rule id of the catalogue, for example `J-5.1.T-c`.
    pub rule_id: Cow<'static, str>,
}

impl Printed {
    /// A reference of the law. It is kept for good, once however often the law is loaded: steps are made millions of times a
    /// second and cite the same few clauses, so that a count of readers would pass from processor to processor.
    #[must_use]
    pub fn of_law(printed: Self) -> &'static Self {
        static KEPT: Mutex<BTreeSet<&'static Printed>> = Mutex::new(BTreeSet::new());
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.get(&printed).copied();
        known.unwrap_or_else(|| {
            let new: &'static Self = Box::leak(Box::new(Self {
                name: for_good(printed.name),
                document: for_good(printed.document),
                section: for_good(printed.section),
                rule_id: for_good(printed.rule_id),
                since: printed.since,
            }));
            kept.insert(new);
            new
        })
    }
}

/// What a receipt cites: a clause of the law, or one that was read or received with the receipt.
#[derive(Clone)]
pub enum Reference {
    /// Of the law that decided.
    Law(&'static Printed),
    /// Of a receipt that was read or received.
    Told(Arc<Printed>),
}

impl Reference {
    /// A reference on a receipt that was read or received.
    #[must_use]
    pub fn told(printed: Printed) -> Self {
        Self::Told(Arc::new(printed))
    }
}

fn for_good(text: Cow<'static, str>) -> Cow<'static, str> {
    match text {
        Cow::Borrowed(_) => text,
        Cow::Owned(text) => Cow::Borrowed(text.leak()),
    }
}

impl Deref for Reference {
    type Target = Printed;
    fn deref(&self) -> &Printed {
        match self {
            Self::Law(printed) => printed,
            Self::Told(printed) => printed,
        }
    }
}

impl PartialEq for Reference {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq::<Printed>(&**self, &**other) || **self == **other
    }
}
impl Eq for Reference {}

impl std::fmt::Debug for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        Printed::fmt(self, f)
    }
}

/// A value of the law in force since a day, with its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective<T> {
    /// The value.
    pub value: T,
    /// Name of the parameter, as an operator's overlay spells it (path in the law's tree).
    pub name: Cow<'static, str>,
    /// First day it holds.
    pub since: NaiveDate,
    /// Where it is printed.
    pub reference: &'static Printed,
}

impl<T> Effective<T> {
    /// A value with its source.
    #[must_use]
    pub fn new(value: T, reference: &'static Printed) -> Self {
        Self { value, name: reference.name.clone(), since: reference.since, reference }
    }

    /// The same reference on a value derived from this one.
    pub fn map<U>(&self, f: impl FnOnce(&T) -> U) -> Effective<U> {
        Effective::new(f(&self.value), self.reference)
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
        let reference = Printed::of_law(Printed {
            name: rule_id.into(),
            since: NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default(),
            document: "test".into(),
            section: "test".into(),
            rule_id: rule_id.into(),
        });
        Self::new(value, reference)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// However often the law is loaded.
    #[test]
    fn a_reference_of_the_law_is_kept_once() {
        let [one, two] = ["a", "a"].map(|section| Effective::printed(1, "J-5.1.T-a").reference.with_section(section));
        assert!(std::ptr::eq(one, two));
        let told = Reference::told(one.clone());
        assert!(told == Reference::Law(one) && !std::ptr::eq(&*told, one));
        assert_ne!(one.with_section("b"), two);
    }

    impl Printed {
        fn with_section(&self, section: &str) -> &'static Self {
            Self::of_law(Self { section: section.to_owned().into(), ..self.clone() })
        }
    }
}
