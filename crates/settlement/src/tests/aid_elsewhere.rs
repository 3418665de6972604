//! Assistance on bills from elsewhere, where no institution is designated for it.

use juyi_domain::codes::{Identity, ProviderLevel, Tier};
use juyi_domain::id::ResidentId;
use juyi_proto::settlement::v1 as pb;

use super::filings::{AGENCY, transfer};
use super::{Stay, Suite, with_suites};

/// Basic fund, critical illness insurance, medical assistance, veterans' assistance, person.
fn parts(settlement: &pb::Settlement) -> [i64; 5] {
    let shares = settlement.shares.unwrap();
    [
        shares.basic_fund_fen,
        shares.critical_illness_fen,
        shares.medical_assistance_fen,
        shares.veterans_assistance_fen,
        shares.person_fen,
    ]
}

/// A bill of the hospital in another province to which the transfer leads; no register of this city designates it.
fn there(category: pb::OutOfArea, mut bill: pb::Bill) -> pb::Bill {
    let place = pb::Elsewhere { category: category.into(), region: "310101".to_owned(), receiving_level: 0 };
    let provider = bill.provider.as_mut().unwrap();
    (provider.provider_code, provider.assistance_designated) = ("H31010100009".to_owned(), false);
    pb::Bill { place: Some(pb::bill::Place::Elsewhere(place)), ..bill }
}

async fn settle(suite: &Suite, resident: ResidentId, bill: pb::Bill) -> pb::Settlement {
    let request = pb::SettleRequest { bill: Some(bill), ..suite.request(resident, &Stay::on("01-02", 1)) };
    suite.try_settle(request).await.unwrap().settlement.unwrap()
}

async fn transferred(suite: &Suite) -> ResidentId {
    let resident = suite.resident();
    let filed = Suite::hospital(suite.filings().file_transfer(transfer(suite, resident))).await.unwrap();
    let review = pb::ReviewFilingRequest {
        request_id: suite.request_id(),
        resident_id: resident.to_string(),
        filing_id: filed.into_inner().filing.unwrap().filing_id,
        decision: pb::FilingState::InForce.into(),
        ..Default::default()
    };
    Suite::office(AGENCY, suite.filings().review_filing(review)).await.unwrap();
    resident
}

/// A short trip to the same city.
async fn travelled(suite: &Suite, resident: ResidentId) {
    let trip = pb::Trip { reason: pb::TripReason::Business.into(), region: "310101".to_owned(), acute: true };
    let request = pb::RecordTripRequest {
        request_id: suite.request_id(),
        validate_only: false,
        resident_id: resident.to_string(),
        start_date: "2021-03-14".to_owned(),
        last_date: "2021-03-20".to_owned(),
        trip: Some(trip),
    };
    Suite::office(AGENCY, suite.filings().record_trip(request)).await.unwrap();
}

/// The example of J-10.4-a (AMB-101): (20000.00 − 500.00) × (70 % − 5 points) = 12675.00 of basic insurance, nothing of
/// critical illness insurance, 7325.00 × 60 % = 4395.00 of assistance, 2930.00 of the person. The bill fills the bands: of
/// 14729.40 that the insurances leave of 120000.00 at home, 12675.00 are in the lower band, at 60 %, and the rest at 80 %.
#[tokio::test]
async fn a_transfer_is_aided_on_one_bill() {
    with_suites("", |suite| async move {
        suite.peers.set_cover(Tier::Middle, &[Identity::SubsistenceAllowance]);
        let resident = transferred(&suite).await;
        let bill = there(pb::OutOfArea::ApprovedTransfer, Stay::on("03-15", 20_000).bill());
        let settled = settle(&suite, resident, bill).await;
        assert_eq!(parts(&settled), [1_267_500, 0, 439_500, 0, 293_000], "{}", suite.kind);
        let steps = settled.receipt.as_ref().unwrap().steps.iter();
        let rules: Vec<_> = steps.clone().map(|step| step.rule_id.as_str()).collect();
        assert!(rules.contains(&"J-10.3.2-b") && rules.contains(&"J-10.4-a"), "{rules:?}");
        assert!(steps.clone().all(|step| step.marks.is_empty()), "{}", suite.kind);
        let local = settle(&suite, resident, Stay::on("05-01", 120_000).bill()).await;
        assert_eq!(parts(&local), [8_400_000, 2_127_060, 924_852, 0, 548_088], "{}", suite.kind);
    })
    .await;
}

/// AMB-101: every category of chapter ten; what basic insurance does not pay has no base (J-10.3.2-e), and beyond the border
/// there is none either. Veterans' support never asked for a designation: 70 % of 7325.00 beats 60 %.
#[tokio::test]
async fn every_category_is_aided_where_basic_insurance_pays() {
    with_suites("", |suite| async move {
        let poor = [Identity::SubsistenceAllowance];
        let both = [Identity::SubsistenceAllowance, Identity::WarOrTestVeteran];
        let (transfer, chosen) = (pb::OutOfArea::ApprovedTransfer, pb::OutOfArea::SelfChosen);
        let emergency = pb::OutOfArea::TemporaryEmergency;
        let (one, three) = (ProviderLevel::One, ProviderLevel::Three);
        for (category, level, identities, expected) in [
            (emergency, three, &poor[..], [1_365_000, 0, 381_000, 0, 254_000]),
            (chosen, three, &poor, [1_170_000, 0, 498_000, 0, 332_000]),
            (chosen, one, &poor, [0, 0, 0, 0, 2_000_000]),
            (transfer, three, &both, [1_267_500, 0, 0, 512_750, 219_750]),
        ] {
            suite.peers.set_cover(Tier::Middle, identities);
            let resident = transferred(&suite).await;
            travelled(&suite, resident).await;
            let bill = there(category, Stay::on("03-15", 20_000).at(level).bill());
            let settled = settle(&suite, resident, bill).await;
            assert_eq!(parts(&settled), expected, "{} {category:?} {level}", suite.kind);
        }
        suite.peers.set_cover(Tier::Middle, &poor);
        let mut abroad = Stay::on("03-15", 20_000).bill();
        abroad.provider.as_mut().unwrap().assistance_designated = false;
        abroad.place = Some(pb::bill::Place::OutsideBorder(true));
        assert_eq!(parts(&settle(&suite, suite.resident(), abroad).await), [0, 0, 0, 0, 2_000_000], "{}", suite.kind);
    })
    .await;
}

/// J-5.5.1-a, AMB-101: outpatient assistance stays in the city: (1300.00 − 500.00) × 50 % of an acute visit, and no aid.
#[tokio::test]
async fn a_visit_elsewhere_is_not_aided() {
    with_suites("", |suite| async move {
        suite.peers.set_cover(Tier::Middle, &[Identity::SubsistenceAllowance]);
        let visit = pb::Bill {
            care_kind: pb::CareKind::Outpatient.into(),
            ..Stay::on("03-15", 1_300).at(ProviderLevel::One).bill()
        };
        let resident = suite.resident();
        travelled(&suite, resident).await;
        let settled = settle(&suite, resident, there(pb::OutOfArea::TemporaryEmergency, visit)).await;
        assert_eq!(parts(&settled), [40_000, 0, 0, 0, 90_000], "{}", suite.kind);
    })
    .await;
}
