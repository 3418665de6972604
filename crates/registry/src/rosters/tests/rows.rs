//! What becomes of a row.

use juyi_domain::codes::{Disposition, Identity, Office, RosterKind};
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;

use super::{DULIU, SCHOOL, counts, header, number, people, person, sites};

const POLICE: Office = Office::PublicSecurity;

/// What became of the rows, with the reasons.
fn fates(rows: &[pb::RosterRowOutcome]) -> Vec<(i64, Disposition, Vec<&str>)> {
    let mut fates = Vec::new();
    for row in rows {
        let reasons = row.reasons.iter().map(|it| it.reason.as_str()).collect();
        fates.push((row.row_number, Disposition::from_wire(row.disposition).unwrap(), reasons));
    }
    fates
}

#[tokio::test]
async fn a_bad_row_is_rejected_with_its_reasons_and_the_others_proceed() {
    for site in &sites().await {
        let header = header(RosterKind::Population, "population-1");
        let rows = vec![
            pb::RosterRow { township: DULIU.to_owned(), ..person(1) },
            pb::RosterRow { identity_number: "12022319000510001".to_owned(), name: String::new(), ..person(2) },
            pb::RosterRow { township: SCHOOL.to_owned(), start_date: "2020-13-01".to_owned(), ..person(3) },
            pb::RosterRow { identity_number: number(4).to_lowercase(), ..person(4) },
            pb::RosterRow { tier: 99, previous_year: 7, household_district: "310000".to_owned(), ..person(5) },
            person(6),
        ];
        let answer = site.push(POLICE, &header, &rows).await.unwrap();
        let expected = pb::RosterCounts { received: 6, accepted: 3, new: 3, rejected: 3, ..Default::default() };
        assert_eq!(counts(&answer), expected, "{}", site.kind);
        let refused = [
            (2, Disposition::Rejected, vec!["IDENTITY_NUMBER_INVALID", "REQUIRED_FIELD_MISSING"]),
            (3, Disposition::Rejected, vec!["VALUE_NOT_ALLOWED", "VALUE_NOT_ALLOWED"]),
            (5, Disposition::Rejected, vec!["UNKNOWN_ENUM", "BAD_DISTRICT", "UNKNOWN_ENUM"]),
        ];
        assert_eq!(fates(&answer.not_accepted), refused, "{}", site.kind);
        let conditions = answer.not_accepted.iter().flat_map(|row| &row.reasons);
        assert!(conditions.clone().all(|it| !it.message.is_empty() && !it.detail.contains("120223")));

        let all = site.rows(POLICE, &header, 0).await;
        let new = |number| (number, Disposition::New, vec![]);
        let [two, three, five] = refused;
        assert_eq!(fates(&all), [new(1), two, three, new(4), five, new(6)], "{}", site.kind);
        assert_eq!(all[0].row.as_ref().unwrap(), &rows[0]);
        assert_eq!(all[2].row.as_ref().unwrap(), &rows[2]);
        assert_eq!(all[3].row.as_ref().unwrap().identity_number, number(4));
    }
}

/// What no field can hold does not keep the others: a NUL is none of PostgreSQL's characters.
#[tokio::test]
async fn a_row_of_rubbish_is_rejected_alone() {
    for site in &sites().await {
        let header = header(RosterKind::Population, "population-1");
        let rubbish = pb::RosterRow {
            identity_number: "1\0".repeat(5_000),
            name: "\0".repeat(5_000),
            unit_id: "9".repeat(5_000),
            ..Default::default()
        };
        let answer = site.push(POLICE, &header, &[rubbish, person(1)]).await.unwrap();
        assert_eq!((counts(&answer).accepted, counts(&answer).rejected), (1, 1), "{}", site.kind);
        let row = answer.not_accepted[0].row.as_ref().unwrap();
        let lengths = [&row.identity_number, &row.name, &row.unit_id].map(|text| text.chars().count());
        assert_eq!((lengths, row.name.contains('\0')), ([32, 50, 64], false), "{}", site.kind);
    }
}

/// Only students and applications are listed by unit.
#[tokio::test]
async fn other_lists_are_of_the_whole_district() {
    for site in &sites().await {
        let of_unit = pb::RosterHeader { unit_id: SCHOOL.to_owned(), ..header(RosterKind::Population, "population") };
        let status = site.push(POLICE, &of_unit, &people([1])).await.unwrap_err();
        assert_eq!(super::reason(&status), "VALUE_NOT_ALLOWED", "{}", site.kind);
    }
}

