//! What the funds owe providers, by posting day.

use juyi_domain::codes::{District, Identity, Office, Tier};
use juyi_domain::id::ResidentId;
use juyi_proto::settlement::v1 as pb;
use tonic::Status;
use tonic_types::StatusExt;

use super::provider_statements as statements;
use super::recompute::{recompute, request as recomputation};
use super::{Stay, Suite, with_suites};

pub(super) const HOSPITAL: &str = "H12011800001";
const OTHER: &str = "H12011800002";
pub(super) const JINGHAI: &str = "120118";

pub(super) fn amounts(shares: &pb::Shares) -> pb::PayerAmounts {
    pb::PayerAmounts {
        basic_fund_fen: shares.basic_fund_fen,
        critical_illness_fen: shares.critical_illness_fen,
        maternity_fen: shares.maternity_fen,
        medical_assistance_fen: shares.medical_assistance_fen,
        veterans_assistance_fen: shares.veterans_assistance_fen,
        person_fen: shares.person_fen,
    }
}

pub(super) fn plus(one: pb::PayerAmounts, other: pb::PayerAmounts) -> pb::PayerAmounts {
    pb::PayerAmounts {
        basic_fund_fen: one.basic_fund_fen + other.basic_fund_fen,
        critical_illness_fen: one.critical_illness_fen + other.critical_illness_fen,
        maternity_fen: one.maternity_fen + other.maternity_fen,
        medical_assistance_fen: one.medical_assistance_fen + other.medical_assistance_fen,
        veterans_assistance_fen: one.veterans_assistance_fen + other.veterans_assistance_fen,
        person_fen: one.person_fen + other.person_fen,
    }
}

pub(super) fn funds(amounts: &pb::PayerAmounts) -> i64 {
    let all = amounts.basic_fund_fen + amounts.critical_illness_fen + amounts.maternity_fen;
    all + amounts.medical_assistance_fen + amounts.veterans_assistance_fen
}

/// Everything posted for a settlement, as its provider would state it.
pub(super) fn sum(settlements: &[&pb::Settlement]) -> pb::PayerAmounts {
    settlements.iter().map(|it| amounts(&it.shares.unwrap())).fold(pb::PayerAmounts::default(), plus)
}

async fn try_due(
    suite: &Suite,
    (office, district): (Office, Option<District>),
    (provider, first, last): (&str, &str, &str),
) -> Result<pb::ProviderDue, Status> {
    let request = pb::GetProviderDueRequest {
        provider_code: provider.to_owned(),
        district: JINGHAI.to_owned(),
        start_date: first.to_owned(),
        end_date: last.to_owned(),
    };
    let call = suite.reconciliations();
    let work = async move { { call }.get_provider_due(request).await };
    Ok(Suite::called(office, district, "test", work).await?.into_inner().due.unwrap())
}

pub(super) async fn due(suite: &Suite, provider: &str, first: &str, last: &str) -> pb::ProviderDue {
    let payer = (Office::MedicalInsurance, Some(District::Jinghai));
    let due = try_due(suite, payer, (provider, first, last)).await.unwrap();
    assert_eq!(due.funds_fen, funds(&due.amounts.unwrap()));
    let kinds = due.totals.iter().map(|total| total.amounts.unwrap());
    assert_eq!(Some(kinds.fold(pb::PayerAmounts::default(), plus)), due.amounts);
    assert_eq!(due.totals.iter().map(|total| total.settlements).sum::<i64>(), due.settlements);
    due
}

pub(super) async fn settle_at(suite: &Suite, resident: ResidentId, provider: &str, stay: &Stay) -> pb::Settlement {
    let mut request = suite.request(resident, stay);
    let bill = request.bill.as_mut().unwrap();
    bill.provider.as_mut().unwrap().provider_code = provider.to_owned();
    suite.try_settle(request).await.unwrap().settlement.unwrap()
}

/// What is posted later falls into the period in which it was posted, and the periods together are the ledger.
#[tokio::test]
async fn a_period_that_is_over_does_not_change() {
    with_suites("", |suite| async move {
        suite.peers.set_cover(Tier::Middle, &[Identity::SubsistenceAllowance]);
        let resident = suite.resident();
        let first = suite.settle(resident, &Stay::on("03-01", 120_000)).await;
        let second = suite.settle(resident, &Stay::on("06-01", 60_000)).await;
        suite.clock.set_day("2022-02-10");
        let january = due(&suite, HOSPITAL, "2022-01-01", "2022-01-31").await;
        assert_eq!((january.amounts, january.settlements), (Some(sum(&[&first, &second])), 2));
        assert_eq!(january.totals[0].care_kind(), pb::CareKind::Inpatient);
        // The last day belongs to the period, the next does not.
        assert_eq!(due(&suite, HOSPITAL, "2022-01-15", "2022-01-15").await, january);
        assert_eq!(due(&suite, HOSPITAL, "2022-01-16", "2022-01-31").await.settlements, 0);

        suite.reverse(resident, &first.settlement_id).await;
        suite.clock.set_day("2022-03-01");
        assert_eq!(due(&suite, HOSPITAL, "2022-01-01", "2022-01-31").await, january, "{}", suite.kind);
        let february = due(&suite, HOSPITAL, "2022-02-01", "2022-02-28").await;
        assert!(february.funds_fen < 0 && february.settlements == 2);
        let both = due(&suite, HOSPITAL, "2022-01-01", "2022-02-28").await;
        assert_eq!(both.amounts, Some(plus(january.amounts.unwrap(), february.amounts.unwrap())));
        let ledger = suite.list(resident).await;
        assert_eq!(both.amounts, Some(sum(&ledger.iter().collect::<Vec<_>>())));
    })
    .await;
}

