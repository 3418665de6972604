//! Who ends, withdraws, completes or replaces whose filings and calendars.

use juyi_domain::codes::{District, Office};
use juyi_domain::id::ResidentId;
use juyi_domain::settlement::filings::codes::HolidayKind;
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;
use tonic::Status;

use super::filings::{disease, reasons};
use super::{Suite, with_suites};

type By = (Office, Option<District>, &'static str);

const HERE: Option<District> = Some(District::Jinghai);
const FAR: Option<District> = Some(District::Nankai);

/// What an answer should be, told with who asked.
fn check<T>(answer: Result<T, Status>, allowed: bool, by: By) {
    let reason = answer.err().map(|status| reasons(&status));
    assert_eq!(reason, (!allowed).then(|| "ROLE_NOT_ALLOWED".to_owned()), "{by:?}");
}

async fn register(suite: &Suite, by: By) -> pb::Filing {
    let mut filings = suite.filings();
    let request = disease(suite, suite.resident());
    let answer = Suite::called(by.0, by.1, by.2, filings.register_special_disease(request)).await;
    answer.unwrap().into_inner().filing.unwrap()
}

async fn end(suite: &Suite, by: By, filing: &pb::Filing) -> Result<pb::Filing, Status> {
    let request = pb::EndFilingRequest {
        request_id: suite.request_id(),
        validate_only: false,
        resident_id: filing.resident_id.clone(),
        filing_id: filing.filing_id.clone(),
        last_date: "2021-06-30".to_owned(),
    };
    let mut filings = suite.filings();
    let answer = Suite::called(by.0, by.1, by.2, filings.end_filing(request)).await?;
    Ok(answer.into_inner().filing.unwrap())
}

async fn withdraw(suite: &Suite, by: By, filing: &pb::Filing) -> Result<pb::Filing, Status> {
    let request = pb::WithdrawFilingRequest {
        request_id: suite.request_id(),
        validate_only: false,
        resident_id: filing.resident_id.clone(),
        filing_id: filing.filing_id.clone(),
        reason: "filed in error".to_owned(),
    };
    let mut filings = suite.filings();
    let answer = Suite::called(by.0, by.1, by.2, filings.withdraw_filing(request)).await?;
    Ok(answer.into_inner().filing.unwrap())
}

/// J-10.2.2-c, J-10.3.2-b: the office that filed, or the agency of the district of the cover.
#[tokio::test]
async fn an_office_ends_and_withdraws_its_own_filings() {
    use Office::{MedicalInsurance, Provider, SocialInsurance, System};
    with_suites("", |suite| async move {
        for (filer, changer, allowed) in [
            ((Provider, None, "a"), (Provider, None, "a"), true),
            ((Provider, None, "a"), (Provider, None, "b"), false),
            ((Provider, None, "a"), (Provider, HERE, "a"), false),
            ((Provider, None, ""), (Provider, None, ""), false),
            ((Provider, None, "a"), (SocialInsurance, HERE, "a"), false),
            ((Provider, None, "a"), (MedicalInsurance, FAR, "a"), false),
            ((Provider, None, "a"), (MedicalInsurance, HERE, "b"), true),
            ((MedicalInsurance, HERE, "a"), (MedicalInsurance, None, ""), true),
            ((MedicalInsurance, HERE, "a"), (Provider, HERE, "a"), false),
            ((Provider, None, "a"), (System, None, "juyi"), true),
        ] {
            check(end(&suite, changer, &register(&suite, filer).await).await, allowed, changer);
            check(withdraw(&suite, changer, &register(&suite, filer).await).await, allowed, changer);
        }
    })
    .await;
}

async fn student(suite: &Suite, by: By, resident: ResidentId, return_date: &str) -> Result<pb::Filing, Status> {
    let request = pb::RegisterStudentAtHomeRequest {
        request_id: suite.request_id(),
        validate_only: false,
        resident_id: resident.to_string(),
        start_date: "2021-01-20".to_owned(),
        student: Some(pb::StudentAtHome {
            home_province: "130000".to_owned(),
            unit_id: "120118.S.1".to_owned(),
            return_date: return_date.to_owned(),
            file_by_date: String::new(),
        }),
    };
    let mut filings = suite.filings();
    let answer = Suite::called(by.0, by.1, by.2, filings.register_student_at_home(request)).await?;
    Ok(answer.into_inner().filing.unwrap())
}

/// J-10.5.1-b: the return is told by the school that told the departure, or by the agency.
#[tokio::test]
async fn a_school_completes_its_own_students() {
    use Office::{Education, MedicalInsurance, SocialInsurance};
    with_suites("", |suite| async move {
        suite.peers.set_student();
        for (by, allowed) in [
            ((Education, HERE, "a"), true),
            ((Education, HERE, "b"), false),
            ((SocialInsurance, HERE, "a"), false),
            ((MedicalInsurance, FAR, "b"), false),
            ((MedicalInsurance, HERE, "b"), true),
        ] {
            let resident = suite.resident();
            let filed = student(&suite, (Education, HERE, "a"), resident, "").await.unwrap();
            let completed = student(&suite, by, resident, "2021-02-28").await;
            let id = completed.as_ref().ok().map(|filing| filing.filing_id.clone());
            assert_eq!(id, allowed.then_some(filed.filing_id), "{}", suite.kind);
            check(completed, allowed, by);
        }
    })
    .await;
}

async fn holidays(suite: &Suite, by: By, unit_id: &str, last: &str) -> Result<pb::SchoolCalendar, Status> {
    let holiday = pb::SchoolHoliday {
        kind: HolidayKind::Winter.to_wire(),
        start_date: "2021-01-23".to_owned(),
        last_date: last.to_owned(),
    };
    let calendar = pb::SchoolCalendar {
        unit_id: unit_id.to_owned(),
        year: 2021,
        holidays: vec![holiday],
        ..pb::SchoolCalendar::default()
    };
    let request =
        pb::SetSchoolHolidaysRequest { request_id: suite.request_id(), validate_only: false, calendar: Some(calendar) };
    let mut filings = suite.filings();
    let answer = Suite::called(by.0, by.1, by.2, filings.set_school_holidays(request)).await?;
    Ok(answer.into_inner().calendar.unwrap())
}

/// J-10.5.1-a: another school's holidays would move the money of its students.
#[tokio::test]
async fn a_school_replaces_its_own_calendar() {
    use Office::{Education, MedicalInsurance, SocialInsurance, System};
    with_suites("", |suite| async move {
        let set = async |unit: &str, by: By, allowed: bool| {
            check(holidays(&suite, by, unit, "2021-02-20").await, allowed, by);
        };
        // A district sets those of its schools alone, also as the first.
        set("120118.S.1", (Education, FAR, "a"), false).await;
        set("120118.S.1", (MedicalInsurance, FAR, "a"), false).await;
        set("120118.S.1", (Education, HERE, "a"), true).await;
        set("120118.S.1", (Education, HERE, "a"), true).await;
        for by in [(Education, HERE, "b"), (Education, None, "a"), (SocialInsurance, HERE, "a")] {
            set("120118.S.1", by, false).await;
        }
        set("120118.S.1", (MedicalInsurance, HERE, "agency"), true).await;
        // What the agency corrected, the agency changes.
        set("120118.S.1", (Education, HERE, "a"), false).await;
        set("120118.S.1", (System, None, "juyi"), true).await;
        // One without a name is nobody, the next year is another calendar.
        set("120118.S.2", (Education, HERE, ""), true).await;
        set("120118.S.2", (Education, HERE, ""), false).await;
    })
    .await;
}

/// J-10.5.1-a: of a school whose id tells no district, no district is the right one, neither as the first nor later.
#[tokio::test]
async fn a_school_without_a_district_is_the_whole_citys() {
    use Office::{Education, MedicalInsurance, System};
    with_suites("", |suite| async move {
        for unit in ["S-42", "999999.S.1", ".120118"] {
            let set = async |by: By, allowed: bool| {
                check(holidays(&suite, by, unit, "2021-02-20").await, allowed, by);
            };
            set((Education, FAR, "a"), false).await;
            set((MedicalInsurance, HERE, "agency"), false).await;
            set((Education, None, "bureau"), true).await;
            set((Education, HERE, "bureau"), false).await;
            set((MedicalInsurance, None, "agency"), true).await;
            set((System, None, "juyi"), true).await;
        }
    })
    .await;
}

/// Two schools that both find nothing set: one sets, the other finds it set.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_schools_at_once_one_sets() {
    with_suites("", |suite| async move {
        for round in 0..6 {
            let unit = format!("120118.S.{round}");
            let send = |name: &'static str| {
                let (suite, unit) = (suite.clone(), unit.clone());
                tokio::spawn(
                    async move { holidays(&suite, (Office::Education, HERE, name), &unit, "2021-02-20").await },
                )
            };
            let running: Vec<_> = ["a", "b", "c", "d"].map(send).into();
            let mut set = 0;
            for answer in running {
                match answer.await.unwrap() {
                    Ok(_) => set += 1,
                    Err(status) => assert_eq!(reasons(&status), "ROLE_NOT_ALLOWED", "{}", suite.kind),
                }
            }
            assert_eq!(set, 1, "{}", suite.kind);
        }
    })
    .await;
}
