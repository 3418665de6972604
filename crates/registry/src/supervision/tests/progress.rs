//! Progress, its history, and the recount.

use juyi_domain::codes::{CountGroup, District, Office};
use juyi_proto::code::Coded;
use juyi_proto::registry::v1 as pb;
use juyi_testkit::{TestTarget, targets};
use tonic::Status;

use super::super::fixtures::{Suite, by, day, reasons};
use super::{of_baodi, of_jinghai};
use crate::counts::Counted;

async fn progress(suite: &Suite, district: &str, policy_year: i32, as_of: &str) -> pb::GetProgressResponse {
    let (district, as_of_date) = (district.to_owned(), as_of.to_owned());
    let request = pb::GetProgressRequest { district, policy_year, as_of_date, require_next_report: false };
    suite.supervision.clone().get_progress(request).await.unwrap().into_inner()
}

fn unit<'a>(report: &'a pb::GetProgressResponse, unit_id: &str) -> &'a pb::UnitProgress {
    report.units.iter().find(|unit| unit.unit_id == unit_id).unwrap()
}

/// S-57: J-A2.T-a; 30000 of 31267 general residents are 9595 basis points, 1267 are missing.
#[tokio::test]
async fn progress_of_jinghai() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-03-01").await;
        suite.count(&of_jinghai("120118.1", "2020-10-12"), 29_990).await;
        suite.enrol(10, &of_jinghai("120118.1", "2020-12-01")).await;
        suite.enrol(3, &of_jinghai("120118.HUAKANG", "2020-12-01")).await;
        suite.enrol(2, &Counted { township: None, ..of_jinghai("", "2021-02-01") }).await;
        let report = progress(&suite, "120118", 2021, "").await;
        let town = unit(&report, "120118.1");
        let general = &town.groups[0];
        assert_eq!((general.counted, general.target, general.missing), (30_000, 31_267, 1_267), "{}", on.kind);
        assert_eq!((general.basis_points, general.has_target), (9_595, true), "{}", on.kind);
        assert_eq!((town.total.as_ref().unwrap().target, town.rank), (69_693, 1), "{}", on.kind);
        let college = unit(&report, "120118.19");
        assert!(!college.groups[0].has_target && college.groups[1].has_target, "J-A2.T-c, {}", on.kind);
        // AMB-119.
        let unassigned = report.unassigned.as_ref().unwrap();
        assert_eq!((unassigned.unit_id.as_str(), unassigned.total.as_ref().unwrap().counted), ("120118.UNASSIGNED", 5));
        let total = report.total.as_ref().unwrap().total.as_ref().unwrap();
        assert_eq!((total.counted, total.target), (30_005, 461_563), "{}", on.kind);
        assert_eq!((report.as_of_date.as_str(), report.due_date.as_str(), report.late), ("2021-03-01", "", false));

        let earlier = progress(&suite, "120118", 2021, "2020-11-30").await;
        assert_eq!(unit(&earlier, "120118.1").groups[0].counted, 29_990, "{}", on.kind);
        assert_eq!(earlier.unassigned.unwrap().total.unwrap().counted, 0, "{}", on.kind);
    }
}

/// S-58: B-8.3-b, B-8.3-c, B-T-b: 7160 less 120, 30 and 10 are 7000 of 7600.
#[tokio::test]
async fn progress_of_baodi() {
    for on in &targets().await {
        let suite = Suite::start(on, "2017-01-03").await;
        let counted = of_baodi("120115.6", "2016-12-31");
        suite.count(&counted, 7_000).await;
        suite.count(&Counted { group: CountGroup::NotCounted, ..counted.clone() }, 120 + 30 + 10).await;
        let report = progress(&suite, "120115", 2017, "2016-12-31").await;
        let street = unit(&report, "120115.6");
        let line = street.total.as_ref().unwrap();
        assert_eq!((line.counted, line.missing, line.basis_points), (7_000, 600, 9_211), "{}", on.kind);
        assert_eq!((street.not_counted, street.groups.len()), (160, 0), "{}", on.kind);
        assert_eq!((report.units.len(), report.total.as_ref().unwrap().total.as_ref().unwrap().target), (24, 401_400));
        assert_eq!((report.due_date.as_str(), report.late), ("2016-12-31", false), "{}", on.kind);
        // B-8.3-c: what comes after the last day does not make good for it.
        suite.count(&of_baodi("120115.1", "2017-01-02"), 394_400).await;
        let late = progress(&suite, "120115", 2017, "").await;
        let line = late.total.as_ref().unwrap().total.as_ref().unwrap();
        assert_eq!((line.missing, late.late), (0, true), "{}", on.kind);
    }
}

