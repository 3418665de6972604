//! Rows against the registry, with the examples of the catalogue.

use super::super::fixtures::{baodi_2017, tianjin_2021};
use super::*;
use crate::contribution::fixtures as premium;
use crate::dates::written::day;

const AS_OF: &str = "2021-03-01";

fn listed() -> Listed {
    Listed {
        name: "王桂兰".to_owned(),
        on: day(AS_OF),
        identity: None,
        special_identity: None,
        recognised_outside: false,
    }
}

fn known(enrolled: Option<Enrolled>) -> Known {
    Known { name: listed().name, died_on: None, identities: Vec::new(), enrolled }
}

fn as_category(category: Category) -> Enrolled {
    let student = matches!(category, Category::SchoolStudent | Category::NurseryChild);
    let class = if student { Class::StudentChild } else { Class::Adult };
    Enrolled { category, class, identities: Vec::new() }
}

fn enrolled() -> Known {
    known(Some(as_category(Category::RuralResident)))
}

fn show(kind: RosterKind, listed: &Listed, known: Option<&Known>) -> Shown {
    let (enrolment, premium) = (tianjin_2021(), premium::tianjin_2021());
    classify(kind, listed, known, Law { enrolment: &enrolment, premium: &premium })
}

fn findings(kind: RosterKind, listed: &Listed, known: Option<&Known>) -> Vec<FindingKind> {
    show(kind, listed, known).findings().collect()
}

/// A list on which `covered` of `persons` are enrolled.
fn compared(kind: RosterKind, persons: i64, covered: &Known, count: i64) -> Tally {
    let mut tally = Tally::new(&looked_for(kind, false).unwrap());
    tally.list(persons);
    for person in 0..persons {
        let row = Listed { identity: covered.identities.first().copied(), ..listed() };
        tally.show(show(kind, &row, Some(if person < count { covered } else { &BARE })));
    }
    tally
}

static BARE: std::sync::LazyLock<Known> = std::sync::LazyLock::new(|| known(None));

/// J-A1.3-b, J-A1.3-l and S-57: the police list 10 persons, 8 of them are enrolled.
#[test]
fn ten_listed_and_eight_enrolled() {
    let tally = compared(RosterKind::Population, 10, &enrolled(), 8);
    assert_eq!((tally.listed(), tally.matched(), tally.not_enrolled()), (10, 8, 2));
    assert_eq!(tally.findings()[&FindingKind::NotEnrolled], 2);
    assert_eq!(tally.findings()[&FindingKind::NotRegistered], 0);
}

/// J-A1.3-f, J-A1.3-g, B-8.2.5-a: 100 students, 97 enrolled, 3 uncovered.
#[test]
fn three_of_a_hundred_pupils_are_uncovered() {
    let pupil = known(Some(as_category(Category::SchoolStudent)));
    let tally = compared(RosterKind::Students, 100, &pupil, 97);
    assert_eq!((tally.matched(), tally.findings()[&FindingKind::UncoveredPupil]), (97, 3));
    assert!(!tally.findings().contains_key(&FindingKind::NotEnrolled));
    assert_eq!(findings(RosterKind::Students, &listed(), None), [FindingKind::UncoveredPupil]);
}

fn special(identity: Identity) -> Known {
    Known { identities: vec![identity], ..known(Some(as_category(Category::SpecialPerson))) }
}

/// J-A1.3-h, J-A1.3-i: 50 poor persons, 48 enrolled, 2 uncovered.
#[test]
fn two_of_fifty_poor_persons_are_uncovered() {
    for (kind, identity) in [
        (RosterKind::SubsistenceAllowance, Identity::SubsistenceAllowance),
        (RosterKind::LowIncome, Identity::LowIncome),
        (RosterKind::ExtremePoverty, Identity::RuralExtremePoverty),
    ] {
        let tally = compared(kind, 50, &special(identity), 48);
        assert_eq!((tally.matched(), tally.findings()[&FindingKind::NotEnrolled]), (48, 2), "{kind}");
    }
}

/// J-A1.3-m, J-A1.3-n: 20 severely disabled persons, 20 enrolled, none uncovered.
#[test]
fn all_of_twenty_disabled_persons_are_covered() {
    let tally = compared(RosterKind::SevereDisability, 20, &special(Identity::SevereDisability), 20);
    assert_eq!((tally.matched(), tally.not_enrolled()), (20, 0));
    assert!(tally.findings().values().all(|count| *count == 0));
}

