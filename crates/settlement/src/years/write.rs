//! Answers to the wire.

use juyi_domain::id::ResidentId;
use juyi_domain::money::Fen;
use juyi_domain::settlement::closing::Closing;
use juyi_kit::wire::{instant, receipt, recorded_by};
use juyi_proto::settlement::v1 as pb;

use super::opened;
use crate::store::family_doctors::Signed;
use crate::store::openings::{Balance, Kind, Stated, Unused};

/// The opening of a year from what was stated, each figure with the source of the statement that counts.
pub(super) fn opening(resident_id: ResidentId, policy_year: i32, stated: &[Stated]) -> pb::Opening {
    let opening = opened(stated, policy_year);
    // What is used up or was corrected to nothing is no balance.
    let balances = opening.balances.iter().filter(|carried| !carried.amount.is_zero()).map(|carried| {
        let own = |it: &&Stated| it.policy_year <= policy_year;
        let balances =
            stated.iter().filter(own).flat_map(|it| it.balances.iter().map(move |one| (it.policy_year, one)));
        let of_year = balances.filter(|(_, one)| one.origin_year == carried.origin_year);
        let source = of_year.max_by_key(|(year, _)| *year).map(|(_, one)| one.source.clone());
        pb::Balance {
            origin_year: carried.origin_year,
            amount_fen: carried.amount.get(),
            source: source.unwrap_or_default(),
        }
    });
    let unused = stated.iter().rfind(|it| it.policy_year == policy_year && it.unused.is_some());
    pb::Opening {
        resident_id: resident_id.to_string(),
        policy_year,
        balances: balances.collect(),
        balance_fen: opening.balances.iter().map(|balance| balance.amount).sum::<Fen>().get(),
        unused_years: unused.and_then(|it| it.unused.as_ref()).map(unused_years),
        outpatient_deductible_fen: None,
    }
}

pub(super) fn closing(policy_year: i32, closing: &Closing, next: pb::Opening) -> pb::Closing {
    pb::Closing {
        policy_year,
        carried_fen: closing.carried.get(),
        next_opening: Some(next),
        next_deductible_fen: closing.next_deductible.get(),
        receipt: Some(receipt(&closing.receipt)),
    }
}

pub(super) fn statement(stated: &Stated) -> pb::OpeningStatement {
    let kind = match stated.kind {
        Kind::Imported => pb::OpeningKind::Imported,
        Kind::Closed => pb::OpeningKind::Closed,
        Kind::ClosedAnew => pb::OpeningKind::ClosedAnew,
    };
    pb::OpeningStatement {
        opening_id: stated.id.to_string(),
        kind: kind.into(),
        policy_year: stated.policy_year,
        balances: stated.balances.iter().map(balance).collect(),
        unused_years: stated.unused.as_ref().map(unused_years),
        receipt: stated.kind.closes().then(|| receipt(&stated.receipt)),
        recorded_by: Some(recorded_by(&stated.recorded_by)),
        create_time: instant(stated.created_at),
    }
}

fn balance(balance: &Balance) -> pb::Balance {
    let (origin_year, amount_fen) = (balance.origin_year, balance.amount.get());
    pb::Balance { origin_year, amount_fen, source: balance.source.clone() }
}

fn unused_years(unused: &Unused) -> pb::UnusedYears {
    pb::UnusedYears { years: i32::try_from(unused.years).unwrap_or(i32::MAX), source: unused.source.clone() }
}

pub(super) fn contract(signed: &Signed) -> pb::FamilyDoctorContract {
    pb::FamilyDoctorContract {
        contract_id: signed.id.to_string(),
        resident_id: signed.resident_id.to_string(),
        institution_code: signed.institution_code.clone(),
        signed_date: signed.contract.signed_on.to_string(),
        effective_date: signed.contract.effective_on().to_string(),
        end_date: signed.contract.ended_on.map(|day| day.to_string()).unwrap_or_default(),
        recorded_by: Some(recorded_by(&signed.recorded_by)),
        create_time: instant(signed.created_at),
        district: signed.district.map(|district| district.to_string()).unwrap_or_default(),
    }
}
