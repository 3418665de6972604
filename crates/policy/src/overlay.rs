//! The overlay file of an operator.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Deserialize;
use toml::value::Datetime;

use crate::{LoadError, figure, store};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OverlayFile {
    #[serde(default)]
    set: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    parameter: String,
    value: toml::Value,
    since: Datetime,
    source: Option<Source>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Source {
    document: String,
    section: String,
}

/// One value an operator supplies, with the source receipts will cite.
pub(crate) struct Set {
    pub parameter: String,
    pub value: toml::Value,
    pub since: NaiveDate,
    pub document: String,
    pub section: String,
}

/// Reads an overlay; every entry has a date and a source that is not blank. A later policy prevails from its day on
/// (J-13.N-c), so two figures of one parameter from the same day contradict each other.
pub(crate) fn parse(text: &str) -> Result<Vec<Set>, LoadError> {
    let file: OverlayFile = store::parse("overlay", text)?;
    let sets: Vec<Set> = file.set.into_iter().map(entry).collect::<Result<_, _>>()?;
    let mut seen = BTreeSet::new();
    match sets.iter().find(|set| !seen.insert((&set.parameter, set.since))) {
        Some(Set { parameter, since, .. }) => {
            Err(LoadError::Overlapping { parameter: parameter.clone(), since: *since })
        }
        None => Ok(sets),
    }
}

fn entry(entry: Entry) -> Result<Set, LoadError> {
    let Entry { parameter, value, since, source } = entry;
    let Some(since) = figure::day(&since) else {
        return Err(LoadError::NotADate { parameter });
    };
    match source {
        Some(Source { document, section }) if !document.trim().is_empty() && !section.trim().is_empty() => {
            Ok(Set { parameter, value, since, document, section })
        }
        _ => Err(LoadError::SourceMissing { parameter }),
    }
}
