//! What filings make of bills: kept with the settlement, and asked of the rows.

use juyi_domain::codes::{Identity, Office, ProviderLevel, Tier};
use juyi_domain::id::ResidentId;
use juyi_proto::settlement::v1 as pb;

use super::filings::{AGENCY, reasons, residence};
use super::{Stay, Suite, with_suites};

fn elsewhere(category: pb::OutOfArea, region: &str, stay: &Stay) -> pb::Bill {
    let place = pb::Elsewhere { category: category.into(), region: region.to_owned(), receiving_level: 0 };
    pb::Bill { place: Some(pb::bill::Place::Elsewhere(place)), ..stay.bill() }
}

async fn settle(suite: &Suite, office: Office, resident: ResidentId, bill: pb::Bill) -> Result<pb::Settlement, String> {
    let request = pb::SettleRequest {
        request_id: suite.request_id(),
        resident_id: resident.to_string(),
        bill: Some(bill),
        ..Default::default()
    };
    let answer = Suite::office(office, suite.client().settle(request)).await;
    answer.map(|answer| answer.into_inner().settlement.unwrap()).map_err(|status| reasons(&status))
}

/// J-10.4-a: a stay elsewhere passes through basic insurance, critical illness insurance and assistance on one bill, at an
/// institution that this city does not designate: (50000.00 − 500.00) × 70 %, (15350.00 − 10601.00) × 65 %, 12263.15 × 60 %.
/// J-10.4-b: its place is needed. J-10.4-c: bills paid elsewhere are claimed at the agency alone.
#[tokio::test]
async fn a_stay_elsewhere_is_settled_on_one_bill() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        suite.peers.set_cover(Tier::Middle, &[Identity::SubsistenceAllowance]);
        let request = residence(&suite, resident);
        Suite::office(AGENCY, suite.filings().file_residence_elsewhere(request)).await.unwrap();
        let bill = |region: &str| {
            let mut bill = elsewhere(pb::OutOfArea::Residence, region, &Stay::on("03-01", 50_000));
            let provider = bill.provider.as_mut().unwrap();
            (provider.provider_code, provider.assistance_designated) = ("H13010200001".to_owned(), false);
            bill
        };
        let settled = settle(&suite, Office::Provider, resident, bill("130102")).await.unwrap();
        let shares = settled.shares.unwrap();
        // (50000.00 − 500.00) × 70 %; (15350.00 − 10601.00) × 65 %; 60 % of the 12263.15 that remain.
        assert_eq!((shares.basic_fund_fen, shares.critical_illness_fen), (3_465_000, 308_685), "{}", suite.kind);
        assert_eq!((shares.medical_assistance_fen, shares.person_fen), (735_789, 490_526));
        let refused = async |office, region: &str| settle(&suite, office, resident, bill(region)).await.unwrap_err();
        assert_eq!(refused(Office::Provider, "").await, "REQUIRED_FIELD_MISSING", "{}", suite.kind);
        assert_eq!(refused(Office::Provider, "120101").await, "VALUE_NOT_ALLOWED");
    })
    .await;
}

/// J-10.5.1-b: bills of a time at home are filed until a month after the return. J-10.5.1-a: a visit needs the calendar.
#[tokio::test]
async fn bills_of_students_come_in_time_and_with_the_calendar() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        suite.peers.set_student();
        let home = |start: &str, back: &str| pb::RegisterStudentAtHomeRequest {
            request_id: suite.request_id(),
            validate_only: false,
            resident_id: resident.to_string(),
            start_date: start.to_owned(),
            student: Some(pb::StudentAtHome {
                home_province: "130000".to_owned(),
                unit_id: "120118.S.1".to_owned(),
                return_date: back.to_owned(),
                file_by_date: String::new(),
            }),
        };
        let register = |request| {
            Suite::office(Office::Education, async {
                suite
                    .filings()
                    .register_student_at_home(request)
                    .await
                    .map(|answer| answer.into_inner().filing.unwrap())
            })
        };
        // Today is 2022-01-15: a month after 2021-12-15, and a day more than a month after 2021-12-14.
        let winter = register(home("2021-01-23", "2021-12-14")).await.unwrap();
        let Some(pb::filing::Details::StudentAtHome(told)) = &winter.details else { panic!("a student at home") };
        assert_eq!(told.file_by_date, "2022-01-14");
        let stay = || elsewhere(pb::OutOfArea::StudentAtHome, "130102", &Stay::on("02-01", 5_000));
        let late = settle(&suite, Office::Provider, resident, stay()).await.unwrap_err();
        assert_eq!(late, "DEADLINE_PASSED", "{}", suite.kind);
        let mut visit = stay();
        visit.care_kind = pb::CareKind::Outpatient.into();
        let both = settle(&suite, Office::Provider, resident, visit).await.unwrap_err();
        assert_eq!(both, "REQUIRED_FIELD_MISSING,DEADLINE_PASSED");
        assert_eq!(reasons(&register(home("2021-12-01", "")).await.unwrap_err()), "DUPLICATE_FILING");

        // The time at home is told first without, then with its end.
        let open = register(home("2021-12-15", "")).await.unwrap();
        let closed = register(home("2021-12-15", "2021-12-20")).await.unwrap();
        assert_eq!((open.filing_id.as_str(), closed.steps.len()), (closed.filing_id.as_str(), 2));
        let stay = elsewhere(pb::OutOfArea::StudentAtHome, "130102", &Stay::on("12-16", 5_000));
        // (5000.00 − 500.00) × 75 %.
        let settled = settle(&suite, Office::Provider, resident, stay).await.unwrap();
        assert_eq!(settled.shares.unwrap().basic_fund_fen, 337_500, "{}", suite.kind);
    })
    .await;
}

