//! Reading the parameters of one regime as they stand on one day.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::str::FromStr;

use chrono::NaiveDate;
use juyi_domain::effective::{Effective, Gap};

use crate::LoadError;
use crate::figure::Figure;
use crate::store::{Dated, Parameter, Store};

/// A view of the store.
pub(crate) struct Reader<'a> {
    store: &'a Store,
    regime: &'a str,
    on: NaiveDate,
    read: RefCell<BTreeSet<&'a str>>,
}

/// Why a figure cannot be had.
pub(crate) enum Missing {
    /// The document does not print it.
    Gap(Gap),
    /// The data is faulty.
    Fault(LoadError),
}

impl From<LoadError> for Missing {
    fn from(fault: LoadError) -> Self {
        Self::Fault(fault)
    }
}

/// Tells a gap, which a snapshot keeps, from a fault, which stops loading.
pub(crate) fn settle<T>(result: Result<T, Missing>) -> Result<Result<T, Gap>, LoadError> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(Missing::Gap(gap)) => Ok(Err(gap)),
        Err(Missing::Fault(fault)) => Err(fault),
    }
}

impl<'a> Reader<'a> {
    pub(crate) fn new(store: &'a Store, regime: &'a str, on: NaiveDate) -> Self {
        Self { store, regime, on, read: RefCell::default() }
    }

    /// The day whose figures are read.
    pub(crate) const fn on(&self) -> NaiveDate {
        self.on
    }

    /// Full path of a parameter of the regime.
    pub(crate) fn path(&self, name: &str) -> String {
        format!("{}.{name}", self.regime)
    }

    fn find(&self, name: &str) -> Option<(&'a str, &'a Parameter)> {
        let found = self.store.parameters.get_key_value(&self.path(name));
        found.map(|(path, parameter)| {
            self.read.borrow_mut().insert(path);
            (path.as_str(), parameter)
        })
    }

    /// A figure; a gap where the document prints none.
    pub(crate) fn get<T: Figure>(&self, name: &str) -> Result<Effective<T>, Missing> {
        let (path, parameter) = self.find(name).ok_or_else(|| LoadError::Required { parameter: self.path(name) })?;
        let dated = parameter.on(self.on).ok_or_else(|| Missing::Gap(parameter.gap.clone()))?;
        Ok(typed(path, parameter, dated)?)
    }

    /// A figure that every regime prints.
    pub(crate) fn required<T: Figure>(&self, name: &str) -> Result<Effective<T>, LoadError> {
        settle(self.get(name))?.map_err(|_| LoadError::Required { parameter: self.path(name) })
    }

    /// A figure of a rule that not every regime has.
    pub(crate) fn maybe<T: Figure>(&self, name: &str) -> Result<Option<Effective<T>>, LoadError> {
        match self.find(name) {
            Some(_) => Ok(settle(self.get(name))?.ok()),
            None => Ok(None),
        }
    }

    /// A figure of a rule that not every regime has; a gap where the regime has the rule but not the figure.
    pub(crate) fn if_declared<T: Figure>(&self, name: &str) -> Result<Option<Effective<T>>, Missing> {
        self.find(name).map(|_| self.get(name)).transpose()
    }

    /// The figures of a group with the last part of their path, in the order of the file, unset ones left out.
    pub(crate) fn each<T: Figure>(&self, group: &str) -> Result<Vec<(&'a str, Effective<T>)>, LoadError> {
        let prefix = format!("{}.", self.path(group));
        let from = self.store.parameters.range(prefix.clone()..);
        let mut own: Vec<_> = from.take_while(|(path, _)| path.starts_with(&prefix)).collect();
        own.sort_by_key(|(_, parameter)| parameter.order);
        let mut figures = Vec::with_capacity(own.len());
        for (path, parameter) in own {
            self.read.borrow_mut().insert(path);
            if let Some(dated) = parameter.on(self.on) {
                figures.push((&path[prefix.len()..], typed(path, parameter, dated)?));
            }
        }
        Ok(figures)
    }

    /// The gap of a group whose figures all are unset.
    pub(crate) fn gap_of(&self, group: &str) -> Option<Gap> {
        let prefix = format!("{}.", self.path(group));
        let (path, first) = self.store.parameters.range(prefix.clone()..).next()?;
        path.starts_with(&prefix).then(|| first.gap.clone())
    }

    /// The gap of a parameter.
    pub(crate) fn gap(&self, name: &str) -> Result<Gap, LoadError> {
        let found = self.find(name).map(|(_, parameter)| parameter.gap.clone());
        found.ok_or_else(|| LoadError::Required { parameter: self.path(name) })
    }

    /// True when the value in force is another year's figure.
    pub(crate) fn is_provisional(&self, name: &str) -> bool {
        self.find(name).and_then(|(_, parameter)| parameter.on(self.on)).is_some_and(|dated| dated.provisional)
    }

    /// A part of a path as a code of the glossary.
    pub(crate) fn code<T: FromStr>(&self, path: &str, part: &str) -> Result<T, LoadError> {
        part.parse().map_err(|_| LoadError::Value {
            parameter: path.to_owned(),
            problem: format!("`{part}` is not a code of the glossary"),
        })
    }

    /// A path such as `ADULT.HIGH` as two codes of the glossary.
    pub(crate) fn codes<A: FromStr, B: FromStr>(&self, path: &str, key: &str) -> Result<(A, B), LoadError> {
        let (first, second) = key.split_once('.').unwrap_or((key, ""));
        Ok((self.code(path, first)?, self.code(path, second)?))
    }

    /// The first parameter of the regime that was not read, though the document prints it.
    pub(crate) fn unread(&self) -> Option<&'a str> {
        let prefix = self.path("");
        let read = self.read.borrow();
        let printed = self.store.parameters.iter().filter(|(_, parameter)| !parameter.values.is_empty());
        printed.map(|(path, _)| path.as_str()).find(|path| path.starts_with(&prefix) && !read.contains(path))
    }
}

fn typed<T: Figure>(path: &str, parameter: &Parameter, dated: &Dated) -> Result<Effective<T>, LoadError> {
    let problem = |problem: String| LoadError::Value { parameter: path.to_owned(), problem };
    if !T::UNITS.contains(&parameter.unit) {
        return Err(problem(format!("unit {:?} where one of {:?} is needed", parameter.unit, T::UNITS)));
    }
    Ok(Effective::new(T::read(&dated.value).map_err(problem)?, dated.reference))
}