/// J-A1.3-k: a payment of 260.00 without a registration is UNMATCHED, whether the person or the year is missing.
#[test]
fn a_payment_without_a_registration_is_unmatched() {
    for known in [None, Some(&*BARE)] {
        let shown = show(RosterKind::Payments, &listed(), known);
        assert_eq!(shown.findings().collect::<Vec<_>>(), [FindingKind::PaymentWithoutRegistration]);
        assert!(matches!(shown.outcome, Outcome::NotEnrolled(_)));
    }
    assert_eq!(show(RosterKind::Payments, &listed(), Some(&enrolled())).outcome, Outcome::Matched);
}

/// J-A1.3-l: somebody nobody registered is another finding than somebody who did not enrol.
#[test]
fn the_unknown_are_told_from_the_unenrolled() {
    let kinds = |known| findings(RosterKind::Population, &listed(), known);
    assert_eq!(kinds(None), [FindingKind::NotRegistered]);
    assert_eq!(kinds(Some(&BARE)), [FindingKind::NotEnrolled]);
    assert!(kinds(Some(&enrolled())).is_empty());
}

/// J-A1.3-b: conflicting, and J-A1.3-j: on the list from the day after the recorded death. Both come before the rest.
#[test]
fn another_name_and_a_death_come_first() {
    for kind in RosterKind::ALL.iter().filter(|kind| **kind != RosterKind::Enrolment) {
        let other = Known { name: "王桂花".to_owned(), died_on: Some(day("2020-01-01")), ..known(None) };
        assert_eq!(findings(*kind, &listed(), Some(&other)), [FindingKind::ConflictingIdentity], "{kind}");
    }
    for (died_on, dead) in [("2021-02-28", true), (AS_OF, false), ("2021-03-02", false)] {
        let late = Known { died_on: Some(day(died_on)), ..enrolled() };
        let shown = show(RosterKind::Population, &listed(), Some(&late));
        assert_eq!(shown.outcome == Outcome::Other(FindingKind::Deceased), dead, "{died_on}");
    }
    // A payment is of its own day, whatever the day of the list.
    let paid = Listed { on: day("2020-11-11"), ..listed() };
    let late = Known { died_on: Some(day("2021-02-28")), ..enrolled() };
    assert_eq!(show(RosterKind::Payments, &paid, Some(&late)).outcome, Outcome::Matched);
}

/// J-3.2.5-a, B-8.2.6-a: a special person is enrolled as one, or free on a ground of its own.
#[test]
fn a_special_person_has_a_subsidised_enrolment() {
    let lacks = |kind, identity, enrolled: Enrolled| {
        let row = Listed { identity: Some(identity), ..listed() };
        findings(kind, &row, Some(&known(Some(enrolled)))) == [FindingKind::SpecialWithoutSubsidisedEnrolment]
    };
    let identity = Identity::SubsistenceAllowance;
    let poor = |enrolled| lacks(RosterKind::SubsistenceAllowance, identity, enrolled);
    let rural = as_category(Category::RuralResident);
    assert!(poor(rural.clone()));
    assert!(!poor(as_category(Category::SpecialPerson)));
    assert!(!poor(Enrolled { identities: vec![identity], ..rural.clone() }));
    // J-3.2.5-d, J-2.3-l: loan holders stay with their school and are free there, once the loan is known.
    let pupil = as_category(Category::SchoolStudent);
    let loan = |enrolled| lacks(RosterKind::StudentLoans, Identity::StudentLoan, enrolled);
    assert!(loan(pupil.clone()));
    assert!(!loan(Enrolled { identities: vec![Identity::StudentLoan], ..pupil.clone() }));
    // Orphans have assistance and no subsidy of the premium.
    assert!(!lacks(RosterKind::OtherAid, Identity::Orphan, rural.clone()));
    // J-3.2.5-d: recognised elsewhere, registered by the school, and a child has no ground of its own.
    let outside = Listed { identity: Some(identity), recognised_outside: true, ..listed() };
    assert!(findings(RosterKind::SubsistenceAllowance, &outside, Some(&known(Some(pupil)))).is_empty());

    let (enrolment, premium) = (baodi_2017(), premium::baodi_2017());
    let law = Law { enrolment: &enrolment, premium: &premium };
    let row = Listed { identity: Some(Identity::SevereDisability), ..listed() };
    let shown = classify(RosterKind::SevereDisability, &row, Some(&known(Some(rural))), law);
    assert_eq!(shown.outcome, Outcome::Other(FindingKind::SpecialWithoutSubsidisedEnrolment));
}