#[tokio::test]
async fn a_report_on_a_day_to_come_is_refused() {
    let on = TestTarget::sqlite();
    let suite = Suite::start(&on, "2021-03-01").await;
    let ask = async |district: &str, as_of_date: &str| {
        let (district, as_of_date) = (district.to_owned(), as_of_date.to_owned());
        let request = pb::GetProgressRequest { district, policy_year: 2021, as_of_date, require_next_report: false };
        reasons(suite.supervision.clone().get_progress(request).await)
    };
    assert_eq!(ask("120118", "2021-03-02").await, "DATE_ORDER");
    assert_eq!(ask("120104", "").await, "TARGET_NOT_FOUND");
    assert_eq!(ask("110101", "").await, "BAD_DISTRICT");
}

#[tokio::test]
async fn the_history_tells_each_day_of_change() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-03-01").await;
        suite.enrol(4, &of_jinghai("120118.1", "2020-09-01")).await;
        suite.enrol(2, &of_jinghai("120118.4", "2020-09-03")).await;
        suite.enrol(1, &Counted { group: CountGroup::NotCounted, ..of_jinghai("120118.4", "2020-09-03") }).await;
        let history = async |unit_id: &str, start: &str, end: &str| {
            let request = pb::ListProgressHistoryRequest {
                district: "120118".to_owned(),
                policy_year: 2021,
                unit_id: unit_id.to_owned(),
                start_date: start.to_owned(),
                end_date: end.to_owned(),
            };
            let days = suite.supervision.clone().list_progress_history(request).await?.into_inner().days;
            Ok::<_, Status>(
                days.into_iter().map(|it| (it.date[8..].to_owned(), it.counted, it.change)).collect::<Vec<_>>(),
            )
        };
        let told = |day: &str, counted, change| (day.to_owned(), counted, change);
        let district = history("", "2020-09-01", "2020-09-05").await.unwrap();
        assert_eq!(district, [told("01", 4, 4), told("03", 6, 2), told("05", 6, 0)], "{}", on.kind);
        assert_eq!(history("120118.TOTAL", "2020-09-01", "2020-09-05").await.unwrap(), district, "{}", on.kind);
        let town = history("120118.4", "2020-09-02", "2020-09-03").await.unwrap();
        assert_eq!(town, [told("02", 0, 0), told("03", 2, 2)], "{}", on.kind);
        assert_eq!(reasons(history("120118.HUAKANG", "2020-09-02", "2020-09-03").await), "TARGET_NOT_FOUND");
        assert_eq!(reasons(history("", "2020-09-02", "2020-09-01").await), "DATE_ORDER");
        assert_eq!(reasons(history("", "2020-01-01", "2021-03-01").await), "VALUE_NOT_ALLOWED");
        assert_eq!(reasons(history("", "2021-02-01", "2021-03-02").await), "DATE_ORDER", "{}", on.kind);
        assert!(history("", "2021-02-01", "2021-03-01").await.is_ok(), "{}", on.kind);
    }
}

async fn recount(
    suite: &Suite,
    office: Office,
    request_id: &str,
    validate_only: bool,
) -> Result<pb::RecountProgressResponse, Status> {
    let request = pb::RecountProgressRequest {
        request_id: request_id.to_owned(),
        district: "120118".to_owned(),
        policy_year: 2021,
        validate_only,
    };
    let mut client = suite.supervision.clone();
    Ok(by(office, District::Jinghai, client.recount_progress(request)).await?.into_inner())
}

