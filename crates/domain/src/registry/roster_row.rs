//! Whether a row of a list may stand: what it has to name, the order of its days, and who may not be on it.

use chrono::NaiveDate;

use super::recognition;
use super::roster::identities;
use crate::codes::{Identity, RosterKind};
use crate::refusal::{Reason, Refusal};

/// What a row says, each field well formed.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    /// Kind of list.
    pub kind: RosterKind,
    /// Day on which the list is true.
    pub as_of_on: NaiveDate,
    /// Date of birth, from the number.
    pub born_on: NaiveDate,
    /// Identity, if the row names one.
    pub identity: Option<Identity>,
    /// First day.
    pub start_on: Option<NaiveDate>,
    /// Last day.
    pub last_on: Option<NaiveDate>,
    /// Has an employer.
    pub has_employer: bool,
    /// Has a fixed income.
    pub has_fixed_income: bool,
    /// Taken back by the supplier.
    pub withdrawn: bool,
    /// Day of death.
    pub died_on: Option<NaiveDate>,
    /// Day of payment.
    pub paid_on: Option<NaiveDate>,
    /// Names an institution, itself or through the list.
    pub has_unit: bool,
    /// Day of application.
    pub applied_on: Option<NaiveDate>,
}

impl Listed {
    /// The identity that the row asserts: the one it names, or the only one of its list.
    #[must_use]
    pub fn maybe_identity(&self) -> Option<Identity> {
        match identities(self.kind) {
            [only] => Some(*only),
            _ => self.identity,
        }
    }
}

/// Every reason for which a row cannot stand; none for a good one.
pub fn violations(row: &Listed) -> impl Iterator<Item = Refusal> {
    let life = [born_later(row), begins_before_birth(row), ends_before_it_begins(row)];
    let list = [wrong_identity(row), employed(row), has_income(row), without_institution(row), taken_back(row)];
    life.into_iter().chain(list).chain(days(row)).flatten()
}

fn order(field: &'static str, detail: &'static str) -> Refusal {
    Refusal::new(Reason::DateOrder, detail).at(field)
}

fn missing(field: &'static str, detail: &'static str) -> Refusal {
    Refusal::new(Reason::RequiredFieldMissing, detail).at(field)
}

fn born_later(row: &Listed) -> Option<Refusal> {
    let detail = "the birth date in the number lies after the day of the list";
    (row.born_on > row.as_of_on).then(|| order("identity_number", detail))
}

fn begins_before_birth(row: &Listed) -> Option<Refusal> {
    row.start_on
        .is_some_and(|start_on| start_on < row.born_on)
        .then(|| order("start_date", "it begins before the birth"))
}

fn ends_before_it_begins(row: &Listed) -> Option<Refusal> {
    let start_on = row.start_on.unwrap_or(row.born_on);
    row.last_on.is_some_and(|last_on| last_on < start_on).then(|| order("end_date", "end_date lies before start_date"))
}

/// A list of several identities says which (AMB-020, AMB-021); a list of one may leave it out.
fn wrong_identity(row: &Listed) -> Option<Refusal> {
    let allowed = identities(row.kind);
    match row.identity {
        None if allowed.len() > 1 => Some(missing("identity", "this kind of list has several identities; name one")),
        Some(identity) if !allowed.contains(&identity) => {
            let detail = format!("{} does not name {identity}", row.kind);
            Some(Refusal::new(Reason::ValueNotAllowed, detail).at("identity"))
        }
        _ => None,
    }
}

/// An entitled person with an employer is insured there (J-A1.3-o).
fn employed(row: &Listed) -> Option<Refusal> {
    let listed = row.kind == RosterKind::EntitledGroups && !row.withdrawn;
    recognition::entitled(listed && row.has_employer).err()
}

/// The spouse of a veteran cadre has no fixed income (J-A1.3-p).
fn has_income(row: &Listed) -> Option<Refusal> {
    let listed = row.kind == RosterKind::CadreSpouses && !row.withdrawn;
    recognition::cadre_spouse(listed && row.has_fixed_income).err()
}

/// Students are listed by institution (J-3.2.1-a).
fn without_institution(row: &Listed) -> Option<Refusal> {
    (row.kind == RosterKind::Students && !row.has_unit)
        .then(|| missing("unit_id", "a student is listed with the institution").by("J-3.2.1-a"))
}

/// A list of applications asks for enrolments; an enrolment is not taken back by a list.
fn taken_back(row: &Listed) -> Option<Refusal> {
    let detail = "a collective registration takes nothing back";
    (row.kind == RosterKind::Enrolment && row.withdrawn)
        .then(|| Refusal::new(Reason::ValueNotAllowed, detail).at("withdrawn"))
}

