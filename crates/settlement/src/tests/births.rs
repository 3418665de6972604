//! Births and family planning, to the fen, through the contract.

use juyi_domain::codes::{Identity, Insurance, Office, ProviderLevel, Tier};
use juyi_domain::id::ResidentId;
use juyi_domain::refusal::Reason;
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;
use juyi_proto::settlement::v1::maternity_event::Event;
use tonic::Status;
use tonic_types::StatusExt;

use super::registrations::{benefit, birth, register_benefit, register_birth};
use super::{Stay, Suite, with_suites};

/// A day of the pregnancy that the tests register.
const DAY: &str = "10-20";

fn event(event: Event, yuan: i64) -> pb::Bill {
    let kind = match event {
        Event::FamilyPlanning(_) => pb::CareKind::FamilyPlanning,
        _ => pb::CareKind::Maternity,
    };
    let maternity = Some(pb::MaternityEvent { event: Some(event) });
    pb::Bill { care_kind: kind.into(), maternity, ..Stay::on(DAY, yuan).bill() }
}

pub(super) fn natural(yuan: i64) -> pb::Bill {
    event(Event::Childbirth(pb::Childbirth { mode: pb::DeliveryMode::Natural.into(), ..Default::default() }), yuan)
}

pub(super) fn planned(procedure: pb::FamilyPlanningProcedure, yuan: i64) -> pb::Bill {
    event(Event::FamilyPlanning(pb::FamilyPlanning { procedures: vec![procedure.into()], conditions: vec![] }), yuan)
}

/// Somebody whose pregnancy is registered.
pub(super) async fn registered(suite: &Suite) -> ResidentId {
    let resident = suite.resident();
    register_birth(suite, birth(suite, resident)).await.unwrap();
    register_benefit(suite, Office::Provider, benefit(suite, resident)).await.unwrap();
    resident
}

fn request(suite: &Suite, resident: ResidentId, bill: pb::Bill) -> pb::SettleRequest {
    pb::SettleRequest {
        request_id: suite.request_id(),
        resident_id: resident.to_string(),
        bill: Some(bill),
        ..Default::default()
    }
}

async fn settle(suite: &Suite, resident: ResidentId, bill: pb::Bill) -> pb::Settlement {
    suite.try_settle(request(suite, resident, bill)).await.unwrap().settlement.unwrap()
}

fn reason(answer: Result<pb::SettleResponse, Status>) -> String {
    answer.unwrap_err().get_details_error_info().unwrap().reason
}

/// Maternity insurance, of it above the cost, person.
fn parts(settlement: &pb::Settlement) -> [i64; 3] {
    let shares = settlement.shares.unwrap();
    [shares.maternity_fen, shares.maternity_above_cost_fen, shares.person_fen]
}

/// S-41, C07: J-5.3.T-e, J-5.3.T-t; the ledger keeps what is paid above the cost, and gives it back.
#[tokio::test]
async fn a_birth_is_paid_its_fixed_amount() {
    with_suites("", |suite| async move {
        let resident = registered(&suite).await;
        let first = settle(&suite, resident, natural(4_000)).await;
        assert_eq!(parts(&first), [228_000, 0, 172_000], "{}", suite.kind);
        assert_eq!(suite.peers.insurances(), [Insurance::Maternity]);
        suite.reverse(resident, &first.settlement_id).await;
        let cheap = settle(&suite, resident, natural(1_500)).await;
        assert_eq!(parts(&cheap), [228_000, 78_000, 0]);
        assert_eq!(suite.get(resident, &cheap.settlement_id).await, cheap);
        assert_eq!(suite.accumulators(resident).await, pb::Accumulators { policy_year: 2021, ..Default::default() });
        let reversed = suite.reverse(resident, &cheap.settlement_id).await.settlement.unwrap();
        assert_eq!(reversed.shares, Some(pb::Shares::default()));
        assert_eq!(reversed.entries[1].shares.unwrap().maternity_above_cost_fen, -78_000);
    })
    .await;
}

/// The other reading of AMB-084.
#[tokio::test]
async fn the_fixed_amount_may_end_at_the_cost() {
    let law = "[[set]]\nparameter = 'tianjin-2021.maternity.fixed_capped_at_cost'\nvalue = true\nsince = 2021-01-01\n\
               source = { document = 'test', section = 'test' }\n";
    with_suites(law, |suite| async move {
        let resident = registered(&suite).await;
        assert_eq!(parts(&settle(&suite, resident, natural(1_500)).await), [150_000, 0, 0]);
        let resident = registered(&suite).await;
        assert_eq!(parts(&settle(&suite, resident, natural(4_000)).await), [228_000, 0, 172_000]);
    })
    .await;
}

