//! Every figure cites a rule of the catalogue at its clause.

use crate::catalogue;
use crate::sources::SOURCES;
use crate::store::Store;

#[test]
fn every_reference_is_in_the_catalogue() {
    let store = Store::load(SOURCES).unwrap();
    let mut cited = 0;
    for (name, parameter) in &store.parameters {
        assert!(catalogue().find(&parameter.gap.rule_id).is_some(), "{name}");
        for dated in &parameter.values {
            let rule = catalogue().find(&dated.reference.rule_id).unwrap();
            assert_eq!(
                (&*rule.document, &*rule.clause),
                (&*dated.reference.document, &*dated.reference.section),
                "{name}"
            );
            let regime = store.regimes.iter().find(|regime| name.starts_with(&regime.name)).unwrap();
            assert!(rule.years.contains(&regime.policy_year), "{name}");
            cited += 1;
        }
    }
    assert!(cited > 400, "{cited} values");
}

#[test]
fn every_path_is_written_alike() {
    let store = Store::load(SOURCES).unwrap();
    for name in store.parameters.keys() {
        let parts: Vec<_> = name.split('.').collect();
        let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        assert!(parts.len() >= 2 && parts.iter().all(|part| !part.is_empty() && plain(part)), "{name}");
    }
}
