//! A bill from the wire, with every field violation at once.

use chrono::{Datelike, NaiveDate};
use juyi_domain::dates;
use juyi_domain::money::Fen;
use juyi_domain::refusal::{Reason, Refusal};
use juyi_domain::settlement::bill::Bill;
use juyi_domain::settlement::care::{CareKind, GeneralFee, Place, Provider, ProviderKind};
use juyi_domain::settlement::maternity::event::{Childbirth, FamilyPlanning, MaternityEvent, PrenatalChecks};
use juyi_policy::catalogue;
use juyi_proto::code::Coded;
use juyi_proto::fields::Fields;
use juyi_proto::settlement::v1 as pb;
use juyi_proto::settlement::v1::bill::Place as WirePlace;
use juyi_proto::settlement::v1::maternity_event::Event;

use crate::store::settlements::Claim;

/// Procedures that a bill may name. The table prints nothing for several together, which the rule says and not the form.
const MOST_PROCEDURES: usize = 10;

/// Where the eligible part stands in a request.
const ELIGIBLE: &str = "bill.eligible_fen";

/// What the bill says of itself, without which some of it cannot be checked.
#[derive(Clone, Copy)]
struct Known {
    kind: bool,
    eligible: bool,
}

/// Reads a bill. The clause is the one that says whose catalogues decide what is eligible of care elsewhere; it depends on who
/// files the bill.
pub(crate) fn claim(fields: &mut Fields, bill: &pb::Bill, today: NaiveDate, elsewhere: &'static str) -> Claim {
    fields.within("bill.");
    let bill_number = fields.text("bill_number", &bill.bill_number, 1..=40);
    let kind = fields.code("care_kind", bill.care_kind);
    let admitted_on = fields.date("admission_date", &bill.admission_date);
    let discharged_on = fields.past_date("discharge_date", &bill.discharge_date, today);
    let stay_began_on = fields.maybe_date("stay_admission_date", &bill.stay_admission_date);
    let in_catalogue = eligible(fields, bill, admitted_on.year(), elsewhere);
    let third_party = third_party(fields, bill);
    let home_bed_days = u32::try_from(bill.home_bed_days).unwrap_or_default();
    if !(0..=366).contains(&bill.home_bed_days) {
        fields.refuse("home_bed_days", Reason::ValueNotAllowed, "home_bed_days is 0 to 366");
    }
    let read = Bill {
        kind,
        provider: treated_by(fields, bill.provider.as_ref()),
        place: place(fields, bill.place.as_ref()),
        admitted_on,
        discharged_on,
        stay_began_on,
        total: Fen::new(bill.total_fen),
        in_catalogue,
        third_party,
        public_health: Fen::new(bill.public_health_fen),
        observation: fields.within("bill.").maybe_code("observation_outcome", bill.observation_outcome),
        general_fee: bill.general_fee.map(|fee| general_fee(fields, fee)),
        home_bed_days,
        disease_code: fields.text("disease_code", &bill.disease_code, 0..=30),
        maternity: bill.maternity.as_ref().and_then(|event| maternity(fields, event)),
    };
    let known = Known { kind: CareKind::from_wire(bill.care_kind).is_ok(), eligible: bill.eligible_fen.is_some() };
    check(fields, &read, known);
    let provider_code = match &bill.provider {
        // Nobody outside the border has a national code.
        Some(provider) if read.place == Place::OutsideBorder => {
            fields.within("bill.provider.").text("provider_code", &provider.provider_code, 1..=30)
        }
        Some(provider) => fields.within("bill.provider.").provider_code("provider_code", &provider.provider_code),
        None => String::new(),
    };
    fields.within("bill.");
    Claim { bill_number, provider_code, bill: read, is_placed: bill.place.is_some() }
}

/// The eligible part is nothing only where the bill says so: nobody else than who charges can tell it. Its stand-in is what
/// no other part of the bill can be larger than.
fn eligible(fields: &mut Fields, bill: &pb::Bill, year: i32, elsewhere: &'static str) -> Fen {
    let Some(fen) = bill.eligible_fen else {
        let rule_id = if matches!(bill.place, Some(WirePlace::Elsewhere(_))) { elsewhere } else { "J-5.1.3-a" };
        let detail = "eligible_fen is required, 0 where nothing of the bill is eligible";
        let refusal = Refusal::new(Reason::RequiredFieldMissing, detail).at(ELIGIBLE).by(rule_id);
        fields.add(of_the_year(refusal, year));
        return Fen::new(bill.total_fen.clamp(0, Fen::MAX_INPUT.get()));
    };
    Fen::new(fen)
}

/// A third party without its share is no figure (J-8-4), and a share of nothing where none is involved is no third party.
fn third_party(fields: &mut Fields, bill: &pb::Bill) -> Option<Fen> {
    if bill.third_party_involved && bill.third_party_fen.is_none() {
        let detail = "third_party_fen is required where a third party is involved";
        fields.refuse("third_party_fen", Reason::RequiredFieldMissing, detail);
    }
    if !bill.third_party_involved && bill.third_party_fen.is_some_and(|fen| fen != 0) {
        let detail = "a share of a third party where none is involved";
        fields.refuse("third_party_fen", Reason::ValueNotAllowed, detail);
    }
    bill.third_party_fen.filter(|fen| bill.third_party_involved || *fen != 0).map(Fen::new)
}

fn treated_by(fields: &mut Fields, of: Option<&pb::Provider>) -> Provider {
    let of = fields.message("provider", of).cloned().unwrap_or_default();
    let read = provider(fields.within("bill.provider."), &of);
    fields.within("bill.");
    read
}

