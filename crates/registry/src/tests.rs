//! Behaviour of the repositories, on SQLite and on PostgreSQL.

use chrono::NaiveDate;
use juyi_db::Session;
use juyi_domain::codes::{Category, Class, CountGroup, Desk, District, Identity, Office, Tier, Window};
use juyi_domain::id::ResidentId;
use juyi_domain::money::Fen;
use juyi_domain::receipt::{Receipt, Step};
use juyi_kit::caller::Caller;
use juyi_kit::context::Context;
use juyi_kit::error::Error;
use juyi_testkit::{TestDatabase, context, databases, prepare_all};

use crate::NAME;
use crate::store::enrolments::{self, Enrolment};
use crate::store::identities::{self, IdentityPeriod};
use crate::store::residents::{self, Resident};
use crate::store::{migrations, statements};

const TODAY: &str = "2020-11-11";

async fn fresh() -> (Context, Vec<TestDatabase>) {
    (context(TODAY), databases(NAME, &migrations()).await)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn township() -> Caller {
    Caller { office: Office::Township, district: Some(District::Jinghai), name: "Duliu".to_owned() }
}

pub(crate) fn farmer(context: &Context, number: &str) -> Resident {
    Resident {
        id: context.id(),
        identity_number: number.to_owned(),
        name: "王桂兰".to_owned(),
        born_on: day("1970-05-01"),
        household_district: None,
        residence_district: District::Jinghai,
        died_on: None,
        revision: 1,
        recorded_by: township(),
        created_at: context.now(),
    }
}

fn held(context: &Context, resident_id: ResidentId, start: &str, end: Option<&str>) -> IdentityPeriod {
    IdentityPeriod {
        resident_id,
        id: context.id(),
        identity: Identity::LowIncome,
        start_on: day(start),
        end_on: end.map(day),
        recognised_outside: false,
        ended: None,
        recorded_by: Caller { office: Office::CivilAffairs, district: None, name: String::new() },
        created_at: context.now(),
    }
}

pub(crate) fn enrolment(context: &Context, resident_id: ResidentId, policy_year: i32) -> Enrolment {
    let mut receipt = Receipt::default();
    receipt.push(Step::new("J-2.1-c").given("applied_on", day(TODAY)).found("personal", Fen::yuan(560)));
    Enrolment {
        resident_id,
        id: context.id(),
        policy_year,
        district: District::Jinghai,
        category: Category::RuralResident,
        class: Class::Adult,
        tier: Tier::Middle,
        desk: Desk::TownshipService,
        window: Window::Ordinary,
        applied_on: day(TODAY),
        previous_year_insured: Some(false),
        interrupted_on: None,
        unit_id: None,
        township: Some("120118.4".to_owned()),
        desk_township: Some("120118.4".to_owned()),
        count_group: CountGroup::GeneralResidents,
        paid_on: None,
        receipt,
        recorded_by: township(),
        created_at: context.now(),
    }
}

async fn store(on: &TestDatabase, resident: &Resident) {
    let mut session = on.database.begin().await.unwrap();
    residents::insert(&mut session, resident).await.unwrap();
    session.commit().await.unwrap();
}

async fn reading(on: &TestDatabase) -> Session {
    on.database.read().await.unwrap()
}

#[tokio::test]
async fn every_statement_is_valid_on_both_databases() {
    prepare_all(NAME, &migrations(), &statements()).await;
}

#[tokio::test]
async fn a_resident_is_found_by_id_and_by_number() {
    let (context, databases) = fresh().await;
    for on in &databases {
        let abroad = farmer(&context, "120118197005010012");
        let local = Resident { household_district: Some(District::Baodi), ..farmer(&context, "120115197005010018") };
        store(on, &abroad).await;
        store(on, &local).await;
        let mut session = reading(on).await;
        for resident in [abroad, local] {
            let id = residents::maybe_find_id(&mut session, &resident.identity_number).await.unwrap();
            assert_eq!(id, Some(resident.id), "{}", on.kind);
            assert_eq!(residents::maybe_find(&mut session, resident.id).await.unwrap(), Some(resident), "{}", on.kind);
        }
        assert_eq!(residents::maybe_find(&mut session, context.id()).await.unwrap(), None);
        assert_eq!(residents::maybe_find_id(&mut session, "120118197005010099").await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_number_is_held_once() {
    let (context, databases) = fresh().await;
    for on in &databases {
        store(on, &farmer(&context, "120118197005010012")).await;
        let mut session = on.database.begin().await.unwrap();
        let second = residents::insert(&mut session, &farmer(&context, "120118197005010012")).await;
        assert!(matches!(second, Err(juyi_db::Error::Duplicate)), "{}", on.kind);
    }
}

#[tokio::test]
async fn an_identity_is_held_until_the_day_before_its_end() {
    let (context, databases) = fresh().await;
    for on in &databases {
        let resident = farmer(&context, "120118197005010012");
        store(on, &resident).await;
        let closed = held(&context, resident.id, "2020-03-01", Some("2020-06-01"));
        let open = held(&context, resident.id, "2020-05-01", None);
        let mut session = on.database.begin().await.unwrap();
        for period in [&open, &closed] {
            identities::insert(&mut session, period).await.unwrap();
        }
        session.commit().await.unwrap();

        let mut session = reading(on).await;
        let both = vec![closed.clone(), open.clone()];
        assert_eq!(identities::list(&mut session, resident.id, None).await.unwrap(), both, "{}", on.kind);
        let expected = [
            ("2020-02-29", vec![]),
            ("2020-03-01", vec![closed]),
            ("2020-05-31", both),
            ("2020-06-01", vec![open.clone()]),
            ("2099-12-31", vec![open]),
        ];
        for (on_day, expected) in expected {
            let found = identities::list(&mut session, resident.id, Some(day(on_day))).await.unwrap();
            assert_eq!(found, expected, "{} {on_day}", on.kind);
        }
    }
}

/// J-1.3-a.
#[tokio::test]
async fn a_year_has_one_enrolment() {
    let (context, databases) = fresh().await;
    for on in &databases {
        let resident = farmer(&context, "120118197005010012");
        store(on, &resident).await;
        let first = enrolment(&context, resident.id, 2021);
        let mut session = on.database.begin().await.unwrap();
        enrolments::insert(&mut session, &first).await.unwrap();
        session.commit().await.unwrap();

        let mut session = on.database.begin().await.unwrap();
        let second = enrolments::insert(&mut session, &enrolment(&context, resident.id, 2021)).await;
        assert!(matches!(second, Err(Error::Storage(juyi_db::Error::Duplicate))), "{}", on.kind);
        drop(session);

        let mut session = reading(on).await;
        let found = enrolments::maybe_find(&mut session, resident.id, first.id).await.unwrap();
        assert_eq!(found.as_ref(), Some(&first), "{}", on.kind);
        let found = enrolments::maybe_find_of_year(&mut session, resident.id, 2021).await.unwrap();
        assert_eq!(found, Some(first), "{}", on.kind);
        assert_eq!(enrolments::maybe_find_of_year(&mut session, resident.id, 2020).await.unwrap(), None);
    }
}

#[tokio::test]
async fn enrolments_are_paged_from_the_newest_year() {
    let (context, databases) = fresh().await;
    for on in &databases {
        let resident = farmer(&context, "120118197005010012");
        store(on, &resident).await;
        let mut session = on.database.begin().await.unwrap();
        for year in [2019, 2021, 2017, 2020] {
            enrolments::insert(&mut session, &enrolment(&context, resident.id, year)).await.unwrap();
        }
        session.commit().await.unwrap();
        let mut session = reading(on).await;
        let mut years = async |before, size| -> Vec<i32> {
            let page = enrolments::page(&mut session, resident.id, before, size).await.unwrap();
            page.iter().map(|enrolment| enrolment.policy_year).collect()
        };
        assert_eq!(years(i32::MAX, 3).await, [2021, 2020, 2019], "{}", on.kind);
        assert_eq!(years(2019, 3).await, [2017], "{}", on.kind);
        assert!(years(2017, 3).await.is_empty(), "{}", on.kind);
    }
}