/// J-3.2.5-e: the school's special student is matched by an authority's list; enrolled or not is another question.
#[test]
fn a_special_student_is_on_an_authoritys_list() {
    let row = Listed { special_identity: Some(Identity::LowIncome), ..listed() };
    let pupil = known(Some(as_category(Category::SchoolStudent)));
    let shown = show(RosterKind::Students, &row, Some(&pupil));
    assert_eq!((shown.outcome, shown.beside), (Outcome::Matched, Some(FindingKind::UnmatchedSpecialStudent)));
    let named = Known { identities: vec![Identity::LowIncome], ..pupil.clone() };
    assert!(findings(RosterKind::Students, &row, Some(&named)).is_empty());
    assert_eq!(
        findings(RosterKind::Students, &row, None),
        [FindingKind::UncoveredPupil, FindingKind::UnmatchedSpecialStudent]
    );
    assert!(findings(RosterKind::Students, &listed(), Some(&pupil)).is_empty());
}

/// J-A1.3-j: a list of deaths asks whether the death is recorded, and nobody to be enrolled.
#[test]
fn a_list_of_deaths_is_matched_by_recorded_deaths() {
    let dead = Known { died_on: Some(day("2021-02-01")), ..enrolled() };
    assert_eq!(show(RosterKind::Deaths, &listed(), Some(&dead)).outcome, Outcome::Matched);
    assert_eq!(show(RosterKind::Deaths, &listed(), None).outcome, Outcome::NotEnrolled(None));
    let kinds = looked_for(RosterKind::Deaths, true).unwrap();
    assert_eq!(kinds, [FindingKind::ConflictingIdentity, FindingKind::Duplicate, FindingKind::ServiceAfterDeath]);
}

/// J-1.3-b: every list is looked through for duplicates; only a complete one tells who is missing on it.
#[test]
fn every_list_has_its_questions() {
    for kind in RosterKind::ALL {
        let Some(kinds) = looked_for(*kind, true) else {
            assert_eq!(*kind, RosterKind::Enrolment);
            continue;
        };
        assert!(kinds.is_sorted() && kinds.contains(&FindingKind::Duplicate), "{kind}");
        let partial = looked_for(*kind, false).unwrap();
        assert!(!partial.contains(&FindingKind::EnrolledNotOnList), "{kind}");
        let asks = !matches!(kind, RosterKind::Deaths | RosterKind::Payments);
        assert_eq!(kinds.contains(&FindingKind::EnrolledNotOnList), asks, "{kind}");
    }
}

/// Whatever the rows, the outcomes explain the list, and the findings beside them do not disturb that.
#[test]
fn the_outcomes_add_up() {
    let people = [
        None,
        Some(known(None)),
        Some(enrolled()),
        Some(Known { name: "李四".to_owned(), ..enrolled() }),
        Some(Known { died_on: Some(day("2020-05-01")), ..enrolled() }),
        Some(special(Identity::LowIncome)),
    ];
    for kind in RosterKind::ALL {
        let Some(looked_for) = looked_for(*kind, true) else { continue };
        let mut tally = Tally::new(&looked_for);
        tally.list(6);
        let special_identity = Some(Identity::Orphan);
        let row = Listed { identity: Some(Identity::LowIncome), special_identity, ..listed() };
        for person in &people {
            tally.show(show(*kind, &row, person.as_ref()));
        }
        let of = |kind| tally.findings().get(&kind).copied().unwrap_or_default();
        let exclusive =
            [FindingKind::ConflictingIdentity, FindingKind::Deceased, FindingKind::SpecialWithoutSubsidisedEnrolment];
        let others: i64 = exclusive.into_iter().map(of).sum();
        assert_eq!(tally.listed(), tally.matched() + tally.not_enrolled() + others, "{kind}");
        assert!(tally.findings().keys().all(|finding| looked_for.contains(finding)), "{kind}");
    }
}