/// J-1.3-b: whoever is named twice in one list is told.
#[tokio::test]
async fn a_person_named_twice_counts_once() {
    for site in &sites().await {
        let header = header(RosterKind::Population, "population-1");
        let invalid = pb::RosterRow { name: String::new(), ..person(2) };
        let rows = [vec![person(1), invalid, person(1), person(2)], people([3, 1, 2])].concat();
        let answer = site.push(POLICE, &header, &rows).await.unwrap();
        let expected =
            pb::RosterCounts { received: 7, accepted: 3, new: 3, duplicate: 3, rejected: 1, ..Default::default() };
        assert_eq!(counts(&answer), expected, "{}", site.kind);
        let duplicates = site.rows(POLICE, &header, Disposition::Duplicate.to_wire()).await;
        let twice = |number| (number, Disposition::Duplicate, vec!["DUPLICATE_IDENTITY"]);
        assert_eq!(fates(&duplicates), [twice(3), twice(6), twice(7)], "{}", site.kind);
        assert_eq!(duplicates[0].reasons[0].rule_id, "J-1.3-b");
    }
}

#[tokio::test]
async fn a_list_is_compared_with_the_one_before_it() {
    for site in &sites().await {
        let first = header(RosterKind::Population, "population-1");
        site.push(POLICE, &first, &people(1..=6)).await.unwrap();
        let moved = pb::RosterRow { township: DULIU.to_owned(), ..person(3) };
        let second = header(RosterKind::Population, "population-2");
        let rows = [people([7, 2]), vec![moved], people([4, 1])].concat();
        let answer = site.push(POLICE, &second, &rows).await.unwrap();
        let expected = pb::RosterCounts {
            received: 5,
            accepted: 5,
            new: 1,
            unchanged: 3,
            changed: 1,
            left: 2,
            ..Default::default()
        };
        assert_eq!(counts(&answer), expected, "{}", site.kind);
        assert_eq!(answer.roster.unwrap().previous_roster_id, "population-1");
        for (disposition, numbers) in
            [(Disposition::New, vec![1]), (Disposition::Unchanged, vec![2, 4, 5]), (Disposition::Changed, vec![3])]
        {
            let rows = site.rows(POLICE, &second, disposition.to_wire()).await;
            let found: Vec<_> = rows.iter().map(|row| row.row_number).collect();
            assert_eq!(found, numbers, "{} {disposition}", site.kind);
        }
        let partial = pb::RosterHeader { complete: false, ..header(RosterKind::Population, "population-3") };
        let answer = site.push(POLICE, &partial, &people([1])).await.unwrap();
        assert_eq!((counts(&answer).unchanged, counts(&answer).left), (1, 0), "{}", site.kind);
    }
}

/// J-A1.3-o and J-A1.3-p.
#[tokio::test]
async fn who_has_an_employer_or_an_income_is_no_special_person() {
    for site in &sites().await {
        let soldier = |has_employer, sequence| pb::RosterRow {
            identity: Identity::OldDemobilisedSoldier.to_wire(),
            has_employer,
            ..person(sequence)
        };
        let rows = [soldier(true, 1), soldier(false, 2)];
        let entitled = header(RosterKind::EntitledGroups, "soldiers");
        let answer = site.push(Office::VeteransAffairs, &entitled, &rows).await.unwrap();
        assert_eq!((counts(&answer).accepted, counts(&answer).rejected), (1, 1), "{}", site.kind);
        let condition = &answer.not_accepted[0].reasons[0];
        assert_eq!((condition.reason.as_str(), condition.rule_id.as_str()), ("CLASS_NOT_ELIGIBLE", "J-A1.3-o"));
        let identity = Identity::CadreSpouse.to_wire();
        let rows = [pb::RosterRow { identity, has_fixed_income: true, ..person(3) }];
        let spouses = header(RosterKind::CadreSpouses, "spouses");
        let answer = site.push(Office::VeteranCadres, &spouses, &rows).await.unwrap();
        let condition = &answer.not_accepted[0].reasons[0];
        assert_eq!((condition.reason.as_str(), condition.rule_id.as_str()), ("CLASS_NOT_ELIGIBLE", "J-A1.3-p"));
    }
}