/// Days of deaths, payments and applications.
fn days(row: &Listed) -> [Option<Refusal>; 3] {
    let needed = |field: &'static str, day: Option<NaiveDate>| match day {
        None => Some(missing(field, "the day is required")),
        Some(day) if day < row.born_on => Some(order(field, "the day lies before the birth")),
        Some(day) if day > row.as_of_on => Some(order(field, "the day lies after the day of the list")),
        Some(_) => None,
    };
    let is = |kind| row.kind == kind;
    [
        if is(RosterKind::Deaths) && !row.withdrawn { needed("death_date", row.died_on) } else { None },
        if is(RosterKind::Payments) { needed("payment_date", row.paid_on) } else { None },
        if is(RosterKind::Enrolment) && row.applied_on.is_some() {
            needed("application_date", row.applied_on)
        } else {
            None
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dates::written::day;

    fn listed(kind: RosterKind) -> Listed {
        Listed {
            kind,
            as_of_on: day("2020-11-11"),
            born_on: day("1970-05-01"),
            identity: None,
            start_on: None,
            last_on: None,
            has_employer: false,
            has_fixed_income: false,
            withdrawn: false,
            died_on: None,
            paid_on: None,
            has_unit: false,
            applied_on: None,
        }
    }

    fn found(row: &Listed) -> Vec<(Reason, String)> {
        violations(row).map(|refusal| (refusal.reason, refusal.field.unwrap().into_owned())).collect()
    }

    #[test]
    fn a_plain_row_stands() {
        for kind in [RosterKind::Population, RosterKind::LowIncome, RosterKind::SevereDisability] {
            assert_eq!(found(&listed(kind)), []);
        }
    }

    #[test]
    fn days_follow_one_another() {
        let born_later = Listed { born_on: day("2020-11-12"), ..listed(RosterKind::Population) };
        assert_eq!(found(&born_later), [(Reason::DateOrder, "identity_number".to_owned())]);
        let backwards = Listed {
            start_on: Some(day("1970-04-30")),
            last_on: Some(day("1970-04-29")),
            ..listed(RosterKind::LowIncome)
        };
        let both = ["start_date", "end_date"].map(|field| (Reason::DateOrder, field.to_owned()));
        assert_eq!(found(&backwards), both);
        let one_day = Listed { start_on: Some(day("2020-01-01")), last_on: Some(day("2020-01-01")), ..backwards };
        assert_eq!(found(&one_day), []);
    }

    #[test]
    fn a_list_of_several_identities_names_one() {
        let poor = listed(RosterKind::ExtremePoverty);
        assert_eq!(found(&poor), [(Reason::RequiredFieldMissing, "identity".to_owned())]);
        let urban = Listed { identity: Some(Identity::UrbanExtremePoverty), ..poor };
        assert_eq!((found(&urban), urban.maybe_identity()), (vec![], Some(Identity::UrbanExtremePoverty)));
        let other = Listed { identity: Some(Identity::LowIncome), ..poor };
        assert_eq!(found(&other), [(Reason::ValueNotAllowed, "identity".to_owned())]);
        assert_eq!(listed(RosterKind::LowIncome).maybe_identity(), Some(Identity::LowIncome));
        assert_eq!(listed(RosterKind::Population).maybe_identity(), None);
    }

    /// J-A1.3-o and J-A1.3-p.
    #[test]
    fn who_is_provided_for_is_no_special_person() {
        let soldier = Listed {
            identity: Some(Identity::OldDemobilisedSoldier),
            has_employer: true,
            ..listed(RosterKind::EntitledGroups)
        };
        let refusal = violations(&soldier).next().unwrap();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::ClassNotEligible, Some("J-A1.3-o")));
        assert_eq!(found(&Listed { withdrawn: true, ..soldier }), []);
        let spouse = Listed {
            identity: Some(Identity::CadreSpouse),
            has_fixed_income: true,
            ..listed(RosterKind::CadreSpouses)
        };
        let refusal = violations(&spouse).next().unwrap();
        assert_eq!((refusal.reason, refusal.rule_id.as_deref()), (Reason::ClassNotEligible, Some("J-A1.3-p")));
    }

    /// J-3.2.1-a.
    #[test]
    fn students_are_listed_with_their_school() {
        let student = listed(RosterKind::Students);
        assert_eq!(found(&student), [(Reason::RequiredFieldMissing, "unit_id".to_owned())]);
        assert_eq!(found(&Listed { has_unit: true, ..student }), []);
    }

    #[test]
    fn an_application_is_not_taken_back() {
        let row = Listed { withdrawn: true, ..listed(RosterKind::Enrolment) };
        assert_eq!(found(&row), [(Reason::ValueNotAllowed, "withdrawn".to_owned())]);
        assert_eq!(found(&Listed { withdrawn: false, ..row }), []);
    }

    #[test]
    fn deaths_and_payments_have_a_day_in_the_past() {
        let dead = listed(RosterKind::Deaths);
        assert_eq!(found(&dead), [(Reason::RequiredFieldMissing, "death_date".to_owned())]);
        for (died_on, refused) in
            [("1970-04-30", true), ("1970-05-01", false), ("2020-11-11", false), ("2020-11-12", true)]
        {
            assert_eq!(found(&Listed { died_on: Some(day(died_on)), ..dead }).len(), usize::from(refused), "{died_on}");
        }
        assert_eq!(found(&Listed { withdrawn: true, ..dead }), []);
        assert_eq!(found(&listed(RosterKind::Payments))[0].1, "payment_date");
    }
}
