//! The catalogue of rules: every id that code, receipts and law files may cite.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::LoadError;

const RULES: &str = include_str!("../data/rules.toml");

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::parse(RULES).unwrap_or_default());

/// One rule of the documents.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Id, for example `J-5.1.T-c`.
    pub id: String,
    /// Chinese title; the English one where the rule has no Chinese title.
    pub title: String,
    /// English title.
    pub title_en: String,
    /// Document that prints it: `J2021` or `B2017`.
    pub document: String,
    /// Clause path in the document's own words.
    pub clause: String,
    /// Service it belongs to.
    pub service: RuleService,
    /// Policy years it governs.
    pub years: Vec<i32>,
}

/// Part of the suite a rule belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleService {
    /// Who is enrolled, where and when.
    Registry,
    /// Premiums, subsidies, refunds.
    Contribution,
    /// From when to when a person is covered.
    BenefitPeriod,
    /// What each payer owes on a bill.
    Settlement,
    /// Medical and veterans' assistance.
    Assistance,
    /// Accident insurance.
    Accident,
    /// Duties of offices, data flows, targets.
    Gateway,
    /// Cards, outlets, contacts.
    Information,
}

impl RuleService {
    /// The code of the service.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Registry => "registry",
            Self::Contribution => "contribution",
            Self::BenefitPeriod => "benefit_period",
            Self::Settlement => "settlement",
            Self::Assistance => "assistance",
            Self::Accident => "accident",
            Self::Gateway => "gateway",
            Self::Information => "information",
        }
    }
}

/// All rules, in the order of the documents.
#[derive(Debug, Default)]
pub struct Catalogue {
    rules: Vec<Rule>,
    by_id: HashMap<String, usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    rules: Vec<Rule>,
}

impl Catalogue {
    fn parse(text: &str) -> Result<Self, LoadError> {
        let file: RuleFile = toml::from_str(text)
            .map_err(|source| LoadError::Malformed { file: "rules.toml".to_owned(), source: Box::new(source) })?;
        let mut by_id = HashMap::with_capacity(file.rules.len());
        for (index, rule) in file.rules.iter().enumerate() {
            if by_id.insert(rule.id.clone(), index).is_some() {
                return Err(LoadError::Duplicate { parameter: rule.id.clone() });
            }
        }
        Ok(Self { rules: file.rules, by_id })
    }

    /// The rule of an id.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Rule> {
        self.by_id.get(id).and_then(|index| self.rules.get(*index))
    }

    /// Every rule, in the order of the documents.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter()
    }
}

/// The catalogue built into the program.
#[must_use]
pub fn catalogue() -> &'static Catalogue {
    &CATALOGUE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_all_420_rules() {
        let parsed = Catalogue::parse(RULES).unwrap();
        let from = |document| parsed.iter().filter(|rule| rule.document == document).count();
        assert_eq!((parsed.iter().count(), from("J2021"), from("B2017")), (420, 338, 82));
        assert_eq!(catalogue().iter().count(), 420);
        for rule in catalogue().iter() {
            assert_eq!(rule.id.starts_with("J-"), rule.document == "J2021", "{}", rule.id);
            let year = if rule.document == "J2021" { 2021 } else { 2017 };
            assert_eq!(rule.years, [year], "{}", rule.id);
            assert!(!rule.title.is_empty() && !rule.title_en.is_empty() && !rule.clause.is_empty(), "{}", rule.id);
        }
    }

    #[test]
    fn counts_of_each_service() {
        let of = |service| catalogue().iter().filter(|rule| rule.service == service).count();
        let counts = [
            RuleService::Registry,
            RuleService::Contribution,
            RuleService::BenefitPeriod,
            RuleService::Settlement,
            RuleService::Assistance,
            RuleService::Accident,
            RuleService::Gateway,
            RuleService::Information,
        ]
        .map(of);
        assert_eq!(counts, [50, 54, 24, 147, 27, 35, 57, 26]);
    }

    #[test]
    fn finds_a_rule_with_its_clause() {
        let rule = catalogue().find("J-5.1.T-c").unwrap();
        assert_eq!((rule.clause.as_str(), rule.title.as_str()), ("附件3.1 五（一）表", "三级医院住院报销比例"));
        assert_eq!(rule.service.as_str(), "settlement");
        assert_eq!(catalogue().find("J-9.9-z"), None);
    }

    #[test]
    fn rejects_a_rule_listed_twice() {
        let entry = r#"{ id = "J-1", title = "t", title_en = "t", document = "J2021", clause = "c", service = "registry", years = [2021] }"#;
        assert!(matches!(Catalogue::parse(&format!("rules = [{entry}, {entry}]")), Err(LoadError::Duplicate { .. })));
    }
}