/// A provider without its code, which has another form outside the border.
pub(crate) fn provider(fields: &mut Fields, provider: &pb::Provider) -> Provider {
    Provider {
        kind: fields.maybe_code("kind", provider.kind).unwrap_or(ProviderKind::Hospital),
        level: fields.maybe_code("level", provider.level),
        designated: provider.designated,
        reform_registered: provider.reform_registered,
        assistance_designated: provider.assistance_designated,
        home_bed: provider.home_bed,
        village_integrated: provider.village_integrated,
    }
}

fn place(fields: &mut Fields, place: Option<&WirePlace>) -> Place {
    match place {
        None | Some(WirePlace::OutsideBorder(false)) => Place::Local,
        Some(WirePlace::OutsideBorder(true)) => Place::OutsideBorder,
        Some(WirePlace::Elsewhere(elsewhere)) => {
            fields.within("bill.elsewhere.");
            let region = fields.text("region", &elsewhere.region, 0..=6);
            let category = fields.code("category", elsewhere.category);
            let receiving_level = fields.maybe_code("receiving_level", elsewhere.receiving_level);
            fields.within("bill.");
            Place::Elsewhere { category, region, receiving_level }
        }
    }
}

fn general_fee(fields: &mut Fields, fee: pb::GeneralFee) -> GeneralFee {
    fields.within("bill.general_fee.");
    let read = GeneralFee {
        registration: fields.amount("registration_fen", fee.registration_fen),
        consultation: fields.amount("consultation_fen", fee.consultation_fen),
        injection: fields.amount("injection_fen", fee.injection_fen),
    };
    fields.within("bill.");
    read
}

/// An event without content is none, and the check of the bill asks for it.
fn maternity(fields: &mut Fields, event: &pb::MaternityEvent) -> Option<MaternityEvent> {
    let read = match event.event.as_ref()? {
        Event::PrenatalChecks(checks) => {
            fields.within("bill.maternity.prenatal_checks.");
            if checks.completed_weeks.is_some_and(i32::is_negative) {
                fields.refuse("completed_weeks", Reason::ValueNotAllowed, "completed_weeks is 0 to 45");
            }
            MaternityEvent::PrenatalChecks(PrenatalChecks {
                end: fields.code("end", checks.end),
                weeks: checks.completed_weeks.map(|weeks| u32::try_from(weeks).unwrap_or_default()),
            })
        }
        Event::Childbirth(childbirth) => {
            fields.within("bill.maternity.childbirth.");
            MaternityEvent::Childbirth(Childbirth {
                mode: fields.maybe_code("mode", childbirth.mode),
                surgeries: fields.codes("surgeries", &childbirth.surgeries),
                obstetric_complication: childbirth.obstetric_complication,
                severe_disease: childbirth.severe_disease,
                transferred_out: childbirth.transferred_out,
                multiple_birth: childbirth.multiple_birth,
            })
        }
        Event::FamilyPlanning(planning) => {
            fields.within("bill.maternity.family_planning.");
            let procedures = fields.listed("procedures", &planning.procedures, MOST_PROCEDURES);
            MaternityEvent::FamilyPlanning(FamilyPlanning {
                procedures: procedures.iter().map(|number| fields.code("procedures", *number)).collect(),
                conditions: fields.codes("conditions", &planning.conditions),
            })
        }
    };
    fields.within("bill.");
    Some(read)
}

/// What is wrong with the bill by itself. A day that could not be read was refused above; its stand-in is not
/// compared with the others. What depends on the kind of care is not asked of a bill without one, and nothing is said twice
/// about an eligible part that was not given.
fn check(fields: &mut Fields, bill: &Bill, known: Known) {
    let mut bill = bill.clone();
    if bill.admitted_on == dates::EARLIEST || bill.discharged_on == dates::EARLIEST {
        bill.discharged_on = bill.admitted_on;
        bill.home_bed_days = bill.home_bed_days.min(1);
    }
    if bill.admitted_on == dates::EARLIEST || bill.stay_began_on == Some(dates::EARLIEST) {
        bill.stay_began_on = None;
    }
    let checked = if known.kind { bill.check() } else { bill.check_without_kind() };
    if let Err(refusals) = checked {
        let year = bill.admitted_on.year();
        let said = |refusal: &Refusal| known.eligible || refusal.field.as_deref() != Some(ELIGIBLE);
        refusals.0.into_iter().filter(said).for_each(|refusal| fields.add(of_the_year(refusal, year)));
    }
}

/// The checks of a bill name the clauses they follow from, those of 2021. Where another document governs the bill they name
/// only what that document prints; what is wrong with the bill stays wrong.
fn of_the_year(refusal: Refusal, year: i32) -> Refusal {
    let governed = catalogue().iter().any(|rule| rule.years.contains(&year));
    let rule = refusal.rule_id.as_deref().and_then(|id| catalogue().find(id));
    match rule {
        Some(rule) if governed && !rule.years.contains(&year) => Refusal { rule_id: None, ..refusal },
        _ => refusal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// J-8-4, J-5.1.6-a, B-5.1-b: a bill of 2017 is refused without a clause of 2021; a year without a document keeps it.
    #[test]
    fn a_clause_is_of_the_year_of_the_bill() {
        let of = |rule_id: &'static str, year| {
            of_the_year(Refusal::new(Reason::AmountInconsistent, "").by(rule_id), year).rule_id
        };
        assert_eq!(of("J-8-4", 2017), None);
        assert_eq!(of("J-8-4", 2021).as_deref(), Some("J-8-4"));
        assert_eq!(of("J-5.1.6-a", 2020).as_deref(), Some("J-5.1.6-a"));
        assert_eq!(of("B-5.1-b", 2017).as_deref(), Some("B-5.1-b"));
    }
}