/// A recomputation is posted on its day.
#[tokio::test]
async fn a_recomputation_is_due_when_it_is_posted() {
    with_suites("", |suite| async move {
        let resident = suite.resident();
        suite.settle(resident, &Stay::on("03-01", 120_000)).await;
        suite.clock.set_day("2022-02-10");
        let january = due(&suite, HOSPITAL, "2022-01-01", "2022-01-31").await;
        suite.peers.set_cover(Tier::Middle, &[Identity::SubsistenceAllowance]);
        let (request_id, resident_id) = (suite.request_id(), resident.to_string());
        let request = pb::RecomputeYearRequest { request_id, resident_id, policy_year: 2021, validate_only: false };
        let call = suite.client();
        let work = async move { { call }.recompute_year(request).await };
        let answer = Suite::office(Office::SocialInsurance, work).await.unwrap().into_inner();
        suite.clock.set_day("2022-03-01");
        assert_eq!(due(&suite, HOSPITAL, "2022-01-01", "2022-01-31").await, january, "{}", suite.kind);
        let february = due(&suite, HOSPITAL, "2022-02-01", "2022-02-28").await;
        assert_eq!(february.amounts, Some(amounts(&answer.changes[0].difference.unwrap())));
        assert!(february.amounts.unwrap().medical_assistance_fen > 0);
    })
    .await;
}

/// J-10.4-b: what an insurance office enters came through the platform, and its provider waits for the money. Bills that the
/// person paid are owed to the person; every provider has its own due.
#[tokio::test]
async fn what_the_person_did_not_pay_is_due_to_the_provider() {
    with_suites("", |suite| async move {
        let (one, other) = (suite.resident(), suite.resident());
        suite.handed_over(suite.resident(), &Stay::on("02-01", 20_000)).await.approve("checker").await.unwrap();
        let here = settle_at(&suite, one, HOSPITAL, &Stay::on("03-01", 20_000)).await;
        let there = settle_at(&suite, other, OTHER, &Stay::on("04-01", 30_000)).await;
        let (call, request) = (suite.client(), suite.request(one, &Stay::on("05-01", 8_000)));
        let work = async move { { call }.settle(request).await };
        let entered = Suite::office(Office::MedicalInsurance, work).await.unwrap().into_inner().settlement.unwrap();
        suite.clock.set_day("2022-02-01");
        let january = due(&suite, HOSPITAL, "2022-01-01", "2022-01-31").await;
        assert_eq!((january.amounts, january.settlements), (Some(sum(&[&here, &entered])), 2), "{}", suite.kind);
        assert_eq!(due(&suite, OTHER, "2022-01-01", "2022-01-31").await.amounts, Some(sum(&[&there])));
        assert_eq!(due(&suite, "H12011800099", "2022-01-01", "2022-01-31").await.settlements, 0);
        let listed = all_dues(&suite).await;
        let codes: Vec<_> = listed.iter().map(|due| due.provider_code.as_str()).collect();
        assert_eq!(codes, [HOSPITAL, OTHER], "{}", suite.kind);
        assert_eq!(listed[1].amounts, Some(sum(&[&there])));
        // A statement without it differs by it, one with it does not.
        let short = statements::state(&suite, "short", &[statements::stated(&here)]).await;
        let found = statements::exceptions(&suite, &short, true).await;
        let named: Vec<_> = found.iter().map(|it| it.settlement_id.as_str()).collect();
        assert_eq!(named, [entered.settlement_id.as_str()]);
        let rows = [statements::stated(&here), statements::stated(&entered)];
        assert_eq!(statements::state(&suite, "whole", &rows).await.exceptions, 0);
        // What is posted later for either goes the way of its first entry.
        suite.reverse(one, &here.settlement_id).await;
        suite.clock.set_day("2022-03-01");
        let february = due(&suite, HOSPITAL, "2022-02-01", "2022-02-28").await;
        let now = suite.get(one, &entered.settlement_id).await;
        let both = plus(january.amounts.unwrap(), february.amounts.unwrap());
        assert_eq!(both, sum(&[&now]));
    })
    .await;
}

