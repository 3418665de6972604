//! A generated bill as a provider files it.

use juyi_domain::settlement::bill::Bill;
use juyi_domain::settlement::care::{Place, Provider};
use juyi_domain::settlement::maternity::MaternityEvent;
use juyi_proto::code::Coded;
use juyi_proto::settlement::v1 as pb;
use juyi_proto::settlement::v1::bill::Place as WirePlace;
use juyi_proto::settlement::v1::maternity_event::Event;

/// The bill on the wire, with its number and the code of its provider.
pub(super) fn wire(bill: &Bill, number: &str, provider_code: &str) -> pb::Bill {
    pb::Bill {
        bill_number: number.to_owned(),
        care_kind: bill.kind.to_wire(),
        provider: Some(provider(&bill.provider, provider_code)),
        place: place(&bill.place),
        admission_date: bill.admitted_on.to_string(),
        discharge_date: bill.discharged_on.to_string(),
        total_fen: bill.total.get(),
        eligible_fen: Some(bill.in_catalogue.get()),
        stay_admission_date: bill.stay_began_on.map(|day| day.to_string()).unwrap_or_default(),
        third_party_involved: bill.third_party.is_some(),
        third_party_fen: bill.third_party.map(|share| share.get()),
        public_health_fen: bill.public_health.get(),
        observation_outcome: bill.observation.map(Coded::to_wire).unwrap_or_default(),
        general_fee: bill.general_fee.map(|fee| pb::GeneralFee {
            registration_fen: fee.registration.get(),
            consultation_fen: fee.consultation.get(),
            injection_fen: fee.injection.get(),
        }),
        home_bed_days: i32::try_from(bill.home_bed_days).unwrap(),
        disease_code: bill.disease_code.clone(),
        maternity: bill.maternity.as_ref().map(|of| pb::MaternityEvent { event: Some(event(of)) }),
    }
}

fn provider(provider: &Provider, provider_code: &str) -> pb::Provider {
    pb::Provider {
        provider_code: provider_code.to_owned(),
        kind: provider.kind.to_wire(),
        level: provider.level.map(Coded::to_wire).unwrap_or_default(),
        designated: provider.designated,
        assistance_designated: provider.assistance_designated,
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

fn event(event: &MaternityEvent) -> Event {
    match event {
        MaternityEvent::PrenatalChecks(checks) => Event::PrenatalChecks(pb::PrenatalChecks {
            end: checks.end.to_wire(),
            completed_weeks: checks.weeks.map(|weeks| i32::try_from(weeks).unwrap()),
        }),
        MaternityEvent::Childbirth(birth) => Event::Childbirth(pb::Childbirth {
            mode: birth.mode.map(Coded::to_wire).unwrap_or_default(),
            surgeries: birth.surgeries.iter().map(|code| code.to_wire()).collect(),
            obstetric_complication: birth.obstetric_complication,
            severe_disease: birth.severe_disease,
            transferred_out: birth.transferred_out,
            multiple_birth: birth.multiple_birth,
        }),
        MaternityEvent::FamilyPlanning(planning) => Event::FamilyPlanning(pb::FamilyPlanning {
            procedures: planning.procedures.iter().map(|code| code.to_wire()).collect(),
            conditions: planning.conditions.iter().map(|code| code.to_wire()).collect(),
        }),
    }
}
