//! Who answers for what a comparison shows.

use juyi_domain::codes::{FindingKind, RosterKind};

use super::{year_2017, year_2021};

/// J-A1.3-g, J-A1.3-i, J-A1.3-n; B-8.2.5-a, B-8.2.6-a.
#[test]
fn full_coverage_is_somebodys_duty() {
    let law = year_2021();
    for (list, finding, rule_id) in [
        (RosterKind::Students, FindingKind::UncoveredPupil, "J-A1.3-g"),
        (RosterKind::ExtremePoverty, FindingKind::NotEnrolled, "J-A1.3-i"),
        (RosterKind::SevereDisability, FindingKind::NotEnrolled, "J-A1.3-n"),
        (RosterKind::CadreSpouses, FindingKind::NotEnrolled, "J-3.2.5-c"),
        (RosterKind::OtherAid, FindingKind::NotEnrolled, "J-A1.3-b"),
        (RosterKind::Population, FindingKind::NotEnrolled, "J-A1.3-b"),
    ] {
        assert_eq!(law.comparison.rule_id(list, finding), rule_id, "{list}");
    }
    let law = year_2017();
    assert_eq!(law.comparison.rule_id(RosterKind::Students, FindingKind::UncoveredPupil), "B-8.2.5-a");
    assert_eq!(law.comparison.rule_id(RosterKind::LowIncome, FindingKind::Duplicate), "B-8.2.6-a");
}

/// J-1.3-b, J-A1.3-j, J-A1.3-k, J-3.2.5-e.
#[test]
fn every_kind_of_finding_has_its_rule() {
    let law = year_2021();
    for finding in FindingKind::ALL.iter().filter(|kind| **kind != FindingKind::UncoveredPupil) {
        assert!(!law.comparison.rule_id(RosterKind::Population, *finding).is_empty(), "{finding}");
    }
    for (finding, rule_id) in [
        (FindingKind::Duplicate, "J-1.3-b"),
        (FindingKind::Deceased, "J-A1.3-j"),
        (FindingKind::ServiceAfterDeath, "J-A1.3-j"),
        (FindingKind::PaymentWithoutRegistration, "J-A1.3-k"),
        (FindingKind::UnmatchedSpecialStudent, "J-3.2.5-e"),
    ] {
        assert_eq!(law.comparison.rule_id(RosterKind::Students, finding), rule_id, "{finding}");
    }
}
