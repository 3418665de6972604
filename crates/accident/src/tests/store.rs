//! Rows on both databases.

use juyi_db::Error as Storage;
use juyi_domain::codes::{District, InsuredGroup, Insurer};
use juyi_kit::caller::Caller;
use juyi_kit::error::Error;
use juyi_proto::accident::v1 as pb;
use juyi_testkit::{databases, prepare_all};
use uuid::Uuid;

use crate::NAME;
use crate::store::accidents::{self, Accident};
use crate::store::{migrations, statements};

fn accident(number: u128) -> Accident {
    Accident {
        resident_id: Uuid::from_u128(1).into(),
        id: Uuid::from_u128(number).into(),
        accident_on: "2021-02-20".parse().unwrap(),
        reported_on: "2021-02-21".parse().unwrap(),
        report_due_on: "2021-02-25".parse().unwrap(),
        late: true,
        policy_year: 2021,
        group: InsuredGroup::StudentChild,
        district: District::Jinghai,
        insurer: Insurer::TaikangLife,
        route: pb::Route { insurer_name: "泰康".to_owned(), ..pb::Route::default() },
        recorded_by: Caller::system(),
        created_at: "2021-02-21T04:00:00.123456Z".parse().unwrap(),
    }
}

#[tokio::test]
async fn every_statement_prepares() {
    prepare_all(NAME, &migrations(), &statements()).await;
}

#[tokio::test]
async fn an_accident_comes_back_as_it_was_stored() {
    for test in databases(NAME, &migrations()).await {
        let one = accident(11);
        let due = Accident {
            accident_on: "2021-02-19".parse().unwrap(),
            report_due_on: "2021-02-24".parse().unwrap(),
            late: false,
            ..accident(12)
        };
        let mut session = test.database.begin().await.unwrap();
        for accident in [&one, &due] {
            accidents::insert(&mut session, accident).await.unwrap();
        }
        session.commit().await.unwrap();
        let mut session = test.database.read().await.unwrap();
        for stored in [one, due] {
            let found = accidents::maybe_find(&mut session, stored.resident_id, stored.id).await.unwrap();
            let on = accidents::maybe_find_on(&mut session, stored.resident_id, stored.accident_on).await.unwrap();
            assert_eq!((found.as_ref(), on), (Some(&stored), Some(stored.id)), "{}", test.kind);
        }
        let nobody = Uuid::from_u128(2).into();
        assert_eq!(accidents::maybe_find(&mut session, nobody, accident(11).id).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_day_has_one_report() {
    for test in databases(NAME, &migrations()).await {
        let mut session = test.database.begin().await.unwrap();
        accidents::insert(&mut session, &accident(11)).await.unwrap();
        let second = accidents::insert(&mut session, &accident(12)).await;
        assert!(matches!(second, Err(Error::Storage(Storage::Duplicate))), "{}", test.kind);
    }
}
