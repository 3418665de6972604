//! Whose word counts about what a person brings, and what is posted to bills that were settled before it was known.

use juyi_domain::codes::{District, Office};
use juyi_proto::settlement::v1 as pb;

use super::family_doctors::{contract, end, sign};
use super::recompute::{recompute, request};
use super::years::{YEAR, basic, close, import, opening, paid, try_import};
use super::{Stay, Suite, reasons, with_suites};

/// J-5.1.2-b: the district of the last covered day of the year imports; of a year without cover the one that is stated.
#[tokio::test]
async fn an_import_is_of_the_district_of_the_year() {
    use Office::{MedicalInsurance, SocialInsurance, System};
    let (here, far) = (District::Jinghai, District::Nankai);
    with_suites("", |suite| async move {
        for (by, stated, covered, refused) in [
            ((SocialInsurance, Some(here)), here, Some(here), ""),
            ((SocialInsurance, Some(far)), far, Some(here), "ROLE_NOT_ALLOWED"),
            ((SocialInsurance, Some(far)), here, Some(here), "ROLE_NOT_ALLOWED"),
            ((SocialInsurance, Some(here)), far, Some(here), "ROLE_NOT_ALLOWED"),
            ((SocialInsurance, Some(far)), far, Some(far), ""),
            ((MedicalInsurance, None), far, Some(here), "VALUE_NOT_ALLOWED"),
            ((System, None), far, Some(here), "VALUE_NOT_ALLOWED"),
            ((MedicalInsurance, None), here, Some(here), ""),
            ((SocialInsurance, Some(far)), far, None, ""),
            ((SocialInsurance, Some(far)), here, None, "ROLE_NOT_ALLOWED"),
        ] {
            suite.peers.set_span(YEAR.filter(|_| covered.is_some()));
            suite.peers.set_district(covered.unwrap_or(here));
            let resident = suite.resident();
            let order = pb::ImportOpeningRequest {
                district: stated.to_string(),
                ..import(&suite, resident, &[(2020, 1_000)], None)
            };
            let mut years = suite.years();
            let answer = Suite::called(by.0, by.1, "a", async move { years.import_opening(order).await }).await;
            let told = answer.err().map(|status| reasons(&status)).unwrap_or_default();
            assert_eq!(told, refused, "{} {by:?} {stated} {covered:?}", suite.kind);
            let list = pb::ListOpeningsRequest { resident_id: resident.to_string(), ..Default::default() };
            let statements = Suite::hospital(suite.years().list_openings(list)).await.unwrap().into_inner().statements;
            assert_eq!(statements.is_empty(), !refused.is_empty(), "{}", suite.kind);
        }
    })
    .await;
}

/// S-28, J-5.1.2-b: balances imported after a stay that reached the maximum are posted to it.
#[tokio::test]
async fn balances_imported_later_are_posted() {
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        let (resident, known) = (suite.resident(), suite.resident());
        let balances = [(2019, 2_500), (2020, 4_000)];
        try_import(&suite, import(&suite, known, &balances, None)).await.unwrap();
        let expected = basic(&suite.settle(known, &Stay::on("03-01", 300_000)).await);
        assert_eq!(expected, 18_650_000);

        let stay = suite.settle(resident, &Stay::on("03-01", 300_000)).await;
        assert_eq!(basic(&stay), 18_000_000);
        try_import(&suite, import(&suite, resident, &balances, None)).await.unwrap();
        assert_eq!(basic(&suite.get(resident, &stay.settlement_id).await), 18_000_000);
        let answer = recompute(&suite, request(&suite, resident)).await.unwrap();
        assert_eq!(answer.changes[0].difference.unwrap().basic_fund_fen, 650_000, "{}", suite.kind);
        assert_eq!(basic(&suite.get(resident, &stay.settlement_id).await), expected);
        assert_eq!(recompute(&suite, request(&suite, resident)).await.unwrap().recomputation_id, "");
    })
    .await;
}

/// S-31, J-5.1.4-a, J-5.1.4-b, AMB-060: a contract recorded after its bills were settled and their year was closed, and its
/// end recorded late as well: both post their differences, and the year leaves what it would have left.
#[tokio::test]
async fn a_contract_recorded_later_is_posted() {
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        let resident = suite.resident();
        let hospital = (Office::Provider, None, "a");
        let march = paid(&suite, resident, "03-31", 900).await;
        let april = paid(&suite, resident, "04-02", 400).await;
        assert_eq!((basic(&march), basic(&april)), (20_000, 20_000));
        assert_eq!(close(&suite, resident, false).await.unwrap().carried_fen, 270_000);
        let left = async || opening(&suite, resident, 2022).await.unwrap().balance_fen;
        let posted = async || {
            let answer = recompute(&suite, request(&suite, resident)).await.unwrap();
            let differences = answer.changes.iter().map(|it| it.difference.unwrap().basic_fund_fen);
            (differences.collect::<Vec<_>>(), answer.recomputation_id.is_empty())
        };

        let signed = sign(&suite, hospital, contract(&suite, resident, "2021-03-20")).await.unwrap();
        assert_eq!((basic(&suite.get(resident, &april.settlement_id).await), left().await), (20_000, 270_000));
        let (mut differences, nothing) = posted().await;
        differences.retain(|difference| *difference != 0);
        assert_eq!((differences, nothing), (vec![2_000], false), "{}", suite.kind);
        assert_eq!(basic(&suite.get(resident, &march.settlement_id).await), 20_000);
        assert_eq!((basic(&suite.get(resident, &april.settlement_id).await), left().await), (22_000, 290_000));
        assert_eq!(posted().await, (Vec::new(), true), "{}", suite.kind);

        end(&suite, hospital, &signed, "2021-03-31").await.unwrap();
        let (mut differences, nothing) = posted().await;
        differences.retain(|difference| *difference != 0);
        assert_eq!((differences, nothing), (vec![-2_000], false), "{}", suite.kind);
        assert_eq!((basic(&suite.get(resident, &april.settlement_id).await), left().await), (20_000, 270_000));
        assert_eq!(posted().await, (Vec::new(), true), "{}", suite.kind);
    })
    .await;
}

/// A closed year without bills has a district as well, and one that is covered no more keeps what it was made of.
#[tokio::test]
async fn a_closed_year_without_bills_is_recomputed_by_its_district() {
    with_suites("", |suite| async move {
        suite.peers.set_span(YEAR);
        let resident = suite.resident();
        close(&suite, resident, false).await.unwrap();
        suite.peers.set_district(District::Nankai);
        assert_eq!(reasons(&recompute(&suite, request(&suite, resident)).await.unwrap_err()), "ROLE_NOT_ALLOWED");
        suite.peers.set_district(District::Jinghai);
        suite.peers.set_span(None);
        assert_eq!(recompute(&suite, request(&suite, resident)).await.unwrap().recomputation_id, "", "{}", suite.kind);
        assert_eq!(opening(&suite, resident, 2022).await.unwrap().balance_fen, 400_000);
    })
    .await;
}