/// J-10.5.1-a: a visit on a school day is not covered and fills no deductible; in the holidays (900.00 − 500.00) × 50 %. What is
/// a stay is paid any time, and needs no calendar: (1000.00 − 500.00) × 85 %, also of an observation that ended in death
/// (AMB-068, AMB-076). Special outpatient care that is not registered either has both its reasons told.
#[tokio::test]
async fn students_at_home_are_paid_by_the_day() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        suite.peers.set_student();
        let student = pb::StudentAtHome {
            home_province: "130000".to_owned(),
            unit_id: "120118.S.9".to_owned(),
            ..Default::default()
        };
        let register = pb::RegisterStudentAtHomeRequest {
            request_id: suite.request_id(),
            resident_id: resident.to_string(),
            start_date: "2021-12-15".to_owned(),
            student: Some(student),
            ..Default::default()
        };
        Suite::office(Office::Education, suite.filings().register_student_at_home(register)).await.unwrap();
        let bill = |kind: pb::CareKind, day: &str, yuan: i64| pb::Bill {
            care_kind: kind.into(),
            ..elsewhere(pb::OutOfArea::StudentAtHome, "130102", &Stay::on(day, yuan).at(ProviderLevel::One))
        };
        let of = async |bill| settle(&suite, Office::Provider, resident, bill).await;
        let (visited, special) = (pb::CareKind::Outpatient, pb::CareKind::SpecialOutpatient);
        let mut observed = bill(pb::CareKind::EmergencyObservation, "12-16", 1_000);
        observed.observation_outcome = pb::ObservationOutcome::Death.into();
        let death = of(observed).await.unwrap();
        assert_eq!(death.shares.unwrap().basic_fund_fen, 42_500, "{}", suite.kind);
        assert_eq!(of(bill(visited, "12-22", 900)).await.unwrap_err(), "REQUIRED_FIELD_MISSING");
        let of_disease = |day: &str| pb::Bill { disease_code: "M01".to_owned(), ..bill(special, day, 1_000) };
        assert_eq!(of(of_disease("12-22")).await.unwrap_err(), "REQUIRED_FIELD_MISSING");

        let winter = pb::SchoolHoliday {
            kind: pb::HolidayKind::Winter.into(),
            start_date: "2021-12-20".to_owned(),
            last_date: "2021-12-31".to_owned(),
        };
        let unit_id = "120118.S.9".to_owned();
        let calendar = pb::SchoolCalendar { unit_id, year: 2021, holidays: vec![winter], recorded_by: None };
        let request = pb::SetSchoolHolidaysRequest {
            request_id: suite.request_id(),
            validate_only: false,
            calendar: Some(calendar),
        };
        Suite::office(Office::Education, suite.filings().set_school_holidays(request)).await.unwrap();
        let told = |settlement: &pb::Settlement| {
            let steps = settlement.receipt.clone().unwrap().steps.into_iter();
            steps
                .filter(|step| step.marks.contains(&"NOT_COVERED".to_owned()))
                .map(|step| step.rule_id)
                .collect::<Vec<_>>()
        };
        let school_day = of(bill(visited, "12-17", 700)).await.unwrap();
        assert_eq!((school_day.shares.unwrap().basic_fund_fen, told(&school_day)), (0, vec!["J-10.5.1-a".to_owned()]));
        let holiday = of(bill(visited, "12-22", 900)).await.unwrap();
        assert_eq!((holiday.shares.unwrap().basic_fund_fen, told(&holiday)), (20_000, Vec::new()));
        let unpaid = of(of_disease("12-17")).await.unwrap();
        assert_eq!(told(&unpaid), ["J-10.5.1-a", "J-7-6"].map(str::to_owned));
        assert_eq!(told(&of(of_disease("12-23")).await.unwrap()), ["J-7-6".to_owned()]);
    })
    .await;
}

