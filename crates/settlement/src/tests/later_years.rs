//! What a new statement about a year reaches besides it.

use juyi_domain::codes::{District, Office, Tier};
use juyi_domain::id::ResidentId;
use juyi_proto::settlement::v1 as pb;

use super::aid_unprinted::visit_of_2017;
use super::recompute::request;
use super::years::{basic, import};
use super::{Stay, Suite, with_suites};
use crate::store::person_years;

async fn by_baodi<T>(work: impl Future<Output = T> + Send) -> T {
    Suite::called(Office::MedicalInsurance, Some(District::Baodi), "b", work).await
}

async fn close_2017(suite: &Suite, resident: ResidentId) -> pb::CloseYearResponse {
    let (request_id, resident_id) = (suite.request_id(), resident.to_string());
    let request = pb::CloseYearRequest { request_id, resident_id, policy_year: 2017, validate_only: false };
    by_baodi(suite.years().close_year(request)).await.unwrap().into_inner()
}

/// B-5.4-a, J-5.1.2-b, AMB-064: 3000.00 of 2017 raise the maximum of 2021. A bill of 2017 that comes late, its reversal and an
/// import say which years were settled on what was stated before; those move, and their recomputation posts the difference.
#[tokio::test]
async fn a_late_bill_names_the_years_it_reaches() {
    with_suites("", |suite| async move {
        suite.peers.set_cover(Tier::Middle, &[]);
        suite.peers.set_district(District::Baodi);
        suite.peers.set_span(Some(("2017-01-01", "2017-12-31", 2017)));
        let resident = suite.resident();
        let closed = close_2017(&suite, resident).await;
        assert_eq!((closed.closing.unwrap().carried_fen, &closed.years_to_recompute[..]), (300_000, &[][..]));
        let stay = suite.settle(resident, &Stay::on("03-01", 300_000)).await;
        assert_eq!(basic(&stay), 18_300_000, "{}", suite.kind);

        let database = suite.database().await;
        let revision =
            async || person_years::revision(&mut database.read().await.unwrap(), resident, 2021).await.unwrap();
        let before = revision().await;
        let late = suite.try_settle(visit_of_2017(&suite, resident, "06-01", 1_800)).await.unwrap();
        assert_eq!(late.years_to_recompute, [2021], "{}", suite.kind);
        assert_eq!(revision().await, before + 1, "{}", suite.kind);
        // Closing it again has nothing new to say.
        assert_eq!(close_2017(&suite, resident).await.years_to_recompute, Vec::<i32>::new());

        let recompute = async || {
            let order = request(&suite, resident);
            let call = suite.client();
            by_baodi(async move { { call }.recompute_year(order).await }).await.unwrap().into_inner()
        };
        let posted = recompute().await;
        let differences: Vec<i64> = posted.changes.iter().map(|it| it.difference.unwrap().basic_fund_fen).collect();
        assert_eq!((differences, posted.years_to_recompute), (vec![-180_000], Vec::<i32>::new()), "{}", suite.kind);

        let reversed = suite.reverse(resident, &late.settlement.unwrap().settlement_id).await;
        assert_eq!(reversed.years_to_recompute, [2021], "{}", suite.kind);
        assert_eq!(recompute().await.changes[0].difference.unwrap().basic_fund_fen, 180_000, "{}", suite.kind);

        let district = District::Baodi.to_string();
        let stated = pb::ImportOpeningRequest { district, ..import(&suite, resident, &[(2017, 0)], None) };
        let answer = by_baodi(suite.years().import_opening(stated)).await.unwrap().into_inner();
        assert_eq!(answer.years_to_recompute, [2021], "{}", suite.kind);
    })
    .await;
}