/// J-6.2.2.1-b before a provider settles; J-6.2.2.2-a: a bill the woman paid asks for no registration, and family planning
/// has none.
#[tokio::test]
async fn a_provider_settles_after_the_registration() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        let status = suite.try_settle(request(&suite, resident, natural(4_000))).await.unwrap_err();
        let info = status.get_details_error_info().unwrap();
        assert_eq!((&*info.reason, &*info.metadata["instead"]), ("ORDER_VIOLATION", "SELF_PAID_CLAIM"));
        register_birth(&suite, birth(&suite, resident)).await.unwrap();
        assert_eq!(reason(suite.try_settle(request(&suite, resident, natural(4_000))).await), "ORDER_VIOLATION");
        let device = planned(pb::FamilyPlanningProcedure::DeviceInsertion, 200);
        assert_eq!(parts(&settle(&suite, resident, device).await), [12_000, 0, 8_000]);

        let paid_herself = request(&suite, resident, natural(4_000));
        let answer =
            Box::pin(Suite::office(Office::MedicalInsurance, suite.client().settle(paid_herself))).await.unwrap();
        assert_eq!(parts(&answer.into_inner().settlement.unwrap()), [228_000, 0, 172_000], "{}", suite.kind);

        let resident = registered(&suite).await;
        assert_eq!(parts(&settle(&suite, resident, natural(3_000)).await), [228_000, 0, 72_000]);
        // Another pregnancy is not this one: it began after this day, or more than a year before.
        let mut earlier = natural(3_000);
        (earlier.admission_date, earlier.discharge_date) = ("2021-01-31".to_owned(), "2021-01-31".to_owned());
        assert_eq!(reason(suite.try_settle(request(&suite, resident, earlier)).await), "ORDER_VIOLATION");
    })
    .await;
}

/// S-42, AMB-087, J-5.3.T-g, J-6.2.2.2-b: 15000.00 at 70 %, no deductible, all of it under 2021.
#[tokio::test]
async fn a_severe_disease_across_the_year_end() {
    with_suites("", |suite| async move {
        suite.peers.set_cover(Tier::Middle, &[Identity::SubsistenceAllowance]);
        let resident = registered(&suite).await;
        let severe =
            pb::Childbirth { mode: pb::DeliveryMode::Caesarean.into(), severe_disease: true, ..Default::default() };
        let mut bill = event(Event::Childbirth(severe), 15_000);
        (bill.admission_date, bill.discharge_date) = ("2021-12-30".to_owned(), "2022-01-02".to_owned());
        let born = settle(&suite, resident, bill).await;
        assert_eq!((parts(&born), born.policy_year), ([1_050_000, 0, 450_000], 2021), "{}", suite.kind);
        assert_eq!(born.bill.as_ref().unwrap().discharge_date, "2022-01-02");
        let rules: Vec<_> = born.receipt.as_ref().unwrap().steps.iter().map(|step| step.rule_id.as_str()).collect();
        assert_eq!(rules, ["J-6.2.2.2-b", "J-5.3.T-t", "J-5.3.T-g", "J-6.1-b"]);
        // No assistance for it, though the woman has an allowance, and nothing of it moves her other bills.
        assert_eq!(suite.peers.assessments(), 0);
        let stay = suite.settle(resident, &Stay::on("11-01", 20_000)).await;
        assert_eq!(suite.peers.assessed(), [stay.settlement_id.as_str()]);
        let alone = suite.settle(suite.resident(), &Stay::on("11-01", 20_000)).await;
        assert_eq!((stay.shares, stay.accumulators), (alone.shares, alone.accumulators));
    })
    .await;
}

/// J-5.3.T-e, -h, J-6.2.2.1-b: the delivery of a pregnancy is paid once, wherever and with whatever bill; taking it back leaves
/// it to the other, and the hospital that the woman left is paid besides.
#[tokio::test]
async fn a_pregnancy_is_delivered_once() {
    with_suites("", |suite| async move {
        let resident = registered(&suite).await;
        let first = settle(&suite, resident, natural(4_000)).await;
        let mut later = natural(3_000);
        (later.admission_date, later.discharge_date) = ("2021-10-25".to_owned(), "2021-10-26".to_owned());
        let status = suite.try_settle(request(&suite, resident, later.clone())).await.unwrap_err();
        let info = status.get_details_error_info().unwrap();
        let expected = ("DUPLICATE_BILL", "J-5.3.T-e", &*first.settlement_id);
        let found = (&*info.reason, &*info.metadata["rule_id"], &*info.metadata["settlement_id"]);
        assert_eq!(found, expected, "{}", suite.kind);
        let mut earlier = natural(3_000);
        (earlier.admission_date, earlier.discharge_date) = ("2021-10-11".to_owned(), "2021-10-12".to_owned());
        let status = suite.try_settle(request(&suite, resident, earlier)).await.unwrap_err();
        assert_eq!(status.get_details_error_info().unwrap().metadata["settlement_id"], first.settlement_id);

        let left = pb::Childbirth { transferred_out: true, ..Default::default() };
        assert_eq!(parts(&settle(&suite, resident, event(Event::Childbirth(left), 1_500)).await), [90_000, 0, 60_000]);
        let lost = planned(pb::FamilyPlanningProcedure::Miscarriage, 400);
        assert_eq!(parts(&settle(&suite, resident, lost).await), [15_000, 0, 25_000]);
        suite.reverse(resident, &first.settlement_id).await;
        assert_eq!(parts(&settle(&suite, resident, later).await), [228_000, 0, 72_000]);
    })
    .await;
}

