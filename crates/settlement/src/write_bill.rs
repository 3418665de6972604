//! A bill to the wire.

use chrono::NaiveDate;
use juyi_domain::settlement::bill::Bill;
use juyi_domain::settlement::care::Place;
use juyi_domain::settlement::maternity::MaternityEvent;
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;
use juyi_proto::settlement::v1::bill::Place as WirePlace;
use juyi_proto::settlement::v1::maternity_event::Event;

use crate::store::settlements::Claim;

pub(crate) fn bill(claim: &Claim) -> pb::Bill {
    let bill = &claim.bill;
    pb::Bill {
        bill_number: claim.bill_number.clone(),
        care_kind: bill.kind.to_wire(),
        provider: Some(provider(claim)),
        admission_date: bill.admitted_on.to_string(),
        discharge_date: bill.discharged_on.to_string(),
        total_fen: bill.total.get(),
        eligible_fen: Some(bill.in_catalogue.get()),
        stay_admission_date: bill.stay_began_on.as_ref().map(NaiveDate::to_string).unwrap_or_default(),
        third_party_involved: bill.third_party.is_some(),
        third_party_fen: bill.third_party.map(|share| share.get()),
        public_health_fen: bill.public_health.get(),
        place: place(&bill.place),
        observation_outcome: bill.observation.map(Coded::to_wire).unwrap_or_default(),
        general_fee: bill.general_fee.map(|fee| pb::GeneralFee {
            registration_fen: fee.registration.get(),
            consultation_fen: fee.consultation.get(),
            injection_fen: fee.injection.get(),
        }),
        home_bed_days: i32::try_from(bill.home_bed_days).unwrap_or(i32::MAX),
        disease_code: bill.disease_code.clone(),
        maternity: maternity(bill),
    }
}

fn provider(claim: &Claim) -> pb::Provider {
    let provider = &claim.bill.provider;
    pb::Provider {
        provider_code: claim.provider_code.clone(),
        level: provider.level.map(Coded::to_wire).unwrap_or_default(),
        assistance_designated: provider.assistance_designated,
        kind: provider.kind.to_wire(),
        designated: provider.designated,
        reform_registered: provider.reform_registered,
        home_bed: provider.home_bed,
        village_integrated: provider.village_integrated,
    }
}

fn place(place: &Place) -> Option<WirePlace> {
    match place {
        Place::Local => Some(WirePlace::OutsideBorder(false)),
        Place::OutsideBorder => Some(WirePlace::OutsideBorder(true)),
        Place::Elsewhere { category, region, receiving_level } => Some(WirePlace::Elsewhere(pb::Elsewhere {
            category: category.to_wire(),
            region: region.clone(),
            receiving_level: receiving_level.map(Coded::to_wire).unwrap_or_default(),
        })),
    }
}

fn maternity(bill: &Bill) -> Option<pb::MaternityEvent> {
    let event = match bill.maternity.as_ref()? {
        MaternityEvent::PrenatalChecks(checks) => Event::PrenatalChecks(pb::PrenatalChecks {
            end: checks.end.to_wire(),
            completed_weeks: checks.weeks.map(|weeks| i32::try_from(weeks).unwrap_or(i32::MAX)),
        }),
        MaternityEvent::Childbirth(childbirth) => Event::Childbirth(pb::Childbirth {
            mode: childbirth.mode.map(Coded::to_wire).unwrap_or_default(),
            surgeries: numbers(&childbirth.surgeries),
            obstetric_complication: childbirth.obstetric_complication,
            severe_disease: childbirth.severe_disease,
            transferred_out: childbirth.transferred_out,
            multiple_birth: childbirth.multiple_birth,
        }),
        MaternityEvent::FamilyPlanning(planning) => Event::FamilyPlanning(pb::FamilyPlanning {
            procedures: numbers(&planning.procedures),
            conditions: numbers(&planning.conditions),
        }),
    };
    Some(pb::MaternityEvent { event: Some(event) })
}

fn numbers<T: Coded>(codes: &[T]) -> Vec<i32> {
    codes.iter().map(|code| code.to_wire()).collect()
}