/// AMB-076: the holidays of a school are set for a year, replaced, and read.
#[tokio::test]
async fn holidays_are_set_for_a_year() {
    with_suites("", |suite| async move {
        let holiday = |first: &str, last: &str| pb::SchoolHoliday {
            kind: pb::HolidayKind::Winter.into(),
            start_date: first.to_owned(),
            last_date: last.to_owned(),
        };
        let set = |holidays| {
            let calendar =
                pb::SchoolCalendar { unit_id: "120118.S.1".to_owned(), year: 2021, holidays, recorded_by: None };
            let request_id = suite.request_id();
            let request = pb::SetSchoolHolidaysRequest { request_id, validate_only: false, calendar: Some(calendar) };
            Suite::office(Office::Education, async { suite.filings().set_school_holidays(request).await })
        };
        let of = |year| {
            let request = pb::GetSchoolHolidaysRequest { unit_id: "120118.S.1".to_owned(), year };
            Suite::office(Office::Provider, async { suite.filings().get_school_holidays(request).await })
        };
        set(vec![holiday("2021-01-23", "2021-02-28")]).await.unwrap();
        set(vec![holiday("2021-01-20", "2021-02-28")]).await.unwrap();
        let kept = of(2021).await.unwrap().into_inner().calendar.unwrap();
        assert_eq!(kept.holidays, [holiday("2021-01-20", "2021-02-28")], "{}", suite.kind);
        assert_eq!(reasons(&of(2020).await.unwrap_err()), "CALENDAR_NOT_FOUND");
        assert_eq!(reasons(&set(Vec::new()).await.unwrap_err()), "VALUE_NOT_ALLOWED");
        let outside = set(vec![holiday("2020-12-20", "2021-01-10")]).await.unwrap_err();
        assert_eq!(reasons(&outside), "VALUE_NOT_ALLOWED");
        assert_eq!(reasons(&set(vec![holiday("2021-02-28", "2021-01-23")]).await.unwrap_err()), "DATE_ORDER");
    })
    .await;
}

/// J-10.3.2-c: partners are documented, and registered once for each day.
#[tokio::test]
async fn partners_are_documented() {
    with_suites("", |suite| async move {
        let partnership = |number: &str, first: &str, last: &str| pb::Partnership {
            receiving_code: "H31010100009".to_owned(),
            partner_code: "H31010100010".to_owned(),
            arrangement: pb::Arrangement::TieredCare.into(),
            document_number: number.to_owned(),
            start_date: first.to_owned(),
            last_date: last.to_owned(),
            ..Default::default()
        };
        let register = |partnership| {
            let request_id = suite.request_id();
            let request =
                pb::RegisterPartnerRequest { request_id, validate_only: false, partnership: Some(partnership) };
            Suite::office(AGENCY, async { suite.filings().register_partner(request).await })
        };
        let bare = register(partnership("", "2021-01-01", "")).await.unwrap_err();
        assert_eq!(reasons(&bare), "EVIDENCE_NOT_ACCEPTED", "{}", suite.kind);
        register(partnership("A-1", "2021-01-01", "2021-06-30")).await.unwrap();
        register(partnership("A-2", "2021-07-01", "")).await.unwrap();
        let third = register(partnership("A-3", "2021-05-01", "2021-05-02")).await.unwrap_err();
        assert_eq!(reasons(&third), "DUPLICATE_FILING");
        let request =
            pb::ListPartnersRequest { receiving_code: "H31010100009".to_owned(), page_size: 1, ..Default::default() };
        let page = Suite::office(AGENCY, suite.filings().list_partners(request)).await.unwrap().into_inner();
        assert_eq!((page.partnerships.len(), page.next_page_token.is_empty()), (1, false), "{}", suite.kind);
    })
    .await;
}