/// Everything the table asks about comes back as it was filed.
#[tokio::test]
async fn events_are_kept_as_they_were_filed() {
    with_suites("", |suite| async move {
        let resident = registered(&suite).await;
        let checks = pb::PrenatalChecks { end: pb::PregnancyEnd::Termination.into(), completed_weeks: Some(12) };
        let removal = pb::FamilyPlanning {
            procedures: vec![pb::FamilyPlanningProcedure::DeviceRemoval.into()],
            conditions: vec![pb::DeviceCondition::Fracture.into(), pb::DeviceCondition::Menopause.into()],
        };
        let caesarean = pb::Childbirth {
            mode: pb::DeliveryMode::Caesarean.into(),
            surgeries: vec![pb::DeliverySurgery::MyomaRemoval.into()],
            ..Default::default()
        };
        let left = pb::Childbirth { transferred_out: true, ..Default::default() };
        for (event, paid) in [
            (Event::PrenatalChecks(checks), 28_000),
            (Event::FamilyPlanning(removal), 48_000),
            (Event::Childbirth(caesarean), 228_000),
            (Event::Childbirth(left), 48_000),
        ] {
            let bill = self::event(event, 800);
            let settled = settle(&suite, resident, bill.clone()).await;
            assert_eq!(settled.bill.as_ref().unwrap().maternity, bill.maternity, "{}", suite.kind);
            assert_eq!(settled.shares.unwrap().maternity_fen, paid);
        }
    })
    .await;
}

/// J-5.3.T-i: induced labour by level; what the table does not list, AMB-086; outside the city, AMB-088; 2017 is refused by
/// the cover that benefit period answers.
#[tokio::test]
async fn what_the_table_does_not_print_is_refused() {
    with_suites("", |suite| async move {
        let resident = registered(&suite).await;
        let refused = async |bill: pb::Bill| reason(suite.try_settle(request(&suite, resident, bill)).await);
        let mut labour = planned(pb::FamilyPlanningProcedure::InducedLabour, 2_000);
        labour.provider.as_mut().unwrap().level = 0;
        assert_eq!(refused(labour.clone()).await, "REQUIRED_FIELD_MISSING");
        labour.provider.as_mut().unwrap().level = ProviderLevel::Two.to_wire();
        assert_eq!(parts(&settle(&suite, resident, labour).await), [78_000, 0, 122_000]);

        let twins =
            pb::Childbirth { mode: pb::DeliveryMode::Natural.into(), multiple_birth: true, ..Default::default() };
        assert_eq!(refused(event(Event::Childbirth(twins), 4_000)).await, "RULE_NOT_DEFINED");
        let elsewhere = pb::Elsewhere {
            category: pb::OutOfArea::Residence.into(),
            region: "110105".to_owned(),
            ..Default::default()
        };
        let place = Some(pb::bill::Place::Elsewhere(elsewhere));
        assert_eq!(refused(pb::Bill { place, ..natural(4_000) }).await, "RULE_NOT_DEFINED");
        let empty = Some(pb::MaternityEvent { event: None });
        assert_eq!(refused(pb::Bill { maternity: empty, ..natural(4_000) }).await, "REQUIRED_FIELD_MISSING");
        let unsaid = pb::PrenatalChecks { completed_weeks: Some(-1), ..Default::default() };
        assert_eq!(refused(event(Event::PrenatalChecks(unsaid), 100)).await, "VALUE_NOT_ALLOWED");

        suite.peers.set_reasons(&[(Reason::RuleNotDefined, "B-5-a")]);
        assert_eq!(refused(natural(4_000)).await, "RULE_NOT_DEFINED");
    })
    .await;
}

/// J-5.3.T-d, J-6.2.2.1-b: the checks of one pregnancy have one limit, on however many bills they come; taking back the first
/// leaves it to the second.
#[tokio::test]
async fn bills_of_checks_share_the_limit_of_the_pregnancy() {
    with_suites("", |suite| async move {
        let resident = registered(&suite).await;
        let checks = || {
            let checks = pb::PrenatalChecks { end: pb::PregnancyEnd::Delivery.into(), completed_weeks: None };
            let mut bill = event(Event::PrenatalChecks(checks), 400);
            bill.discharge_date.clone_from(&bill.admission_date);
            bill
        };
        let first = settle(&suite, resident, checks()).await;
        let second = settle(&suite, resident, checks()).await;
        assert_eq!([parts(&first), parts(&second)], [[40_000, 0, 0], [26_000, 0, 14_000]], "{}", suite.kind);
        suite.reverse(resident, &first.settlement_id).await;
        assert_eq!(parts(&suite.get(resident, &second.settlement_id).await), [40_000, 0, 0]);
    })
    .await;
}
