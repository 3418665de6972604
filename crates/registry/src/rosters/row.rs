//! One row of a roster: read, checked, and made ready to be stored.

use std::collections::HashMap;

use chrono::NaiveDate;
use juyi_domain::codes::{Area, Identity, InstitutionKind, RosterKind, Tier, UnitKind};
use juyi_domain::dates::EARLIEST;
use juyi_domain::refusal::{Reason, Refusal, Refusals};
use juyi_domain::registry::identity_number::IdentityNumber;
use juyi_domain::registry::roster_row::{Listed, violations};
use juyi_proto::fields::Fields;
use juyi_proto::registry::v1 as pb;

use crate::rosters::header::Header;
use crate::store::roster_rows::Ground;

/// What rows are checked against.
#[derive(Debug)]
pub(super) struct Checks {
    pub(super) header: Header,
    /// Kind of the unit that the whole list is of.
    pub(super) unit: Option<UnitKind>,
    /// Units of the district.
    pub(super) units: HashMap<String, UnitKind>,
}

impl Checks {
    /// Checks a row, with the fields that could not be read from a file. The number comes back as it is stored.
    ///
    /// # Errors
    /// Every reason for which the row cannot stand.
    pub(super) fn read(&self, row: &pb::RosterRow, unreadable: Refusals) -> Result<IdentityNumber, Refusals> {
        let mut fields = Fields::new();
        for refusal in unreadable.0 {
            fields.add(refusal);
        }
        let number = number(&mut fields, &row.identity_number);
        fields.text("name", &row.name, 1..=50);
        self.place(&mut fields, "township", &row.township, |kind| kind == UnitKind::Township);
        self.place(&mut fields, "unit_id", &row.unit_id, |kind| matches!(kind, UnitKind::School | UnitKind::Nursery));
        if let Some(number) = &number {
            let listed = self.listed(&mut fields, row, number);
            violations(&listed).for_each(|refusal| fields.add(refusal));
        }
        fields.finish(number)?.ok_or_else(Refusals::default)
    }

    /// A unit of the district that a row may name.
    fn place(&self, fields: &mut Fields, name: &str, id: &str, fits: impl Fn(UnitKind) -> bool) {
        if !id.is_empty() && !self.units.get(id).copied().is_some_and(fits) {
            let detail = format!("{name} is the id of such a unit of the district");
            fields.refuse(name, Reason::ValueNotAllowed, detail);
        }
    }

    fn listed(&self, fields: &mut Fields, row: &pb::RosterRow, number: &IdentityNumber) -> Listed {
        let kind = self.header.kind;
        fields.maybe_code::<InstitutionKind>("institution_kind", row.institution_kind);
        fields.maybe_code::<Identity>("special_identity", row.special_identity);
        fields.maybe_code::<Area>("household_area", row.household_area);
        fields.maybe_code::<Tier>("tier", row.tier);
        fields.maybe_district("household_district", &row.household_district);
        if pb::PreviousYear::try_from(row.previous_year).is_err() {
            fields.refuse("previous_year", Reason::UnknownEnum, "previous_year is not a code of its enumeration");
        }
        if kind == RosterKind::Payments {
            fields.amount("amount_fen", row.amount_fen);
            fields.text("voucher_number", &row.voucher_number, 1..=40);
        }
        Listed {
            kind,
            as_of_on: self.header.as_of_on,
            born_on: number.born_on(),
            identity: fields.maybe_code("identity", row.identity),
            start_on: day(fields, "start_date", &row.start_date),
            last_on: day(fields, "end_date", &row.end_date),
            has_employer: row.has_employer,
            has_fixed_income: row.has_fixed_income,
            withdrawn: row.withdrawn,
            died_on: day(fields, "death_date", &row.death_date),
            paid_on: day(fields, "payment_date", &row.payment_date),
            has_unit: self.unit.is_some() || !row.unit_id.is_empty(),
            applied_on: day(fields, "application_date", &row.application_date),
        }
    }
}

/// A day that may be left out; `None` also for one that cannot be read, whose stand-in is nobody's day.
fn day(fields: &mut Fields, name: &str, text: &str) -> Option<NaiveDate> {
    fields.maybe_date(name, text).filter(|day| *day != EARLIEST || text == "1900-01-01")
}

fn number(fields: &mut Fields, text: &str) -> Option<IdentityNumber> {
    if text.is_empty() {
        fields.text("identity_number", text, 1..=18);
        return None;
    }
    IdentityNumber::parse(text).map_err(|refusal| fields.add(refusal)).ok()
}

/// Why a row was not accepted, as it is stored.
pub(super) fn grounds(refusals: Refusals) -> Vec<Ground> {
    refusals.0.into_iter().map(ground).collect()
}

fn ground(refusal: Refusal) -> Ground {
    Ground {
        reason: refusal.reason.code().to_owned(),
        rule_id: refusal.rule_id.map(|rule| rule.into_owned()).unwrap_or_default(),
        detail: refusal.detail,
    }
}
