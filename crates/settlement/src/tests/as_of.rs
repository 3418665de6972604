//! Running totals as of a day, and those of another insurance.

use juyi_domain::codes::{ProviderLevel, Tier};
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::Reason;
use juyi_proto::settlement::v1 as pb;
use tonic_types::StatusExt;

use super::{Stay, Suite, with_suites};

async fn as_of(suite: &Suite, resident: ResidentId, day: &str) -> pb::Accumulators {
    let (resident_id, as_of_date) = (resident.to_string(), day.to_owned());
    let request = pb::GetAccumulatorsRequest { resident_id, policy_year: 2021, as_of_date };
    Suite::hospital(suite.client().get_accumulators(request)).await.unwrap().into_inner().accumulators.unwrap()
}

/// Each bill counts from the day it began, whenever it was filed; a reversed one counts on no day.
#[tokio::test]
async fn totals_count_the_bills_begun_by_then() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let later = suite.settle(resident, &Stay::on("06-01", 8_000)).await;
        let earlier = suite.settle(resident, &Stay::on("03-01", 20_000)).await;
        let reversed = suite.settle(resident, &Stay::on("04-01", 1_000)).await;
        suite.reverse(resident, &reversed.settlement_id).await;
        let nothing = pb::Accumulators { policy_year: 2021, ..pb::Accumulators::default() };
        assert_eq!(as_of(&suite, resident, "2021-02-28").await, nothing, "{}", suite.kind);
        let first = as_of(&suite, resident, "2021-03-01").await;
        assert_eq!((first.stays, first.basic_paid_fen, first.deductible_used_fen), (1, 1_365_000, 50_000));
        assert_eq!(Some(first), suite.get(resident, &earlier.settlement_id).await.accumulators);
        assert_eq!(as_of(&suite, resident, "2021-05-31").await, first);
        let whole = suite.accumulators(resident).await;
        assert_eq!(as_of(&suite, resident, "2021-06-01").await, whole);
        assert_eq!(Some(whole), suite.get(resident, &later.settlement_id).await.accumulators);
        let request =
            pb::GetAccumulatorsRequest { as_of_date: "2021-2-1".to_owned(), policy_year: 2021, ..Default::default() };
        let status = Suite::hospital(suite.client().get_accumulators(request)).await.unwrap_err();
        let fields = status.get_details_bad_request().unwrap().field_violations;
        assert_eq!(fields.iter().map(|it| it.field.as_str()).collect::<Vec<_>>(), ["resident_id", "as_of_date"]);
    })
    .await;
}

/// S-44, J-9-3 and the example of J-9-3: what the employees' insurance counted in spring is not in the ledger of residents'
/// insurance; the first stay in September still has its whole deductible.
#[tokio::test]
async fn nothing_of_the_employees_insurance_counts() {
    with_suites("", |suite| async move {
        suite.peers.set_cover(Tier::Low, &[]);
        let resident = suite.resident();
        let april = suite.request(resident, &Stay::on("04-10", 500).at(ProviderLevel::Two));
        suite.peers.set_reasons(&[(Reason::NotInBenefitPeriod, "J-9-1a")]);
        let status = suite.try_settle(april).await.unwrap_err();
        assert_eq!(status.get_details_error_info().unwrap().metadata["rule_id"], "J-9-1a");
        suite.peers.set_reasons(&[]);
        let nothing = pb::Accumulators { policy_year: 2021, ..pb::Accumulators::default() };
        assert_eq!(suite.accumulators(resident).await, nothing, "{}", suite.kind);

        let september = suite.settle(resident, &Stay::on("09-05", 6_500).at(ProviderLevel::Two)).await;
        assert_eq!(september.shares.unwrap().basic_fund_fen, 420_000);
        let totals = suite.accumulators(resident).await;
        assert_eq!((totals.stays, totals.deductible_used_fen, totals.basic_paid_fen), (1, 50_000, 420_000));
        assert_eq!(as_of(&suite, resident, "2021-04-30").await, nothing);
    })
    .await;
}