/// A sound registry has no differences; one that somebody broke is mended by its enrolments.
#[tokio::test]
async fn a_recount_names_and_mends_differences() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-03-01").await;
        suite.enrol(5, &of_jinghai("120118.1", "2020-10-12")).await;
        suite.enrol(2, &Counted { township: None, ..of_jinghai("", "2020-10-13") }).await;
        let office = Office::MedicalInsurance;
        let sound = recount(&suite, office, "one", false).await.unwrap();
        assert_eq!((sound.enrolments, sound.differences.len(), sound.found), (7, 0, 0), "{}", on.kind);

        suite.run("UPDATE progress_day SET persons = 9 WHERE township = '120118.1'").await;
        suite.run("DELETE FROM progress_day WHERE township = ''").await;
        suite.count(&of_jinghai("120118.4", "2020-10-12"), 3).await;
        let expected = |unit: &str, date: &str, kept, recounted| pb::CountDifference {
            unit_id: unit.to_owned(),
            group: CountGroup::GeneralResidents.to_wire(),
            date: date.to_owned(),
            kept,
            recounted,
        };
        let differences = [
            expected("", "2020-10-13", 0, 2),
            expected("120118.1", "2020-10-12", 9, 5),
            expected("120118.4", "2020-10-12", 3, 0),
        ];
        let found = recount(&suite, office, "check", true).await.unwrap();
        assert_eq!((found.differences.as_slice(), found.found), (differences.as_slice(), 3), "{}", on.kind);
        assert_eq!(recount(&suite, office, "mend", false).await.unwrap().differences, differences, "{}", on.kind);
        // The same request: the same answer, and nothing is mended twice.
        assert_eq!(recount(&suite, office, "mend", false).await.unwrap().differences, differences, "{}", on.kind);
        assert_eq!(recount(&suite, office, "after", false).await.unwrap().differences, [], "{}", on.kind);
        let report = progress(&suite, "120118", 2021, "").await;
        assert_eq!(unit(&report, "120118.1").total.as_ref().unwrap().counted, 5, "{}", on.kind);
        assert_eq!(reasons(recount(&suite, Office::Township, "no", false).await), "ROLE_NOT_ALLOWED");
    }
}

/// Two recounts at once mend a difference once, and enrolments that come in between stay counted.
#[tokio::test]
async fn recounts_side_by_side_mend_once() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-03-01").await;
        suite.enrol(5, &of_jinghai("120118.1", "2020-10-12")).await;
        suite.run("UPDATE progress_day SET persons = 1").await;
        let office = Office::MedicalInsurance;
        let enrolment = of_jinghai("120118.1", "2020-10-12");
        let (one, other, ()) = tokio::join!(
            recount(&suite, office, "one", false),
            recount(&suite, office, "other", false),
            suite.enrol(4, &enrolment),
        );
        let mended = one.unwrap().differences.len() + other.unwrap().differences.len();
        assert_eq!(mended, 1, "{}", on.kind);
        assert_eq!(recount(&suite, office, "after", true).await.unwrap().differences, [], "{}", on.kind);
        let report = progress(&suite, "120118", 2021, "").await;
        assert_eq!(unit(&report, "120118.1").total.as_ref().unwrap().counted, 9, "{}", on.kind);
    }
}

/// A full population on a year of days: the report adds up, and its history has every day.
#[tokio::test]
async fn a_year_of_days_adds_up() {
    for on in &targets().await {
        let suite = Suite::start(on, "2021-09-01").await;
        suite.fill_year().await;
        let report = progress(&suite, "120118", 2021, "").await;
        let total = report.total.as_ref().unwrap().total.as_ref().unwrap();
        assert_eq!(total.counted, 19 * 3 * 365 * 22, "{}", on.kind);
        assert!(report.units.iter().all(|unit| unit.total.as_ref().unwrap().counted == 3 * 365 * 22), "{}", on.kind);
        let half = progress(&suite, "120118", 2021, "2020-09-30").await;
        assert_eq!(half.total.unwrap().total.unwrap().counted, 19 * 3 * 30 * 22, "{}", on.kind);
        assert_eq!(day("2020-09-01") + chrono::Days::new(364), day("2021-08-31"));
    }
}