/// In pages of one.
async fn all_dues(suite: &Suite) -> Vec<pb::ProviderDue> {
    let (mut found, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = pb::ListProviderDuesRequest {
            district: JINGHAI.to_owned(),
            start_date: "2022-01-01".to_owned(),
            end_date: "2022-01-31".to_owned(),
            page_size: 1,
            page_token,
        };
        let call = suite.reconciliations();
        let work = async move { { call }.list_provider_dues(request).await };
        let page = Suite::office(Office::SocialInsurance, work).await.unwrap().into_inner();
        found.extend(page.dues);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return found;
        }
    }
}

#[tokio::test]
async fn what_is_due_is_told_to_those_who_pay() {
    with_suites("", |suite| async move {
        // (20000.00 − 500.00) × 70 %.
        suite.settle(suite.resident(), &Stay::on("03-01", 20_000)).await;
        suite.clock.set_day("2022-02-01");
        let of = (HOSPITAL, "2022-01-01", "2022-01-31");
        for caller in [
            (Office::Provider, Some(District::Jinghai)),
            (Office::Township, Some(District::Jinghai)),
            (Office::MedicalInsurance, Some(District::Nankai)),
        ] {
            let status = try_due(&suite, caller, of).await.unwrap_err();
            assert_eq!(status.get_details_error_info().unwrap().reason, "ROLE_NOT_ALLOWED");
        }
        let city = (Office::MedicalInsurance, None);
        assert_eq!(try_due(&suite, city, of).await.unwrap().funds_fen, 1_365_000, "{}", suite.kind);
        for (provider, first, last, expected) in [
            ("", "2022-01-01", "2022-01-31", "REQUIRED_FIELD_MISSING"),
            (HOSPITAL, "2022-01-31", "2022-01-01", "DATE_ORDER"),
            (HOSPITAL, "2021-01-01", "2022-01-02", "VALUE_NOT_ALLOWED"),
            (HOSPITAL, "2022-01-01", "2022-02-01", "DATE_ORDER"),
        ] {
            let status = try_due(&suite, city, (provider, first, last)).await.unwrap_err();
            assert_eq!(status.get_details_error_info().unwrap().reason, expected, "{first} {last}");
        }
    })
    .await;
}

/// A period is told an hour after its last day, 17:00 in UTC, and no sooner.
#[tokio::test]
async fn a_period_is_told_when_it_is_closed() {
    with_suites("", |suite| async move {
        suite.settle(suite.resident(), &Stay::on("03-01", 20_000)).await;
        let (city, of) = ((Office::MedicalInsurance, None), (HOSPITAL, "2022-01-01", "2022-01-31"));
        for (now, closed) in
            [("2022-01-31T10:00:00Z", false), ("2022-01-31T16:59:59Z", false), ("2022-01-31T17:00:00Z", true)]
        {
            suite.clock.set(now.parse().unwrap());
            match try_due(&suite, city, of).await {
                Ok(due) => assert!(closed && due.settlements == 1, "{now}"),
                Err(status) => {
                    assert_eq!(status.get_details_error_info().unwrap().reason, "DATE_ORDER");
                    assert!(!closed, "{now}");
                }
            }
        }
    })
    .await;
}

/// What was planned before midnight is planned again when it is stored after it: it belongs to the new day, and the day that
/// is over has only what was stored in it.
#[tokio::test]
async fn what_is_stored_after_midnight_belongs_to_the_new_day() {
    with_suites("", |suite| async move {
        let (before, after) = ("2022-01-31T15:59:59Z".parse().unwrap(), "2022-01-31T16:00:01Z".parse().unwrap());
        suite.clock.set(before);
        let resident = suite.resident();
        suite.settle(resident, &Stay::on("02-01", 120_000)).await;
        let reversed = suite.settle(resident, &Stay::on("03-01", 60_000)).await;
        // Assistance is asked after the mirror of a reversal and after a recomputation are stamped.
        suite.peers.set_cover(Tier::Middle, &[Identity::SubsistenceAllowance]);
        suite.peers.set_midnight(suite.clock.clone(), after);
        recompute(&suite, recomputation(&suite, resident)).await.unwrap();
        suite.clock.set(before);
        suite.peers.set_midnight(suite.clock.clone(), after);
        suite.reverse(resident, &reversed.settlement_id).await;
        let ledger = suite.list(resident).await;
        let stamps: Vec<_> =
            ledger.iter().flat_map(|it| &it.entries).map(|it| (it.kind(), it.create_time[..13].to_owned())).collect();
        let late = |kind| stamps.iter().filter(|it| **it == (kind, "2022-01-31T16".to_owned())).count();
        assert_eq!((late(pb::EntryKind::Adjustment), late(pb::EntryKind::Reversal)), (2, 1), "{stamps:?}");
        assert_eq!(stamps.len(), 5, "{}", suite.kind);
        suite.clock.set_day("2022-03-01");
        let january = due(&suite, HOSPITAL, "2022-01-01", "2022-01-31").await;
        let first = ledger.iter().map(|it| amounts(&it.entries[0].shares.unwrap()));
        assert_eq!(january.amounts, Some(first.fold(pb::PayerAmounts::default(), plus)));
    })
    .await;
}
